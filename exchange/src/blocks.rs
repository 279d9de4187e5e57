//! Tables that stand side by side under one header.

use std::collections::BTreeSet;

use crate::{
    field::Field,
    header::{Column, Header},
    headings::plain,
};

/// A header as those of the tables that stand side by side in it: where the name of the item comes again with further headings of
/// its own, another table begins. What stands to the left of all of them holds for each.
pub(crate) fn split(header: &Header) -> Vec<Header> {
    let mut all: Vec<(u32, String, Option<&Column>)> = header.columns.iter().map(|c| (c.index, plain(&c.heading), Some(c))).collect();
    all.extend(header.unknown.iter().map(|(index, heading)| (*index, plain(heading), None)));
    all.sort_by_key(|(index, ..)| *index);
    let repeated = |heading: &str| {
        let same: BTreeSet<u32> = all.iter().filter(|(_, h, _)| h == heading).map(|(index, _, c)| c.map_or(*index, |c| c.group)).collect();
        same.len() > 1
    };
    let name_again = all.iter().any(|(_, heading, c)| c.is_some_and(|c| c.field == Field::Name) && repeated(heading));
    let again: BTreeSet<&str> = all.iter().map(|(_, heading, _)| heading.as_str()).filter(|heading| repeated(heading)).collect();
    if !name_again || again.len() < 2 {
        return vec![header.clone()];
    }
    let mut shared: Vec<Column> = Vec::new();
    let mut blocks: Vec<Header> = Vec::new();
    let mut seen: Vec<(&str, u32)> = Vec::new();
    for (index, heading, column) in &all {
        if blocks.is_empty() && !again.contains(heading.as_str()) {
            shared.extend(column.filter(|c| c.field != Field::Sequence).cloned());
            continue;
        }
        let group = column.map_or(*index, |c| c.group);
        let is_new = blocks.is_empty() || seen.iter().any(|(h, g)| h == heading && *g != group);
        if is_new {
            blocks.push(Header { columns: Vec::new(), unknown: Vec::new(), ..header.clone() });
            seen.clear();
        }
        seen.push((heading.as_str(), group));
        if let Some(block) = blocks.last_mut() {
            match column {
                Some(column) => block.columns.push((*column).clone()),
                None => block.unknown.push((*index, heading.clone())),
            }
        }
    }
    // A heading that comes twice within a table does not begin another: a table has names.
    let mut out: Vec<Header> = Vec::new();
    for block in blocks {
        match out.last_mut() {
            Some(last) if !block.columns.iter().any(|c| c.field == Field::Name) => {
                last.columns.extend(block.columns);
                last.unknown.extend(block.unknown);
            }
            _ => out.push(block),
        }
    }
    if out.len() < 2 {
        return vec![header.clone()];
    }
    for block in &mut out {
        block.shared.clone_from(&shared);
    }
    out
}
