//! Takes apart what lists write in one cell: `【法规】《title》（…）第n条：text`, several of them, numbered or not, tags malformed
//! or missing.

mod article;
mod cuts;
mod head;
mod number;
#[cfg(test)]
mod tests;

use article::{article, item};
use head::{Head, first_line, near};

use super::{Finding, LegalBasis, text};

/// The legal bases of one cell, with what was noticed on the way.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct BasisParse {
    /// In the order of the cell. Nothing of the cell is lost but the numbering of its bases and the signs between them: what
    /// could not be taken apart is kept whole.
    pub bases: Vec<LegalBasis>,
    /// `BASIS_UNPARSED` and `BASIS_TAG`, each on a path of the form `path[n]`.
    pub findings: Vec<Finding>,
}

/// Takes a cell apart. `path` names the field in findings.
pub fn parse_legal_bases(cell: &str, path: &str) -> BasisParse {
    let cell = text::block(cell);
    let mut out = BasisParse::default();
    for part in cuts::blocks(&cell) {
        let part = part.trim();
        if text::something(part).is_none() {
            continue;
        }
        let at = format!("{path}[{}]", out.bases.len());
        if let Some(head) = Head::read(part).filter(|head| !multiplies(head)) {
            if !head.clean {
                out.findings.push(Finding::warning(
                    "BASIS_TAG",
                    at,
                    "依据的类别标签或书名号不完整，已按可识别部分拆分，请核对",
                    "the tag or the title marks of the basis are incomplete; read as far as they go, please check",
                ));
            }
            let rest = head.rest;
            out.bases.extend(articles(&basis(head), rest));
        } else {
            out.findings.push(Finding::warning(
                "BASIS_UNPARSED",
                at,
                "未能识别依据的名称，已整体保留原文；请写成“【类别】《名称》（文号）第n条：内容”",
                "no title was found in the basis, its text is kept whole; write it as 【kind】《title》(number) article: text",
            ));
            out.bases.push(LegalBasis::as_written(part));
        }
    }
    out
}

/// Whether a long head over many lines would come to far more text than its cell holds, as every article bears it.
fn multiplies(head: &Head<'_>) -> bool {
    const MAX_BYTES: usize = 4 << 20;
    let said = head.title.len()
        + head.category.as_ref().map_or(0, String::len)
        + head.before.map_or(0, str::len)
        + head.brackets.iter().map(String::len).sum::<usize>();
    said * head.rest.lines().count() > MAX_BYTES
}

fn basis(head: Head<'_>) -> LegalBasis {
    // Who issued it stands before the title, when and under which number behind it: both are what the source says of promulgation.
    let said: Vec<&str> = head.before.into_iter().chain(head.brackets.iter().map(String::as_str)).collect();
    let promulgation = (!said.is_empty()).then(|| said.join("；"));
    let document_number = promulgation.as_deref().and_then(number::document_number);
    LegalBasis { category: head.category, title: head.title, document_number, promulgation, article: None, text: None }
}

/// A basis for every line that begins with an article; one without an article if there is none.
fn articles(base: &LegalBasis, rest: &str) -> Vec<LegalBasis> {
    let mut out: Vec<LegalBasis> = Vec::new();
    for line in rest.lines() {
        let line = line.trim();
        // After the title a lone sign or none: `《甲》：第一条`, `《甲》。`.
        let line = if out.is_empty() { without_signs(line) } else { line };
        // `第七条规定的…` at the beginning of a further line goes on with a sentence.
        let begins = article(line).filter(|(_, words)| out.is_empty() || !words.starts_with(['的', '所']) && !words.starts_with("规定的"));
        if let Some((number, words)) = begins.or_else(|| item(line).filter(|_| out.is_empty())) {
            let words = without_signs(words);
            let words = (!words.is_empty()).then(|| words.to_owned());
            out.push(LegalBasis { article: Some(number.to_owned()), text: words, ..base.clone() });
        } else if !line.is_empty() {
            if out.is_empty() {
                out.push(base.clone());
            }
            if let Some(last) = out.last_mut() {
                let text = last.text.get_or_insert_default();
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(line);
            }
        }
    }
    if out.is_empty() {
        out.push(base.clone());
    }
    out
}

/// What stands after an article or a title without the signs that set it off; a bracket closed twice is one of them.
fn without_signs(words: &str) -> &str {
    words.trim_start_matches(|c: char| c.is_whitespace() || "：:，,、。；;．.）)》】".contains(c))
}

/// Whether text goes on as a sentence that mentions the law and does not cite it as a basis.
fn goes_on(words: &str) -> bool {
    first_line(words).starts_with(['的', '所', '之', '中', '等']) || words.starts_with("规定的")
}
