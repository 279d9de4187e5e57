//! What titles, file names and names of sheets tell: the edition, the publisher, the type, how many items there are.

use domain::value::text;

use crate::body;

/// Words with which the name of a list begins after the name of its publisher.
const LIST_WORDS: [&str; 21] = [
    "权责清单",
    "权力和责任清单",
    "权力责任清单",
    "权力与责任清单",
    "权力清单",
    "责任清单",
    "行政权力",
    "行政职权",
    "公共服务",
    "政务服务",
    "权责事项",
    "事项清单",
    "指导目录",
    "通用目录",
    "事项目录",
    "办事指南",
    "实施清单",
    "服务事项",
    "清单",
    "目录",
    "一览表",
];
/// Words for powers of a type: the name of a list begins with them where it goes on as one does. `行政审批局` is a body.
const TYPE_WORDS: [&str; 18] = [
    "行政许可",
    "行政处罚",
    "行政强制",
    "行政征收",
    "行政给付",
    "行政检查",
    "行政确认",
    "行政奖励",
    "行政裁决",
    "其他行政权力",
    "其它行政权力",
    "其他行政职权",
    "其他权力",
    "行政审批",
    "行政备案",
    "行政执法",
    "行政服务",
    "行政监管",
];
/// How the name of a list goes on after a word for a type.
const AFTER_TYPE: [&str; 14] = ["事项", "清单", "目录", "实施", "权力", "职权", "类", "、", "和", "及", "与", "(", "（", "一览"];

/// Where a word for a list of one type begins in a title.
fn type_begins(name: &str) -> Option<usize> {
    let typed = TYPE_WORDS.iter().flat_map(|word| name.match_indices(word)).filter(|(at, word)| {
        let after = &name[at + word.len()..];
        AFTER_TYPE.iter().any(|next| after.starts_with(next))
    });
    typed.map(|(at, _)| at).min()
}

/// The year of an edition: `2024年`, `（2024版）`, `2024年度`.
pub(crate) fn edition(title: &str) -> Option<String> {
    let chars: Vec<char> = text::fold(title).chars().collect();
    let year_at = |i: usize| {
        let year: String = chars.get(i..i + 4)?.iter().collect();
        let bounded = (i == 0 || !chars[i - 1].is_ascii_digit()) && chars.get(i + 4).is_none_or(|c| !c.is_ascii_digit());
        let plausible = year.chars().all(|c| c.is_ascii_digit()) && ("1990".."2100").contains(&year.as_str());
        (bounded && plausible).then_some((year, chars.get(i + 4).copied()))
    };
    let years: Vec<_> = (0..chars.len()).filter_map(year_at).collect();
    let marked = years.iter().find(|(_, next)| matches!(next, Some('年' | '版')));
    marked.or_else(|| years.first().filter(|_| years.len() == 1)).map(|(year, _)| year.clone())
}

/// The agency that a title names before the name of the list.
pub(crate) fn publisher(title: &str) -> Option<String> {
    // 某市甲局 某市乙局权责清单: the first of several.
    let several = publishers(title);
    if several.len() > 1 {
        return several.into_iter().next();
    }
    single_publisher(title)
}

/// The bodies that a title names one after the other, each with its place. Fewer than two where it names one.
pub(crate) fn publishers(title: &str) -> Vec<String> {
    let has_list = LIST_WORDS.iter().any(|word| text::squash(title).contains(word));
    let parts = title.split(|c: char| c.is_whitespace() || matches!(c, '、' | '，' | ',')).filter(|_| has_list);
    let bodies = parts.filter_map(|part| {
        let name = single_publisher(part).or_else(|| named_before(part, type_begins)).unwrap_or_else(|| strip_year(part));
        (body::looks_like_body(&name) && body::has_place(&name)).then_some(name)
    });
    bodies.collect()
}

fn single_publisher(title: &str) -> Option<String> {
    named_before(title, |name| LIST_WORDS.iter().filter_map(|word| name.find(word)).min())
}

/// The agency that the title of a list of one type names: `某市某局行政许可事项清单`.
pub(crate) fn publisher_of_type(title: &str) -> Option<String> {
    let is_list = ["事项", "清单", "目录", "一览表"].iter().any(|word| title.contains(word));
    // 关于公布某市某局…清单的通知 is the title of a notice.
    let notice = ["关于印发", "关于公布", "关于发布", "关于调整", "关于修订"];
    let own = notice.iter().find_map(|word| title.strip_prefix(word)).unwrap_or(title);
    let name = named_before(own, type_begins).filter(|_| is_list)?;
    // 某市甲局、乙局: the first of several; 某市甲局“一网通办”: what is quoted is no part of a name.
    let first = name.split(['、', '，', ',', '“', '"', '《', '(', '（']).next()?;
    (first.len() == name.len() || body::looks_like_body(first) && body::has_place(first)).then(|| first.to_owned())
}

/// The body that a title names before its list begins.
fn named_before(title: &str, begins: impl FnOnce(&str) -> Option<usize>) -> Option<String> {
    let squashed = text::squash(title);
    let mut name = squashed.as_str();
    // 附件1：…, 关于印发…
    if name.starts_with("附件") || name.starts_with("附表") {
        name = name
            .trim_start_matches(['附', '件', '表'])
            .trim_start_matches(|c: char| c.is_ascii_digit() || "：:.、-_ 一二三四五六七八九十".contains(c));
    }
    let without_year = strip_year(&name[..begins(name)?]);
    let name = without_year.trim_matches(|c: char| "《》“”\"的-—_·、，,".contains(c));
    body::looks_like_body(name).then(|| name.to_owned())
}

