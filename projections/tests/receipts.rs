//! Receipts: what a channel serves is written down, once, with the true time, whoever dies in between and however many write.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use std::{collections::BTreeSet, sync::Arc};

use common::{
    Told, code, day, guide, item,
    served::{Node, of, on_both, receipts, second},
};
use domain::{
    deadline::Status,
    entry::{Correct, Resume, Step, Suspend},
    envelope::{EntryName, StreamVersion},
    receipt::{Proven, Standing, Witness},
    register::{Guide, Item, Register},
    value::{Channel, LegalBasis, Openness, OpennessAttribute},
};
use journal::{
    Journal, MemoryJournal, SharedJournal,
    faults::{Fault, Faulty},
};
use projections::{Batch, Both, Change, DeadlineQuery, Deadlines, Document, ReceiptBook, ViewStore, audit, views_of};

#[tokio::test]
async fn what_is_shown_has_a_receipt_of_each_channel_with_the_moment_of_the_commit() {
    let mut told = Told::new();
    let node = Node::begun(told.journal.clone(), day(0)).await;
    told.approve("I1", day(1), item("甲"), None).await;
    told.approve("I2", day(1), item("乙"), Some(day(9))).await;
    node.shows(day(1) + second(1)).await;
    // Written down later, with the true time.
    node.writes(day(1) + second(7)).await;
    assert_eq!(of(&told.journal, "I1", 1).await, on_both(day(1) + second(1), Witness::Commit));
    // What is announced is served: with the day on which it takes effect (Art. 10(2)).
    assert_eq!(of(&told.journal, "I2", 1).await, on_both(day(1) + second(1), Witness::Commit));
    let all = receipts(&told.journal).await;
    assert!(all.iter().all(|(_, receipt)| receipt.standing == Standing::InTime && receipt.published_at == day(1)));
    assert_eq!(all.len(), 4);
    // Two events, one a channel: a batch shares one.
    assert_eq!(told.journal.read_all(None, 1_000).await.unwrap().events.iter().filter(|event| event.kind == "receipt.served").count(), 2);
}

#[tokio::test]
async fn receipts_beget_no_receipts_and_a_node_without_news_appends_nothing() {
    let mut told = Told::new();
    let node = Node::begun(told.journal.clone(), day(0)).await;
    assert_eq!(told.journal.head().await.unwrap(), None);
    told.adopt("I1", day(1), item("甲"), None).await;
    node.shows(day(1)).await;
    node.writes(day(1)).await;
    let head = told.journal.head().await.unwrap();
    for n in 2..5 {
        node.shows(day(n)).await;
        node.writes(day(n)).await;
        node.writer.turn().await.unwrap();
    }
    assert_eq!(told.journal.head().await.unwrap(), head);
    // The checkpoint has passed them, and they changed nothing that is shown.
    let snapshot = node.views.snapshot().await.unwrap();
    assert_eq!((snapshot.position(), snapshot.events()), (head, 3));
    let without = views_of(told.journal.clone(), &|_| ()).await.unwrap().now().await.unwrap();
    assert_eq!(snapshot.keys().await.unwrap(), without.keys().await.unwrap());
}

