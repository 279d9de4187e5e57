//! Lines become rows with their proposals: codes, duplicates, and what comes in along with them.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    hash::{DefaultHasher, Hasher},
};

use domain::{
    entry::Source,
    envelope::Code,
    register::{Content, Item, Material, Register},
    value::{BasicCode, Finding, HandlingCode, ImplementationCode, Region, SubItem, text},
};

use crate::{
    agencies::{Agencies, Referred},
    cancelled,
    error::why,
    extended,
    field::Field,
    guide,
    item::{self, Codes, Names},
    parts,
    reading::{Place, Proposal, ProposedCode, ProposedContent, Row, RowOutcome, Why},
    record::Record,
    remarks,
    types::{self, Surroundings},
};

/// A code that the list gives itself names one line only if it is long enough not to be a mere number.
const LOCAL_CODE_CHARS: usize = 8;

/// Where a line stands, and the fingerprint of what it says.
type Seen = (Place, u64);

/// Puts the lines of one list together.
#[derive(Debug)]
pub(crate) struct Assembler {
    pub agencies: Agencies,
    region: Option<Region>,
    /// Codes of rows that the list gives, with where they stand; a local one is of its publisher, or else of the agency of its row.
    published: HashMap<(Register, Code, Option<Code>), Seen>,
    /// Identities of rows without a code and the fingerprints of what they say, with where they stand first.
    assigned: HashMap<(Register, Vec<String>, u64), Place>,
    items: HashMap<Code, Item>,
    materials: HashSet<Vec<String>>,
    along: Vec<Proposal>,
}

/// A line with all that is known of it.
pub(crate) struct Line<'a> {
    pub record: &'a Record,
    pub around: &'a Surroundings,
    pub source: Source,
    pub place: Place,
    /// Its code stands in a merged cell over several lines and is that of the item above them.
    pub shares_code: bool,
    /// A handling item in a list that is not of guides: its item is brought in where there is none, and of one that there is it changes nothing.
    pub mentions_item: bool,
}

impl Assembler {
    pub(crate) fn new(agencies: Agencies, region: Option<Region>) -> Self {
        Self {
            agencies,
            region,
            published: HashMap::new(),
            assigned: HashMap::new(),
            items: HashMap::new(),
            materials: HashSet::new(),
            along: Vec::new(),
        }
    }

    /// What came up since this was last asked, each before what refers to it.
    pub(crate) fn take_along(&mut self) -> Vec<Proposal> {
        std::mem::take(&mut self.along)
    }

    /// A line of a list of items.
    pub(crate) fn item_row(&mut self, line: &Line<'_>, findings: Vec<Finding>) -> Row {
        let mut findings = findings;
        let outcome = self.item(line, &mut findings).unwrap_or_else(RowOutcome::from);
        findings.extend(self.agencies.take_findings());
        Row { place: line.place.clone(), outcome, findings }
    }

    /// A line of a list of guides.
    pub(crate) fn guide_row(&mut self, line: &Line<'_>, findings: Vec<Finding>) -> Row {
        let mut findings = findings;
        let outcome = self.guide(line, &mut findings).unwrap_or_else(RowOutcome::from);
        findings.extend(self.agencies.take_findings());
        Row { place: line.place.clone(), outcome, findings }
    }

    fn item(&mut self, line: &Line<'_>, findings: &mut Vec<Finding>) -> Result<RowOutcome, Why> {
        cancelled::check(line.record, line.around.cancelled.as_deref(), findings)?;
        let codes = Codes::of(line.record);
        findings.extend(codes.findings());
        let names = Names::of(line.record).ok_or_else(name_missing)?;
        let (item, agency) = self.built(line, &names, &codes, findings)?;
        accept(&item, findings)?;
        let content = fingerprint(&Item { sequence: None, ..item.clone() });
        let published = if line.shares_code { None } else { published_code(&codes, findings) };
        let code = if let Some(code) = published {
            self.publish(Register::Item, code, &item.agency, (&line.place, content))?
        } else {
            let parts = item_identity(&self.list_name(), &item, &names, &agency);
            self.assign(Register::Item, parts, &line.place, content)?
        };
        self.bring_agencies();
        Ok(proposed(code, ProposedContent::Item(item), line))
    }

