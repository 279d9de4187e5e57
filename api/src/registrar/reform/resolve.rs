//! From the words of a plan to what is done to which entry.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    envelope::{Code, EntryName},
    register::{Agency, Register},
    value::text,
};
use exchange::PlanRow;

use super::{
    Act,
    agencies::{Agencies, each_once},
    defect::Defect,
    survey::{Facts, Holdings, Survey},
};

/// How far an item is followed to the one that it stands under.
const MAX_PARENTS: usize = 8;

/// What is done to one entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Row of the plan that says so.
    pub row: u32,
    /// The entry.
    pub entry: EntryName,
    /// Its name.
    pub name: String,
    /// The agency that hands it over.
    pub from: Option<Code>,
    /// The agency that takes it on, or that the step is about.
    pub to: Code,
    /// What.
    pub what: What,
}

/// What is done, in the order in which it is: successors are there before anything moves to them, and what ends does so last.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A new agency.
    Found(Box<Agency>),
    /// An agency bears another name, or those of the agencies that are merged into it.
    Names {
        /// Its new name.
        name: Option<String>,
        /// Names of others that it is found by.
        former: Vec<String>,
    },
    /// An entry moves.
    Move,
    /// An agency ends.
    End,
}

impl What {
    /// Its place in the order.
    pub(super) fn phase(&self) -> usize {
        match self {
            Self::Found(_) => 0,
            Self::Names { .. } => 1,
            Self::Move => 2,
            Self::End => 3,
        }
    }
}

/// Where what an agency answers for goes.
#[derive(Debug)]
struct Whole {
    row: u32,
    to: Code,
    ends: bool,
}

#[derive(Default)]
struct Rows {
    wholes: BTreeMap<Code, Whole>,
    /// Items that move by a row of their own: the row, from, to.
    items: BTreeMap<Code, (u32, Code, Code)>,
}

/// What a plan comes to.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    /// What is done, in order, by the rows that are right.
    pub(super) steps: Vec<Step>,
    /// Everything that is wrong with the other rows.
    pub(super) defects: Vec<Defect>,
}

/// Resolves the plan of an act. One that was begun is understood by what there was then, and takes along what came to an agency since.
pub(super) fn resolve(survey: &Survey, act: &Act) -> Resolved {
    let on = survey.planned_on();
    let mut agencies = Agencies::new(on, act.effective_from);
    let mut defects = Vec::new();
    let rows = read_rows(on, act, &mut agencies, &mut defects);
    let ended: BTreeSet<_> = rows.wholes.iter().filter(|(_, whole)| whole.ends).map(|(code, _)| code.clone()).collect();
    let successors = rows.wholes.values().map(|whole| (whole.row, &whole.to)).chain(rows.items.values().map(|(row, _, to)| (*row, to)));
    let renamed = agencies.renamed.iter().map(|(code, (row, _))| (*row, code));
    for (row, to) in successors.chain(renamed).filter(|(_, to)| ended.contains(to)) {
        defects.push(Defect::of_row(
            row,
            "SUCCESSOR_ENDS",
            format!("承接机构{to}在同一方案中撤销，不能承接；请写最终的承接机构"),
            format!("agency {to} ends in the same plan and cannot take on: name the one that does in the end"),
        ));
    }
    let mut steps = agency_steps(on, act, agencies, &rows);
    let moved = moves(on, act, &rows, &ended);
    if survey.begun.is_some() {
        let known: BTreeSet<_> = moved.iter().map(|step| step.entry.clone()).collect();
        steps.extend(moves(&survey.now, act, &rows, &ended).into_iter().filter(|step| !known.contains(&step.entry)));
    }
    steps.extend(moved);
    if steps.is_empty() && defects.is_empty() {
        defects.push(Defect::of_act("NOTHING_TO_DO", "方案没有改变任何条目，请核对", "the plan changes nothing: check it"));
    }
    steps.sort_by_key(|step| step.what.phase());
    Resolved { steps, defects }
}

fn read_rows(survey: &Holdings, act: &Act, agencies: &mut Agencies<'_>, defects: &mut Vec<Defect>) -> Rows {
    let mut rows = Rows::default();
    let items = items_by_agency(survey, act);
    // Rows that give a name come first: others may call a new agency by it.
    let (naming, others): (Vec<_>, Vec<_>) = act.plan.iter().partition(|row| row.name.is_some());
    for row in naming.into_iter().chain(others) {
        let (from, to) = (agencies.from(row), agencies.to(row));
        match (from, to) {
            (Ok(from), Ok(to)) => {
                if let Err(defect) = enter(row, (from, to), &items, survey, act, agencies, &mut rows) {
                    defects.push(defect);
                }
            }
            (from, to) => defects.extend([from.err(), to.err()].into_iter().flatten()),
        }
    }
    rows
}

