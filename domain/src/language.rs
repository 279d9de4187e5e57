//! That words which are told in Chinese and English are each in their language: what tests hold refusals and findings to.

/// Words that may stand one after another in a Chinese text: names of commands, fields and values.
const WORDS_IN_CHINESE: usize = 3;

/// Asserts that each of two texts that say the same is in its language: no sentence of the other one got into it, and moments are told by the clocks of
/// China. What is quoted is as it was given; codes, names and units are of no language.
///
/// # Panics
/// If one is not.
#[track_caller]
pub fn assert_each_in_its_language(zh: &str, en: &str) {
    let (chinese, english) = (unquoted(zh), unquoted(en));
    let is_word = |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let mut row = 0;
    for word in chinese.split([' ', ',', ';', ':']) {
        row = if is_word(word) { row + 1 } else { 0 };
        assert!(row <= WORDS_IN_CHINESE, "English in the Chinese words: {zh}");
    }
    assert!(chinese.contains(is_chinese), "no Chinese in the Chinese words: {zh}");
    assert!(!english.contains(is_chinese), "Chinese in the English words: {en}");
    for words in [&chinese, &english] {
        assert!(!words.contains(" UTC"), "not by the clocks of China: {words}");
    }
}

/// The same of what is refused or found, where whoever reads it acts by it: a moment says by which clocks.
///
/// # Panics
/// If one does not.
#[track_caller]
pub fn assert_told_in_both_languages(zh: &str, en: &str) {
    assert_each_in_its_language(zh, en);
    for (words, clocks) in [(unquoted(zh), "北京时间"), (unquoted(en), "China time")] {
        assert!(!tells_a_moment(&words) || words.contains(clocks), "it does not say by which clocks: {words}");
    }
}

/// Whether a moment stands in a text: `2026-09-02 12:00`.
fn tells_a_moment(text: &str) -> bool {
    let form = "0000-00-00 00:00".as_bytes();
    let fits = |(sign, of_form): (&u8, &u8)| if *of_form == b'0' { sign.is_ascii_digit() } else { sign == of_form };
    text.as_bytes().windows(form.len()).any(|window| window.iter().zip(form).all(fits))
}

/// A text without what is quoted in it. In straight marks a sign behind a backslash is quoted too, as programs write it.
fn unquoted(text: &str) -> String {
    let mut out = String::new();
    let mut closing = None;
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        match closing {
            Some('"') if sign == '\\' => drop(signs.next()),
            Some(close) if sign == close => closing = None,
            Some(_) => {}
            None => {
                let pairs = [('“', '”'), ('"', '"'), ('`', '`'), ('《', '》')];
                closing = pairs.into_iter().find(|(open, _)| *open == sign).map(|(_, close)| close);
                if closing.is_none() {
                    out.push(sign);
                }
            }
        }
    }
    out
}

/// Whether a sign is of Chinese text: a character, or a mark between them.
fn is_chinese(sign: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&sign) || "，。；：、（）！？".contains(sign)
}

#[cfg(test)]
mod tests {
    use super::{assert_each_in_its_language, assert_told_in_both_languages};

    fn holds(zh: &str, en: &str) -> bool {
        std::panic::catch_unwind(|| assert_each_in_its_language(zh, en)).is_ok()
    }

    #[test]
    fn a_sentence_of_the_other_language_is_found_and_what_is_quoted_is_not() {
        assert!(holds(
            "没有机构“某 the old new big 局”；请核对编码，见 tongyuan deadlines rules",
            "there is no agency \"某局\": check its code"
        ));
        assert!(holds("没有机构“某\"局”", "there is no agency \"某\\\"局\": check its code"));
        assert!(!holds("没有机构（a code has letters and digits）", "there is no agency"));
        assert!(!holds("没有机构", "there is no agency (编码应为字母)"));
        assert!(!holds("no agency", "no agency"));
        assert!(!holds("没有机构", "no agency，check"));
        assert!(!holds("时间2026-09-02 12:00:00 UTC已过", "it is past"));
    }

    #[test]
    fn a_moment_says_by_which_clocks() {
        let holds = |zh: &str, en: &str| std::panic::catch_unwind(|| assert_told_in_both_languages(zh, en)).is_ok();
        assert!(!holds("该条目自2026-09-02 12:00起取消", "it ceases at 2026-09-02 12:00 China time"));
        assert!(!holds("该条目自北京时间2026-09-02 12:00起取消", "it ceases at 2026-09-02 12:00"));
        assert!(holds("该条目自北京时间2026-09-02 12:00起取消，见“2026-09-02 12:00”", "it ceases at 2026-09-02 12:00 China time"));
        assert!(holds("该条目自2026-09-02起取消", "it ceases on 2026-09-02"));
    }
}
