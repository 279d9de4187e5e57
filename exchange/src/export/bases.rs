//! Legal bases in one cell, in the words from which they are read again.

use domain::value::LegalBasis;

/// One basis a line: `【法规】《title》（promulgation）article：text`. What could not be taken apart is written as it was.
pub(super) fn written(bases: &[LegalBasis]) -> String {
    bases.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn one(basis: &LegalBasis) -> String {
    let text = basis.text.as_deref().unwrap_or_default();
    if !basis.is_parsed() {
        return text.to_owned();
    }
    let category = basis.category.as_ref().map(|category| format!("【{category}】")).unwrap_or_default();
    // The number is part of what is said of the promulgation, and is read from it again.
    let said = basis.promulgation.as_ref().or(basis.document_number.as_ref());
    let promulgation = said.map(|words| format!("（{words}）")).unwrap_or_default();
    let article = basis.article.as_deref().unwrap_or_default();
    let colon = if text.is_empty() { "" } else { "：" };
    format!("{category}《{}》{promulgation}{article}{colon}{text}", basis.title)
}

#[cfg(test)]
mod tests {
    use domain::value::parse_legal_bases;

    use super::*;

    #[test]
    fn what_was_read_from_a_cell_is_written_so_that_it_reads_the_same() {
        for cell in [
            "《中华人民共和国政府信息公开条例》（国务院令第711号）第二十条",
            "《中华人民共和国义务教育法》、《中华人民共和国政府信息公开条例》",
            "【法律】《统计法》第四十一条：拒绝提供资料的，处罚。\n【规章】《某办法》（2021年3月1日修订）第三条第一款",
            "见省厅通知",
            "《关于全面推进基层政务公开标准化规范化工作的指导意见》（国办发〔2019〕54号）",
        ] {
            let read = parse_legal_bases(cell, "legalBases").bases;
            assert!(!read.is_empty());
            assert_eq!(parse_legal_bases(&written(&read), "legalBases").bases, read, "{cell}");
        }
    }
}