/// A name without a year in it or around it: `2024年市农业农村局`, `某局（2024年版）`.
fn strip_year(name: &str) -> String {
    let mut out = name.to_owned();
    if let Some(year) = edition(name) {
        for form in [
            format!("（{year}年版）"),
            format!("({year}年版)"),
            format!("（{year}年）"),
            format!("({year}年)"),
            format!("（{year}）"),
            format!("{year}年度"),
            format!("{year}年版"),
            format!("{year}年"),
            format!("{year}版"),
            year,
        ] {
            out = out.replace(&form, "");
        }
    }
    out
}

/// A title that identifies a list across editions.
pub(crate) fn without_year(title: &str) -> String {
    let folded = text::fold(title);
    edition(title).map_or_else(
        || folded.clone(),
        |year| {
            let bare = folded.replace(&format!("{year}年"), "").replace(&year, "");
            ["(版)", "(本)", "()"].iter().fold(bare, |name, rest| name.replace(rest, ""))
        },
    )
}

/// How many items the name of a sheet or a section announces: `（ 17项）`, `共217项`.
pub(crate) fn announced(title: &str) -> Option<u32> {
    let folded = text::fold(title);
    let end = folded.match_indices('项').find(|(i, _)| folded[..*i].ends_with(|c: char| c.is_ascii_digit()))?.0;
    let digits = folded[..end].rfind(|c: char| !c.is_ascii_digit()).map_or(0, |i| i + folded[i..].chars().next().map_or(1, char::len_utf8));
    folded[digits..end].parse().ok()
}

/// Whether a file, title or sheet is of a public-service list.
pub(crate) fn is_service(title: &str) -> bool {
    let squashed = text::squash(title);
    // Powers and services on one list: its rows say which they are.
    let powers = ["权力", "权责", "职权"].iter().any(|word| squashed.contains(word));
    !powers && (squashed.contains("公共服务") || squashed.contains("服务事项清单"))
}

/// The name of a file as a title: without its extension, without the mark of a copy.
pub(crate) fn of_file(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).trim();
    let stem = stem.trim_end_matches(" - 副本").trim_end();
    let copy = stem.rfind(['(', '（']).filter(|open| stem[*open..].chars().skip(1).all(|c| c.is_ascii_digit() || c == ')' || c == '）'));
    let stem = copy.map_or(stem, |open| stem[..open].trim_end());
    stem.trim_start_matches("附件：").trim_start_matches("附件:").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editions_and_publishers_are_read_from_titles() {
        assert_eq!(edition("某市统计局２０２５年权责清单").as_deref(), Some("2025"));
        assert_eq!(edition("权责清单（2023版）").as_deref(), Some("2023"));
        assert_eq!(edition("国务院令第20241号"), None);
        for (title, expected) in [
            ("2025年某市统计局权责清单", Some("某市统计局")),
            ("  某市商务局2024年权责清单", Some("某市商务局")),
            ("附件：某市财政局2025年权责清单", Some("某市财政局")),
            ("附件2 某市教育局权力和责任清单（2023年版）", Some("某市教育局")),
            ("某市委宣传部（新闻出版局）2024年权责清单", Some("某市委宣传部（新闻出版局）")),
            ("某市卫生健康委员会公共服务事项清单", Some("某市卫生健康委员会")),
            ("某市人防系统权责清单指导目录（行政许可类）", None),
            ("住房系统区地县三级权责清单指导目录", None),
        ] {
            assert_eq!(publisher(title).as_deref(), expected, "{title}");
        }
    }

    #[test]
    fn the_publisher_of_a_list_of_one_type_stands_before_the_type() {
        for (title, expected) in [
            ("某市水务局行政许可事项清单（2025年）", Some("某市水务局")),
            ("某市水务局2025年行政处罚事项目录", Some("某市水务局")),
            ("某市水务局行政许可、行政处罚事项清单", Some("某市水务局")),
            ("某市水务局其他行政权力事项清单", Some("某市水务局")),
            ("某市行政审批局行政许可事项清单", Some("某市行政审批局")),
            ("某市综合行政执法局行政强制事项目录", Some("某市综合行政执法局")),
            ("某市行政许可事项清单（2022年版）", None),
            ("关于公布某市水务局行政许可事项清单的通知", Some("某市水务局")),
            ("东川市水务局、林业局行政许可事项清单", Some("东川市水务局")),
            ("东川市教育局“一网通办”行政许可事项清单", Some("东川市教育局")),
            ("情况说明", None),
        ] {
            assert_eq!(publisher_of_type(title).as_deref(), expected, "{title}");
        }
        assert_eq!(publisher("某市行政审批局权责清单").as_deref(), Some("某市行政审批局"));
    }

    #[test]
    fn sheets_tell_their_number() {
        assert_eq!(announced("行政检查（ 17项）"), Some(17));
        assert_eq!(announced("市生态环境局（217项）"), Some(217));
        assert_eq!(announced("事项清单"), None);
        assert_eq!(of_file("附件：某局2025年权责清单 (1).xlsx"), "某局2025年权责清单");
    }
}
