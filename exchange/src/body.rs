//! Bodies in the words of lists: `市统计局` on the list of `某某市统计局` is that same body, `自治区农业农村厅` is another.

use domain::value::{Level, text};

use crate::brackets::{inside_brackets, outside_brackets};

/// How names of bodies end.
const BODY_ENDS: [&str; 25] = [
    "局",
    "委员会",
    "委",
    "办公室",
    "办",
    "厅",
    "部",
    "政府",
    "中心",
    "院",
    "队",
    "署",
    "处",
    "站",
    "所",
    "会",
    "银行",
    "公司",
    "学校",
    "馆",
    "社",
    "室",
    "主管部门",
    "机关",
    "法庭",
];

/// Words of a level that lists for many places write instead of the name of the place.
const LEVEL_WORDS: [(&str, Level); 29] = [
    ("地州市级", Level::City),
    ("地州市", Level::City),
    ("地(州、市)", Level::City),
    ("州、市(地)", Level::City),
    ("地区级", Level::City),
    ("地区", Level::City),
    ("设区的市级", Level::City),
    ("设区的市", Level::City),
    ("设区市", Level::City),
    ("市州", Level::City),
    ("地市级", Level::City),
    ("市本级", Level::City),
    ("市级", Level::City),
    ("市", Level::City),
    ("县市区级", Level::County),
    ("县市区", Level::County),
    ("县(市、区)", Level::County),
    ("区(市、县)", Level::County),
    ("区县级", Level::County),
    ("区县", Level::County),
    ("县级", Level::County),
    ("县", Level::County),
    ("区级", Level::County),
    ("区", Level::County),
    ("自治区级", Level::Province),
    ("自治区", Level::Province),
    ("省级", Level::Province),
    ("省", Level::Province),
    ("国家", Level::National),
];
/// How names of divisions end, with their level.
const DIVISIONS: [(&str, Level); 11] = [
    ("自治区", Level::Province),
    ("特别行政区", Level::Province),
    ("自治州", Level::City),
    ("地区", Level::City),
    ("自治县", Level::County),
    ("省", Level::Province),
    ("市", Level::City),
    ("盟", Level::City),
    ("县", Level::County),
    ("旗", Level::County),
    ("区", Level::County),
];
/// How names of bodies of the same work end; `商务局` and `商务主管部门` are the same body at the same level.
const KINDS: [&str; 10] = ["行政主管部门", "主管部门", "行政部门", "管理部门", "部门", "委员会", "办公室", "局", "委", "厅"];

/// A name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Parts {
    /// Name of the place, if there is one.
    place: Option<String>,
    level: Option<Level>,
    core: String,
}

/// Every way of taking a name apart: `市场监督管理局` may begin with a level and does not.
fn ways(name: &str) -> Vec<Parts> {
    let folded = text::fold(&outside_brackets(&text::fold(name).replace("(州、市)", "州市").replace("(市、区)", "市区")));
    let mut ways = vec![Parts { place: None, level: None, core: folded.clone() }];
    if let Some((word, level)) = LEVEL_WORDS.iter().find(|(word, _)| folded.starts_with(word)) {
        ways.push(Parts { place: None, level: Some(*level), core: folded[word.len()..].to_owned() });
    }
    if let Some((place, level, core)) = place(&folded) {
        ways.push(Parts { place: Some(place.to_owned()), level: Some(level), core: core.to_owned() });
    }
    ways.retain(|way| way.core.chars().count() >= 2);
    ways
}

