//! Laws of approval, over whatever anybody may ask in whatever order. What must hold is read from the events alone, by other means
//! than those of the decisions.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::collections::BTreeSet;

use common::*;
use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    codec::{RegisterEvent, decode, encode},
    decider::{Circumstances, Decider},
    entry::{
        Adopt, Approve, Approved, Command, Correct, Draft, Entry, Event, Repeal, Resume, Return, Review, Revise, State, Submit, Suspend,
        Transfer, Withdraw,
    },
    register::Item,
    value::{Hash, LegalBasis, Openness, OpennessAttribute},
};
use proptest::{collection::vec, option, prelude::*, sample::select};

/// What somebody asks; the hash that it names is found when it is asked.
#[derive(Debug, Clone)]
enum Ask {
    This(Command<Item>),
    Review { right: bool, revision: Option<u32> },
    Approve { right: bool, document: &'static str, from: Option<u32> },
}

const AGENCIES: [&str; 2] = [AGENCY, "A2"];
const PERSONS: [&str; 5] = ["p-1", "p-2", "p-3", "p-4", "p-5"];

fn contents() -> impl Strategy<Value = Item> {
    let openness =
        prop_oneof![8 => Just(OpennessAttribute::Active), 1 => Just(OpennessAttribute::Partial), 1 => Just(OpennessAttribute::OnRequest)];
    (select(vec!["甲", "乙", "丙", "丁", ""]), openness, any::<bool>(), 0..10_usize).prop_map(|(name, attribute, reasoned, agency)| {
        let reason = reasoned.then(|| "商业秘密".to_owned());
        let basis = vec![LegalBasis { title: "中华人民共和国政府信息公开条例".into(), ..LegalBasis::default() }];
        let withheld = if attribute == OpennessAttribute::Partial { vec!["authority".to_owned()] } else { vec![] };
        let openness = match attribute {
            OpennessAttribute::Active => Openness::default(),
            _ => Openness { attribute, withheld, reason, basis },
        };
        Item { openness, agency: AGENCIES[usize::from(agency == 0)].parse().unwrap(), ..item(name) }
    })
}

fn asks() -> impl Strategy<Value = Ask> {
    let day = || option::weighted(0.3, 1_u32..28);
    let reason = || select(vec!["甲因", "乙因", " "]).prop_map(str::to_owned);
    let document = || select(vec!["一号", "二号", ""]);
    let this = |command: BoxedStrategy<Command<Item>>| command.prop_map(Ask::This);
    prop_oneof![
        2 => this((contents(), day()).prop_map(|(content, from)| Adopt { content, source: source("2026"), effective_from: from.map(noon) }.into()).boxed()),
        6 => this(contents().prop_map(|content| Draft::of(content).into()).boxed()),
        4 => this(contents().prop_map(|content| Revise { content }.into()).boxed()),
        8 => this(Just(Submit::default().into()).boxed()),
        8 => (prop::bool::weighted(0.9), option::weighted(0.3, 1_u32..5)).prop_map(|(right, revision)| Ask::Review { right, revision }),
        8 => (prop::bool::weighted(0.9), document(), day()).prop_map(|(right, document, from)| Ask::Approve { right, document, from }),
        2 => this(reason().prop_map(|reason| Return { reason }.into()).boxed()),
        1 => this(reason().prop_map(|reason| Withdraw { reason }.into()).boxed()),
        2 => this((reason(), day()).prop_map(|(reason, until)| Suspend { reason, until: until.map(noon) }.into()).boxed()),
        2 => this(Just(Resume.into()).boxed()),
        1 => this((reason(), day()).prop_map(|(reason, from)| Repeal { effective_from: from.map(noon), reason, document: None, replaced_by: None, reform: None }.into()).boxed()),
        2 => this((contents(), reason(), day()).prop_map(|(content, reason, from)| Correct { content, reason, document: None, effective_from: from.map(noon), beside: Vec::new() }.into()).boxed()),
        2 => this((0..2_usize, 1_u32..28).prop_map(|(from, day)| Transfer { handover: handover(AGENCIES[from], AGENCIES[1 - from]), ..transfer(day) }.into()).boxed()),
    ]
}

/// Mostly in the role that the verb asks for, for the agency; now and then anybody.
fn capacities() -> impl Strategy<Value = (usize, bool, usize, usize)> {
    (0..PERSONS.len(), prop::bool::weighted(0.9), 0..Role::ALL.len(), 0..12_usize)
}

type Asked = (Ask, (usize, bool, usize, usize), u32);

fn all_asked() -> impl Strategy<Value = Vec<Asked>> {
    // The clock goes back now and then.
    vec((asks(), capacities(), 1_u32..20), 1..60)
}

fn capacity(ask: &Ask, (who, fitting, role, scope): (usize, bool, usize, usize)) -> Capacity {
    let fits = match ask {
        Ask::This(Command::Adopt(_)) => return Capacity::Import,
        Ask::This(Command::Repeal(_) | Command::Transfer(_)) if !fitting => return Capacity::Import,
        Ask::This(Command::Draft(_) | Command::Revise(_) | Command::Submit(_) | Command::Withdraw(_)) => Role::Drafter,
        Ask::Review { .. } => Role::Reviewer,
        Ask::This(Command::Return(_)) => Role::ALL[1 + role % 2],
        _ => Role::Approver,
    };
    let scope = match scope {
        0 => Scope::City,
        2.. if matches!(ask, Ask::This(Command::Transfer(_))) => Scope::City,
        1 => Scope::Agency("A2".parse().unwrap()),
        _ => agency(),
    };
    let role = if fitting { fits } else { Role::ALL[role] };
    Capacity::Person(Acting { person: PersonId::new(PERSONS[who]), role, scope })
}

fn command(ask: &Ask, state: &State<Item>) -> Command<Item> {
    let pending = state.pending.as_ref().map(|pending| pending.content_hash);
    let wrong = Hash::of_bytes(b"something else");
    match ask {
        Ask::This(command) => command.clone(),
        Ask::Review { right, revision } => {
            let owed = revision.and_then(|number| state.corrections.iter().find(|debt| debt.revision == number));
            let hash = if revision.is_some() { owed.map(|debt| debt.content_hash) } else { pending };
            Review { content_hash: hash.filter(|_| *right).unwrap_or(wrong), revision: *revision }.into()
        }
        Ask::Approve { right, document, from } => {
            let content_hash = pending.filter(|_| *right).unwrap_or(wrong);
            Approve { content_hash, document: (*document).into(), effective_from: from.map(noon), beside: Vec::new() }.into()
        }
    }
}

/// Asks all of it, and hands out what was decided about each.
fn ask_all(asked: &[Asked], mut each: impl FnMut(&[Event<Item>], &Command<Item>, &Circumstances)) -> Vec<Event<Item>> {
    let mut history: Vec<Event<Item>> = Vec::new();
    for (ask, who, day) in asked {
        let state = Entry::fold(&history);
        let command = command(ask, &state);
        let circumstances = Circumstances { capacity: capacity(ask, *who), ..circumstances(*day) };
        each(&history, &command, &circumstances);
        if let Ok(events) = Entry::decide(&state, command, &circumstances) {
            history.extend(events);
        }
    }
    history
}

/// Who had a hand in the draft that an event approves, and who reviewed just what it approves. Read backwards from the event.
fn hands(before: &[Event<Item>], content_hash: Hash) -> (BTreeSet<PersonId>, Option<PersonId>, Option<Hash>) {
    let (mut drafters, mut reviewer, mut written) = (BTreeSet::new(), None, None);
    let mut passed = false;
    for event in before.iter().rev() {
        match event {
            Event::Reviewed(review) if review.revision.is_none() && !passed && review.content_hash == content_hash => {
                reviewer = Some(review.by.person.clone());
                passed = true;
            }
            Event::Submitted(submitted) => {
                drafters.insert(submitted.by.person.clone());
                passed = true;
            }
            Event::Returned(_) => passed = true,
            Event::Redrafted(drafted) | Event::Drafted(drafted) => {
                passed = true;
                written.get_or_insert(drafted.content_hash);
                drafters.insert(drafted.by.person.clone());
                if matches!(event, Event::Drafted(_)) {
                    break;
                }
            }
            _ => {}
        }
    }
    (drafters, reviewer, written)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_published_that_was_not_reviewed_and_approved_by_three_persons(asked in all_asked()) {
        let history = ask_all(&asked, |_, _, _| ());
        for (at, event) in history.iter().enumerate() {
            let Event::Approved(Approved { content, content_hash, drafters, reviewer, by, .. }) = event else { continue };
            let (wrote, passed, written) = hands(&history[..at], *content_hash);
            prop_assert_eq!(Hash::of_content(content.as_ref()).unwrap(), *content_hash);
            prop_assert_eq!(written, Some(*content_hash), "what is published is what was written last");
            prop_assert_eq!(passed.as_ref(), Some(reviewer), "it was reviewed, and not returned since");
            prop_assert_eq!(&wrote.iter().cloned().collect::<Vec<_>>(), drafters);
            prop_assert!(!wrote.contains(reviewer) && !wrote.contains(&by.person) && *reviewer != by.person, "three persons");
            prop_assert_eq!(by.role, Role::Approver);
            prop_assert!(content.openness.defect().is_none());
        }
    }

    /// A reform makes nothing public that was not public: of what it publishes only the agency is new, by the city or by nobody.
    #[test]
    fn what_a_reform_publishes_was_published_before_but_for_the_agency(asked in all_asked()) {
        let history = ask_all(&asked, |_, _, _| ());
        let but_agency = |item: &Item| Item { agency: AGENCY.parse().unwrap(), ..item.clone() };
        for (at, event) in history.iter().enumerate() {
            let Event::Transferred(moved) = event else { continue };
            let before: Vec<_> = history[..at].iter().filter_map(Event::publication).map(|publication| but_agency(publication.content)).collect();
            prop_assert!(before.contains(&but_agency(&moved.content)));
            prop_assert!(moved.by.as_ref().is_none_or(|by| by.scope == Scope::City && by.role == Role::Approver));
            prop_assert_eq!(Hash::of_content(moved.content.as_ref()).unwrap(), moved.content_hash);
        }
    }

    #[test]
    fn what_one_person_published_is_owed_a_review_until_somebody_else_reviewed_it(asked in all_asked()) {
        let history = ask_all(&asked, |_, _, _| ());
        let state = Entry::<Item>::fold(&history);
        let mut owed = BTreeSet::new();
        for event in &history {
            match event {
                Event::Corrected(corrected) => drop(owed.insert((corrected.revision, corrected.content_hash, corrected.by.person.clone()))),
                Event::Reviewed(reviewed) => {
                    let Some(number) = reviewed.revision else { continue };
                    let debt = owed.iter().find(|(revision, ..)| *revision == number).cloned();
                    let (_, hash, corrector) = debt.expect("a review of something owed");
                    prop_assert!(hash == reviewed.content_hash && corrector != reviewed.by.person && reviewed.by.role == Role::Reviewer);
                    owed.retain(|(revision, ..)| *revision != number);
                }
                _ => {}
            }
        }
        let open: BTreeSet<_> = state.debts().map(|debt| debt.revision).collect();
        prop_assert_eq!(open, owed.into_iter().map(|(revision, ..)| revision).collect());
    }

    #[test]
    fn revisions_are_numbered_without_gaps(asked in all_asked()) {
        let history = ask_all(&asked, |_, _, _| ());
        let numbers: Vec<_> = history.iter().filter_map(Event::publication).map(|publication| publication.revision).collect();
        prop_assert_eq!(&numbers, &(1..).take(numbers.len()).collect::<Vec<u32>>());
        prop_assert_eq!(Entry::<Item>::fold(&history).revisions as usize, numbers.len());
    }

    #[test]
    fn the_same_again_changes_nothing_and_a_refusal_has_words(asked in all_asked()) {
        let mut failed = None;
        ask_all(&asked, |history, command, circumstances| {
            match Entry::decide(&Entry::fold(history), command.clone(), circumstances) {
                Ok(events) => {
                    let after = Entry::fold(history.iter().chain(&events));
                    let again = Entry::decide(&after, command.clone(), circumstances);
                    if again != Ok(vec![]) {
                        failed = Some(format!("{command:?} by {circumstances:?} again: {again:?}"));
                    }
                }
                Err(refusal) => {
                    if refusal.zh.is_empty() || refusal.en.is_empty() {
                        failed = Some(format!("{refusal:?} has no words"));
                    }
                }
            }
        });
        prop_assert_eq!(failed, None);
    }

    #[test]
    fn work_that_is_not_public_changes_nothing_that_is(asked in all_asked()) {
        let history = ask_all(&asked, |_, _, _| ());
        let public = |events: &[Event<Item>]| {
            let state = Entry::<Item>::fold(events);
            (state.stage(), state.latest, state.revisions, state.suspension, state.repeal)
        };
        for (at, _) in history.iter().enumerate().filter(|(_, event)| event.is_internal()) {
            prop_assert_eq!(public(&history[..at]), public(&history[..=at]));
        }
        let without: Vec<_> = history.iter().filter(|event| !event.is_internal()).cloned().collect();
        prop_assert_eq!(public(&without), public(&history));
    }

    #[test]
    fn any_order_of_any_events_has_a_state_that_decides(asked in all_asked(), picks in vec(any::<prop::sample::Index>(), 0..30), next in all_asked()) {
        let history = ask_all(&asked, |_, _, _| ());
        prop_assume!(!history.is_empty());
        let jumbled: Vec<_> = picks.iter().map(|pick| pick.get(&history).clone()).collect();
        let state = Entry::<Item>::fold(&jumbled);
        let _ = (state.stage(), state.step(), state.is_kept_here(), state.agency());
        for (ask, who, day) in next {
            let circumstances = Circumstances { capacity: capacity(&ask, who), ..circumstances(day) };
            let _ = Entry::decide(&state, command(&ask, &state), &circumstances);
        }
    }

    #[test]
    fn what_is_written_is_read_back(asked in all_asked()) {
        for event in ask_all(&asked, |_, _, _| ()) {
            let stored = encode(&event).unwrap();
            prop_assert_eq!(&stored.kind, &format!("item.{}", event.verb()));
            prop_assert_eq!(decode(&stored.kind, stored.schema, &stored.payload).unwrap(), RegisterEvent::Item(event));
        }
    }
}

/// The generator is no use if nothing gets through.
#[test]
fn random_asking_reaches_every_event() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};
    let mut runner = TestRunner::deterministic();
    let mut seen = BTreeSet::new();
    for _ in 0..400 {
        let asked = all_asked().new_tree(&mut runner).unwrap().current();
        seen.extend(ask_all(&asked, |_, _, _| ()).iter().map(Event::verb));
    }
    assert_eq!(seen.len(), 13, "{seen:?}");
}
