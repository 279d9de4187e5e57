//! Numbers of documents: `国务院令第364号` out of `2002年10月1日国务院令第364号公布,自…`.

/// What makes a clause one of an amendment: its number is that of the amending decision.
const AMENDS: [&str; 5] = ["修改", "修正", "修订", "废止", "修定"];
/// What a number follows within its clause.
const BEFORE: [&str; 12] = ["日", "以", "由", "根据", "经", "公布 ", "发布 ", "》", "通知", "决定", "批准", "）"];

/// The first number that is the document's own.
pub(super) fn document_number(promulgation: &str) -> Option<String> {
    clauses(promulgation).into_iter().filter(|clause| !AMENDS.iter().any(|word| clause.contains(word))).find_map(number)
}

/// Cuts at the signs between clauses, and before `根据`, but not within brackets or titles.
fn clauses(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut depth) = (0, 0_u32);
    for (i, c) in text.char_indices() {
        depth = deeper(depth, c);
        if depth > 0 {
            continue;
        }
        if "，,；;。、\n".contains(c) {
            out.push(&text[start..i]);
            start = i + c.len_utf8();
        } else if text[i..].starts_with("根据") && i > start {
            out.push(&text[start..i]);
            start = i;
        }
    }
    out.push(&text[start..]);
    out
}

/// Brackets and titles; the square ones around a year belong to a number and hold no sign.
fn deeper(depth: u32, c: char) -> u32 {
    match c {
        '（' | '(' | '《' | '〈' => depth + 1,
        '）' | ')' | '》' | '〉' => depth.saturating_sub(1),
        _ => depth,
    }
}

fn number(clause: &str) -> Option<String> {
    let mut depth = 0;
    let (close, _) = clause.char_indices().find(|(_, c)| {
        depth = deeper(depth, *c);
        *c == '号' && depth == 0
    })?;
    let mut end = close + '号'.len_utf8();
    if clause[end..].starts_with('令') {
        end += '令'.len_utf8();
    }
    let mut start = 0;
    for mark in BEFORE {
        // `新政办发（2017）160号`: the year in round brackets is a part of the number.
        let year = |i: usize| mark == "）" && clause[..i].ends_with(|c: char| c.is_ascii_digit());
        if let Some(i) = clause[..close].rfind(mark).filter(|i| !year(*i)) {
            start = start.max(i + mark.len());
        }
    }
    let number = clause[start..end].trim();
    let counted = number.chars().any(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c)) && number.chars().count() > 2;
    (counted && balanced(number)).then(|| number.to_owned())
}

/// Whether every bracket is closed, whatever its width, and no title begins or ends within.
fn balanced(number: &str) -> bool {
    let mut open = 0_i32;
    number.chars().all(|c| {
        match c {
            '（' | '(' | '【' | '〔' | '[' | '［' | '﹝' => open += 1,
            '）' | ')' | '】' | '〕' | ']' | '］' | '﹞' => open -= 1,
            '《' | '》' => return false,
            _ => {}
        }
        open >= 0
    }) && open == 0
}

#[cfg(test)]
mod tests {
    use super::document_number;

    #[test]
    fn the_number_is_the_document_s_own() {
        for (promulgation, wanted) in [
            ("2002年10月1日国务院令第364号公布,自2002年12月1日起施行", Some("国务院令第364号")),
            ("1983年1月3日国务院发布；根据2017年10月7日《国务院关于修改部分行政法规的决定》（国务院令第687号）第二次修订", None),
            ("国务院令第83号公布 根据2016年2月6日国务院令第666号修订", Some("国务院令第83号")),
            ("2014年修订，主席令第9号", Some("主席令第9号")),
            ("关于颁发《甲规定》的通知甲部发〔1993〕134号", Some("甲部发〔1993〕134号")),
            ("新政办发（2017）160号", Some("新政办发（2017）160号")),
            ("自治区发展计划委员会、财政厅；新计价房〔2003〕1号", Some("新计价房〔2003〕1号")),
            ("甲部（甲发第1号", None),
            ("2002年通过", None),
        ] {
            assert_eq!(document_number(promulgation).as_deref(), wanted, "{promulgation}");
        }
    }
}