/// The name of the innermost place at the beginning of a name, with its level and what follows it.
fn place(name: &str) -> Option<(&str, Level, &str)> {
    let mut end = 0;
    let mut level = None;
    // 广东省广州市越秀区…: three at most.
    for _ in 0..3 {
        let rest = &name[end..];
        let found = rest.char_indices().skip(2).take(9).find_map(|(i, _)| {
            let (ending, level) = DIVISIONS.iter().find(|(ending, _)| rest[i..].starts_with(ending))?;
            let after = i + ending.len();
            (rest[after..].chars().count() >= 2 && !is_word(&rest[..after])).then_some((after, *level))
        });
        let Some((length, found)) = found else { break };
        // A place within the first must be smaller; else it belongs to the body: 某市|市场监督管理局.
        if level.is_some_and(|outer| found <= outer) {
            break;
        }
        end += length;
        level = Some(found);
    }
    level.map(|level| (&name[..end], level, &name[end..]))
}

/// Beginnings that look like a place and are none.
fn is_word(start: &str) -> bool {
    ["开发区", "园区", "社区", "灾区", "超市"].iter().any(|word| start.ends_with(word))
        || start.ends_with("林区") && !start.ends_with("神农架林区")
        || start.strip_suffix("城区").is_some_and(|name| !is_name(name, 1..=1))
        || start.strip_suffix("城市").is_some_and(|name| !is_name(name, 1..=1))
        || start.strip_suffix("地区").is_some_and(|name| !is_name(name, 2..=4))
        || start.chars().any(|c| "和与及、".contains(c))
        || LEVEL_WORDS.iter().any(|(word, _)| *word == start)
}

/// Whether what stands before 城市 or 地区 is part of a name: 盐城市 and 阿克苏地区 are places; 大城市 and 边远地区 are words.
fn is_name(before: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    const WORDS: [&str; 24] = [
        "老",
        "主",
        "大",
        "中",
        "小",
        "省",
        "本",
        "各",
        "全",
        "县",
        "新型",
        "中心",
        "民族",
        "边远",
        "贫困",
        "偏远",
        "沿海",
        "内陆",
        "农村",
        "艰苦",
        "少数民族",
        "欠发达",
        "重点",
        "海外",
    ];
    length.contains(&before.chars().count()) && !WORDS.contains(&before)
}

/// The level that a name tells.
pub(crate) fn level(name: &str) -> Option<Level> {
    let ways = ways(name);
    ways.iter().find(|way| way.place.is_some()).or(ways.iter().find(|way| way.level.is_some())).and_then(|way| way.level)
}

/// Whether a text can be the name of a body.
pub(crate) fn looks_like_body(name: &str) -> bool {
    let plain = outside_brackets(name);
    let length = plain.chars().count();
    (2..=40).contains(&length) && BODY_ENDS.iter().any(|end| plain.ends_with(end)) && !plain.contains(['。', '；', '：', ':'])
}

/// Whether a name says of which place the body is.
pub(crate) fn has_place(name: &str) -> bool {
    place(&text::fold(&outside_brackets(name))).is_some()
}

/// Whether two names stand for the same body.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let (a, b) = (ways(a), ways(b));
    a.iter().any(|a| b.iter().any(|b| fit(a, b)))
}

fn fit(a: &Parts, b: &Parts) -> bool {
    if let (Some(x), Some(y)) = (&a.place, &b.place)
        && !(x.ends_with(y.as_str()) || y.ends_with(x.as_str()))
    {
        return false;
    }
    if let (Some(x), Some(y)) = (a.level, b.level)
        && x != y
    {
        return false;
    }
    a.core == b.core || {
        let (x, y) = (work(&a.core), work(&b.core));
        let known = a.level.is_some() && b.level.is_some();
        known && !x.is_empty() && !y.is_empty() && (x == y || is_short_for(x, y) || is_short_for(y, x))
    }
}

/// The work of a body without the kind that it is.
fn work(core: &str) -> &str {
    KINDS.iter().find_map(|kind| core.strip_suffix(kind)).unwrap_or(core)
}

/// Whether a name is short for another: 科技 for 科学技术, 发改 for 发展和改革. Its characters are in the other in the same order, the
/// first of them first.
fn is_short_for(short: &str, long: &str) -> bool {
    let count = short.chars().count();
    if count < 2 || count >= long.chars().count() || !long.starts_with(|c| short.starts_with(c)) {
        return false;
    }
    let mut rest = long.chars();
    short.chars().all(|wanted| rest.any(|c| c == wanted))
}

