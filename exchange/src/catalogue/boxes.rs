//! Checkboxes: `■政府网站 □政府公报` in one cell, also in damaged copies (`t政府网站 口政府公报`), and cells that list what is chosen.

use domain::value::{Carrier, text};

/// The sign of what is chosen, as it is written.
pub(crate) const CHOSEN: char = '■';
/// The sign of what is not.
pub(crate) const NOT_CHOSEN: char = '□';

const ALL_CHOSEN: [char; 12] = ['■', '☑', '√', '✓', '✔', '▇', '●', '☒', '▣', '◼', '\u{f052}', '\u{f06e}'];
const ALL_NOT_CHOSEN: [char; 8] = ['□', '☐', '○', '◻', '▢', '×', '\u{f0a3}', '\u{f06f}'];

/// What a cell chooses.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    /// Those on the code list, in its order.
    pub carriers: Vec<Carrier>,
    /// All others, as written.
    pub others: Vec<String>,
}

/// The channels and carriers of a cell.
pub(super) fn carriers(cell: &str) -> Chosen {
    let mut chosen = Chosen::default();
    let words = marked(cell, &|text| Carrier::split(text).is_some());
    match words {
        Some(words) => {
            for word in words.into_iter().filter_map(|(is_chosen, word)| is_chosen.then_some(word)) {
                // One box may stand before several words that are listed.
                take(&word, &mut chosen);
            }
        }
        None => take(cell, &mut chosen),
    }
    chosen.carriers.sort_unstable();
    chosen.carriers.dedup();
    chosen
}

/// Takes a list of words without boxes.
fn take(list: &str, chosen: &mut Chosen) {
    let mut rest = list.trim_matches(is_sign);
    while !rest.is_empty() {
        if let Some((carrier, after)) = Carrier::split(rest) {
            let tail_end = tail(after);
            let tail = after[..tail_end].trim_matches(|c: char| is_sign(c) || "_＿:：".contains(c));
            chosen.carriers.push(carrier);
            let bare = tail.strip_prefix(['（', '(']).and_then(|tail| tail.strip_suffix(['）', ')'])).unwrap_or(tail);
            // 其他（宣传册）: what stands there is what the list does not have; 政府网站（县政府）: which of them.
            if carrier == Carrier::Other {
                chosen.others.extend(text::something(bare).map(text::name));
            } else if text::something(bare).is_some() {
                chosen.others.push(text::name(&rest[..rest.len() - after.len() + tail_end]));
            }
            rest = after[tail_end..].trim_start_matches(is_sign);
        } else {
            let end = rest.find(ends_word).unwrap_or(rest.len()).max(rest.chars().next().map_or(1, char::len_utf8));
            let word = text::name(rest[..end].trim_matches(|c: char| is_sign(c) || "_＿".contains(c)));
            if text::something(&word).is_some() && !chosen.others.contains(&word) {
                chosen.others.push(word);
            }
            rest = rest[end..].trim_start_matches(is_sign);
        }
    }
}

/// How far what is said of a word reaches: through its brackets, or to the next word.
fn tail(after: &str) -> usize {
    let next = after.trim_start_matches(is_sign);
    if next.len() < after.len() && Carrier::split(next).is_some() {
        return 0;
    }
    let close = after.trim_start().starts_with(['（', '(']).then(|| after.find(['）', ')'])).flatten();
    let from = close.unwrap_or(0);
    after[from..].find(ends_word).map_or(after.len(), |end| from + end)
}

fn is_sign(c: char) -> bool {
    c.is_whitespace() || "、，,；;。".contains(c)
}

fn ends_word(c: char) -> bool {
    matches!(c, '、' | '，' | ',' | '；' | ';' | '\n' | '。')
}

/// The words of a cell behind its boxes, with whether each is chosen; `None` if it has no boxes. `known` tells what stands behind a
/// box, so that a damaged one, 口 or t, is told from a letter.
pub(super) fn marked(cell: &str, known: &dyn Fn(&str) -> bool) -> Option<Vec<(bool, String)>> {
    let mut out: Vec<(bool, String)> = Vec::new();
    let mut before = true;
    let mut found = false;
    for (at, c) in cell.char_indices() {
        let rest = cell[at + c.len_utf8()..].trim_start();
        let damaged = before && matches!(c, '口' | 't' | 'T' | 'n') && known(rest);
        let mark = if ALL_CHOSEN.contains(&c) || damaged && c != '口' {
            Some(true)
        } else if ALL_NOT_CHOSEN.contains(&c) || damaged {
            Some(false)
        } else {
            None
        };
        // A sign behind a word begins the next.
        before = c.is_whitespace() || is_sign(c);
        match mark {
            Some(is_chosen) => {
                found = true;
                before = true;
                out.push((is_chosen, String::new()));
            }
            None => match out.last_mut() {
                Some((_, word)) => word.push(c),
                // What stands before the first box is chosen as far as it goes.
                None if c.is_whitespace() => {}
                None => out.push((true, c.to_string())),
            },
        }
    }
    found.then_some(out)
}

