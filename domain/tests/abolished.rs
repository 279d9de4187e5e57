//! The list of abolished proofs is public and stays so (Art. 5(2)): what nobody takes off it alone, and what three persons may.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use common::{circumstances, noon, source};
use domain::{
    acting::{Acting, Capacity, OfSet, PersonId, Role, Scope},
    decider::{Circumstances, Decider},
    entry::{
        Adopt, Adopted, Approve, Correct, Drafted, Entry, Event, Repeal, Repealed, Resume, Reviewed, State, Submit, Submitted, Suspend,
        Suspended,
    },
    register::{Abolished, Beside, Content, Material, Moment, Stands},
    scenario::{Given, Outcome, given},
    value::{Finding, Hash, LegalBasis, Openness, OpennessAttribute},
};

type MaterialEvent = Event<Material>;

const STAYS: &str = "ABOLISHED_STAYS";

fn asked_for() -> Material {
    Material { other_names: vec!["生存证明".into()], ..Material::new("健在证明") }
}

fn abolished() -> Material {
    Material { abolished: Some(Abolished { reason: "部门间数据共享".into(), document: None }), ..asked_for() }
}

fn basis() -> Vec<LegalBasis> {
    vec![LegalBasis { title: "某条例".into(), article: Some("第三条".into()), ..LegalBasis::default() }]
}

fn closed(material: Material) -> Material {
    let openness = Openness { attribute: OpennessAttribute::NotDisclosed, withheld: vec![], reason: Some("秘密".into()), basis: basis() };
    Material { openness, ..material }
}

fn person(id: &'static str, role: Role) -> Acting {
    Acting { person: PersonId::new(id), role, scope: Scope::City }
}

fn hash(content: &Material) -> Hash {
    Hash::of_content(content).unwrap()
}

fn adopted(revision: u32, content: Material, day: u32) -> MaterialEvent {
    let content_hash = hash(&content);
    Event::Adopted(Adopted { revision, content: content.into(), content_hash, effective_from: noon(day), source: source("2025").into() })
}

fn suspended(until: Option<u32>) -> MaterialEvent {
    let by = person("p-a", Role::Approver);
    Event::Suspended(Suspended { effective_from: noon(5), until: until.map(noon), reason: "核对".into(), by })
}

fn repealed(day: u32) -> MaterialEvent {
    let (reason, by) = ("不再使用".into(), Some(person("p-a", Role::Approver)));
    Event::Repealed(Repealed { effective_from: noon(day), reason, document: None, replaced_by: None, reform: None, by })
}

/// A draft that was reviewed.
fn reviewed(content: &Material, based_on: u32) -> [MaterialEvent; 3] {
    let (content_hash, by) = (hash(content), person("p-d", Role::Drafter));
    [
        Event::Drafted(Drafted { content: Arc::new(content.clone()), content_hash, based_on, source: None, by: by.clone() }),
        Event::Submitted(Submitted { content_hash, by }),
        Event::Reviewed(Reviewed { content_hash, revision: None, by: person("p-r", Role::Reviewer) }),
    ]
}

fn after(events: impl IntoIterator<Item = MaterialEvent>) -> Given<Entry<Material>> {
    given(events).at(noon(10)).acting(person("p-a", Role::Approver))
}

fn suspend(until: Option<u32>) -> Suspend {
    Suspend { reason: "核对".into(), until: until.map(noon) }
}

fn repeal(from: Option<DateTime<Utc>>) -> Repeal {
    Repeal { effective_from: from, reason: "不再使用".into(), document: None, replaced_by: None, reform: None }
}

fn correct(content: Material) -> Correct<Material> {
    Correct { content, reason: "有误".into(), document: None, effective_from: None, beside: Vec::new() }
}

fn approve(content: &Material, from: Option<u32>) -> Approve {
    Approve { content_hash: hash(content), document: "某政发〔2026〕1号".into(), effective_from: from.map(noon), beside: Vec::new() }
}

/// It is done; what comes of it.
fn done(outcome: Outcome<Entry<Material>>) -> State<Material> {
    outcome.then_state()
}

// One approver alone

