//! The sample register with its views in a real Redis: answers are the same as from memory, and what an entry takes there.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise, and tells what it measured")]

mod cut;

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use api::registrar::sample;
use chrono::{DateTime, Utc};
use domain::{
    codec::{self, RegisterEvent},
    entry::{Adopted, Event},
    envelope::{Code, StreamKind, StreamName, StreamVersion},
    register::{Guide, Register},
    value::{Channel, Hash},
};
use journal::{Expected, Journal, MemoryJournal, NewEvent, SharedJournal, decode_recorded};
use projections::{
    Runner, ViewStore, check_rebuild,
    contract::server::Server,
    redis::{RedisOptions, RedisViews},
    views_of,
};
use uuid::Uuid;

/// How often the items and guides of the sample stand in the register that is measured.
const COPIES: usize = 12;

fn made() -> DateTime<Utc> {
    DateTime::from_timestamp(1_788_228_000, 0).unwrap()
}

/// The sample, and its items and guides again under other codes.
async fn register() -> MemoryJournal {
    let journal = MemoryJournal::new();
    sample::make(&journal, made(), &|_, _| ()).await.unwrap();
    let events = journal.read_all(None, usize::MAX).await.unwrap().events;
    for copy in 1..COPIES {
        for recorded in events.iter().filter(|recorded| matches!(recorded.stream.kind, StreamKind::Entry(Register::Item | Register::Guide)))
        {
            let again = |code: &Code| -> Code { format!("{}.{copy}", &code.as_str()[..code.as_str().len().min(60)]).parse().unwrap() };
            let event = match decode_recorded(recorded).unwrap().1 {
                RegisterEvent::Guide(Event::Adopted(adopted)) => {
                    let mut content = Guide::clone(&adopted.content);
                    content.item = again(&content.item);
                    let content_hash = Hash::of_content(&content).unwrap();
                    codec::encode(&Event::Adopted(Adopted { content: Arc::new(content), content_hash, ..adopted })).unwrap().payload
                }
                _ => recorded.payload.clone(),
            };
            let stream = StreamName { kind: recorded.stream.kind, code: again(&recorded.stream.code) };
            let id = Uuid::new_v5(&recorded.id, &[u8::try_from(copy).unwrap()]);
            let new = NewEvent { id, kind: recorded.kind.clone(), metadata: recorded.metadata.clone(), payload: event };
            let expected = recorded.version.0.checked_sub(1).map_or(Expected::NoStream, |before| Expected::Version(StreamVersion(before)));
            journal.append(&stream, expected, vec![new]).await.unwrap();
        }
    }
    journal
}

/// Bytes of all keys, by what they are for.
async fn bytes(port: u16) -> BTreeMap<&'static str, u64> {
    let client = redis::Client::open(("127.0.0.1", port)).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    let mut all = BTreeMap::new();
    for key in redis::cmd("KEYS").arg("*").query_async::<Vec<String>>(&mut connection).await.unwrap() {
        let of = match key.split(':').nth(2) {
            Some("d") => "documents",
            Some("e") => "terms",
            Some("p") => "postings",
            _ => "all else",
        };
        let mut usage = redis::cmd("MEMORY");
        usage.arg(&["USAGE", &key, "SAMPLES", "0"]);
        // The lease may run out after its key was named.
        *all.entry(of).or_default() += usage.query_async::<Option<u64>>(&mut connection).await.unwrap().unwrap_or(0);
    }
    all
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_entry_takes_some_kilobytes_and_is_what_it_is_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let Some(server) = Server::start(folder.path(), &[]).await.unwrap() else { return };
    let journal: SharedJournal = Arc::new(register().await);
    let views = RedisViews::new(&server.address().parse().unwrap(), RedisOptions::new("test")).unwrap();
    assert!(views.acquire().await.unwrap());
    views.begin("one").await.unwrap();
    let begun = Instant::now();
    Runner::new(journal.clone(), Arc::new(views.generation("one"))).catch_up(&|_| ()).await.unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    views.switch_to("one").await.unwrap();

    let (snapshot, memory) = (views.snapshot().await.unwrap(), views_of(journal, &|_| ()).await.unwrap().now().await.unwrap());
    let check = check_rebuild(snapshot.as_ref(), memory.as_ref()).await.unwrap();
    assert_eq!(check.differences, []);

    // A document stands there once for both channels, where they are the same.
    let entries = check.documents / 2;
    let mut parted = 0;
    for register in Register::ALL {
        let keys = memory.keys().await.unwrap();
        let codes: Vec<_> =
            keys.iter().filter(|key| (key.channel, key.register) == (Channel::Online, register)).map(|key| key.code.clone()).collect();
        let [online, counter] = [Channel::Online, Channel::Counter].map(|channel| memory.get_many(channel, register, &codes));
        parted += online.await.unwrap().iter().zip(counter.await.unwrap()).filter(|(online, counter)| *online != counter).count();
    }
    let bytes = bytes(server.port).await;
    let mut total = 0;
    for (of, bytes) in &bytes {
        println!("{of}: {} bytes an entry", bytes / entries as u64);
        total += bytes;
    }
    println!(
        "all: {} bytes an entry; {entries} entries, {parted} of them with a document for each channel, {} bytes of JSON a document, filled in {seconds:.1} s",
        total / entries as u64,
        check.bytes / check.documents as u64
    );
    assert!(total / (entries as u64) < 12_000, "{bytes:?}");
}