/// Whether a list's word for who exercises a power stands for its publisher: the same body, the first of several, or the body
/// that is named in brackets as handling it (`市人民政府（某市自然资源局承办）`).
pub(crate) fn stands_for(written: &str, publisher: &str) -> bool {
    let written = &text::squash(written);
    let first = outside_brackets(written);
    let first = first.split(['、', '，', ',', '；', ';']).next().unwrap_or_default();
    same(first, publisher)
        || inside_brackets(written).iter().any(|part| {
            let handles = ["承办", "负责", "具体实施", "办理"].iter().find_map(|word| part.strip_suffix(word));
            handles.is_some_and(|body| same(body, publisher))
        })
}

/// What a cell for agencies says on one line. A name wrapped by hand goes on; several bodies one under the other are parted.
pub(crate) fn written(cell: &str) -> String {
    let parts: Vec<&str> = cell.split_whitespace().collect();
    let is_body = |part: &&str| part.chars().count() >= 3 && looks_like_body(part) && level(part).is_some();
    if parts.len() > 1 && parts.iter().all(is_body) { parts.join("、") } else { text::name(cell) }
}

/// `本局`, `本单位`: whoever publishes the list.
pub(crate) fn is_own(written: &str) -> bool {
    const KINDS: [&str; 14] = ["局", "委", "厅", "办", "院", "部", "会", "中心", "站", "队", "单位", "机关", "部门", "级"];
    let squashed = outside_brackets(&text::squash(written));
    squashed.strip_prefix(['本', '我']).is_some_and(|kind| KINDS.contains(&kind))
}

/// Words that name no body: those of levels (`省级、设区的市级`), of all bodies of a kind (`各县（市、区）教育局`), and of
/// departments by their work (`教育行政部门`).
pub(crate) fn is_generic(written: &str) -> bool {
    let outside = outside_brackets(&text::squash(written));
    let first = outside.split(['、', '，', ',', '；', ';']).next().unwrap_or_default();
    let folded = text::fold(first.split(['和', '及', '或']).next().unwrap_or_default());
    let is_level = LEVEL_WORDS.iter().any(|(word, _)| *word == folded) || Level::from_name(&folded).is_some();
    let ranges = ["以上", "以下", "及以上"].iter().any(|word| LEVEL_WORDS.iter().any(|(l, _)| folded.starts_with(&format!("{l}{word}"))));
    is_level || ranges || first.starts_with("各") || first.ends_with("部门") && !has_place(first)
}

/// Completes a name that begins with the word of a level by the name of its place: `市统计局` of `某某市` is `某某市统计局`.
pub(crate) fn complete(name: &str, place_name: &str) -> Option<String> {
    if has_place(name) {
        return None;
    }
    let name = text::name(name);
    // The innermost division of `新疆维吾尔自治区克拉玛依市`.
    let whole = format!("{place_name}人民政府");
    let (named, level, _) = place(&whole)?;
    let outer = ["自治区", "省"].iter().filter_map(|end| named.find(end).map(|i| i + end.len())).find(|i| *i < named.len());
    let inner = outer.map_or(named, |i| &named[i..]);
    let (word, _) = LEVEL_WORDS.iter().find(|(word, l)| *l == level && name.starts_with(word) && !name.starts_with("市场"))?;
    Some(format!("{inner}{}", &name[word.len()..]))
}

/// Completes the name of a body, by its level or, where it says none, by putting the place before it: `教育局` of `某某市`.
pub(crate) fn placed(name: &str, place_name: &str) -> String {
    if has_place(name) {
        return name.to_owned();
    }
    complete(name, place_name).unwrap_or_else(|| if level(name).is_none() { format!("{place_name}{name}") } else { name.to_owned() })
}

