//! The agencies that a plan names: those that there are, and those that it establishes or renames.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{
    envelope::{Code, InvalidCode},
    register::{Agency, Register},
    value::{AssignedCode, CreditCode, Level, Region, text},
};
use exchange::PlanRow;

use super::{
    defect::Defect,
    survey::{Holdings, by_name},
};

/// The agencies of a plan.
pub(super) struct Agencies<'s> {
    survey: &'s Holdings,
    at: DateTime<Utc>,
    /// Those in force on the day, by their names.
    names: HashMap<String, Vec<Code>>,
    /// Those that begin only after it: none of them can hand over or take on.
    coming: HashMap<String, Vec<Code>>,
    /// New ones, with the row that says so first.
    pub(super) founded: BTreeMap<Code, (u32, Agency)>,
    /// New names of those that there are.
    pub(super) renamed: BTreeMap<Code, (u32, String)>,
    given: HashMap<String, Code>,
}

impl<'s> Agencies<'s> {
    pub(super) fn new(survey: &'s Holdings, at: DateTime<Utc>) -> Self {
        let in_force = |code: &Code| survey.entry(Register::Agency, code).is_some_and(|kept| kept.at(at).is_some());
        let named = |there: bool| by_name(survey.there(Register::Agency, at).filter(|(code, _)| in_force(code) == there));
        Self {
            survey,
            at,
            names: named(true),
            coming: named(false),
            founded: BTreeMap::new(),
            renamed: BTreeMap::new(),
            given: HashMap::new(),
        }
    }

    /// The agency that hands over.
    pub(super) fn from(&self, row: &PlanRow) -> Result<Code, Defect> {
        if row.from.is_empty() {
            return Err(Defect::of_row(row.row, "ROW_INCOMPLETE", "缺少原机构，请填写", "the agency that hands over is missing: name it"));
        }
        self.find(row.row, &row.from)?.ok_or_else(|| self.unknown(row.row, &row.from))
    }

    /// The agency that takes on; a new one where the row names one.
    pub(super) fn to(&mut self, row: &PlanRow) -> Result<Code, Defect> {
        let known = match &row.to {
            Some(words) => self.find(row.row, words)?,
            None => None,
        };
        match (known, &row.to, &row.name) {
            (Some(code), _, name) => {
                let code = match name {
                    Some(name) => self.rename(row.row, code, name)?,
                    None => code,
                };
                self.describe(row, &code)?;
                Ok(code)
            }
            (None, Some(words), None) => Err(self.unknown(row.row, words)),
            (None, Some(words), Some(name)) => {
                let code = words.parse::<Code>().map_err(|_| {
                    Defect::of_row(
                        row.row,
                        "AGENCY_UNKNOWN",
                        format!("没有机构“{words}”；新设机构请在此列填编码或留空（{}）", InvalidCode::ZH),
                        format!("there is no agency {words:?}; of a new one this column holds the code or nothing ({})", InvalidCode::EN),
                    )
                })?;
                self.found(row, code, name)
            }
            (None, None, Some(name)) => {
                let identity = ["agency", &text::fold(name)];
                let code = AssignedCode::new(Register::Agency, &identity, 0).as_str().parse::<Code>();
                let code = code.map_err(|_| Defect::of_row(row.row, "AGENCY_UNKNOWN", InvalidCode::ZH, InvalidCode::EN))?;
                self.found(row, code, name)
            }
            (None, None, None) => Err(Defect::of_row(
                row.row,
                "ROW_INCOMPLETE",
                "缺少承接机构，请填写编码或名称",
                "the agency that takes on is missing: give its code or name",
            )),
        }
    }