#[tokio::test]
async fn what_is_not_shown_has_none() {
    let withheld = |attribute, withheld: &[&str]| Openness {
        attribute,
        withheld: withheld.iter().map(|field| (*field).to_owned()).collect(),
        reason: Some("商业秘密".into()),
        basis: vec![LegalBasis::as_written("条例")],
    };
    let mut told = Told::new();
    let node = Node::begun(told.journal.clone(), day(0)).await;
    told.adopt("U1", day(1), Item { openness: withheld(OpennessAttribute::NotDisclosed, &[]), ..item("甲") }, None).await;
    told.adopt("U2", day(1), Item { openness: withheld(OpennessAttribute::OnRequest, &[]), ..item("甲") }, None).await;
    told.adopt("U3", day(1), Item { openness: withheld(OpennessAttribute::Partial, &["name"]), ..item("甲") }, None).await;
    for (at, to) in [("D1", Step::Draft), ("D2", Step::Submitted), ("D3", Step::Reviewed)] {
        told.draft(at, day(1), item("甲")).await;
        if to != Step::Draft {
            told.carry::<Item>(at, day(1), to, None).await;
        }
    }
    // A guide whose item was repealed, and one whose item nobody knows.
    told.adopt("I1", day(1), item("甲"), None).await;
    told.repeal::<Item>("I1", day(1), None).await;
    told.adopt("G1", day(1), guide("乙", "I1"), None).await;
    told.adopt("G2", day(1), guide("乙", "I9"), None).await;
    // Superseded before any channel had it.
    told.adopt("I2", day(1), item("甲"), None).await;
    told.adopt("I2", day(1), item("乙"), None).await;
    node.shows(day(1)).await;
    node.writes(day(2)).await;
    let all: BTreeSet<_> =
        receipts(&told.journal).await.into_iter().map(|(_, receipt)| (receipt.code.to_string(), receipt.revision)).collect();
    assert_eq!(all, BTreeSet::from([("I2".to_owned(), 2)]));
    // Of what withholds a field there is one, and its hash is that of what is shown.
    let partial = Item { authority: Some("密".into()), openness: withheld(OpennessAttribute::Partial, &["authority"]), ..item("丙") };
    told.adopt("P1", day(3), partial, None).await;
    node.shows(day(3)).await;
    node.writes(day(3)).await;
    let snapshot = node.views.snapshot().await.unwrap();
    let shown = snapshot.get_many(Channel::Online, Register::Item, &[code("P1")]).await.unwrap().remove(0).unwrap().served_at(day(3));
    let hashes: Vec<_> =
        receipts(&told.journal).await.into_iter().filter(|(_, r)| r.code == code("P1")).map(|(_, r)| r.content_hash).collect();
    assert_eq!(hashes, [shown[0].content_hash; 2]);
}

#[tokio::test]
async fn what_begins_by_the_clock_or_by_another_entry_is_written_down_when_it_does() {
    let mut told = Told::new();
    let node = Node::begun(told.journal.clone(), day(0)).await;
    // The item comes into force on day 5, and its guide with it.
    told.adopt("I1", day(1), item("甲"), Some(day(5))).await;
    told.adopt("G1", day(1), guide("乙", "I1"), None).await;
    // The guide comes before its item.
    told.adopt("G2", day(1), guide("丙", "I2"), None).await;
    node.shows(day(1)).await;
    node.writes(day(1)).await;
    assert_eq!(of(&told.journal, "G1", 1).await, []);
    assert_eq!(of(&told.journal, "G2", 1).await, []);
    told.adopt("I2", day(2), item("丁"), None).await;
    node.shows(day(2)).await;
    node.writes(day(2)).await;
    assert_eq!(of(&told.journal, "G2", 1).await, on_both(day(2), Witness::Commit));
    node.writes(day(5) - second(1)).await;
    assert_eq!(of(&told.journal, "G1", 1).await, []);
    // Nobody looks to the second; the moment is that of the clock.
    node.writes(day(5) + second(9)).await;
    assert_eq!(of(&told.journal, "G1", 1).await, on_both(day(5), Witness::Commit));
    // A node that was not there then says what it knows.
    told.adopt("I3", day(6), item("戊"), Some(day(8))).await;
    told.adopt("G3", day(6), guide("己", "I3"), None).await;
    let other = Node::begun(told.journal.clone(), day(9)).await;
    other.writes(day(9)).await;
    assert_eq!(of(&told.journal, "G3", 1).await, on_both(day(9), Witness::Found));
}

#[tokio::test]
async fn what_is_hidden_and_shown_again_keeps_the_receipt_of_the_first_time() {
    let mut told = Told::new();
    let node = Node::begun(told.journal.clone(), day(0)).await;
    told.approve("I1", day(1), item("甲"), None).await;
    node.shows(day(1)).await;
    node.writes(day(1)).await;
    let suspend = Suspend { reason: "检修".into(), until: None };
    told.as_approver::<Item>("I1", day(2), suspend).await;
    node.shows(day(2)).await;
    told.as_approver::<Item>("I1", day(3), Resume).await;
    node.shows(day(3)).await;
    node.writes(day(3)).await;
    assert_eq!(of(&told.journal, "I1", 1).await, on_both(day(1), Witness::Commit));
}

