//! Whether words hold what a person is found by. What is said in a report or a reason is for ever, and may not.

use unicode_normalization::UnicodeNormalization;

/// What stands between the parts of one number.
const BETWEEN: [char; 6] = [' ', '-', '‐', '–', '—', '−'];

/// Most parts in which somebody writes one number.
const MOST_PARTS: usize = 12;

/// Whether a text holds a mobile number, an identity number or an address of mail, in any width and with spaces or dashes between its
/// parts. Numbers of offices, documents, items and organisations are none of these, nor is an amount in 元.
pub fn names_somebody(text: &str) -> bool {
    let folded: Vec<char> = text.nfkc().filter(|c| !is_unseen(*c)).collect();
    has_mail(&folded) || series(&folded).iter().any(|parts| has_number(parts))
}

/// Whether a text holds a mobile number or an identity number, in any width and with spaces or dashes between its parts.
///
/// ```
/// use domain::value::has_number_of_person;
/// assert!(has_number_of_person("139-1234-5678") && has_number_of_person("11010519491231002X"));
/// assert!(!has_number_of_person("P-17") && !has_number_of_person("li@example.com"));
/// ```
pub fn has_number_of_person(text: &str) -> bool {
    let folded: Vec<char> = text.nfkc().filter(|c| !is_unseen(*c)).collect();
    series(&folded).iter().any(|parts| has_number(parts))
}

/// What is said of a reason or a number of a document that holds what a person is found by, in both languages.
pub fn personal_words(field_zh: &str, field: &str) -> (String, String) {
    (
        format!("{field_zh}中似有手机号、身份证号或电子邮箱；该文字将公开并永久留存，请删去个人信息"),
        format!(
            "{field} seems to hold a mobile number, an identity number or an address of mail: it is public and kept for ever, say nothing of persons"
        ),
    )
}

/// Signs without width, which would part a number and are not seen.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

fn has_mail(text: &[char]) -> bool {
    text.windows(3).any(|three| three[1] == '@' && three[0].is_ascii_alphanumeric() && three[2].is_ascii_alphanumeric())
}

/// The digits of a text, in series between which there is more than a space or a dash. A part that goes on as a code does, or is an
/// amount, is none.
fn series(text: &[char]) -> Vec<Vec<String>> {
    let (mut all, mut parts, mut at) = (Vec::new(), Vec::new(), 0);
    while at < text.len() {
        if !text[at].is_ascii_digit() {
            if !BETWEEN.contains(&text[at]) {
                all.push(std::mem::take(&mut parts));
            }
            at += 1;
            continue;
        }
        let begin = at;
        while text.get(at).is_some_and(char::is_ascii_digit) {
            at += 1;
        }
        let ends = |at: usize| !text.get(at).is_some_and(char::is_ascii_alphanumeric);
        if matches!(text.get(at), Some('X' | 'x')) && ends(at + 1) {
            at += 1;
        }
        let is_code = text.get(at).is_some_and(char::is_ascii_uppercase);
        let is_amount = text[at..].iter().find(|c| **c != ' ').is_some_and(|c| matches!(c, '元' | '万' | '亿'));
        if is_code || is_amount {
            all.push(std::mem::take(&mut parts));
        } else {
            parts.push(text[begin..at].iter().collect());
        }
    }
    all.push(parts);
    all
}

/// Whether some parts that follow each other are a number of a person. It begins and ends where parts do.
fn has_number(parts: &[String]) -> bool {
    (0..parts.len()).any(|from| {
        let up_to = parts.len().min(from + MOST_PARTS);
        (from + 1..=up_to).any(|to| is_number(&parts[from..to].concat()) && !has_date(&parts[from..to]))
    })
}

/// A day among the parts: `2026-12`.
fn has_date(parts: &[String]) -> bool {
    parts.windows(2).any(|two| two[0].len() == 4 && (two[0].starts_with("19") || two[0].starts_with("20")) && two[1].len() <= 2)
}

fn is_number(number: &str) -> bool {
    let of_china = ["0086", "86"].iter().find_map(|code| number.strip_prefix(code));
    is_mobile(number) || of_china.is_some_and(is_mobile) || is_identity(number)
}

fn is_mobile(number: &str) -> bool {
    let digits = number.as_bytes();
    digits.len() == 11 && digits[0] == b'1' && (b'3'..=b'9').contains(&digits[1]) && digits.iter().all(u8::is_ascii_digit)
}

/// Seventeen digits and a check character, with a day of birth from the seventh on: by that it differs from a code of an organisation.
fn is_identity(number: &str) -> bool {
    let (Some(digits), Some(born)) = (number.get(..17), number.get(6..14)) else { return false };
    let within = |range: std::ops::Range<usize>, from: u32, to: u32| born[range].parse().is_ok_and(|part: u32| (from..=to).contains(&part));
    let day = || within(0..4, 1_900, 2_100) && within(4..6, 1, 12) && within(6..8, 1, 31);
    number.len() == 18 && digits.bytes().all(|byte| byte.is_ascii_digit()) && day()
}

#[cfg(test)]
mod tests {
    use super::names_somebody;

    #[test]
    fn numbers_of_persons_are_known_however_they_are_written() {
        for named in [
            "请回电13912345678",
            "139-1234-5678",
            "139 1234 5678 2026",
            "1 3 9 1 2 3 4 5 6 7 8",
            "电话+8613912345678",
            "+86 139 1234 5678",
            "+86-13912345678",
            "008613912345678",
            "(+86)13912345678",
            "13912345678 13912345679",
            "13912345678，13912345679",
            "请于2026-10-01前致电 139 1234 5678",
            "１３９１２３４５６７８",
            "139\u{3000}1234\u{2014}5678",
            "139\u{200b}12345678",
            "tel13912345678",
            "身份证11010519491231002X",
            "身份证11010519491231002x",
            "身份证11010519491231002X 2026",
            "证件号 110105 19491231 002X",
            "１１０１０５１９４９１２３１００２Ｘ",
            "110105194912310021",
            "写信到a.b@example.com",
            "写信到ａ＠ｅxample.com",
        ] {
            assert!(names_somebody(named), "{named}");
        }
    }

    #[test]
    fn numbers_of_offices_documents_and_amounts_are_none() {
        for free in [
            "",
            "12345",
            "第3步@窗口",
            "咨询电话0513-85098888已停用",
            "咨询电话0990-6233333、0990-6233334",
            "0990 6233333 0990 6233334",
            "收费15000000000元",
            "共 13 900 000 000 元，实收150亿元",
            "收费1,390,000.00元",
            "依据某政发〔2026〕12号第3条",
            "编码1199010040310236XL3990714001000",
            "编码1165020001039012345000112001000",
            "信用代码11650200MB1234567Y",
            "信用代码11990100403102364X",
            "信用代码91650200748666123L",
            "信用代码13650200400A12345X",
            "2026-12-13 2026-12-20 9点起",
            "2026年10月1日 9:00-17:00",
            "自20261001起",
        ] {
            assert!(!names_somebody(free), "{free}");
        }
    }
}
