//! Questions often asked, as lists write them into one cell.

use domain::{
    register::Faq,
    value::{Finding, Severity, text},
};

use crate::{field::Field, parts, record::Record};

/// Words that begin a question, and an answer, before a colon.
const QUESTIONS: [&str; 5] = ["问题", "提问", "问", "q", "Q"];
const ANSWERS: [&str; 8] = ["回答", "解答", "答案", "答复", "答", "解", "a", "A"];

/// The questions of a line. A cell that cannot be parted is kept whole, as one of them, and told.
pub(crate) fn faqs(record: &Record, findings: &mut Vec<Finding>) -> Vec<Faq> {
    let Some(cell) = record.block(Field::Faqs) else { return Vec::new() };
    if let Some(pairs) = marked(&cell).or_else(|| by_question_marks(&cell)) {
        return pairs;
    }
    findings.push(Finding::new(
        Severity::Info,
        "FAQ_UNPARTED",
        "faqs",
        "“常见问题”无法拆成问与答，已整段保留；请写成“问：…答：…”",
        "the questions cannot be told from the answers and are kept whole; write 问：… 答：…",
    ));
    vec![Faq { question: Field::Faqs.zh().into(), answer: cell }]
}

/// `问：…答：…`, `Q1：…A1：…`: questions and answers must take turns, and nothing stand before them.
fn marked(cell: &str) -> Option<Vec<Faq>> {
    let mut segments: Vec<(bool, String)> = Vec::new();
    let (mut rest, mut is_start) = (cell, true);
    while let Some(c) = rest.chars().next() {
        if let Some((is_question, length)) = is_start.then(|| mark(rest)).flatten() {
            segments.push((is_question, String::new()));
            rest = &rest[length..];
            continue;
        }
        // A mark begins a line, or follows what ends a sentence.
        is_start = c.is_whitespace() || "。？?！!；;".contains(c);
        match segments.last_mut() {
            Some((_, text)) => text.push(c),
            None if c.is_whitespace() => {}
            None => return None,
        }
        rest = &rest[c.len_utf8()..];
    }
    let is_turned = segments.len() >= 2
        && segments.len().is_multiple_of(2)
        && segments.iter().zip([true, false].iter().cycle()).all(|(s, q)| s.0 == *q);
    pairs(is_turned.then(|| segments.chunks(2).map(|pair| (pair[0].1.as_str(), pair[1].1.as_str())))?)
}

/// Whether a text begins with such a word, with a number before or after it, and how long that is.
fn mark(written: &str) -> Option<(bool, usize)> {
    let is_digit = |c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c);
    let unnumbered = parts::without_any_number(written);
    let of = |words: &[&str]| {
        words.iter().find_map(|word| unnumbered.strip_prefix(word)?.trim_start_matches(is_digit).strip_prefix(['：', ':', '.', '．', '、']))
    };
    let found = of(&QUESTIONS).map(|rest| (true, rest)).or_else(|| of(&ANSWERS).map(|rest| (false, rest)))?;
    Some((found.0, written.len() - found.1.len()))
}

/// Numbered questions, or questions one a line, that end with a question mark and are followed by their answers.
fn by_question_marks(cell: &str) -> Option<Vec<Faq>> {
    let numbered = parts::enumerated(cell);
    if !numbered.is_empty() {
        let split = numbered
            .iter()
            .map(|part| part.find(['？', '?']).map(|at| part.split_at(at + part[at..].chars().next().map_or(1, char::len_utf8))));
        return pairs(split.collect::<Option<Vec<_>>>()?.into_iter());
    }
    let mut found: Vec<(String, String)> = Vec::new();
    for line in cell.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let line = parts::without_any_number(line);
        match found.last_mut() {
            _ if line.ends_with(['？', '?']) => found.push((line.to_owned(), String::new())),
            Some((_, answer)) => {
                answer.push_str(line);
                answer.push('\n');
            }
            None => return one_line(cell),
        }
    }
    pairs(found.iter().map(|(question, answer)| (question.as_str(), answer.as_str())))
}

/// One question and its answer on one line.
fn one_line(cell: &str) -> Option<Vec<Faq>> {
    let at = cell.find(['？', '?'])?;
    let end = at + cell[at..].chars().next().map_or(1, char::len_utf8);
    // A second question behind the first answer may begin anywhere.
    (!cell.contains('\n') && !cell[end..].contains(['？', '?'])).then(|| pairs(std::iter::once(cell.split_at(end))))?
}

fn pairs<'a>(all: impl Iterator<Item = (&'a str, &'a str)>) -> Option<Vec<Faq>> {
    all.map(|(question, answer)| {
        let faq = Faq { question: text::name(question), answer: text::block(answer) };
        (!faq.question.is_empty() && !faq.answer.is_empty()).then_some(faq)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cell: &str) -> (Vec<(String, String)>, bool) {
        let mut record = Record::default();
        record.add(Field::Faqs, cell);
        let mut findings = Vec::new();
        let faqs = faqs(&record, &mut findings);
        (faqs.into_iter().map(|faq| (faq.question, faq.answer)).collect(), findings.is_empty())
    }

    #[test]
    fn questions_and_answers_are_told_apart() {
        let expected = [("谁可以办？", "本人。"), ("要多久？", "3天。")].map(|(q, a)| (q.to_owned(), a.to_owned()));
        for cell in [
            "问：谁可以办？答：本人。问：要多久？答：3天。",
            "1.问：谁可以办？\n答：本人。\n2.问：要多久？\n答：3天。",
            "问题1：谁可以办？\n回答：本人。\n问题2：要多久？\n回答：3天。",
            "Q1: 谁可以办？ A1: 本人。\nQ2: 要多久？ A2: 3天。",
            "1.谁可以办？本人。2.要多久？3天。",
            "谁可以办？\n本人。\n要多久？\n3天。",
            "（1）谁可以办？本人。（2）要多久？3天。",
        ] {
            let (mut pairs, whole) = told(cell);
            for (_, answer) in &mut pairs {
                *answer = format!("{}。", answer.trim_end_matches('。'));
            }
            assert_eq!((pairs.as_slice(), whole), (expected.as_slice(), true), "{cell}");
        }
        assert_eq!(told("谁可以办？本人。").0, [("谁可以办？".to_owned(), "本人。".to_owned())]);
    }

    #[test]
    fn what_cannot_be_parted_is_kept_whole_and_told() {
        for cell in [
            "见网站常见问题栏目",
            "谁可以办？要多久？本人，3天。",
            "问：谁可以办？问：要多久？",
            "1.须本人办理。2.要多久？3天。",
            "答：本人。",
        ] {
            assert_eq!(told(cell), (vec![("常见问题".to_owned(), cell.to_owned())], false), "{cell}");
        }
    }
}
