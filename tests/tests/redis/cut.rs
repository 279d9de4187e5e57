//! A node is cut exactly between two steps of the way of an approval, and another one takes over: over a stand-in for an EventStoreDB cluster and a real
//! Redis. Where an append is cut, it is so on demand of the store: before it is kept, or after, with the answer lost.

use std::{
    future::Future,
    sync::{Arc, Mutex},
    time::Duration,
};

use api::{
    auth::{Caller, Grant, Office, testing},
    registrar::change::{Ask, Became, Desk, Said, change},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    acting::{Role, Scope},
    codec::Streamed,
    entry::{Approve, Review},
    envelope::{Code, EntryName, Position, StreamVersion},
    receipt::{Event, Receipt, Receipts, Witness},
    register::{Item, Register},
    value::{Channel, Hash, ItemType},
};
use double::{Cluster, How, When};
use journal::{EventStoreJournal, SharedJournal, eventstore::Timing, transact::ExpectedVersion};
use projections::{
    MemoryViews, ReceiptBook, ReceiptWriter, Runner, Seen, SharedViews, ViewStore, Witnessing, audit, check_rebuild,
    contract::server::Server,
    redis::{RedisOptions, RedisViews},
};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::made;

const DEADLINE: Duration = Duration::from_secs(60);

/// What was cut is never asked again by who is gone: a call has all the time there is.
const PATIENT: Timing = Timing {
    call: DEADLINE,
    silence: DEADLINE,
    pause: Duration::from_millis(5),
    longest: Duration::from_millis(100),
    retries: 1,
    trying: DEADLINE,
    failures: 1,
};

/// Where a node is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cut {
    DecidedNotAppended,
    AppendedNotAnswered,
    AnsweredNotProjected,
    ShownNoReceipt,
    FirstReceiptNotKept,
    FirstReceiptKeptNotAnswered,
    SecondReceiptNotKept,
    SecondReceiptKeptNotAnswered,
    BothReceipts,
}

impl Cut {
    const ALL: [Self; 9] = [
        Self::DecidedNotAppended,
        Self::AppendedNotAnswered,
        Self::AnsweredNotProjected,
        Self::ShownNoReceipt,
        Self::FirstReceiptNotKept,
        Self::FirstReceiptKeptNotAnswered,
        Self::SecondReceiptNotKept,
        Self::SecondReceiptKeptNotAnswered,
        Self::BothReceipts,
    ];

    /// The append that has no answer, if there is one.
    fn append(self) -> Option<(&'static str, When)> {
        match self {
            Self::DecidedNotAppended => Some(("item-", When::Before)),
            Self::AppendedNotAnswered => Some(("item-", When::After)),
            Self::FirstReceiptNotKept => Some(("receipt-online", When::Before)),
            Self::FirstReceiptKeptNotAnswered => Some(("receipt-online", When::After)),
            Self::SecondReceiptNotKept => Some(("receipt-counter", When::Before)),
            Self::SecondReceiptKeptNotAnswered => Some(("receipt-counter", When::After)),
            Self::AnsweredNotProjected | Self::ShownNoReceipt | Self::BothReceipts => None,
        }
    }

    /// How many receipts of the approval are in the journal then.
    fn receipts(self) -> usize {
        match self {
            Self::FirstReceiptKeptNotAnswered | Self::SecondReceiptNotKept => 1,
            Self::SecondReceiptKeptNotAnswered | Self::BothReceipts => 2,
            _ => 0,
        }
    }
}

/// What all nodes share.
struct City {
    cluster: Cluster,
    redis: Server,
    /// The generation of the views.
    generation: String,
}

/// A node that does a step when it is told to.
struct Node {
    desk: Desk,
    views: Arc<RedisViews>,
    runner: Arc<Runner>,
    writer: ReceiptWriter,
    moment: Arc<Mutex<DateTime<Utc>>>,
}

impl City {
    fn views(&self, holder: &str) -> Arc<RedisViews> {
        let options = RedisOptions { fresh: Duration::ZERO, lease: Duration::from_secs(600), ..RedisOptions::new(holder) };
        Arc::new(RedisViews::new(&self.redis.address().parse().unwrap(), options).unwrap())
    }

    async fn journal(&self) -> SharedJournal {
        Arc::new(EventStoreJournal::open_with(&self.cluster.url(), PATIENT, "").await.unwrap())
    }