/// What a cell of words says, chosen by boxes or listed.
pub(super) fn words(cell: &str, known: &dyn Fn(&str) -> bool) -> Vec<String> {
    let chosen = match marked(cell, known) {
        Some(words) => words.into_iter().filter_map(|(is_chosen, word)| is_chosen.then_some(word)).collect::<Vec<_>>(),
        None => vec![cell.to_owned()],
    };
    let parts = chosen.iter().flat_map(|word| word.split(['、', '，', ',', '；', ';', '/', '／', '\n']));
    parts.filter_map(text::something).map(text::name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(cell: &str) -> (Vec<Carrier>, Vec<String>) {
        let chosen = carriers(cell);
        (chosen.carriers, chosen.others)
    }

    const ALL: &str = "■政府网站 □政府公报\n□两微一端 □发布会/听证会\n□广播电视 □纸质媒体\n■公开查阅点 □政务服务中心\n□便民服务站 □入户/现场\n\
        ■社区/企事业单位/村公示栏（电子屏）\n□精准推送 □其他";

    #[test]
    fn boxes_choose_and_damaged_copies_are_read() {
        let wanted = (vec![Carrier::Website, Carrier::ReadingPoint, Carrier::NoticeBoard], vec![]);
        assert_eq!(told(ALL), wanted);
        assert_eq!(told(&ALL.replace('■', "t").replace('□', "口")), wanted);
        assert_eq!(told(&ALL.replace('■', "t ").replace('□', "口 ")), wanted);
        assert_eq!(told(&ALL.replace('■', "☑").replace('□', "☐").replace('\n', "")), wanted);
        assert_eq!(told(&ALL.replace(['\n', ' '], "")), wanted);
        assert_eq!(told(&ALL.replace('■', "□")), (vec![], vec![]));
    }

    #[test]
    fn cells_without_boxes_list_what_is_chosen() {
        assert_eq!(told("政府网站、两微一端"), (vec![Carrier::Website, Carrier::SocialMedia], vec![]));
        assert_eq!(told("政府网站\n入户/现场\n政府公报"), (vec![Carrier::Website, Carrier::Gazette, Carrier::OnSite], vec![]));
        assert_eq!(told("政府网站 政府公报"), (vec![Carrier::Website, Carrier::Gazette], vec![]));
        assert_eq!(told("其他（展板、宣传册）、政府公报"), (vec![Carrier::Gazette, Carrier::Other], vec!["展板、宣传册".into()]));
        assert_eq!(told("政府网站，政府网站"), (vec![Carrier::Website], vec![]));
        assert_eq!(told("无"), (vec![], vec![]));
    }

    #[test]
    fn what_the_list_does_not_have_is_kept() {
        assert_eq!(told("■政府网站 ■其他_宣传册_"), (vec![Carrier::Website, Carrier::Other], vec!["宣传册".into()]));
        assert_eq!(told("■其他（服务窗口）□政府公报"), (vec![Carrier::Other], vec!["服务窗口".into()]));
        assert_eq!(told("■政府网站（县政府网站）"), (vec![Carrier::Website], vec!["政府网站（县政府网站）".into()]));
        assert_eq!(told("政府网站、宣传册、移动窗口"), (vec![Carrier::Website], vec!["宣传册".into(), "移动窗口".into()]));
        assert_eq!(told("■浙里办APP □政府公报"), (vec![], vec!["浙里办APP".into()]));
    }

    #[test]
    fn words_are_chosen_by_boxes_or_listed() {
        let known = |text: &str| text.starts_with("全社会") || text.starts_with("特定群体");
        assert_eq!(words("■全社会 □特定群体", &known), ["全社会"]);
        assert_eq!(words("口全社会 t特定群体：申请人", &known), ["特定群体：申请人"]);
        assert_eq!(words("全社会/特定群体", &known), ["全社会", "特定群体"]);
        assert_eq!(words("√", &known), [""; 0]);
    }
}