#[tokio::test]
async fn a_process_that_dies_between_view_and_receipt_leaves_it_to_the_next() {
    let mut told = Told::new();
    let node = Node::begun(told.journal.clone(), day(0)).await;
    told.approve("I1", day(1), item("甲"), None).await;
    node.shows(day(1)).await;
    // Its views were in its memory, and with them the moment.
    drop(node);
    assert_eq!(of(&told.journal, "I1", 1).await, []);
    let next = Node::begun(told.journal.clone(), day(1) + second(30)).await;
    assert_eq!(of(&told.journal, "I1", 1).await, on_both(day(1) + second(30), Witness::Found));
    // Dead between two channels: the one that is there stands.
    told.approve("I2", day(2), item("乙"), None).await;
    next.shows(day(2)).await;
    let book = ReceiptBook::new(told.journal.clone());
    let showing = next.views.begun().await.unwrap().unwrap().begun[0].showing(Witness::Commit).unwrap();
    assert_eq!(book.record(Channel::Online, std::slice::from_ref(&showing), day(2)).await.unwrap().len(), 1);
    drop(next);
    Node::begun(told.journal.clone(), day(3)).await;
    let both = vec![(Channel::Online, day(2), Witness::Commit), (Channel::Counter, day(3), Witness::Found)];
    assert_eq!(of(&told.journal, "I2", 1).await, both);
}