    /// An agency by its code or its exact name.
    fn find(&self, row: u32, words: &str) -> Result<Option<Code>, Defect> {
        if let Ok(code) = words.parse::<Code>() {
            if self.founded.contains_key(&code) {
                return Ok(Some(code));
            }
            if let Some(kept) = self.survey.entry(Register::Agency, &code) {
                if kept.has_ceased(self.at) {
                    return Err(ceased(row, words));
                }
                if kept.at(self.at).is_some() {
                    return Ok(Some(code));
                }
                return Err(not_yet(row, &code));
            }
        }
        let folded = text::fold(words);
        match self.names.get(&folded).map(Vec::as_slice) {
            Some([code]) => Ok(Some(code.clone())),
            Some(several) => Err(Defect::of_row(
                row,
                "AGENCY_AMBIGUOUS",
                format!("名称“{words}”有{}个机构：{}；请写编码", several.len(), listed(several, "、")),
                format!("{} agencies are called {words:?}: {}; give the code", several.len(), listed(several, ", ")),
            )),
            None => match (self.given.get(&folded), self.coming.get(&folded).and_then(|codes| codes.first())) {
                (Some(given), _) => Ok(Some(given.clone())),
                (None, Some(code)) => Err(not_yet(row, code)),
                (None, None) => Ok(None),
            },
        }
    }

    fn rename(&mut self, row: u32, code: Code, name: &str) -> Result<Code, Defect> {
        let folded = text::fold(name);
        if let Some((_, agency)) = self.founded.get(&code) {
            return if text::fold(&agency.name) == folded { Ok(code) } else { Err(two_names(row, &code)) };
        }
        let bears = self.survey.entry(Register::Agency, &code).and_then(|kept| kept.at(self.at)).map(|facts| text::fold(&facts.name));
        if bears.as_ref() == Some(&folded) {
            return Ok(code);
        }
        if let Some((_, other)) = self.renamed.get(&code) {
            return if text::fold(other) == folded { Ok(code) } else { Err(two_names(row, &code)) };
        }
        self.give(row, name, &code)?;
        self.renamed.insert(code.clone(), (row, name.to_owned()));
        Ok(code)
    }

    fn found(&mut self, row: &PlanRow, code: Code, name: &str) -> Result<Code, Defect> {
        if let Some(kept) = self.survey.entry(Register::Agency, &code) {
            if kept.has_ceased(self.at) {
                return Err(ceased(row.row, code.as_str()));
            }
            // A code that follows from a name stays with the agency that was first called so, also under another name.
            let now = kept.at_or_first(self.at).map(|facts| facts.name.as_str()).unwrap_or_default();
            return Err(if text::fold(now) == text::fold(name) {
                taken(row.row, name, &code)
            } else {
                code_used(row.row, name, &code, now)
            });
        }
        self.give(row.row, name, &code)?;
        let new = || Agency { name: name.to_owned(), credit_code: CreditCode::new(code.as_str()), ..Agency::default() };
        self.founded.entry(code.clone()).or_insert_with(|| (row.row, new()));
        self.describe(row, &code)?;
        Ok(code)
    }

    /// Level and division of a new agency, of which each row says as much as it likes. Of one that there is a plan changes neither.
    fn describe(&mut self, row: &PlanRow, code: &Code) -> Result<(), Defect> {
        let (level, region) =
            (row.level.as_deref().map(|words| level(row.row, words)), row.region.as_deref().map(|code| region(row.row, code)));
        let (level, region) = (level.transpose()?, region.transpose()?);
        if level.is_none() && region.is_none() {
            return Ok(());
        }
        let Some((_, agency)) = self.founded.get_mut(code) else {
            let zh = format!("机构{code}已在册，方案不能改其层级与行政区划；请留空，另行起草变更");
            let en = format!("agency {code} is there already and a plan changes neither its level nor its division: leave them empty");
            return Err(Defect::of_row(row.row, "AGENCY_KNOWN", zh, en));
        };
        let other_level = level.is_some() && agency.level.is_some() && agency.level != level;
        if other_level || (region.is_some() && agency.region.is_some() && agency.region != region) {
            let zh = format!("新设机构{code}的层级或行政区划前后不一致；请写成一致");
            return Err(Defect::of_row(row.row, "AGENCY_TWO_WAYS", zh, format!("the rows describe the new agency {code} in two ways")));
        }
        agency.level = level.or(agency.level);
        if region.is_some() {
            agency.region = region;
        }
        Ok(())
    }

    /// Gives a name to an agency; nobody else bears it on the day.
    fn give(&mut self, row: u32, name: &str, code: &Code) -> Result<(), Defect> {
        let folded = text::fold(name);
        let bearers = [&self.names, &self.coming].into_iter().filter_map(|names| names.get(&folded)).flatten();
        if let Some(other) = bearers.chain(self.given.get(&folded)).find(|bearer| *bearer != code) {
            return Err(taken(row, name, other));
        }
        self.given.insert(folded, code.clone());
        Ok(())
    }