    fn guide(&mut self, line: &Line<'_>, findings: &mut Vec<Finding>) -> Result<RowOutcome, Why> {
        let record = line.record;
        cancelled::check(record, line.around.cancelled.as_deref(), findings)?;
        let codes = Codes::of(record);
        findings.extend(codes.findings());
        let (guide_name, names) = guide_names(record).ok_or_else(name_missing)?;
        let mut item_findings = Vec::new();
        let (mut item, agency) = self.built(line, &names, &codes, &mut item_findings)?;
        item.sequence = None;
        accept(&item, &mut item_findings)?;
        self.bring_agencies();
        let item_code = match codes.implementation.as_ref().and_then(|code| code.as_str().parse::<Code>().ok()) {
            Some(code) => {
                item.parent = self.parent(line, &codes, &item, findings)?;
                if item.parent.is_some() {
                    item.main_name = None;
                }
                ProposedCode::Published(code)
            }
            None => ProposedCode::Assigned(item_identity(&self.list_name(), &item, &names, &agency)),
        };
        let of_item = item_code.code(Register::Item, 0).ok_or_else(code_invalid)?;
        let (mut guide, materials) = guide::build(record, guide_name, of_item.clone(), agency.code.clone(), findings);
        guide.handling_code = codes.handling.as_ref().map(|code| code.as_str().to_owned());
        guide.region.clone_from(&item.region);
        accept(&guide, findings)?;
        let content = fingerprint(&guide);
        let national = codes.handling.as_ref().map(HandlingCode::as_str);
        let national = national.or_else(|| codes.implementation.as_ref().map(ImplementationCode::as_str));
        let given = match national {
            Some(code) => code.parse().ok().map(ProposedCode::Published),
            None => published_code(&codes, findings),
        };
        let code = if let Some(code) = given.filter(|_| !line.shares_code) {
            self.publish(Register::Guide, code, &guide.agency, (&line.place, content))?
        } else {
            let parts = vec![self.list_name(), of_item.as_str().to_owned(), text::fold(&guide.name)];
            self.assign(Register::Guide, parts, &line.place, content)?
        };
        findings.extend(self.bring_item(item_code, of_item, item, line, item_findings));
        self.bring_materials(materials, line);
        Ok(proposed(code, ProposedContent::Guide(guide), line))
    }

    /// The item of a line with its agency.
    fn built(&mut self, line: &Line<'_>, names: &Names, codes: &Codes, findings: &mut Vec<Finding>) -> Result<(Item, Referred), Why> {
        let record = line.record;
        let kind = types::item_type(record, line.around, findings)?;
        let region =
            record.first(Field::RegionCode).and_then(|code| Region::new(&text::squash(code), record.name(Field::RegionName).as_deref()));
        let credit = record.first(Field::CreditCode).map(|code| parts::narrow(&text::squash(code)));
        let credit = credit.or_else(|| codes.implementation.as_ref()?.credit_code().map(|code| code.as_str().to_owned()));
        let agency = self.agencies.refer(record.first(Field::Agency), credit.as_deref(), region.as_ref(), &line.source)?;
        if agency.is_generic {
            findings.push(remarks::agency_generic(record.first(Field::Agency).unwrap_or_default()));
        }
        self.agencies.note_nature(&agency.code, extended::nature(record, findings));
        let mut item = item::build(record, names, kind, &agency, codes, findings);
        item.region = region.or_else(|| self.region.clone());
        Ok((item, agency))
    }

    /// The name of the list within identities.
    fn list_name(&self) -> String {
        self.agencies.publisher.as_deref().map(text::fold).unwrap_or_default()
    }

    /// The parent of a sub-item, where the catalogue shows one: the implementation code of the same agency and level with the
    /// basic code `…00Y`.
    fn parent(&mut self, line: &Line<'_>, codes: &Codes, item: &Item, findings: &mut Vec<Finding>) -> Result<Option<Code>, Why> {
        let Some(implementation) = &codes.implementation else { return Ok(None) };
        let (Some(basic), Some(name)) = (line.record.first(Field::ParentCode), line.record.name(Field::MainName)) else { return Ok(None) };
        let Ok(basic) = text::squash(basic).parse::<BasicCode>() else { return Ok(None) };
        let fits = basic.sub_item() == SubItem::Parent && implementation.basic().parent().as_ref() == Some(&basic);
        if !fits {
            return Ok(None);
        }
        let code: Code = format!("{}{}", &implementation.as_str()[..19], basic.as_str()).parse().map_err(|_| code_invalid())?;
        let parent = Item {
            level: item.level,
            region: item.region.clone(),
            type_as_written: item.type_as_written.clone(),
            basic_code: Some(basic.as_str().to_owned()),
            implementation_code: Some(code.as_str().to_owned()),
            ..Item::new(name, item.item_type, item.agency.clone())
        };
        let mut found = Vec::new();
        accept(&parent, &mut found)?;
        if !self.items.contains_key(&code) {
            findings.extend(found.into_iter().map(|finding| Finding { path: format!("parent.{}", finding.path), ..finding }));
            self.items.insert(code.clone(), parent.clone());
            let content = ProposedContent::Item(parent);
            self.along.push(Proposal {
                code: ProposedCode::Published(code.clone()),
                content,
                source: line.source.clone(),
                is_mention: false,
            });
        }
        Ok(Some(code))
    }

