//! The sample register in `api/sample`, as a clerk or an auditor would judge it: every content is in the domain's own form and
//! passes its checks, codes agree with each other, what is referred to is there first, no act is refused, and together the
//! entries use everything that the registers have.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    sync::Arc,
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    codec::event_schemas,
    decider::{Circumstances, Decider},
    entry::{Adopt, Command, Entry, Repeal, State},
    envelope::{ActorId, Code},
    register::{Agency, Beside, CatalogueEntry, Content, Guide, Item, Material, Moment, Register, Stands},
    value::{HandlingCode, ImplementationCode, ItemType, Level, TimeLimit, TimeUnit, TypeScheme},
};
use serde_json::Value;
use uuid::Uuid;

/// One act of a file, with its times in days before (negative) or after the moment when the sample register is made.
struct Act<C> {
    code: Code,
    at: f64,
    effective_from: f64,
    written: Value,
    command: Command<C>,
}

impl<C: Content> Act<C> {
    fn read(act: &Value) -> Self {
        let code: Code = serde_json::from_value(act["code"].clone()).unwrap();
        let at = act["at"].as_f64().unwrap();
        let effective_from = act.get("effectiveFrom").map_or(at, |days| days.as_f64().unwrap());
        if let Some(content) = act.get("adopt") {
            only(act, &["code", "at", "effectiveFrom", "adopt", "source"], &code);
            let adopt = Adopt {
                content: serde_json::from_value(content.clone()).unwrap_or_else(|error| panic!("{code}: {error}")),
                source: serde_json::from_value(act["source"].clone()).unwrap_or_else(|error| panic!("{code}: {error}")),
                effective_from: Some(moment(effective_from)),
            };
            assert_eq!(serde_json::to_value(&adopt.source).unwrap(), act["source"], "{code}");
            Self { code, at, effective_from, written: content.clone(), command: adopt.into() }
        } else {
            only(act, &["code", "at", "effectiveFrom", "repeal"], &code);
            let repeal = &act["repeal"];
            only(repeal, &["reason", "document", "replacedBy"], &code);
            let text = |name: &str| repeal.get(name).map(|text| text.as_str().unwrap().to_owned());
            let command = Repeal {
                effective_from: Some(moment(effective_from)),
                reason: text("reason").unwrap(),
                document: text("document"),
                replaced_by: text("replacedBy").map(|code| code.parse().unwrap()),
                reform: None,
            };
            Self { code, at, effective_from, written: repeal.clone(), command: command.into() }
        }
    }

    fn content(&self) -> Option<&C> {
        let Command::Adopt(adopt) = &self.command else { return None };
        Some(&adopt.content)
    }

    fn repeal(&self) -> Option<&Repeal> {
        let Command::Repeal(repeal) = &self.command else { return None };
        Some(repeal)
    }
}

fn only(object: &Value, known: &[&str], whose: &Code) {
    for name in object.as_object().unwrap().keys() {
        assert!(known.contains(&name.as_str()), "{whose}: nothing is called {name:?}");
    }
}