/// The place that the name of a body begins with: `某某市` of `某某市统计局`.
pub(crate) fn place_of(name: &str) -> Option<String> {
    let folded = text::fold(&outside_brackets(name));
    place(&folded).map(|(place, _, _)| place.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_body_in_other_words() {
        for (written, publisher) in [
            ("市统\n计局", "克拉玛依市统计局"),
            ("地州市农业农村局", "市农业农村局"),
            ("地州市级农业农村局", "克拉玛依市农业农村局"),
            ("地州市商务主管部门", "克拉玛依市商务局"),
            ("市科技局", "克拉玛依市科学技术局"),
            ("地州市发展和改革委员会", "克拉玛依市发展和改革委员会"),
            ("克拉玛依市发展和改革委员会（粮食和物资储备局）", "克拉玛依市发展和改革委员会"),
            ("市委宣传部（新闻出版局、版权局）", "克拉玛依市委宣传部"),
            (" 市人民政府（克拉玛依市自然资源局承办）", "克拉玛依市自然资源局"),
            ("克拉玛依市自然资源局、克拉玛依市国土资源执法监察支队", "克拉玛依市自然资源局"),
            ("地州市市场监督管理局", "克拉玛依市市场监督管理局"),
            ("市场监督管理局", "克拉玛依市市场监督管理局"),
            ("广州市越秀区住房和城乡建设局", "越秀区住房和城乡建设局"),
            ("市民政局", "盐城市民政局"),
            ("地区教育局", "阿克苏地区教育局"),
        ] {
            assert!(stands_for(written, publisher), "{written} {publisher}");
        }
    }

    #[test]
    fn another_body_is_another_body() {
        for (written, publisher) in [
            ("自治区农业农村厅", "克拉玛依市农业农村局"),
            ("县市区农业农村局", "市农业农村局"),
            ("市人民政府", "克拉玛依市科学技术局"),
            ("乌鲁木齐市统计局", "克拉玛依市统计局"),
            ("市卫生健康委", "克拉玛依市统计局"),
            ("区住房和城乡建设局", "克拉玛依市住房和城乡建设局"),
        ] {
            assert!(!stands_for(written, publisher), "{written} {publisher}");
        }
    }

    #[test]
    fn names_are_completed_by_their_place() {
        assert_eq!(complete("市农业农村局", "新疆维吾尔自治区克拉玛依市").as_deref(), Some("克拉玛依市农业农村局"));
        assert_eq!(complete("地州市农业农村局", "克拉玛依市").as_deref(), Some("克拉玛依市农业农村局"));
        assert_eq!(complete("自治区农业农村厅", "克拉玛依市"), None);
        assert_eq!(complete("克拉玛依市统计局", "克拉玛依市"), None);
        assert_eq!(place_of("克拉玛依市统计局").as_deref(), Some("克拉玛依市"));
        assert_eq!(level("克拉玛依市统计局"), Some(Level::City));
        for (name, place) in [
            ("盐城市民政局", Some("盐城市")),
            ("江苏省盐城市民政局", Some("江苏省盐城市")),
            ("佛山市禅城区司法局", Some("佛山市禅城区")),
            ("广州市主城区管理局", Some("广州市")),
            ("阿克苏地区教育局", Some("阿克苏地区")),
            ("凤城市公共服务事项清单", Some("凤城市")),
            ("成都市公园城市建设管理局", Some("成都市")),
            ("边远地区教育处", None),
            ("大城市病治理办公室", None),
        ] {
            assert_eq!(place_of(name).as_deref(), place, "{name}");
        }
        assert_eq!(placed("教育局", "盐城市"), "盐城市教育局");
        assert_eq!(placed("市教育局", "盐城市"), "盐城市教育局");
        assert_eq!(placed("省教育厅", "盐城市"), "省教育厅");
        assert_eq!(level("新疆维吾尔自治区农业农村厅"), Some(Level::Province));
    }
}