type Items<'s> = HashMap<(&'s Code, String), Vec<&'s Code>>;

fn items_by_agency<'s>(survey: &'s Holdings, act: &Act) -> Items<'s> {
    let mut items = Items::new();
    for (code, facts) in survey.there(Register::Item, act.effective_from) {
        if let Some(agency) = &facts.agency {
            items.entry((agency, text::fold(&facts.name))).or_default().push(code);
        }
    }
    items
}

fn enter(
    row: &PlanRow,
    (from, to): (Code, Code),
    items: &Items<'_>,
    survey: &Holdings,
    act: &Act,
    agencies: &Agencies<'_>,
    rows: &mut Rows,
) -> Result<(), Defect> {
    let keeps = keeps(row)?;
    if agencies.founded.contains_key(&from) {
        let zh = format!("机构{from}由本方案新设，没有可划出的事项");
        return Err(Defect::of_row(
            row.row,
            "AGENCY_UNKNOWN",
            zh,
            format!("agency {from} is new in this plan and has nothing to hand over"),
        ));
    }
    if from == to {
        if row.item.is_none() && row.name.is_some() {
            return Ok(());
        }
        let zh = "原机构与承接机构相同；只改名称时请填“承接机构名称”，不填事项";
        let en = "the agency takes on from itself: to rename it only, give the new name and no item";
        return Err(Defect::of_row(row.row, "SAME_AGENCY", zh, en));
    }
    let Some(words) = &row.item else {
        let whole = Whole { row: row.row, to, ends: !keeps.unwrap_or(false) };
        return match rows.wholes.get(&from) {
            None => {
                rows.wholes.insert(from, whole);
                Ok(())
            }
            Some(first) => Err(twice(row.row, "AGENCY_TWICE", from.as_str(), first.row)),
        };
    };
    if keeps == Some(false) {
        let zh = "单个事项的行不能撤销原机构；请另写一行，事项留空";
        return Err(Defect::of_row(
            row.row,
            "KEEPS_WITH_ITEM",
            zh,
            "a row of one item ends no agency: write a row without an item for that",
        ));
    }
    let item = find_item(row.row, words, &from, items, survey, act)?;
    match rows.items.get(&item) {
        None => {
            rows.items.insert(item, (row.row, from, to));
            Ok(())
        }
        Some((first, ..)) => Err(twice(row.row, "ITEM_TWICE", item.as_str(), *first)),
    }
}

fn keeps(row: &PlanRow) -> Result<Option<bool>, Defect> {
    match row.keeps.as_deref().map(str::to_lowercase).as_deref() {
        None => Ok(None),
        Some("是" | "保留" | "yes" | "true") => Ok(Some(true)),
        Some("否" | "撤销" | "no" | "false") => Ok(Some(false)),
        Some(other) => Err(Defect::of_row(
            row.row,
            "KEEPS_UNKNOWN",
            format!("“保留原机构”应为是或否，不是“{other}”"),
            format!("the column keeps holds yes or no, not {other:?}"),
        )),
    }
}

fn find_item(row: u32, words: &str, from: &Code, items: &Items<'_>, survey: &Holdings, act: &Act) -> Result<Code, Defect> {
    let at = act.effective_from;
    if let Ok(code) = words.parse::<Code>()
        && let Some(kept) = survey.entry(Register::Item, &code)
    {
        if kept.has_ceased(at) {
            let zh = format!("事项{code}到实施日已取消，不能划转");
            return Err(Defect::of_row(row, "ITEM_CEASED", zh, format!("item {code} has ceased by the day and stays where it is")));
        }
        return match kept.at_or_first(at).and_then(|facts| facts.agency.as_ref()) {
            Some(agency) if agency == from => Ok(code),
            agency => {
                let agency = agency.map_or("?", Code::as_str);
                let zh = format!("事项{code}在实施日属于机构{agency}，不属于{from}");
                Err(Defect::of_row(row, "ITEM_NOT_OF_AGENCY", zh, format!("item {code} is of agency {agency} on the day, not of {from}")))
            }
        };
    }
    match items.get(&(from, text::fold(words))).map(Vec::as_slice) {
        Some([code]) => Ok((*code).clone()),
        Some(several) => {
            let codes = |between: &str| several.iter().take(5).map(|code| code.as_str()).collect::<Vec<_>>().join(between);
            let zh = format!("机构{from}有{}个事项名为“{words}”：{}；请写编码", several.len(), codes("、"));
            Err(Defect::of_row(
                row,
                "ITEM_AMBIGUOUS",
                zh,
                format!("{} items of {from} have this name: {}; give the code", several.len(), codes(", ")),
            ))
        }
        None => {
            let zh = format!("机构{from}没有事项“{words}”；请核对编码或全称");
            Err(Defect::of_row(row, "ITEM_UNKNOWN", zh, format!("agency {from} has no item {words:?}: check the code or the full name")))
        }
    }
}