    /// Brings an item in once; a line that says something else of it is told so.
    fn bring_item(&mut self, proposed: ProposedCode, code: Code, item: Item, line: &Line<'_>, item_findings: Vec<Finding>) -> Vec<Finding> {
        if let Some(known) = self.items.get(&code) {
            return if *known == item { Vec::new() } else { vec![remarks::facts_differ(&code)] };
        }
        self.items.insert(code, item.clone());
        let identity = if let ProposedCode::Assigned(parts) = &proposed { parts.clone() } else { Vec::new() };
        let source = Source { identity, ..line.source.clone() };
        self.along.push(Proposal { code: proposed, content: ProposedContent::Item(item), source, is_mention: line.mentions_item });
        item_findings.into_iter().map(|finding| Finding { path: format!("item.{}", finding.path), ..finding }).collect()
    }

    fn bring_materials(&mut self, materials: Vec<(Vec<String>, Material)>, line: &Line<'_>) {
        for (identity, material) in materials {
            if material.complete().is_ok() && self.materials.insert(identity.clone()) {
                let source = Source { identity: identity.clone(), ..line.source.clone() };
                self.along.push(Proposal {
                    code: ProposedCode::Assigned(identity),
                    content: ProposedContent::Material(material),
                    source,
                    is_mention: false,
                });
            }
        }
    }

    /// Brings in the agencies that came up.
    pub(crate) fn bring_agencies(&mut self) {
        let agencies = self.agencies.take_proposals();
        self.along.extend(agencies);
    }

    /// A code that the list gives, once.
    pub(crate) fn publish(
        &mut self,
        register: Register,
        proposed: ProposedCode,
        agency: &Code,
        (place, content): (&Place, u64),
    ) -> Result<ProposedCode, Why> {
        let (ProposedCode::Published(code) | ProposedCode::Local(code)) = &proposed else { return Ok(proposed) };
        let is_agencys_own = matches!(proposed, ProposedCode::Local(_)) && self.agencies.publisher.is_none();
        match self.published.entry((register, code.clone(), is_agencys_own.then(|| agency.clone()))) {
            Entry::Occupied(first) if first.get().1 == content => Err(duplicate(&first.get().0)),
            Entry::Occupied(first) => {
                let first = &first.get().0;
                Err(why(
                    "DUPLICATE_CODE",
                    format!("编码{code}已用于{}；同一编码只能对应一条，请核对源表", at_zh(first)),
                    format!("code {code} stands in {} already; a code names one entry, please check the source", at_en(first)),
                ))
            }
            Entry::Vacant(new) => {
                new.insert((place.clone(), content));
                Ok(proposed)
            }
        }
    }

    /// An identity for a line without a code. Lines with the same identity and other contents are told apart by whoever holds the
    /// register: it knows which of them it has seen before.
    pub(crate) fn assign(&mut self, register: Register, parts: Vec<String>, place: &Place, content: u64) -> Result<ProposedCode, Why> {
        match self.assigned.entry((register, parts.clone(), content)) {
            Entry::Occupied(first) => Err(duplicate(first.get())),
            Entry::Vacant(new) => {
                new.insert(place.clone());
                Ok(ProposedCode::Assigned(parts))
            }
        }
    }
}

