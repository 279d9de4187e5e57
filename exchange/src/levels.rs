//! Level and authority, which lists write in a cell each or together.

use domain::value::{Finding, Level, text};

use crate::{field::Field, parts, record::Record};

/// How a cell of levels reads.
enum Cell {
    /// Nothing but one level.
    One(Level),
    /// Several levels, the first of them first.
    Several(Level),
    /// Something with a level at its beginning, or without any.
    Unclear(Option<Level>),
}

/// Level and authority, in a column each or together in one or two. Words beyond a level are kept as authority.
pub(crate) fn level_and_authority(record: &Record, findings: &mut Vec<Finding>) -> (Option<Level>, Option<String>) {
    let mut level = None;
    let mut texts: Vec<String> = Vec::new();
    let written = record.all(Field::Level);
    // Ticks under several levels come as several values of one row.
    let written = (!written.is_empty()).then(|| written.join("、"));
    if let Some(written) = &written {
        let (found, keep) = match cell(written) {
            Cell::One(found) => (Some(found), false),
            Cell::Several(first) => {
                findings.push(several(written));
                (Some(first), true)
            }
            Cell::Unclear(found) => {
                findings.push(unclear(written));
                (found, true)
            }
        };
        level = found;
        texts.extend(keep.then(|| text::block(written)));
    }
    for cell_text in record.all(Field::LevelAuthority).iter().chain(record.all(Field::Authority)).map(String::as_str) {
        if let Cell::Several(first) = cell(cell_text) {
            findings.push(several(cell_text));
            level = level.or(Some(first));
            texts.push(text::block(cell_text));
            continue;
        }
        let (found, rest) = match Level::split(cell_text) {
            // 县级以上 and 市级权限 go on with the word: it is part of a sentence and is not cut off.
            Some((_, rest)) if is_range(rest) => (None, cell_text),
            Some((found, rest)) if rest.starts_with("权限") => (Some(found), cell_text),
            Some((found, rest)) if level.is_none_or(|level| level == found) => (Some(found), rest),
            _ => (None, cell_text),
        };
        level = level.or(found);
        let rest = text::block(rest);
        if !rest.is_empty() && !texts.contains(&rest) {
            texts.push(rest);
        }
    }
    (level, (!texts.is_empty()).then(|| texts.join("\n")))
}

fn cell(written: &str) -> Cell {
    let squashed = text::squash(written);
    if let Some(level) = Level::from_name(written).or_else(|| Level::from_code(&squashed)).or_else(|| by_padded_code(&squashed)) {
        return Cell::One(level);
    }
    let named: Vec<Option<Level>> = parts::outside_brackets(&squashed, &['、', '，', ',', '/', '；', ';', '和', '及', '与'])
        .iter()
        .map(|part| Level::from_name(part))
        .collect();
    if let (Some(Some(first)), true) = (named.first(), named.len() > 1 && named.iter().all(Option::is_some)) {
        return if named.iter().all(|level| *level == Some(*first)) { Cell::One(*first) } else { Cell::Several(*first) };
    }
    match Level::split(&squashed) {
        Some((_, rest)) if is_range(rest) => Cell::Unclear(None),
        Some((level, _)) => Cell::Unclear(Some(level)),
        None => Cell::Unclear(None),
    }
}

/// `03`, as some exports pad it.
fn by_padded_code(squashed: &str) -> Option<Level> {
    squashed.strip_prefix('0').and_then(Level::from_code)
}

/// 县级以上 is more than one level.
fn is_range(rest: &str) -> bool {
    rest.starts_with("以上") || rest.starts_with("以下")
}

fn several(written: &str) -> Finding {
    let words = text::name(written);
    Finding::warning(
        "LEVEL_SEVERAL",
        "level",
        format!("“{words}”写明几个层级，取第一个，原文已保留在权限中；各层级分别行使的请分行填写"),
        format!(
            "{words:?} names several levels; the first is taken and the words are kept as authority; write a row for each if they differ"
        ),
    )
}

fn unclear(written: &str) -> Finding {
    let words = text::name(written);
    Finding::warning(
        "LEVEL_UNCLEAR",
        "level",
        format!("行使层级“{words}”不只是一个层级，原文已保留在权限中；请核对"),
        format!("{words:?} is not just a level; its words are kept as authority, please check"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(values: &[(Field, &str)]) -> (Option<Level>, Option<String>, Vec<String>) {
        let mut record = Record::default();
        for (field, value) in values {
            record.add(*field, value);
        }
        let mut findings = Vec::new();
        let (level, authority) = level_and_authority(&record, &mut findings);
        (level, authority, findings.into_iter().map(|f| f.code).collect())
    }

    #[test]
    fn level_and_authority_are_told_apart() {
        let both = split(&[(Field::LevelAuthority, "地州\n市级"), (Field::LevelAuthority, "负责本级")]);
        assert_eq!(both, (Some(Level::City), Some("负责本级".into()), vec![]));
        let one = split(&[(Field::LevelAuthority, "地州市级；负责初审")]);
        assert_eq!(one, (Some(Level::City), Some("负责初审".into()), vec![]));
        assert_eq!(split(&[(Field::Level, "3"), (Field::Authority, "市级权限内")]).0, Some(Level::City));
        assert_eq!(split(&[(Field::Level, "03")]).0, Some(Level::City));
    }

    #[test]
    fn words_beyond_one_level_are_kept_and_told() {
        for (written, level, code) in [
            ("市级、县级", Some(Level::City), "LEVEL_SEVERAL"),
            ("省、市、县", Some(Level::Province), "LEVEL_SEVERAL"),
            ("县级以上", None, "LEVEL_UNCLEAR"),
            ("市级权限，委托区实施", Some(Level::City), "LEVEL_UNCLEAR"),
            ("分级管理", None, "LEVEL_UNCLEAR"),
        ] {
            assert_eq!(split(&[(Field::Level, written)]), (level, Some(written.to_owned()), vec![code.to_owned()]), "{written}");
        }
    }
}