#[test]
fn an_abolished_proof_is_not_suspended() {
    let listed = || adopted(1, abolished(), 1);
    after([listed()]).when(suspend(None)).then_refused(STAYS);
    after([listed()]).when(suspend(Some(20))).then_refused(STAYS);
    // Nor what is announced to be abolished, once it is.
    let announced = || [adopted(1, asked_for(), 1), adopted(2, abolished(), 20)];
    after(announced()).when(suspend(None)).then_refused(STAYS);
    after(announced()).when(suspend(Some(21))).then_refused(STAYS);
    done(after(announced()).when(suspend(Some(20))));
    done(after([adopted(1, asked_for(), 1)]).when(suspend(None)));
    // What was suspended before there was this rule is resumed.
    done(after([listed(), suspended(None)]).when(Resume));
}

#[test]
fn an_abolished_proof_is_not_repealed_by_a_person_a_list_or_a_set() {
    for from in [None, Some(noon(20))] {
        after([adopted(1, abolished(), 1)]).when(repeal(from)).then_refused(STAYS);
        given::<Entry<Material>>([adopted(1, abolished(), 1)]).at(noon(10)).when(repeal(from)).then_refused(STAYS);
    }
    // Nor before it is abolished, which would then never be told.
    after([adopted(1, asked_for(), 1), adopted(2, abolished(), 20)]).when(repeal(None)).then_refused(STAYS);
    done(after([adopted(1, asked_for(), 1)]).when(repeal(None)));

    let state = Entry::<Material>::fold(&[adopted(1, abolished(), 1)]);
    assert_eq!(state.stays_public_from(noon(10)).unwrap().code(), STAYS, "a set is told when it is proposed");
    let approver = person("p-a", Role::Approver);
    let mut of_set = circumstances(10);
    of_set.capacity = Capacity::OfSet(OfSet::asked(approver, true));
    assert_eq!(Entry::decide(&state, repeal(None).into(), &of_set).unwrap_err().code(), STAYS);
}

#[test]
fn no_correction_brings_an_abolished_proof_back_hides_it_or_takes_a_name_from_it() {
    let listed = || after([adopted(1, abolished(), 1)]);
    listed().when(correct(asked_for())).then_refused(STAYS);
    listed().when(correct(Material { legal_bases: basis(), ..asked_for() })).then_refused(STAYS);
    listed().when(correct(closed(abolished()))).then_refused(STAYS);
    for attribute in [OpennessAttribute::OnRequest, OpennessAttribute::NotDisclosed] {
        let content = closed(abolished());
        let content = Material { openness: Openness { attribute, ..content.openness.clone() }, ..content };
        listed().when(correct(content)).then_refused(STAYS);
    }
    for (name, others) in [("在世证明", vec![]), ("健在证明", vec![]), ("在世证明", vec!["健在证明"])] {
        let content = Material { name: name.into(), other_names: others.into_iter().map(Into::into).collect(), ..abolished() };
        listed().when(correct(content)).then_refused(STAYS);
    }
    // Its other names can be withheld by nobody: it would not be found by them.
    let openness = Openness { attribute: OpennessAttribute::Partial, withheld: vec!["otherNames".into()], ..closed(abolished()).openness };
    listed().when(correct(Material { openness, ..abolished() })).then_refused("OPENNESS_INCOMPLETE");
    // What is not accurate is corrected, a name as well: the former one stays beside it.
    let mended = Material {
        name: "在世证明".into(),
        other_names: vec!["生存 证明".into(), "健在证明".into()],
        issuer: Some("社区".into()),
        ..abolished()
    };
    assert_eq!(done(listed().when(correct(mended))).revisions, 2);
    // What is announced to be abolished is not brought back either.
    let announced = || after([adopted(1, asked_for(), 1), adopted(2, abolished(), 20)]);
    announced().when(Correct { effective_from: Some(noon(20)), ..correct(asked_for()) }).then_refused(STAYS);
    let urgent = Material { issuer: Some("社区".into()), ..asked_for() };
    done(announced().when(correct(urgent)));
}

