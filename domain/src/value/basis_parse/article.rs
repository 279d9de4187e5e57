//! Articles: `第六条第一款`, `第三十条、三十二条`, `第五章、第六章`, `第七条和第八条`, `第12条之一`.

/// Signs and words between two articles of one law; longer ones first.
const BETWEEN: [&str; 12] = ["以及", "、", "，", ",", "和", "及", "与", "至", "到", "—", "-", "~"];
/// Parts that may begin a citation; a paragraph or an item alone is one of an article that was named before.
const FIRST: [char; 4] = ['编', '章', '节', '条'];
const ANY: [char; 7] = ['编', '章', '节', '条', '款', '项', '目'];
/// Bytes of a number that are believed, a list such as `第五、十项` included.
const NUMBER_MAX: usize = 60;

/// The article at the start of a text, and what follows it.
pub(super) fn article(text: &str) -> Option<(&str, &str)> {
    if let Some(first) = part(text, &FIRST) {
        return Some(whole(text, first));
    }
    // `三十八条：…`: its 第 was left out. The colon tells it from `十条措施`, and it is kept as written.
    let (number, rest) = whole(text, numbered(text)?);
    rest.starts_with(['：', ':']).then_some((number, rest))
}

/// The article whose first part has a length, with all that it goes on with, and what follows it.
fn whole(text: &str, first: usize) -> (&str, &str) {
    let mut end = first;
    while let Some(length) = next(&text[end..]) {
        end += length;
    }
    (text[..end].trim(), &text[end..])
}

/// `三十八条` at the start.
fn numbered(text: &str) -> Option<usize> {
    let digits = run(text, numeral);
    (digits > 0 && digits <= NUMBER_MAX && text[digits..].starts_with('条')).then_some(digits + '条'.len_utf8())
}

/// An item of a list that a decision has in place of articles, `第86项：`, and what follows it.
pub(super) fn item(text: &str) -> Option<(&str, &str)> {
    let end = part(text, &['项', '款'])?;
    let rest = &text[end..];
    (rest.is_empty() || rest.starts_with(['：', ':', '。'])).then(|| (&text[..end], rest))
}

/// Length of a further part: one that follows at once, or after a sign.
fn next(text: &str) -> Option<usize> {
    if let Some(after) = text.strip_prefix('之') {
        let digits = run(after, numeral);
        return (digits > 0).then_some('之'.len_utf8() + digits);
    }
    let start = text.trim_start_matches([' ', '\u{3000}']);
    let space = text.len() - start.len();
    if let Some(length) = part(start, if space == 0 { &ANY } else { &FIRST }) {
        return Some(space + length);
    }
    // 第十条（一）项, 第十条第一款（三）项
    if let Some(length) = start.starts_with(['（', '(']).then(|| bare(start)).flatten() {
        return Some(space + length);
    }
    let sign = BETWEEN.iter().find(|sign| start.starts_with(**sign))?;
    let after = start[sign.len()..].trim_start_matches([' ', '\u{3000}']);
    let length = part(after, &ANY).or_else(|| bare(after)).or_else(|| unitless(after))?;
    Some(text.len() - after.len() + length)
}

/// `第n条`, or `第n、m项`.
fn part(text: &str, units: &[char]) -> Option<usize> {
    let length = bare_of(text.strip_prefix('第')?, units)?;
    Some('第'.len_utf8() + length)
}

/// `三十二条`: its 第 was left out.
fn bare(text: &str) -> Option<usize> {
    bare_of(text, &ANY)
}

fn bare_of(text: &str, units: &[char]) -> Option<usize> {
    let digits = run(text, |c| numeral(c) || "、，,（）()至到和及与—-~ ".contains(c));
    if digits == 0 || digits > NUMBER_MAX || !text[..digits].contains(numeral) {
        return None;
    }
    let unit = text[digits..].chars().next().filter(|c| units.contains(c))?;
    // `、并列两条线`: no number but a word.
    let after = &text[digits + unit.len_utf8()..];
    (!after.starts_with("件") && !after.starts_with("目的")).then_some(digits + unit.len_utf8())
}

/// `第三十八` before `、第四十条`: its 条 was left out.
fn unitless(text: &str) -> Option<usize> {
    let after = text.strip_prefix('第')?;
    let digits = run(after, numeral);
    let rest = &after[digits..];
    let goes_on = BETWEEN.iter().any(|sign| rest.strip_prefix(sign).is_some_and(|next| part(next, &ANY).is_some()));
    (digits > 0 && goes_on).then_some('第'.len_utf8() + digits)
}

fn numeral(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c) || "〇零一二三四五六七八九十百千".contains(c)
}

fn run(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.chars().take_while(|c| of(*c)).map(char::len_utf8).sum()
}

#[cfg(test)]
mod tests {
    use super::article;

    #[test]
    fn an_article_goes_on_over_what_lists_write_between() {
        for (text, whole, rest) in [
            ("第七条、第八条。", "第七条、第八条", "。"),
            ("第七条和第八条", "第七条和第八条", ""),
            ("第七条至第九条：甲", "第七条至第九条", "：甲"),
            ("第七至九条", "第七至九条", ""),
            ("第三十条、三十二条、第三十四条：甲", "第三十条、三十二条、第三十四条", "：甲"),
            ("第三十七条、第三十八、第四十条。", "第三十七条、第三十八、第四十条", "。"),
            ("第十四条第一款、第二款：甲", "第十四条第一款、第二款", "：甲"),
            ("第十四条第五、十项 电梯", "第十四条第五、十项", " 电梯"),
            ("第十条第一款（三）项", "第十条第一款（三）项", ""),
            ("第十条第（一）、（二）项", "第十条第（一）、（二）项", ""),
            ("第五章、第六章、第七章。", "第五章、第六章、第七章", "。"),
            ("第三章第十条：甲", "第三章第十条", "：甲"),
            ("第三章 第一节 第１０条", "第三章 第一节 第１０条", ""),
            ("第12条之一 甲", "第12条之一", " 甲"),
            ("第七条、县级以上", "第七条", "、县级以上"),
            ("第七条，有下列情形", "第七条", "，有下列情形"),
            ("第七条（一）未经批准", "第七条", "（一）未经批准"),
            ("第一章 总则", "第一章", " 总则"),
            ("三十八条：甲", "三十八条", "：甲"),
            ("38条第一款、第二款:甲", "38条第一款、第二款", ":甲"),
            ("三十八条、第四十条：甲", "三十八条、第四十条", "：甲"),
        ] {
            assert_eq!(article(text), Some((whole, rest)), "{text}");
        }
        for none in
            ["第一款", "第二部分", "三十八条", "十条措施：甲", "三十八条规定：甲", "条：甲", "三、四条：甲", "第条", "第、条", "第一百"]
        {
            assert_eq!(article(none), None, "{none}");
        }
    }
}