fn twice(row: u32, code: &'static str, what: &str, first: u32) -> Defect {
    Defect::of_row(
        row,
        code,
        format!("{what}已在第{first}行写明；请只写一次"),
        format!("{what} stands in row {first} already: write it once"),
    )
}

/// What becomes of agencies themselves.
fn agency_steps(survey: &Holdings, act: &Act, agencies: Agencies<'_>, rows: &Rows) -> Vec<Step> {
    let name_of = |code: &Code| {
        let facts = survey.entry(Register::Agency, code).and_then(|kept| kept.at(act.effective_from));
        facts.map(|facts| facts.name.clone()).unwrap_or_default()
    };
    let entry = |code: &Code| EntryName::new(Register::Agency, code.clone());
    let mut brought: BTreeMap<Code, (u32, Vec<String>)> = BTreeMap::new();
    let mut steps = Vec::new();
    for (from, whole) in rows.wholes.iter().filter(|(_, whole)| whole.ends) {
        brought.entry(whole.to.clone()).or_insert((whole.row, Vec::new())).1.extend(agencies.names_of(from));
        let (name, to) = (name_of(from), whole.to.clone());
        steps.push(Step { row: whole.row, entry: entry(from), name, from: Some(from.clone()), to, what: What::End });
    }
    for (code, (row, mut agency)) in agencies.founded {
        let former = brought.remove(&code).map(|(_, names)| names).unwrap_or_default();
        agency.former_names = each_once(former).into_iter().filter(|name| *name != agency.name).collect();
        let name = agency.name.clone();
        steps.push(Step { row, entry: entry(&code), name, from: None, to: code, what: What::Found(Box::new(agency)) });
    }
    let mut names: BTreeMap<Code, (u32, Option<String>, Vec<String>)> = BTreeMap::new();
    for (code, (row, name)) in agencies.renamed {
        names.insert(code, (row, Some(name), Vec::new()));
    }
    for (code, (row, former)) in brought {
        names.entry(code).or_insert((row, None, Vec::new())).2 = each_once(former);
    }
    for (code, (row, name, former)) in names {
        steps.push(Step { row, entry: entry(&code), name: name_of(&code), from: None, to: code, what: What::Names { name, former } });
    }
    steps
}

/// The entries that move: by a row of their own, with the item that they belong to, or with all of their agency.
fn moves(survey: &Holdings, act: &Act, rows: &Rows, ended: &BTreeSet<Code>) -> Vec<Step> {
    let at = act.effective_from;
    let mut steps = Vec::new();
    for (entry, kept) in survey.entries.iter().filter(|(_, kept)| !kept.has_ceased(at)) {
        let Some(facts) = kept.at_or_first(at) else { continue };
        let Some((row, to)) = destination(survey, act, rows, entry, facts, 0) else { continue };
        // An agency that ends hands its place over to nobody, and none stands below itself.
        if entry.register == Register::Agency && (ended.contains(&entry.code) || entry.code == *to) {
            continue;
        }
        let (name, from) = (facts.name.clone(), facts.agency.clone());
        steps.push(Step { row, entry: entry.clone(), name, from, to: to.clone(), what: What::Move });
    }
    steps
}

fn destination<'r>(
    survey: &Holdings,
    act: &Act,
    rows: &'r Rows,
    entry: &EntryName,
    facts: &Facts,
    depth: usize,
) -> Option<(u32, &'r Code)> {
    let agency = facts.agency.as_ref()?;
    if entry.register == Register::Item
        && let Some((row, _, to)) = rows.items.get(&entry.code)
    {
        return Some((*row, to));
    }
    let of_it = |it: &EntryName| {
        let facts = survey.entries.get(it)?.at_or_first(act.effective_from)?;
        let follows = facts.agency.as_ref() == Some(agency) && depth < MAX_PARENTS;
        follows.then(|| destination(survey, act, rows, it, facts, depth + 1))?
    };
    facts.belongs_to.iter().find_map(of_it).or_else(|| rows.wholes.get(agency).map(|whole| (whole.row, &whole.to)))
}