#[test]
fn what_came_back_rests_on_its_law_from_then_on() {
    let back = || Material { legal_bases: basis(), ..asked_for() };
    let returned = || [adopted(1, abolished(), 1), adopted(2, back(), 5)];
    after(returned()).when(correct(asked_for())).then_refused(STAYS);
    done(after(returned()).when(correct(Material { issuer: Some("社区".into()), ..back() })));
    // Announced to come back, it is not put right into coming back without one.
    let announced = [adopted(1, abolished(), 1), adopted(2, back(), 20)];
    after(announced).when(Correct { effective_from: Some(noon(20)), ..correct(asked_for()) }).then_refused(STAYS);
    let draft = reviewed(&asked_for(), 2);
    after(returned().into_iter().chain(draft)).when(approve(&asked_for(), None)).then_refused(STAYS);
}

#[test]
fn nothing_is_abolished_where_nobody_would_see_it() {
    let kept = || adopted(1, asked_for(), 1);
    let of_cease = [kept()].into_iter().chain(reviewed(&abolished(), 1));
    // A repeal that was announced takes the draft with it.
    after(of_cease.chain([repealed(20)])).when(approve(&abolished(), None)).then_refused("ENTRY_REPEALED");
    let history = |before: Vec<MaterialEvent>| before.into_iter().chain(reviewed(&abolished(), 1));
    after(history(vec![kept(), suspended(None)])).when(approve(&abolished(), None)).then_refused(STAYS);
    after(history(vec![kept(), suspended(Some(20))])).when(approve(&abolished(), Some(19))).then_refused(STAYS);
    done(after(history(vec![kept(), suspended(Some(20))])).when(approve(&abolished(), Some(20))));
    done(after(history(vec![kept()])).when(approve(&abolished(), None)));
}

#[test]
fn no_correction_abolishes_a_proof() {
    let refused = |events: Vec<MaterialEvent>, command: Correct<Material>| {
        let now = Circumstances { capacity: Capacity::Person(person("p-a", Role::Approver)), ..circumstances(10) };
        let refusal = Entry::<Material>::decide(&Entry::<Material>::fold(&events), command.into(), &now).unwrap_err();
        assert_eq!((refusal.code(), refusal.field.as_deref()), ("NOT_URGENT", Some("content.abolished")), "{refusal:?}");
    };
    refused(vec![adopted(1, asked_for(), 1)], correct(abolished()));
    // Nor brings forward what is announced.
    refused(vec![adopted(1, asked_for(), 1), adopted(2, abolished(), 20)], correct(abolished()));
    let back = Material { legal_bases: basis(), ..asked_for() };
    refused(vec![adopted(1, abolished(), 1), adopted(2, back, 5)], correct(abolished()));
    // Why it is abolished is corrected, and by which document; also where that is announced.
    let reworded =
        || Material { abolished: Some(Abolished { reason: "书面承诺".into(), document: Some("1号".into()) }), ..asked_for() };
    done(after([adopted(1, abolished(), 1)]).when(correct(reworded())));
    let announced = [adopted(1, asked_for(), 1), adopted(2, abolished(), 20)];
    done(after(announced).when(Correct { effective_from: Some(noon(20)), ..correct(reworded()) }));
}

// Three persons

#[test]
fn what_is_abolished_is_public_from_the_beginning() {
    let found = |content: Material| content.check().into_iter().map(|found| format!("{} {}", found.code, found.path)).collect::<Vec<_>>();
    assert_eq!(found(closed(abolished())), ["MATERIAL_ABOLISHED_HIDDEN openness.attribute"]);
    assert_eq!(found(abolished()), [""; 0]);
    assert_eq!(found(closed(asked_for())), [""; 0]);
    let [drafted, ..] = reviewed(&closed(abolished()), 0);
    given::<Entry<Material>>([drafted])
        .at(noon(10))
        .acting(person("p-d", Role::Drafter))
        .when(Submit::default())
        .then_refused("CHECKS_FAILED");
    // One that was submitted before there was this rule is not approved.
    after(reviewed(&closed(abolished()), 0)).when(approve(&closed(abolished()), None)).then_refused(STAYS);
    after([adopted(1, abolished(), 1)].into_iter().chain(reviewed(&closed(abolished()), 1)))
        .when(approve(&closed(abolished()), None))
        .then_refused(STAYS);
}