fn acts<C: Content>() -> Vec<Act<C>> {
    let file = match C::REGISTER {
        Register::Agency => "agencies",
        Register::Item => "items",
        Register::Guide => "guides",
        Register::Material => "materials",
        Register::Openness => "catalogue",
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/sample").join(file).with_extension("json");
    let acts: Vec<Value> = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    acts.iter().map(Act::read).collect()
}

/// The contents of a register, revision by revision.
fn contents<C: Content>() -> Vec<(Code, C)> {
    acts::<C>().into_iter().filter_map(|act| act.content().cloned().map(|content| (act.code, content))).collect()
}

/// A moment so many days from the one when the register is made.
fn moment(days: f64) -> DateTime<Utc> {
    let made = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
    let distance = TimeDelta::from_std(Duration::from_secs_f64(days.abs() * 86_400.0)).unwrap();
    if days < 0.0 { made - distance } else { made + distance }
}

/// When each entry of a register is adopted for the first time.
fn adopted_at<C: Content>() -> BTreeMap<Code, f64> {
    let mut first = BTreeMap::new();
    for act in acts::<C>() {
        first.entry(act.code).or_insert(act.at);
    }
    first
}

#[test]
fn every_content_is_in_the_form_of_the_domain() {
    fn check<C: Content>() {
        for act in acts::<C>() {
            let Some(content) = act.content() else { continue };
            // A misspelt or unknown member would be lost on the way.
            assert_eq!(serde_json::to_value(content).unwrap(), act.written, "{} {}", C::REGISTER, act.code);
        }
    }
    check::<Agency>();
    check::<Item>();
    check::<Material>();
    check::<Guide>();
    check::<CatalogueEntry>();
}

#[test]
fn every_content_is_complete_and_without_findings() {
    fn check<C: Content>() {
        for (code, content) in contents::<C>() {
            assert_eq!(content.complete(), Ok(()), "{} {code}", C::REGISTER);
            assert_eq!(content.check(), [], "{} {code}", C::REGISTER);
            assert!(content.openness().is_plain(), "{} {code}", C::REGISTER);
        }
    }
    check::<Agency>();
    check::<Item>();
    check::<Material>();
    check::<Guide>();
    check::<CatalogueEntry>();
}

#[test]
fn no_act_is_refused_and_none_is_idle() {
    fn check<C: Content>() {
        let mut states: BTreeMap<Code, (State<C>, f64)> = BTreeMap::new();
        for (n, act) in acts::<C>().into_iter().enumerate() {
            let (state, last) = states.remove(&act.code).unwrap_or((State::default(), f64::MIN));
            assert!(act.at >= last, "{}: acts are in the order of time", act.code);
            let circumstances =
                Circumstances::of_import(moment(act.at), ActorId::new("sample"), Uuid::from_u128(u128::try_from(n).unwrap()));
            let events =
                Entry::<C>::decide(&state, act.command, &circumstances).unwrap_or_else(|refusal| panic!("{}: {refusal}", act.code));
            assert_eq!(events.len(), 1, "{}: the act changes something", act.code);
            let state = events.iter().fold(state, <Entry<C> as Decider>::evolve);
            states.insert(act.code, (state, act.at));
        }
    }
    check::<Agency>();
    check::<Item>();
    check::<Material>();
    check::<Guide>();
    check::<CatalogueEntry>();
}

#[test]
fn what_is_referred_to_is_there_first() {
    type First = BTreeMap<Register, BTreeMap<Code, f64>>;
    fn check<C: Content>(first: &First, more: impl Fn(&C) -> Vec<(Register, &Code)>) {
        let mut seen: BTreeSet<Code> = BTreeSet::new();
        for act in acts::<C>() {
            let mut wanted = act.content().map(|content| [content.refers_to(), more(content)].concat()).unwrap_or_default();
            wanted.extend(act.repeal().and_then(|repeal| repeal.replaced_by.as_ref()).map(|code| (C::REGISTER, code)));
            for (register, code) in wanted {
                let at = first[&register].get(code).unwrap_or_else(|| panic!("{}: no {register} {code}", act.code));
                assert!(*at <= act.at, "{}: {register} {code} comes later", act.code);
                assert!(register != C::REGISTER || seen.contains(code), "{}: {code} stands further down", act.code);
            }
            seen.insert(act.code);
        }
    }
    let first = First::from([
        (Register::Agency, adopted_at::<Agency>()),
        (Register::Item, adopted_at::<Item>()),
        (Register::Material, adopted_at::<Material>()),
        (Register::Guide, adopted_at::<Guide>()),
        (Register::Openness, adopted_at::<CatalogueEntry>()),
    ]);
    check::<Agency>(&first, |_| Vec::new());
    check::<Item>(&first, |_| Vec::new());
    check::<Material>(&first, |_| Vec::new());
    check::<Guide>(&first, |guide| guide.materials.iter().filter_map(|m| Some((Register::Material, m.material.as_ref()?))).collect());
    check::<CatalogueEntry>(&first, |line| {
        let item = line.item.iter().map(|code| (Register::Item, code));
        item.chain(line.guide.iter().map(|code| (Register::Guide, code))).collect()
    });
}

#[test]
fn the_codes_agree() {
    for (code, agency) in contents::<Agency>() {
        let credit = agency.credit_code.unwrap();
        assert_eq!(credit.defect(), None, "{credit}");
        assert_eq!(credit.as_str(), code.as_str());
        assert!(credit.as_str()[2..].starts_with("9901"), "{credit}: a division that does not exist");
    }
    let items: BTreeMap<Code, Item> = contents().into_iter().collect();
    for (code, item) in &items {
        let implementation: ImplementationCode = item.implementation_code.as_deref().unwrap().parse().unwrap();
        let basic = implementation.basic();
        assert_eq!(implementation.as_str(), code.as_str());
        assert_eq!(implementation.credit_code().unwrap().as_str(), item.agency.as_str());
        assert_eq!(implementation.level(), Some(Level::City));
        assert_eq!(item.level, Some(Level::City), "{code}");
        assert_eq!(item.basic_code.as_deref(), Some(basic.as_str()));
        assert_eq!(basic.item_type(TypeScheme::National), Some(item.item_type), "{code}");
        let parent = item.parent.as_ref().map(|parent| items[parent].basic_code.clone().unwrap());
        assert_eq!(parent, basic.parent().map(|parent| parent.as_str().to_owned()), "{code}");
    }
    for (code, guide) in contents::<Guide>() {
        let handling: HandlingCode = guide.handling_code.as_deref().unwrap().parse().unwrap();
        assert_eq!(handling.as_str(), code.as_str());
        assert_eq!(handling.implementation().as_str(), guide.item.as_str());
        assert_eq!(items[&guide.item].agency, guide.agency, "{code}");
    }
}

#[test]
fn the_steps_of_a_guide_fit_its_promise() {
    for (code, guide) in contents::<Guide>() {
        let Some(promised) = guide.promised_limit else { panic!("{code} promises nothing") };
        let hours: u32 = guide.steps.iter().filter_map(|step| step.limit).map(handling_hours).sum();
        assert!(hours <= handling_hours(promised), "{code} {}: {hours} hours of steps, {promised} promised", guide.name);
    }
}

/// A day of work has eight hours; only limits of one guide are compared.
fn handling_hours(limit: TimeLimit) -> u32 {
    match limit.unit {
        TimeUnit::WorkingDay | TimeUnit::CalendarDay => limit.amount * 8,
        TimeUnit::Hour => limit.amount,
        TimeUnit::Immediate => 0,
    }
}

#[test]
fn an_online_or_free_guide_does_not_contradict_itself() {
    for (code, guide) in contents::<Guide>() {
        let pays_online = guide.online.as_ref().is_some_and(|online| online.payment == Some(true));
        assert!(!pays_online || !guide.fees.is_empty(), "{code}: nothing is to be paid");
        assert_eq!(guide.visits != Some(0), guide.visit_reason.is_some(), "{code}: visits and their reason");
        assert!(guide.visits != Some(0) || guide.is_online(), "{code}: no visit, and no other way");
        assert!(!guide.consult.is_empty() && !guide.complain.is_empty(), "{code}");
        assert!(guide.consult.iter().all(|contact| !guide.complain.contains(contact)), "{code}");
        assert!(guide.places.iter().all(|place| place.window.is_some() && place.hours.is_some()), "{code}");
    }
}

#[test]
fn there_is_enough_of_everything() {
    struct Tally {
        entries: usize,
        revised: usize,
        upcoming: usize,
        repealed: usize,
        announced: usize,
    }
    fn tally<C: Content>() -> Tally {
        let acts = acts::<C>();
        let first = adopted_at::<C>();
        let count = |wanted: fn(&Act<C>, f64) -> bool| acts.iter().filter(|act| wanted(act, first[&act.code])).count();
        Tally {
            entries: first.len(),
            revised: count(|act, first| act.content().is_some() && act.at > first && act.effective_from <= 0.0),
            upcoming: count(|act, _| act.content().is_some() && act.effective_from > 0.0),
            repealed: count(|act, _| act.content().is_none() && act.effective_from <= 0.0),
            announced: count(|act, _| act.content().is_none() && act.effective_from > 0.0),
        }
    }
    let tallies = [tally::<Agency>(), tally::<Item>(), tally::<Material>(), tally::<Guide>(), tally::<CatalogueEntry>()];
    let entries: Vec<_> = tallies.iter().map(|tally| tally.entries).collect();
    for (found, wanted) in entries.iter().zip([6, 60, 30, 40, 12]) {
        assert!(*found >= wanted, "{entries:?}");
    }
    let sum = |part: fn(&Tally) -> usize| tallies.iter().map(part).sum::<usize>();
    assert!(sum(|t| t.revised) >= 8);
    assert!(sum(|t| t.upcoming) >= 6);
    assert!(sum(|t| t.repealed) >= 3);
    assert!(sum(|t| t.announced) >= 2);
    let abolished = contents::<Material>().into_iter().filter(|(_, material)| material.abolished.is_some()).count();
    assert!(abolished >= 4);

    let types: BTreeSet<_> = contents::<Item>().into_iter().map(|(_, item)| item.item_type).collect();
    assert_eq!(types, BTreeSet::from(ItemType::ALL));
}

/// Art. 5(3): three levels, every attribute, and each line at a step that its guide has.
#[test]
fn the_catalogue_has_all_levels_and_attributes_and_hangs_on_steps() {
    fn standing<C: Content>((code, content): (Code, C)) -> (Code, Stands<C>) {
        (code, Stands::since(Arc::new(content), DateTime::UNIX_EPOCH))
    }
    let items: BTreeMap<Code, Stands<Item>> = contents().into_iter().map(standing).collect();
    let guides: BTreeMap<Code, Stands<Guide>> = contents().into_iter().map(standing).collect();
    let beside = Beside { items, guides, ..Beside::default() };
    let lines = contents::<CatalogueEntry>();
    for (code, line) in &lines {
        assert!(line.item.is_some() && line.step.is_some(), "{code}");
        assert_eq!(line.check_beside(code, &beside, Moment::Held(DateTime::UNIX_EPOCH)), [], "{code}");
        assert_eq!(beside.guides[line.guide.as_ref().unwrap()].content.agency, line.agency, "{code}");
    }
    for level in [Level::City, Level::County, Level::Township] {
        assert!(lines.iter().any(|(_, line)| line.levels.contains(&level)), "{level:?}");
    }
    let attributes: BTreeSet<_> = lines.iter().filter_map(|(_, line)| line.attribute).collect();
    assert_eq!(attributes.len(), 4);
}

/// A guide goes with its item: no guide outlives it.
#[test]
fn the_guides_of_a_repealed_item_are_repealed_with_it() {
    let ends = |acts: Vec<(Code, f64)>| acts.into_iter().collect::<BTreeMap<_, _>>();
    let items = ends(acts::<Item>().iter().filter_map(|act| act.repeal().map(|_| (act.code.clone(), act.effective_from))).collect());
    let guides = ends(acts::<Guide>().iter().filter_map(|act| act.repeal().map(|_| (act.code.clone(), act.effective_from))).collect());
    for (code, guide) in contents::<Guide>() {
        assert_eq!(guides.get(&code), items.get(&guide.item), "{code}");
    }
}

#[test]
fn every_field_is_used() {
    fn walk<C: Content>(fields: &mut Fields, schemas: &BTreeMap<String, Value>) {
        let root = &schemas[&format!("{}.adopted", C::REGISTER)];
        for act in acts::<C>() {
            if act.content().is_some() {
                fields.walk(C::REGISTER.word(), &root["properties"]["content"], &root["$defs"], &act.written);
            }
        }
    }
    let schemas = event_schemas().into_iter().map(|(kind, schema)| {
        let kind = kind.rsplit_once('.').unwrap().0.to_owned();
        (kind, serde_json::to_value(schema).unwrap())
    });
    let schemas = schemas.collect();
    let mut fields = Fields::default();
    walk::<Agency>(&mut fields, &schemas);
    walk::<Item>(&mut fields, &schemas);
    walk::<Material>(&mut fields, &schemas);
    walk::<Guide>(&mut fields, &schemas);
    walk::<CatalogueEntry>(&mut fields, &schemas);
    let unused: Vec<_> = fields.known.difference(&fields.used).collect();
    assert!(unused.is_empty(), "{unused:?}");
    // A schema in another shape than expected would pass for want of fields.
    assert!(fields.known.contains(&("MaterialRequirement".into(), "copies".into())), "{:?}", fields.known);
}

/// The fields that schemas name, and those of them that values use: `(MaterialRequirement, copies)`.
#[derive(Default)]
struct Fields {
    known: BTreeSet<(String, String)>,
    used: BTreeSet<(String, String)>,
}

impl Fields {
    fn walk(&mut self, owner: &str, schema: &Value, definitions: &Value, value: &Value) {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
            self.walk(name, &definitions[name], definitions, value);
        }
        for choice in schema["anyOf"].as_array().into_iter().flatten() {
            self.walk(owner, choice, definitions, value);
        }
        for element in value.as_array().into_iter().flatten() {
            self.walk(owner, &schema["items"], definitions, element);
        }
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            // What is withheld has its own issue; everything here is published whole.
            if name == "openness" {
                continue;
            }
            self.known.insert((owner.to_owned(), name.clone()));
            if let Some(value) = value.get(name) {
                self.used.insert((owner.to_owned(), name.clone()));
                self.walk(owner, property, definitions, value);
            }
        }
    }
}
