//! Windows and rooms at the end of an address.

use crate::parts::is_balanced;

/// `…大厅2、3号窗口` into the address and the window or room. Where that would tear a bracket, the address stays whole.
pub(crate) fn window(line: &str) -> (String, Option<String>) {
    let whole = || (line.to_owned(), None);
    let trimmed = line.trim_end_matches(['）', ')', '。']);
    for (end, needs_digit) in [("号窗口", true), ("号窗", true), ("窗口", false), ("房", true), ("室", true)] {
        let Some(head) = trimmed.strip_suffix(end) else { continue };
        let number = number_start(head);
        let number_text = &head[number..];
        let real = if needs_digit { number_text.chars().any(|c| c.is_ascii_digit()) } else { !number_text.is_empty() };
        if !real || number == 0 {
            continue;
        }
        // The number of the house before it is none of the window: 东风中路305号5号楼808房.
        let cut = if matches!(end, "房" | "室") { number_text.rfind('号').map_or(0, |i| i + '号'.len_utf8()) } else { 0 };
        let start = if cut == 0 { range_start(trimmed, number) } else { number + cut };
        let address = trimmed[..start].trim_end_matches(['（', '(', '，', ',']);
        let window = &trimmed[start..];
        // The brackets around the window went with it; any other one belongs to a longer word.
        let torn = !is_balanced(address) || !is_balanced(window);
        return if address.is_empty() || start == head.len() || torn { whole() } else { (address.to_owned(), Some(window.to_owned())) };
    }
    whole()
}

/// Where the numbers at the end of a text begin.
fn number_start(head: &str) -> usize {
    let of_a_number = |c: char| c.is_ascii_alphanumeric() || "、,，-—~至到和号所有/／－".contains(c);
    head.rfind(|c: char| !of_a_number(c)).map_or(0, |i| i + head[i..].chars().next().map_or(1, char::len_utf8))
}

/// Where a range of windows begins: `1号窗口至5号窗口`, `A01窗口、A02窗口` are one.
fn range_start(trimmed: &str, mut start: usize) -> usize {
    while trimmed[start..].starts_with(['至', '到', '、', '/', '／', '-', '－', '—', '~', '和', ',', '，']) {
        let before = &trimmed[..start];
        let Some(head) = ["号窗口", "窗口", "号窗", "室", "房"].iter().find_map(|end| before.strip_suffix(end)) else { break };
        let earlier = number_start(head);
        if earlier == 0 || earlier == head.len() {
            break;
        }
        start = earlier;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_is_told_from_the_address() {
        for (line, address, inner) in [
            ("某市下塘西路5号法律服务中心2、3号窗口", "某市下塘西路5号法律服务中心", Some("2、3号窗口")),
            ("某市东路160号大厦10楼(所有窗口)", "某市东路160号大厦10楼", Some("所有窗口")),
            ("某市中路305号5号楼808房", "某市中路305号5号楼", Some("808房")),
            ("某市东路701号一楼政务窗口", "某市东路701号一楼政务窗口", None),
            ("某市中路13号大厦4楼", "某市中路13号大厦4楼", None),
            ("某市中路13号（A栋405室", "某市中路13号（A栋405室", None),
            ("某市中路13号大厅（A栋405室）", "某市中路13号大厅（A栋405室）", None),
            ("某市中路13号大厅（1号窗口至5号窗口）", "某市中路13号大厅", Some("1号窗口至5号窗口")),
            ("某市中路13号大厅1/2号窗口", "某市中路13号大厅", Some("1/2号窗口")),
            ("某市中路13号大厅1号窗口、2号窗口", "某市中路13号大厅", Some("1号窗口、2号窗口")),
        ] {
            assert_eq!(window(line), (address.to_owned(), inner.map(str::to_owned)), "{line}");
        }
    }
}