    /// A node that leads.
    async fn node(&self, holder: &str) -> Node {
        let (journal, views) = (self.journal().await, self.views(holder));
        assert!(views.acquire().await.unwrap(), "{holder}");
        let moment = Arc::new(Mutex::new(made()));
        let told = moment.clone();
        let witnessing = Witnessing::new(Arc::new(move || *told.lock().unwrap()));
        let live = Arc::new(views.generation(&self.generation));
        let runner = Runner::witnessed(journal.clone(), live, witnessing.clone(), Seen::FromTheFirst);
        let writer = ReceiptWriter::new(views.clone(), Arc::new(ReceiptBook::new(journal.clone())), witnessing);
        Node { desk: Desk::new(journal), views, runner, writer, moment }
    }

    /// Runs a step until the store has it in hand and does not answer, and cuts it there.
    async fn cut(&self, step: impl Future<Output = ()>, (prefix, when): (&str, When)) {
        let before = self.cluster.events(prefix).len();
        let held = async {
            while self.cluster.faults_left() > 0 || (when == When::After && self.cluster.events(prefix).len() == before) {
                sleep(Duration::from_millis(1)).await;
            }
        };
        let first = async {
            tokio::select! {
                () = step => panic!("the store was not asked, or it answered"),
                () = held => {}
            }
        };
        timeout(DEADLINE, first).await.unwrap();
        assert_eq!(self.cluster.events(prefix).len(), before + usize::from(when == When::After));
    }
}

impl Node {
    async fn ask(&self, number: usize, verb: u128, role: Role, said: Said, expected: ExpectedVersion, now: DateTime<Utc>) -> Became {
        let person = format!("p-{role:?}");
        let grant = Grant { office: Office::Change(role), scope: Scope::Agency(code("A1")) };
        let caller: Caller = testing::caller(&format!("account-{person}"), &person, vec![grant]).unwrap();
        let id = Uuid::from_u128((number as u128) << 8 | verb);
        let ask = Ask { id, code: item(number), expected, said };
        change::<Item>(&self.desk, &caller, ask, now).await.unwrap().became
    }

    /// Takes a draft to where it waits for its approval.
    async fn review(&self, number: usize, now: DateTime<Utc>) {
        let draft = Said::Draft(serde_json::to_value(content(number)).unwrap());
        let review = Said::Review(Review { content_hash: hash(number), revision: None });
        let steps = [(Role::Drafter, draft), (Role::Drafter, Said::Submit), (Role::Reviewer, review)];
        for (verb, (role, said)) in steps.into_iter().enumerate() {
            let became = self.ask(number, verb as u128, role, said, ExpectedVersion::Any, now).await;
            assert!(matches!(became, Became::Applied(_)), "{became:?}");
        }
    }

    /// Approves it: the same command, however often.
    async fn approve(&self, number: usize, now: DateTime<Utc>) -> Became {
        let approve =
            Approve { content_hash: hash(number), document: "东海政发〔2026〕1号".into(), effective_from: None, beside: Vec::new() };
        let reviewed = ExpectedVersion::Exact(StreamVersion(2));
        self.ask(number, 9, Role::Approver, Said::Approve(approve), reviewed, now).await
    }

    async fn shows(&self, at: DateTime<Utc>) {
        *self.moment.lock().unwrap() = at;
        self.runner.catch_up(&|_| ()).await.unwrap();
    }

    async fn writes(&self, at: DateTime<Utc>) {
        *self.moment.lock().unwrap() = at;
        self.writer.write().await.unwrap();
    }

    /// The receipts of an entry as they stand in the journal.
    async fn receipts(&self, number: usize) -> Vec<(Channel, Receipt)> {
        let mut all = Vec::new();
        for channel in Channel::ALL {
            let stream = Receipts::stream(&Receipts::code_of(channel));
            for recorded in self.desk.journal.read_stream(&stream, StreamVersion::FIRST, 1_000).await.unwrap() {
                let Event::Served(served) = Receipts::read(&recorded.kind, 1, &recorded.payload).unwrap().unwrap();
                all.extend(served.receipts.iter().cloned().map(|receipt| (channel, receipt)));
            }
        }
        all.retain(|(_, receipt)| receipt.entry() == EntryName::new(Register::Item, item(number)));
        all
    }
}

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

fn item(number: usize) -> Code {
    code(&format!("A1-I{number}"))
}

fn content(number: usize) -> Item {
    Item::new(format!("第{number}号事项"), ItemType::Permission, code("A1"))
}

fn hash(number: usize) -> Hash {
    Hash::of_content(&content(number)).unwrap()
}

fn place(became: &Became) -> Position {
    match became {
        Became::Applied(position) | Became::Unchanged(Some(position)) => *position,
        other => panic!("{other:?}"),
    }
}