/// The name of the guide of a line, and those of its item.
fn guide_names(record: &Record) -> Option<(String, Names)> {
    let own = Names::of(record);
    if let Some(guide) = record.name(Field::GuideName) {
        let names = own.unwrap_or_else(|| Names { name: guide.clone(), ..Names::default() });
        return Some((guide, names));
    }
    let guide = record.name(Field::Name).or_else(|| own.as_ref().map(|names| names.name.clone()))?;
    let name = record.name(Field::CatalogueName).or_else(|| own.map(|names| names.name)).unwrap_or_else(|| guide.clone());
    let main = record.name(Field::MainName).filter(|main| *main != name);
    Some((guide, Names { name, main, sub_items: None }))
}

impl From<Why> for RowOutcome {
    /// What the reasons that stand for themselves mean: a repeated line is ignored, everything else rejected.
    fn from(why: Why) -> Self {
        if matches!(why.code, "DUPLICATE" | "CANCELLED") { Self::Ignored(why) } else { Self::Rejected(why) }
    }
}

/// What tells one line of a list from every other.
fn item_identity(list: &str, item: &Item, names: &Names, agency: &Referred) -> Vec<String> {
    let main = names.main.as_deref().map(text::fold);
    let (name, sub) = main.map_or_else(|| (text::fold(&names.name), String::new()), |main| (main, text::fold(&names.name)));
    vec![list.to_owned(), agency.other.clone().unwrap_or_default(), item.item_type.code().to_owned(), name, sub]
}

/// The code under which the list publishes an item.
fn published_code(codes: &Codes, findings: &mut Vec<Finding>) -> Option<ProposedCode> {
    if let Some(code) = &codes.implementation {
        return code.as_str().parse().ok().map(ProposedCode::Published);
    }
    let other = codes.other.as_deref()?;
    let code = other.parse::<Code>().ok().filter(|code| code.as_str().len() >= LOCAL_CODE_CHARS);
    if code.is_none() {
        findings.push(Finding::warning(
            "CODE_UNUSABLE",
            "code",
            format!("编码“{other}”过短或含有不可用的字符，不能作为条目编码；已保留原文并另行赋码"),
            format!("{other:?} is too short for a code or has other signs than letters, digits and '.', '_', '-'; it is kept, and a code is assigned"),
        ));
    }
    code.map(ProposedCode::Local)
}

/// The must-haves and the checks of a content; a finding is told once.
pub(crate) fn accept<C: Content>(content: &C, findings: &mut Vec<Finding>) -> Result<(), Why> {
    content.complete().map_err(|incomplete| {
        let code = if content.name().is_empty() { "NAME_MISSING" } else { "CONTENT_INCOMPLETE" };
        why(code, incomplete.zh, incomplete.en)
    })?;
    for finding in content.check() {
        if !findings.iter().any(|known| known.code == finding.code && known.path == finding.path) {
            findings.push(finding);
        }
    }
    Ok(())
}

fn proposed(code: ProposedCode, content: ProposedContent, line: &Line<'_>) -> RowOutcome {
    let identity = if let ProposedCode::Assigned(parts) = &code { parts.clone() } else { Vec::new() };
    let source = Source { identity, ..line.source.clone() };
    RowOutcome::Proposed(Box::new(Proposal { code, content, source, is_mention: false }))
}

/// Equal for equal contents; only within this run.
pub(crate) fn fingerprint<C: Content>(content: &C) -> u64 {
    let mut hashing = Hashing(DefaultHasher::new());
    // Hashing does not fail, and every content has a JSON form.
    let _ = serde_json::to_writer(&mut hashing, content);
    hashing.0.finish()
}

struct Hashing(DefaultHasher);

impl std::io::Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn at_zh(place: &Place) -> String {
    let sheet = place.sheet.as_ref().map(|sheet| format!("“{sheet}”")).unwrap_or_default();
    format!("“{}”{sheet}第{}行", place.file, place.row)
}

fn at_en(place: &Place) -> String {
    let sheet = place.sheet.as_ref().map(|sheet| format!(", sheet {sheet:?}")).unwrap_or_default();
    format!("{:?}{sheet}, row {}", place.file, place.row)
}

fn duplicate(first: &Place) -> Why {
    why("DUPLICATE", format!("与{}完全相同", at_zh(first)), format!("the same as {}", at_en(first)))
}

fn name_missing() -> Why {
    why("NAME_MISSING", "缺少事项名称；请在源表中补齐", "the name is missing; add it in the source")
}

fn code_invalid() -> Why {
    why("CODE_INVALID", "编码无法使用；请核对", "the code cannot be used; please check it")
}
