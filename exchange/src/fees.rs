//! What a guide costs: whether there is a fee, which, and on which basis.

use domain::{
    register::Fee,
    value::{Finding, Money, text},
};

use crate::{field::Field, record::Record};

/// What a line says of what it costs.
pub(crate) fn fees(record: &Record, findings: &mut Vec<Finding>) -> Vec<Fee> {
    // 是否收费及标准 holds both: `是，16元/张`.
    let plainly = record.flag(Field::IsFee).or_else(|| chosen(record.first(Field::IsFee)?));
    let said = record.block(Field::IsFee).filter(|_| plainly.is_none());
    let flag = plainly.or_else(|| {
        let said = said.as_deref()?.trim_start();
        let no = ["否", "不收", "免"].iter().any(|word| said.starts_with(word));
        no.then_some(false).or_else(|| said.starts_with('是').then_some(true))
    });
    let said = said.filter(|_| flag != Some(false));
    let within =
        said.map(|said| said.trim_start_matches(['是', '收']).trim_start_matches(['费', '，', ',', '：', ':', '；', ' ']).to_owned());
    let written = record.block(Field::Fees).or(within).filter(|text| !text.is_empty());
    let basis = record.block(Field::FeeBasis);
    let charges = written.as_deref().map(|written| !is_free(written));
    match (flag, charges) {
        (Some(false), Some(true)) => findings.push(fee_disagrees(
            format!("写明不收费，又有收费标准“{}”；收费标准照原文保留，请核对", written.as_deref().unwrap_or_default()),
            "the source says that there is no fee and gives a standard; the standard is kept as it is written, please check",
        )),
        (Some(true), Some(false)) => findings.push(fee_disagrees(
            format!("写明收费，收费标准却是“{}”；照原文保留，请核对", written.as_deref().unwrap_or_default()),
            "the source says that there is a fee and that it is none; it is kept as it is written, please check",
        )),
        (Some(false), _) | (None, Some(false)) => {
            if let Some(basis) = &basis {
                findings.push(fee_disagrees(
                    format!("写明不收费，又有收费依据“{basis}”，该依据未采集；请核对"),
                    "the source says that there is no fee and gives a basis for one, which is not imported; please check",
                ));
            }
            return Vec::new();
        }
        (None, None) if basis.is_none() => return Vec::new(),
        // A fee without its standard is one: FEE_INCOMPLETE says what is missing.
        (Some(true) | None, Some(true) | None) => {}
    }
    let standard = written.unwrap_or_default();
    vec![Fee { name: "收费".into(), amount: Money::parse(&standard), basis, standard, ..Fee::default() }]
}

fn fee_disagrees(zh: String, en: &str) -> Finding {
    Finding::warning("FEE_DISAGREES", "fees", zh, en.to_owned())
}

/// `免费`, `不收费`, `0`, `0元`: no fee. A text that goes on (`不收费，工本费除外`) is one.
/// What is ticked of yes and no: `☐是 ☑否`, `否√ 是`, `√`, `×`. Signs stand before what they are of where the first sign does, else behind it.
fn chosen(written: &str) -> Option<bool> {
    const YES: &str = "√✓✔☑■●";
    let signs: Vec<char> = text::squash(written).chars().collect();
    let is_yes = |sign: Option<&char>| sign.is_some_and(|sign| YES.contains(*sign));
    match signs[..] {
        [sign] if YES.contains(sign) => return Some(true),
        ['×' | '✗' | '✕' | '☒'] => return Some(false),
        _ => {}
    }
    let before = signs.first().is_some_and(|first| !matches!(first, '是' | '否'));
    let ticked = |word: char| {
        let at = signs.iter().position(|sign| *sign == word)?;
        Some(if before { is_yes(at.checked_sub(1).and_then(|at| signs.get(at))) } else { is_yes(signs.get(at + 1)) })
    };
    match (ticked('是'), ticked('否')) {
        (Some(true), None | Some(false)) => Some(true),
        (None | Some(false), Some(true)) => Some(false),
        _ => None,
    }
}

fn is_free(standard: &str) -> bool {
    const FREE: [&str; 16] = [
        "不收费",
        "不收",
        "免费",
        "免费办理",
        "免征",
        "暂不收费",
        "暂不收取",
        "否",
        "无收费",
        "无费用",
        "不收取费用",
        "不收取任何费用",
        "免收",
        "零收费",
        "不涉及",
        "无需收费",
    ];
    let squashed = text::squash(standard);
    let bare = squashed.trim_end_matches(['。', '；', '.']).trim_end_matches("元");
    FREE.contains(&bare) || !bare.is_empty() && bare.chars().all(|c| matches!(c, '0' | '.' | '零'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ticked_of_yes_and_no_is_read_whichever_side_the_signs_stand_on() {
        for no in ["☐是 ☑否", "否√ 是", "■否", "是□ 否☑", "×"] {
            assert_eq!(chosen(no), Some(false), "{no}");
        }
        for yes in ["☑是 ☐否", "是√ 否", "√", "■是"] {
            assert_eq!(chosen(yes), Some(true), "{yes}");
        }
        for unclear in ["是□ 否□", "☑是 ☑否", "16元", ""] {
            assert_eq!(chosen(unclear), None, "{unclear}");
        }
    }

    #[test]
    fn what_says_no_is_no_fee() {
        for (said, fees) in [("否，免费", 0), ("不收", 0), ("×", 0), ("是，16元/张", 1), ("☑是", 1)] {
            let (mut record, mut findings) = (Record::default(), Vec::new());
            record.add(Field::IsFee, said);
            let read = super::fees(&record, &mut findings);
            assert_eq!(read.len(), fees, "{said}: {read:?}");
        }
        for free in ["免费办理", "免征。", "暂不收费", "0元"] {
            assert!(is_free(free), "{free}");
        }
        assert!(!is_free("每证10元"));
    }
}