/// Goes the way up to where it is cut. What the approval was answered, if it was.
async fn cut_off(city: &City, node: Node, cut: Cut, number: usize, approved: DateTime<Utc>, shown: DateTime<Utc>) -> Option<Position> {
    if let Some((prefix, when)) = cut.append() {
        city.cluster.fail_append(prefix, when, How::Hang);
    }
    if cut <= Cut::AppendedNotAnswered {
        city.cut(Box::pin(async { drop(node.approve(number, approved).await) }), cut.append().unwrap()).await;
        return None;
    }
    let answered = node.approve(number, approved).await;
    assert!(matches!(answered, Became::Applied(_)), "{answered:?}");
    if cut >= Cut::ShownNoReceipt {
        node.shows(shown).await;
    }
    if let Some(append) = cut.append() {
        city.cut(node.writes(shown), append).await;
    } else if cut == Cut::BothReceipts {
        node.writes(shown).await;
    }
    assert_eq!(node.receipts(number).await.len(), cut.receipts());
    Some(place(&answered))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_cut_between_two_steps_the_next_node_completes_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let Some(redis) = Server::start(folder.path(), &[]).await.unwrap() else { return };
    let cluster = Cluster::single();
    drop(EventStoreJournal::create_with(&cluster.url(), PATIENT, "").await.unwrap());
    let city = City { cluster, redis, generation: "g".to_owned() };
    let first = city.views("first");
    assert!(first.acquire().await.unwrap());
    first.begin(&city.generation).await.unwrap();
    first.switch_to(&city.generation).await.unwrap();
    first.release().await.unwrap();

    for (number, cut) in Cut::ALL.into_iter().enumerate() {
        let approved = made() + TimeDelta::days(i64::try_from(number).unwrap());
        let (shown, taken_over) = (approved + TimeDelta::microseconds(1_000_007), approved + TimeDelta::hours(1));
        let node = city.node(&format!("cut{number}")).await;
        node.review(number, approved).await;
        let lease = node.views.clone();
        let answered = Box::pin(cut_off(&city, node, cut, number, approved, shown)).await;
        // A lease runs out of itself; here nobody has to wait for it.
        lease.release().await.unwrap();

        let next = city.node(&format!("next{number}")).await;
        let again = next.approve(number, taken_over).await;
        assert_eq!(matches!(again, Became::Applied(_)), cut == Cut::DecidedNotAppended, "{cut:?}: {again:?}");
        assert!(answered.is_none_or(|position| position == place(&again)), "{cut:?}: {again:?}");
        assert_eq!(city.cluster.events(&format!("item-{}", item(number))).len(), 4, "{cut:?}: lost, or there twice");
        next.shows(taken_over).await;
        next.writes(taken_over + TimeDelta::hours(1)).await;

        // Since when it is shown is said as it was, also by who did not see it.
        let served = if cut >= Cut::ShownNoReceipt { shown } else { taken_over };
        let published = if cut == Cut::DecidedNotAppended { taken_over } else { approved };
        let receipts: Vec<_> =
            next.receipts(number).await.into_iter().map(|(channel, r)| (channel, r.published_at, r.served_at, r.witness)).collect();
        assert_eq!(receipts, Channel::ALL.map(|channel| (channel, published, served, Witness::Commit)), "{cut:?}");
        assert_eq!(next.views.begun().await.unwrap(), None, "{cut:?}: what is written down is forgotten");

        // What the views are is what is built anew, up to where they are.
        next.shows(taken_over).await;
        let memory = Arc::new(MemoryViews::default());
        Runner::new(next.desk.journal.clone(), memory.clone()).catch_up(&|_| ()).await.unwrap();
        let (live, rebuilt) = (next.views.snapshot().await.unwrap(), memory.snapshot().await.unwrap());
        assert_eq!((live.position(), live.events()), (rebuilt.position(), rebuilt.events()), "{cut:?}");
        assert_eq!(check_rebuild(live.as_ref(), rebuilt.as_ref()).await.unwrap().differences, [], "{cut:?}");
        let views: SharedViews = next.views.clone();
        let found = audit(next.desk.journal.clone(), views, Arc::new(move || taken_over)).await.unwrap();
        assert_eq!((found.missing, found.parity.differing, found.receipts.all()), (0, Vec::new(), 2 * (number as u64 + 1)), "{cut:?}");
        next.views.release().await.unwrap();
    }
    println!("cut at each of {} places: nothing lost, one receipt for each channel, with the true time", Cut::ALL.len());
}