    fn unknown(&self, row: u32, words: &str) -> Defect {
        let folded = text::fold(words);
        let formerly = self.survey.there(Register::Agency, self.at).find(|(_, facts)| facts.former.iter().any(|f| text::fold(f) == folded));
        let (zh, en) = formerly.map_or_else(
            || (String::new(), String::new()),
            |(code, facts)| {
                (format!("（“{}”（{code}）的曾用名）", facts.name), format!(" (it is a former name of {:?}, {code})", facts.name))
            },
        );
        Defect::of_row(
            row,
            "AGENCY_UNKNOWN",
            format!("没有机构“{words}”{zh}；请核对编码或全称"),
            format!("there is no agency {words:?}{en}: check the code or the full name"),
        )
    }

    /// The names that an agency brings along when it ends: its own, and those that it bore before.
    pub(super) fn names_of(&self, code: &Code) -> Vec<String> {
        let facts = self.survey.entry(Register::Agency, code).and_then(|kept| kept.at(self.at));
        facts.map(|facts| std::iter::once(facts.name.clone()).chain(facts.former.iter().cloned()).collect()).unwrap_or_default()
    }
}

/// Names, each once, in their order.
pub(super) fn each_once(names: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names.into_iter().filter(|name| seen.insert(name.clone())).collect()
}

fn level(row: u32, words: &str) -> Result<Level, Defect> {
    let level = Level::from_name(words).or_else(|| Level::from_code(words)).or_else(|| by_word(words));
    level.ok_or_else(|| {
        let zh = format!("层级“{words}”不能识别；请写省级、市级、县级等");
        Defect::of_row(row, "LEVEL_UNKNOWN", zh, format!("the level {words:?} is unknown; write e.g. \"市级\" or CITY"))
    })
}

fn region(row: u32, code: &str) -> Result<Region, Defect> {
    Region::new(code, None).ok_or_else(|| {
        let zh = format!("行政区划“{code}”应为6、9或12位数字代码");
        Defect::of_row(row, "REGION_UNKNOWN", zh, format!("a division is a code of 6, 9 or 12 digits, not {code:?}"))
    })
}

fn by_word(words: &str) -> Option<Level> {
    serde_json::from_value(serde_json::Value::String(words.to_ascii_uppercase())).ok()
}

fn listed(codes: &[Code], between: &str) -> String {
    codes.iter().take(5).map(Code::as_str).collect::<Vec<_>>().join(between)
}

fn ceased(row: u32, words: &str) -> Defect {
    Defect::of_row(
        row,
        "AGENCY_CEASED",
        format!("机构“{words}”到实施日已撤销，其编码不再使用"),
        format!("agency {words:?} has ceased by the day; its code is never used again"),
    )
}

fn not_yet(row: u32, code: &Code) -> Defect {
    Defect::of_row(
        row,
        "AGENCY_NOT_YET",
        format!("机构{code}在实施日尚未生效，请核对日期"),
        format!("agency {code} is not in force yet on the day: check the date"),
    )
}

fn taken(row: u32, name: &str, by: &Code) -> Defect {
    Defect::of_row(
        row,
        "NAME_TAKEN",
        format!("名称“{name}”已由机构{by}使用；由它承接时请在“承接机构”列写其编码"),
        format!("agency {by} is called {name:?} already: if it takes on, name it by its code in the column \"承接机构\""),
    )
}

fn code_used(row: u32, name: &str, code: &Code, now: &str) -> Defect {
    Defect::of_row(
        row,
        "CODE_USED",
        format!("“{name}”曾是机构{code}（现名“{now}”）的名称，其编码仍在使用；新设机构请在“承接机构”列另写编码，由它承接时写{code}"),
        format!(
            "{name:?} was the name of agency {code}, now {now:?}, which keeps its code: give the new agency a code of its own in the \
             column \"承接机构\", or write {code} if that one takes on"
        ),
    )
}

fn two_names(row: u32, code: &Code) -> Defect {
    Defect::of_row(
        row,
        "NAME_TWICE",
        format!("机构{code}在方案中有两个名称；请只写一个"),
        format!("the plan gives two names to agency {code}: write one"),
    )
}
