//! `同上` and its kin: a cell that says what the cell above it says.

use domain::value::{Finding, Severity, text};

use crate::field::Field;

/// Words that say so.
const WORDS: [&str; 12] = ["同上", "同前", "同上一项", "同上项", "同上一行", "同上行", "同上一栏", "同上栏", "如上", "上同", "ditto", "do"];
/// Signs that say so, alone or several of them.
const SIGNS: [char; 8] = ['"', '＂', '“', '”', '〃', '″', '〝', '〞'];

/// Whether a text says nothing but that it is the same as above.
pub(crate) fn is_same(written: &str) -> bool {
    // Nearly every cell is told by its length.
    if written.len() > 40 {
        return false;
    }
    let squashed = text::squash(written);
    let bare = squashed.trim_matches(|c: char| "()（）-—－。.；;，,、".contains(c));
    !bare.is_empty() && (bare.chars().all(|c| SIGNS.contains(&c)) || bare == "''" || WORDS.contains(&text::fold(bare).as_str()))
}

/// The columns of a row in which it says so.
#[derive(Debug, Default)]
pub(crate) struct Same {
    /// Where the row above says it.
    pub taken: Vec<String>,
    /// Where nothing stands above, or it is not known what does.
    pub unknown: Vec<String>,
}

impl Same {
    /// What is to be said of them; `above` is the row of the sheet, from 1.
    pub(crate) fn findings(&self, above: Option<u32>) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let (false, Some(above)) = (self.taken.is_empty(), above) {
            let headings = self.taken.join("、");
            findings.push(Finding::new(
                Severity::Info,
                "SAME_AS_ABOVE",
                headings.clone(),
                format!("“{headings}”写的是“同上”，取上一项（第{above}行）的内容"),
                format!("{headings:?} says “same as above”; what the row above it (row {above}) says is taken"),
            ));
        }
        if !self.unknown.is_empty() {
            let headings = self.unknown.join("、");
            findings.push(Finding::warning(
                "ABOVE_UNKNOWN",
                headings.clone(),
                format!("“{headings}”写的是“同上”，而上方没有可取的内容，未采集；请在源表中写明"),
                format!("{headings:?} says “same as above”, and nothing above it can be taken; it is left out, write it in the source"),
            ));
        }
        findings
    }
}

/// A cell of several lines without those that say so, if there are any.
pub(crate) fn without_same(cell: &str) -> Option<String> {
    let is_some = cell.contains('\n') && cell.lines().any(is_same);
    is_some.then(|| cell.lines().filter(|line| !is_same(line)).collect::<Vec<_>>().join("\n"))
}

/// Materials or bases that are said to be the same as above, among others: above them stands what is listed already.
pub(crate) fn left_out(field: Field) -> Finding {
    Finding::new(
        Severity::Info,
        "SAME_AS_ABOVE",
        field.name(),
        format!("“{}”中有一项只写“同上”，不作为单独一项采集；请在源表中写明", field.zh()),
        format!("one part of {:?} says only “same as above” and is no part of its own; write it in the source", field.zh()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_signs_for_the_same_are_told_from_texts_with_them() {
        for cell in ["同上", " 同 上。", "（同上）", "〃", "\"", "“", "—〃—", "〃〃", "″", "同前", "Ditto", "''", "同上一项"]
        {
            assert!(is_same(cell), "{cell}");
        }
        for cell in ["", "-", "无", "同上级", "同上述规定第三条", "《同上》", "“甲”", "1"] {
            assert!(!is_same(cell), "{cell}");
        }
        assert_eq!(without_same("身份证\n同上\n照片").as_deref(), Some("身份证\n照片"));
        assert_eq!(without_same("同上"), None);
    }
}
