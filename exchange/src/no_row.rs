//! Why a row of a sheet is no row of the list.

use domain::value::text;

use crate::{error::why, reading::Why};

/// A note below or within the table, or a sum: told by the first of its texts and how many there are.
pub(crate) fn note_or_sum(texts: &[&str]) -> Option<Why> {
    let first = texts.first().copied().unwrap_or_default();
    if texts.len() <= 3 && is_footnote(first, texts.len() == 1) {
        return Some(why("FOOTNOTE", "脚注或说明，不是事项", "a footnote, no entry"));
    }
    is_sum(first).then(|| why("SUBTOTAL", "合计行，不是事项", "a sum, no entry"))
}

/// `小计`, `合计：3项`; not `合计算账的检查`.
fn is_sum(first: &str) -> bool {
    let squashed = text::squash(first);
    let rest = ["合计", "小计", "总计", "共计"].iter().find_map(|word| squashed.strip_prefix(word));
    rest.is_some_and(|rest| {
        squashed.chars().count() <= 12
            && rest
                .chars()
                .next()
                .is_none_or(|c| c.is_ascii_digit() || "：:（(共、，,项数为".contains(c) || "一二三四五六七八九十".contains(c))
    })
}

fn is_footnote(written: &str, stands_alone: bool) -> bool {
    let start: String = text::squash(written).chars().take(12).collect();
    let marks = [
        "备注",
        "注",
        "说明",
        "附注",
        "填表说明",
        "填表人",
        "填报人",
        "制表人",
        "联系人",
        "审核人",
        "填表日期",
        "填报日期",
        "填报单位",
        "制表",
    ];
    marks.iter().any(|mark| {
        let after = start.strip_prefix(mark).map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四".contains(c)));
        after.is_some_and(|rest| rest.starts_with(['：', ':', '.', '、']))
    }) || stands_alone && start.starts_with(['※', '*', '★'])
}

pub(crate) fn section(only: &str) -> Why {
    why("SECTION", format!("标题或说明行“{}”，不是事项", short(only)), "a heading or note over the table, no entry")
}

pub(crate) fn section_with_type(only: &str) -> Why {
    why(
        "SECTION",
        format!("分节标题“{}”，其下事项按此类型", text::name(only)),
        "the heading of a section; it gives its type to the rows below",
    )
}

pub(crate) fn section_cancelled(only: &str) -> Why {
    why(
        "SECTION",
        format!("分节标题“{}”，其下事项视为已取消", text::name(only)),
        "the heading of a section; the rows below it count as cancelled",
    )
}

pub(crate) fn form() -> Why {
    why(
        "FORM",
        "表格下方的登记表（标题与内容左右相邻），未导入；如需导入，请将其内容写成表格中的一行",
        "a form below the table, with labels beside values; it is not imported: write its entry as a row of the table",
    )
}

pub(crate) fn number_only() -> Why {
    why("NUMBER_ONLY", "只有序号，没有内容", "a number and nothing else")
}

pub(crate) fn repeated() -> Why {
    why("REPEATED_HEADER", "重复的表头", "the header once more")
}

pub(crate) fn name_missing() -> Why {
    why(
        "NAME_MISSING",
        "缺少事项名称；请在源表中补齐该行的名称，或用--map指明名称所在的列",
        "the name is missing; add it in this row, or name its column with --map",
    )
}

pub(crate) fn quote_unclosed() -> Why {
    why(
        "QUOTE_UNCLOSED",
        "该行的引号没有闭合，未导入；从下一行起继续读取，请补上引号",
        "a quotation mark of this line is not closed, so it is not imported; reading goes on with the next line; close the mark",
    )
}

/// A row that says less than it needs, below one that cannot be read and may have said it.
pub(crate) fn below_unreadable(row: u32) -> Why {
    let row = row + 1;
    why(
        "LINE_UNREADABLE",
        format!("该行接续或从属于无法识别的第{row}行，未导入；请在源系统中重新导出第{row}行"),
        format!("the row goes on with or stands under row {row}, which cannot be read, and is not imported; export row {row} again"),
    )
}

fn short(written: &str) -> String {
    let name = text::name(written);
    if name.chars().count() <= 30 { name } else { name.chars().take(30).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_notes_are_told_from_names_that_begin_like_them() {
        let code = |texts: &[&str]| note_or_sum(texts).map(|why| why.code);
        assert_eq!(code(&["合计：3项"]), Some("SUBTOTAL"));
        assert_eq!(code(&["小计", "2"]), Some("SUBTOTAL"));
        assert_eq!(code(&["合计算账的检查", "行政检查"]), None);
        assert_eq!(code(&["备注：甲"]), Some("FOOTNOTE"));
        assert_eq!(code(&["*带星号的为新增"]), Some("FOOTNOTE"));
        assert_eq!(code(&["*甲的处罚", "行政处罚"]), None);
    }
}
