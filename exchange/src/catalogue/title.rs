//! What titles of catalogues tell: whose they are, of which field of work and year.

use domain::value::text;

use crate::{
    body,
    grid::Grid,
    options::ReadOptions,
    publisher::{completed, place_of_title},
    reading::ListInfo,
    title,
};

/// Words with which the name of a catalogue begins, after whose it is and of which field.
const NAMES: [&str; 8] = ["基层政务公开", "政务公开", "政府信息公开", "信息公开", "主动公开", "公开标准目录", "公开事项", "标准目录"];

/// What a catalogue says of itself.
pub(super) struct Said {
    pub info: ListInfo,
    /// The field of work.
    pub topic: Option<String>,
    /// The place that it is of.
    pub place: Option<String>,
    /// The publisher is not named: it is the government of the place.
    pub assumed: bool,
}

pub(super) fn said(file: &str, grid: &Grid, titles: &[String], options: &ReadOptions) -> Said {
    let stem = title::of_file(file);
    let is_named = |t: &&str| NAMES.iter().any(|name| text::squash(t).contains(name)) || text::squash(t).ends_with("目录");
    let own = titles.iter().map(String::as_str).find(is_named);
    let sheet = grid.sheet.as_deref().filter(is_named);
    let whole = own.or(sheet).map_or_else(|| stem.clone(), text::name);
    let words = || own.into_iter().chain(grid.sheet.as_deref()).chain([stem.as_str()]);
    let place = options.region.as_ref().and_then(|region| region.name.clone()).or_else(|| words().find_map(place_of_title));
    let place = place.or_else(|| words().find_map(|words| body::place_of(before_name(words))));
    let named = options.publisher.clone().or_else(|| words().find_map(publisher));
    let named = named.map(|name| completed(&name, place.as_deref()));
    let assumed = named.is_none() && place.is_some();
    let publisher = named.or_else(|| place.as_ref().map(|place| format!("{place}人民政府")));
    let edition = options.edition.clone().or_else(|| words().find_map(title::edition));
    let owner = options.publisher.as_deref().map(|name| format!("{}:", text::fold(name))).unwrap_or_default();
    let info = ListInfo {
        file: file.to_owned(),
        sheet: grid.sheet.clone(),
        key: format!("openness-list:{owner}{}", title::without_year(&whole)),
        title: Some(whole),
        edition,
        publisher,
    };
    Said { info, topic: words().find_map(topic), place, assumed }
}

/// What stands before the name of the catalogue.
fn before_name(written: &str) -> &str {
    let cut = NAMES.iter().chain(&["目录"]).filter_map(|name| written.find(name)).min();
    cut.map_or(written, |cut| &written[..cut])
}

/// The body that a title begins with: `某县教育局政务公开标准目录`.
fn publisher(written: &str) -> Option<String> {
    let squashed = text::squash(written);
    let before = before_name(&squashed);
    if before.len() == squashed.len() {
        return None;
    }
    let bare = before.trim_start_matches(|c: char| c.is_ascii_digit() || "年附件：:《.、（）()".contains(c));
    (body::looks_like_body(bare) && body::has_place(bare)).then(|| bare.to_owned())
}

/// The field of work: `义务教育` of `某县义务教育领域基层政务公开标准目录`.
fn topic(written: &str) -> Option<String> {
    let squashed = text::squash(written);
    let before = &squashed[..squashed.find("领域")?];
    let place = body::place_of(&format!("{before}人民政府"));
    let from = place.and_then(|place| before.find(&place).map(|at| at + place.len())).unwrap_or(0);
    let mut rest = &before[from..];
    for end in ["人民政府", "街道办事处", "街道", "年度", "年", "基层"] {
        rest = rest.rfind(end).map_or(rest, |at| &rest[at + end.len()..]);
    }
    let rest = rest.rfind(['（', '(', '）', ')', '《', '：', ':', '、', '.']).map_or(rest, |at| {
        let sign = rest[at..].chars().next().map_or(0, char::len_utf8);
        &rest[at + sign..]
    });
    let topic = rest.trim_start_matches(|c: char| c.is_ascii_digit() || "-—_".contains(c));
    (1..=16).contains(&topic.chars().count()).then(|| topic.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_field_of_work_is_told_by_the_title() {
        for (title, wanted) in [
            ("某某县义务教育领域基层政务公开标准目录", Some("义务教育")),
            ("2023年某某市城市综合执法领域基层政务公开标准目录", Some("城市综合执法")),
            ("（一）保障性住房领域基层政务公开标准目录", Some("保障性住房")),
            ("3.医疗卫生领域", Some("医疗卫生")),
            ("某某区和平街道养老服务领域政务公开标准目录", Some("养老服务")),
            ("某某县政务公开事项目录", None),
        ] {
            assert_eq!(topic(title).as_deref(), wanted, "{title}");
        }
    }

    #[test]
    fn a_body_before_the_name_publishes_and_else_the_place_tells() {
        assert_eq!(publisher("东海市教育局政务公开标准目录").as_deref(), Some("东海市教育局"));
        assert_eq!(publisher("东海市义务教育领域基层政务公开标准目录"), None);
        let told = |title: &str| said("目录.xlsx", &Grid::new(Some("Sheet1".into())), &[title.to_owned()], &ReadOptions::default());
        let of_place = told("东海市义务教育领域基层政务公开标准目录（2023年版）");
        assert_eq!((of_place.info.publisher.as_deref(), of_place.assumed), (Some("东海市人民政府"), true));
        assert_eq!(of_place.info.edition.as_deref(), Some("2023"));
        assert_eq!(of_place.info.key, told("东海市义务教育领域基层政务公开标准目录（2024年版）").info.key);
        assert_ne!(of_place.info.key, told("东海市医疗卫生领域基层政务公开标准目录").info.key, "each field is a list of its own");
    }
}
