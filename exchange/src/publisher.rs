//! Who publishes a list: what its titles, its rows, its sheets and the name of its file say.

use std::collections::HashMap;

use domain::value::text;

use crate::{
    body,
    field::Field,
    grid::Grid,
    options::ReadOptions,
    rows::{Line, Table},
    title,
};

/// The publisher of a book, by its titles, most of its rows or the name of its file.
pub(crate) fn of_book(stem: &str, titles: &[&str], tables: &[&Table]) -> Option<String> {
    let said = titles.iter().find_map(|t| labelled(t)).filter(|name| body::has_place(name));
    let named = titles.iter().find_map(|t| title::publisher(t)).or(said);
    // What a title says holds whatever the rows of this edition say: the codes that are assigned to lines hang on it.
    let named = named.or_else(|| titles.iter().find_map(|t| title::publisher_of_type(t))).or_else(|| from_rows(tables));
    let named = named.or_else(|| title::publisher(stem)).or_else(|| title::publisher_of_type(stem));
    named.map(|name| text::name(&crate::brackets::outside_brackets(&name)))
}

/// The publisher of a sheet that is another than that of the book: the one in its own title, or, where its rows name no
/// agency, the body that it is named after.
pub(crate) fn of_sheet(grid: &Grid, table: &Table, of_book: Option<&str>, options: &ReadOptions) -> Option<String> {
    if options.publisher.is_some() {
        return None;
    }
    let typed = || table.titles.iter().find_map(|t| title::publisher_of_type(t));
    let titled = table.titles.iter().find_map(|t| title::publisher(t)).or_else(typed);
    let titled = titled.map(|name| text::name(&crate::brackets::outside_brackets(&name)));
    let named = || {
        let name = text::name(&crate::brackets::outside_brackets(grid.sheet.as_deref()?));
        let has_agency = table.lines.iter().any(|line| matches!(line, Line::Row(row) if row.record.has(Field::Agency)));
        (!has_agency && is_department(&name)).then_some(name)
    };
    titled.or_else(named).filter(|name| of_book.is_none_or(|book| !body::same(name, book)))
}

/// Whether a sheet is named after a body and not after an office within one.
fn is_department(name: &str) -> bool {
    const ENDS: [&str; 12] = ["局", "委", "委员会", "办", "办公室", "厅", "院", "中心", "部", "政府", "联合会", "总队"];
    let bare = name.trim_start_matches(|c: char| c.is_ascii_digit() || "、.．-_ ".contains(c));
    bare.chars().count() >= 3 && bare != "办公室" && crate::body::looks_like_body(bare) && ENDS.iter().any(|end| bare.ends_with(end))
}

/// A name with the place of its list, where it says none itself. The number that a sheet is sorted by goes.
pub(crate) fn completed(name: &str, place: Option<&str>) -> String {
    let bare = name.trim_start_matches(|c: char| c.is_ascii_digit() || "、.．-_ ".contains(c));
    let bare = if bare.is_empty() { name } else { bare };
    place.map_or_else(|| bare.to_owned(), |place| body::placed(bare, place))
}

/// The place that a title begins with, after the year.
pub(crate) fn place_of_title(written: &str) -> Option<String> {
    let squashed = text::squash(written);
    let bare = squashed.trim_start_matches(|c: char| c.is_ascii_digit() || "年附件：:《（(）)".contains(c));
    let is_list = ["清单", "目录", "一览表", "事项"].iter().any(|word| bare.contains(word));
    is_list.then(|| body::place_of(bare)).flatten()
}

/// `部门名称：某市机关事务管理局` above a table.
fn labelled(title: &str) -> Option<String> {
    let name = text::name(title);
    let (label, value) = name.split_once(['：', ':'])?;
    let known =
        ["部门名称", "单位名称", "填报单位", "编制单位", "发布单位", "实施机关", "实施主体", "单位", "部门"].contains(&label.trim());
    let value = value.split(['（', '(']).next().unwrap_or_default().trim();
    (known && crate::body::looks_like_body(value)).then(|| value.to_owned())
}

/// The agency that most rows name in full, if most rows name one.
fn from_rows(tables: &[&Table]) -> Option<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    let mut total = 0;
    for line in tables.iter().flat_map(|table| &table.lines) {
        if let Line::Row(row) = line
            && let Some(name) = row.record.name(Field::Agency)
        {
            total += 1;
            *counts.entry(crate::brackets::outside_brackets(&name)).or_default() += 1;
        }
    }
    let most = counts.into_iter().filter(|(name, _)| crate::body::looks_like_body(name) && body::has_place(name));
    let (name, count) = most.max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)))?;
    (count * 10 >= total * 6).then_some(name)
}