#[test]
fn three_persons_bring_a_proof_back_by_a_law_that_is_named() {
    let by_law = Material { legal_bases: basis(), ..asked_for() };
    let by = |basis: LegalBasis| Material { legal_bases: vec![basis], ..asked_for() };
    let nothing = by(LegalBasis { title: " ".into(), ..LegalBasis::default() });
    // Signs and figures name no law; a text that could not be taken apart may.
    let signs = by(LegalBasis { title: "2026-1".into(), ..LegalBasis::as_written(".") });
    let unparsed = by(LegalBasis::as_written("按某条例办理"));
    for (content, refused) in [(asked_for(), true), (nothing, true), (signs, true), (unparsed, false), (by_law.clone(), false)] {
        let [drafted, submitted, passed] = reviewed(&content, 1);
        let listed = || adopted(1, abolished(), 1);
        let submit = given::<Entry<Material>>([listed(), drafted.clone()]).at(noon(10)).acting(person("p-d", Role::Drafter));
        let approval = after([listed(), drafted, submitted, passed]);
        if refused {
            submit.when(Submit::default()).then_refused(STAYS);
            approval.when(approve(&content, None)).then_refused(STAYS);
        } else {
            done(submit.when(Submit::default()));
            assert!(done(approval.when(approve(&content, None))).latest.unwrap().content.abolished.is_none());
        }
    }
    // Then it is a material as any other.
    let back = || [adopted(1, abolished(), 1), adopted(2, by_law.clone(), 8)];
    done(after(back()).when(suspend(None)));
    done(after(back()).when(repeal(None)));
}

#[test]
fn an_abolished_proof_does_not_come_back_under_another_code_without_a_law() {
    let beside = |kept: Material, day| {
        let materials = [("M1".parse().unwrap(), Stands::since(Arc::new(kept), noon(day)))].into_iter().collect();
        Beside { materials, ..Beside::default() }.by_names()
    };
    let told = |content: &Material, beside: &Beside| -> Vec<(String, String)> {
        let found: Vec<Finding> = content.check_beside(&"M2".parse().unwrap(), beside, Moment::From(noon(10)));
        found.into_iter().map(|found| (found.code, found.path)).collect()
    };
    let found = |path: &str| vec![("MATERIAL_NAME_ABOLISHED".to_owned(), path.to_owned())];
    let named =
        |name: &str, others: &[&str]| Material { other_names: others.iter().map(|name| (*name).into()).collect(), ..Material::new(name) };
    assert_eq!(told(&named("健在 证明", &[]), &beside(abolished(), 1)), found("name"));
    assert_eq!(told(&named("在世证明", &["社区证明", "生存证明"]), &beside(abolished(), 1)), found("otherNames[1]"));
    assert_eq!(told(&named("在世证明", &[]), &beside(abolished(), 1)), []);
    assert_eq!(told(&named("健在证明", &[]), &beside(asked_for(), 1)), [], "nothing is abolished");
    assert_eq!(
        told(&named("健在证明", &[]), &beside(abolished(), 11)),
        found("name"),
        "nobody takes it between the announcement and the day"
    );
    let announced = Stands::since(Arc::new(asked_for()), noon(1)).revised(Arc::new(abolished()), noon(20));
    let beside_itself = Beside { materials: [("M2".parse().unwrap(), announced)].into_iter().collect(), ..Beside::default() }.by_names();
    assert_eq!(told(&asked_for(), &beside_itself), [], "it keeps its own name until then");
    assert_eq!(told(&Material { legal_bases: basis(), ..named("健在证明", &[]) }, &beside(abolished(), 1)), [], "a law has it asked for");
    assert_eq!(told(&abolished(), &beside(abolished(), 1)), [], "it is abolished itself");
}

