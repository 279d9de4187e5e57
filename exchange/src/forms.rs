//! How an application is handed in: 办理形式 in the words of lists.

use domain::{
    register::HandlingForm,
    value::{Finding, Severity, text},
};

use crate::{field::Field, record::Record};

/// Words within a form, with the national ones that they stand for.
const WORDS: [(&[&str], HandlingForm); 3] = [
    (&["窗口", "现场", "线下", "大厅", "当面"], HandlingForm::Window),
    (&["网上", "线上", "在线", "网络", "网办", "互联网", "掌上"], HandlingForm::Online),
    (&["快递", "邮寄", "邮政", "信函", "寄递"], HandlingForm::Mail),
];

/// The forms of a line, and the words that are none of the national ones.
pub(crate) fn forms(record: &Record, findings: &mut Vec<Finding>) -> (Vec<HandlingForm>, Option<String>) {
    let (mut known, mut others) = (Vec::new(), Vec::new());
    for word in record.list(Field::HandlingForms, &['、', '，', ',', '；', ';', '/', '+', '或', '和', '\n']) {
        let squashed = text::squash(&word);
        let by_number = ["1", "2", "3"].iter().position(|number| *number == squashed).map(|at| WORDS[at].1);
        let by_word = WORDS.iter().filter(|(words, _)| words.iter().any(|word| squashed.contains(word))).map(|(_, form)| *form);
        let found: Vec<HandlingForm> = by_number.into_iter().chain(by_word).collect();
        if found.is_empty() {
            others.push(word);
        }
        for form in found {
            if !known.contains(&form) {
                known.push(form);
            }
        }
    }
    let words = (!others.is_empty()).then(|| others.join("、"));
    if let Some(words) = &words {
        findings.push(Finding::new(
            Severity::Info,
            "FORM_UNKNOWN",
            "handlingForms",
            format!("办理形式“{words}”不在国家代码之内，原文保留在受理条件中"),
            format!("{words:?} is none of the national forms of handling; its words are kept with the conditions"),
        ));
    }
    (known, words.map(|words| format!("{}：{words}", Field::HandlingForms.zh())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_known_by_word_and_number_and_others_are_kept() {
        let told = |cell: &str| {
            let mut record = Record::default();
            record.add(Field::HandlingForms, cell);
            let mut findings = Vec::new();
            let (known, others) = forms(&record, &mut findings);
            assert_eq!(others.is_some(), !findings.is_empty());
            (known, others)
        };
        let (window, online, mail) = (HandlingForm::Window, HandlingForm::Online, HandlingForm::Mail);
        assert_eq!(told("窗口办理、网上办理、快递申请"), (vec![window, online, mail], None));
        assert_eq!(told("线上线下"), (vec![window, online], None));
        assert_eq!(told("1,3"), (vec![window, mail], None));
        assert_eq!(told("现场；上门服务"), (vec![window], Some("办理形式：上门服务".into())));
    }
}
