//! The form of the openness catalogue: its columns, and a line as the texts of its cells.

use domain::{
    register::CatalogueEntry,
    value::{Carrier, Level, Manner, Reach},
};

use super::{
    CatalogueLine, bases,
    sheet::{Column, Form, Row},
};
use crate::catalogue::{CHOSEN, NOT_CHOSEN};

/// The three levels of Art. 5(3), which have a column always; others have one where they occur.
const LEVELS: [Level; 3] = [Level::City, Level::County, Level::Township];

const TICK: &str = "√";

/// Carriers on one line of a cell.
const BOXES_A_LINE: usize = 2;

/// Lines of one field of work and one first tier stand together.
pub(super) fn order(line: &CatalogueLine) -> (Option<&str>, bool, Option<&str>, &str, &str) {
    let entry = &line.entry;
    (entry.topic.as_deref(), entry.first_tier.is_none(), entry.first_tier.as_deref(), &entry.name, line.code.as_str())
}

/// A title, the headings and the lines.
pub(super) fn form(title: &str, lines: &[CatalogueLine]) -> Form {
    let occurs = |level: &Level| LEVELS.contains(level) || lines.iter().any(|line| line.entry.levels.contains(level));
    let levels: Vec<Level> = Level::ALL.into_iter().filter(occurs).collect();
    let rows = (1..).zip(lines).map(|(number, line)| row(number, line, &levels)).collect();
    Form { name: "政务公开事项目录".to_owned(), title: title.to_owned(), columns: columns(&levels), rows }
}

fn columns(levels: &[Level]) -> Vec<Column> {
    let alone = |heading: &'static str, width: u8| Column { group: heading, kind: None, width };
    let kind = |group: &'static str, kind: &'static str, width: u8| Column { group, kind: Some(kind), width };
    let mut columns = vec![
        alone("序号", 6),
        kind("公开事项", "一级事项", 14),
        kind("公开事项", "二级事项", 20),
        alone("公开内容（要素）", 40),
        alone("公开依据", 40),
        alone("公开时限", 20),
        alone("公开主体", 20),
        alone("公开渠道和载体", 34),
        kind("公开对象", Reach::Everyone.zh(), 8),
        kind("公开对象", Reach::Groups.zh(), 12),
        kind("公开方式", Manner::Active.zh(), 6),
        kind("公开方式", Manner::OnRequest.zh(), 8),
    ];
    columns.extend(levels.iter().map(|level| kind("公开层级", short(*level), 6)));
    for (heading, width) in [
        ("信息公开属性", 10),
        ("非主动公开理由", 20),
        ("非主动公开依据", 30),
        ("公开领域", 12),
        ("产生环节", 10),
        ("关联事项编码", 20),
        ("关联办事指南编码", 20),
        ("备注", 20),
        ("公开主体名称", 20),
        ("公开主体编码", 20),
        ("公开事项编码", 20),
    ] {
        columns.push(alone(heading, width));
    }
    columns
}

fn short(level: Level) -> &'static str {
    match level {
        Level::National => "国家级",
        Level::Province => "省级",
        Level::City => "市级",
        Level::County => "县级",
        Level::Township => "乡级",
        Level::Village => "村级",
    }
}

fn row(number: usize, line: &CatalogueLine, levels: &[Level]) -> Row {
    let entry = line.entry.as_ref();
    let tick = |holds: bool| if holds { TICK.to_owned() } else { String::new() };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let groups =
        if entry.open_to.contains(&Reach::Groups) { entry.groups.clone().unwrap_or_else(|| TICK.to_owned()) } else { text(&entry.groups) };
    let mut cells = vec![
        number.to_string(),
        entry.first_tier.clone().unwrap_or_else(|| entry.name.clone()),
        if entry.first_tier.is_some() { entry.name.clone() } else { String::new() },
        text(&entry.elements),
        bases::written(&entry.legal_bases),
        entry.time_limit.as_ref().map(|limit| limit.text.clone()).unwrap_or_default(),
        entry.published_by.clone().unwrap_or_else(|| line.agency.clone()),
        boxes(entry),
        tick(entry.open_to.contains(&Reach::Everyone)),
        groups,
        tick(entry.manner.contains(&Manner::Active)),
        tick(entry.manner.contains(&Manner::OnRequest)),
    ];
    cells.extend(levels.iter().map(|level| tick(entry.levels.contains(level))));
    cells.extend([
        entry.attribute.map(|attribute| attribute.zh().to_owned()).unwrap_or_default(),
        text(&entry.restriction_reason),
        bases::written(&entry.restriction_bases),
        text(&entry.topic),
        text(&entry.step),
        entry.item.as_ref().map(ToString::to_string).unwrap_or_default(),
        entry.guide.as_ref().map(ToString::to_string).unwrap_or_default(),
        text(&entry.remark),
        line.agency.clone(),
        entry.agency.to_string(),
        line.code.to_string(),
    ]);
    // The first tier is merged over its lines, within one field of work; a matter without one takes both columns.
    let group = entry.first_tier.as_ref().map(|first| format!("{}\n{first}", text(&entry.topic)));
    Row { cells, group, over_both: entry.first_tier.is_none() }
}

/// All carriers with their boxes, as the form has them printed, and then those that it does not have.
fn boxes(entry: &CatalogueEntry) -> String {
    let marked = |carrier: &Carrier| format!("{}{}", if entry.carriers.contains(carrier) { CHOSEN } else { NOT_CHOSEN }, carrier.zh());
    let printed: Vec<String> = Carrier::ALL.iter().map(marked).collect();
    let lines = printed.chunks(BOXES_A_LINE).map(|line| line.join(" "));
    let others = entry.other_carriers.iter().map(|other| format!("{CHOSEN}{other}"));
    lines.chain(others).collect::<Vec<_>>().join("\n")
}