#[test]
fn who_abolishes_a_proof_takes_no_name_of_one_that_is_still_asked_for() {
    let named =
        |name: &str, others: &[&str]| Material { other_names: others.iter().map(|name| (*name).into()).collect(), ..Material::new(name) };
    let gone = |name: &str, others: &[&str]| Material { abolished: abolished().abolished, ..named(name, others) };
    let since = |content: Material, day| Stands::since(Arc::new(content), noon(day));
    // M1 is the own entry, M2 another one.
    let told = |content: &Material, own: Option<Stands<Material>>, other: Stands<Material>, moment| {
        let own = own.map(|own| ("M1".parse().unwrap(), own));
        let materials = own.into_iter().chain([("M2".parse().unwrap(), other)]).collect();
        let found = content.check_beside(&"M1".parse().unwrap(), &Beside { materials, ..Beside::default() }.by_names(), moment);
        found.into_iter().map(|found| format!("{} {}", found.code, found.path)).collect::<Vec<_>>()
    };
    let moments = [Moment::Drafted(noon(10)), Moment::From(noon(10))];
    for moment in moments {
        let other = || since(named("身份证", &["居民证"]), 1);
        let own = || Some(since(named("健在证明", &[]), 1));
        assert_eq!(told(&gone("健在证明", &["居民 证"]), own(), other(), moment), ["MATERIAL_NAME_IN_USE otherNames[0]"]);
        assert_eq!(told(&gone("身份证", &[]), None, other(), moment), ["MATERIAL_NAME_IN_USE name"], "it was not published before");
        assert_eq!(told(&gone("健在证明", &[]), own(), other(), moment), [""; 0]);
        assert_eq!(told(&named("身份证", &[]), own(), other(), moment), [""; 0], "nothing is abolished");
        // It bore the name before, and the other one was listed beside it.
        assert_eq!(told(&gone("身份证", &[]), Some(since(named("身份证", &[]), 1)), other(), moment), [""; 0]);
        assert_eq!(told(&gone("身份证", &[]), Some(since(gone("身份证", &[]), 1)), other(), moment), [""; 0]);
        // The other one is abolished itself, or ceased.
        assert_eq!(told(&gone("身份证", &[]), None, since(gone("身份证", &[]), 1), moment), [""; 0]);
        assert_eq!(told(&gone("身份证", &[]), None, Stands { until: Some(noon(10)), ..other() }, moment), [""; 0]);
        let suspended = Stands { suspended_until: Some(noon(20)), ..other() };
        assert_eq!(told(&gone("身份证", &[]), None, suspended, moment), ["MATERIAL_NAME_IN_USE name"], "it will be asked for again");
        assert_eq!(told(&gone("身份证", &[]), None, since(named("身份证", &[]), 20), moment), ["MATERIAL_NAME_IN_USE name"]);
    }
    // What is announced of the other one counts from its day on; a draft may be meant for then.
    let renamed = || since(named("身份证", &[]), 1).revised(Arc::new(named("居民身份证", &[])), noon(20));
    let ceases = || Stands { until: Some(noon(20)), ..since(named("身份证", &[]), 1) };
    for other in [renamed(), ceases()] {
        let of = |moment| told(&gone("身份证", &[]), None, other.clone(), moment);
        assert_eq!(of(Moment::Drafted(noon(10))), [""; 0]);
        assert_eq!(of(Moment::From(noon(19))), ["MATERIAL_NAME_IN_USE name"]);
        assert_eq!(of(Moment::From(noon(20))), [""; 0]);
    }
}

// Lists

#[test]
fn no_list_brings_an_abolished_proof_back_or_hides_it() {
    let by_list = |events: Vec<MaterialEvent>| given::<Entry<Material>>(events).at(noon(10));
    let adopt = |content| Adopt { content, source: source("2026"), effective_from: None };
    let listed = || vec![adopted(1, abolished(), 1)];
    by_list(listed()).when(adopt(abolished())).then_nothing();
    by_list(listed()).when(adopt(asked_for())).then_refused(STAYS);
    by_list(listed()).when(adopt(Material { legal_bases: basis(), ..asked_for() })).then_refused(STAYS);
    by_list(listed()).when(adopt(closed(abolished()))).then_refused(STAYS);
    by_list(vec![adopted(1, asked_for(), 1)]).when(adopt(closed(abolished()))).then_refused(STAYS);
    // What a list begins with is taken over as it is, and marked.
    assert_eq!(done(by_list(vec![]).when(adopt(closed(abolished())))).latest.unwrap().content.check()[0].code, "MATERIAL_ABOLISHED_HIDDEN");
    done(by_list(listed()).when(adopt(Material { issuer: Some("社区".into()), ..abolished() })));
    done(by_list(vec![adopted(1, asked_for(), 1)]).when(adopt(abolished())));
}