#[tokio::test]
async fn every_outcome_of_an_append_leads_to_one_receipt() {
    for faults in [
        vec![Fault::NotExecuted],
        vec![Fault::UnknownAndLost],
        vec![Fault::UnknownButKept],
        vec![Fault::UnknownButKept, Fault::UnknownAndLost, Fault::NotExecuted, Fault::UnknownButKept],
    ] {
        let mut told = Told::new();
        told.adopt("I1", day(1), item("甲"), None).await;
        let faulty: SharedJournal = Arc::new(Faulty::new(told.journal.clone(), faults.clone()));
        let node = Node::over(faulty, day(1));
        node.shows(day(1)).await;
        let mut tried = 0;
        while node.writer.write().await.is_err() {
            tried += 1;
            assert!(tried < 10, "{faults:?}");
        }
        assert!(tried > 0, "{faults:?}");
        assert_eq!(of(&told.journal, "I1", 1).await, on_both(day(1), Witness::Found), "{faults:?}");
        assert_eq!(node.writer.written().receipts.all(), 2);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_write_at_once_one_does() {
    let mut told = Told::new();
    for round in 0..20 {
        for n in 0..5 {
            told.adopt(&format!("I{round}-{n}"), day(1), item(&format!("甲{n}")), None).await;
        }
        let nodes = (0..6).map(|n| {
            let journal = told.journal.clone();
            tokio::spawn(async move { Node::begun(journal, day(1) + second(n)).await })
        });
        for node in nodes.collect::<Vec<_>>() {
            node.await.unwrap();
        }
        let all = receipts(&told.journal).await;
        let each: BTreeSet<_> = all.iter().map(|(channel, receipt)| (*channel, receipt.entry(), receipt.revision)).collect();
        assert_eq!((all.len(), each.len()), ((round + 1) * 10, (round + 1) * 10));
    }
}

#[tokio::test]
async fn many_receipts_are_cut_into_events_that_a_store_takes() {
    let mut told = Told::new();
    for n in 0..2_300 {
        told.adopt(&format!("I{n}"), day(1), item("甲"), None).await;
    }
    let node = Node::begun(told.journal.clone(), day(1)).await;
    assert_eq!(receipts(&told.journal).await.len(), 4_600);
    let written = node.writer.written();
    assert_eq!((written.receipts, written.pending), (Proven { in_time: 4_600, late: 0, unknown: 0 }, 0));
    let events = told.journal.read_all(None, 100_000).await.unwrap().events;
    assert!(events.iter().filter(|event| event.kind == "receipt.served").count() <= 12);
}

#[tokio::test]
async fn what_comes_late_says_so_and_what_is_found_late_is_not_counted_as_late() {
    let mut told = Told::new();
    let node = Node::begun(told.journal.clone(), day(0)).await;
    // Nobody projected for a week.
    told.adopt("I1", day(1), item("甲"), None).await;
    node.shows(day(9)).await;
    node.writes(day(9)).await;
    told.adopt("I2", day(10), item("乙"), None).await;
    let other = Node::begun(told.journal.clone(), day(19)).await;
    let standing: Vec<_> = receipts(&told.journal).await.into_iter().map(|(_, receipt)| receipt.standing).collect();
    // What was found late may have been shown before.
    assert_eq!(standing, [Standing::Late, Standing::Unknown, Standing::Late, Standing::Unknown]);
    assert_eq!(other.writer.written().receipts, Proven { in_time: 0, late: 2, unknown: 2 });
}

#[tokio::test]
async fn a_clock_that_goes_back_or_jumps_between_approval_and_receipt_is_not_taken_for_the_truth() {
    let said = async |told: &Told, code: &str| -> Vec<_> {
        let all = receipts(&told.journal).await.into_iter().filter(|(_, receipt)| receipt.code.as_str() == code);
        all.map(|(_, receipt)| (receipt.served_at, receipt.witness, receipt.standing)).collect()
    };
    let mut told = Told::new();
    let node = Node::begun(told.journal.clone(), day(0)).await;
    // Back by a day when the views are committed, and right again when it is written down.
    told.approve("I1", day(5), item("甲"), None).await;
    node.shows(day(4)).await;
    node.writes(day(5) + second(60)).await;
    assert_eq!(said(&told, "I1").await, [(day(5) + second(60), Witness::Found, Standing::InTime); 2]);
    // Back until it is written down: what the clock says stands there, and that nobody knows.
    told.approve("I2", day(6), item("乙"), None).await;
    node.shows(day(5)).await;
    node.writes(day(5) + second(1)).await;
    assert_eq!(said(&told, "I2").await, [(day(5) + second(1), Witness::Found, Standing::Unknown); 2]);
    // A jump of a month, which was put right before it is written down: not late.
    told.approve("I3", day(7), item("丙"), None).await;
    node.shows(day(37)).await;
    node.writes(day(7) + second(5)).await;
    assert_eq!(said(&told, "I3").await, [(day(7) + second(5), Witness::Found, Standing::InTime); 2]);
    // A jump that lasts is late: nothing contradicts it. What is written stands when the clock is right again.
    told.approve("I4", day(8), item("丁"), None).await;
    node.shows(day(38)).await;
    node.writes(day(38)).await;
    node.writes(day(8)).await;
    assert_eq!(said(&told, "I4").await, [(day(38), Witness::Commit, Standing::Late); 2]);
    // Clocks of two nodes differ by a second.
    told.approve("I5", day(9), item("戊"), None).await;
    node.shows(day(9) - second(1)).await;
    node.writes(day(9) - second(1)).await;
    assert_eq!(said(&told, "I5").await, [(day(9), Witness::Commit, Standing::InTime); 2]);
    // Deadlines take it as shown, and never before it was published; of what a clock does not say they do not say that it was in time.
    let deadlines = Deadlines::new(told.journal.clone());
    let query = DeadlineQuery { rule: Some(code("ART-10-2")), ..DeadlineQuery::default() };
    let judged = async |now| {
        let cases = deadlines.page(&query, |_| true, (now, None), (None, usize::MAX)).await.unwrap().cases;
        assert!(cases.iter().all(|case| case.judgement.fulfilled_at.is_none_or(|at| at >= case.trigger)));
        let stands = |case: &projections::DeadlineCase| {
            let projections::Subject::Entry(entry) = &case.subject else { panic!("an entry") };
            (entry.code.to_string(), case.judgement.status)
        };
        cases.iter().map(stands).collect::<BTreeSet<_>>()
    };
    let of = |fourth| {
        let in_time = ["I1", "I3", "I5"].map(|code| (code.to_owned(), Status::FulfilledInTime));
        in_time.into_iter().chain([("I2".to_owned(), Status::Unknown), ("I4".to_owned(), fourth)]).collect::<BTreeSet<_>>()
    };
    assert_eq!(judged(day(40)).await, of(Status::FulfilledLate));
    // What a clock that was ahead says has not happened yet.
    assert_eq!(judged(day(20)).await, of(Status::Overdue));
    // It is among what is asked for as unknown, counted as that, and the reason names the clock.
    let unknown = DeadlineQuery { status: vec![Status::Unknown], ..query.clone() };
    let page = deadlines.page(&unknown, |_| true, (day(40), None), (None, usize::MAX)).await.unwrap();
    assert_eq!((page.total, page.cases[0].judgement.fulfilled_at, page.cases[0].judgement.missing.len()), (1, None, 0));
    let (zh, en) = (page.cases[0].judgement.zh(), page.cases[0].judgement.en());
    assert!(zh.contains("时钟有误") && en.contains("by a clock that was wrong"), "{zh} {en}");
    let figures = deadlines.figures(day(40)).unwrap();
    assert_eq!(figures[&code("ART-10-2")].unknown, 0, "that figure is of years without a notice");
    // A later revision that is shown by a right clock, before the first was due, proves that the first was as well.
    told.as_approver("I2", day(6) + second(600), correct(item("乙二"))).await;
    node.shows(day(6) + second(601)).await;
    node.writes(day(6) + second(602)).await;
    assert!(judged(day(20)).await.is_superset(&BTreeSet::from([("I2".to_owned(), Status::FulfilledInTime)])));
    assert_eq!(deadlines.page(&unknown, |_| true, (day(40), None), (None, usize::MAX)).await.unwrap().total, 0);
}

fn correct(content: Item) -> Correct<Item> {
    Correct { content, reason: "有误".into(), document: None, effective_from: None, beside: Vec::new() }
}

#[tokio::test]
async fn parity_is_looked_after_and_tells_what_was_changed_in_one_channel() {
    let mut told = Told::new();
    for n in 0..150 {
        told.adopt(&format!("I{n}"), day(1), item(&format!("甲{n}")), None).await;
    }
    told.adopt("G1", day(1), Guide { clerk_notes: Some("先查".into()), ..guide("乙", "I1") }, None).await;
    let node = Node::begun(told.journal.clone(), day(1)).await;
    let clean = audit(told.journal.clone(), node.views.clone(), Arc::new(|| day(1))).await.unwrap();
    assert_eq!((clean.parity.entries, clean.parity.revisions, clean.missing, clean.parity.differing.len()), (151, 151, 0, 0));
    // Somebody changes what the counter is shown of an item.
    let snapshot = node.views.snapshot().await.unwrap();
    let document = snapshot.get_many(Channel::Online, Register::Item, &[code("I7")]).await.unwrap().remove(0).unwrap();
    let Document::Item(view) = &document else { panic!("an item") };
    let mut other = view.as_ref().clone();
    other.revisions[0].content = Some(Arc::new(item("改过")));
    let both = Both::Each([Some(document.clone()), Some(Document::Item(Arc::new(other)))]);
    let entry = EntryName::new(Register::Item, code("I7"));
    let (base, change) = (snapshot.position(), Change { entry: entry.clone(), both });
    told.adopt("I200", day(2), item("后来"), None).await;
    let checkpoint = told.journal.head().await.unwrap().unwrap();
    node.views.commit(Batch { changes: vec![change], base, checkpoint, begun: Vec::new(), events: 1 }).await.unwrap();
    for _ in 0..2 {
        node.writer.turn().await.unwrap();
    }
    let written = node.writer.written();
    assert_eq!(written.differing.keys().collect::<Vec<_>>(), [&entry]);
    assert_eq!(written.rounds, 1);
    let found = audit(told.journal.clone(), node.views.clone(), Arc::new(|| day(2))).await.unwrap();
    let words: Vec<_> = found.parity.differing.iter().map(|differing| differing.difference.en()).collect();
    assert_eq!(words, ["says different things", "on counter what is shown is not what the hash is of"]);
}

#[tokio::test]
async fn histories_and_replays_do_not_see_receipts() {
    let mut told = Told::new();
    told.approve("I1", day(1), item("甲"), None).await;
    let before = journal::load::<Item>(told.journal.as_ref(), &code("I1")).await.unwrap();
    Node::begun(told.journal.clone(), day(1)).await;
    let after = journal::load::<Item>(told.journal.as_ref(), &code("I1")).await.unwrap();
    assert_eq!(before, after);
    // Copied to another store they stay what they are, and nothing is written again there.
    let copied = Arc::new(MemoryJournal::new());
    for recorded in told.journal.read_all(None, 1_000).await.unwrap().events {
        let expected =
            recorded.version.0.checked_sub(1).map_or(journal::Expected::NoStream, |n| journal::Expected::Version(StreamVersion(n)));
        let new = journal::NewEvent { id: recorded.id, kind: recorded.kind, metadata: recorded.metadata, payload: recorded.payload };
        copied.append(&recorded.stream, expected, vec![new]).await.unwrap();
    }
    let head = copied.head().await.unwrap();
    Node::begun(copied.clone(), day(30)).await;
    assert_eq!((copied.head().await.unwrap(), receipts(&copied).await), (head, receipts(&told.journal).await));
}
