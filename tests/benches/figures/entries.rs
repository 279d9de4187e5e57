//! What is measured with: the real sets, which are no part of the repository, the sample register, and entries made from it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use domain::{
    codec::{self, RegisterEvent, Registered},
    entry::{Adopted, Event},
    envelope::{ActorId, Code, Metadata, StreamKind, StreamName},
    register::Register,
    value::Hash,
};
use futures::{StreamExt, TryStreamExt, stream};
use journal::{Expected, Journal, MemoryJournal, NewEvent, Recorded, SharedJournal, SqliteJournal, decode_recorded};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use uuid::Uuid;

pub(crate) fn real_sets() -> Result<Vec<PathBuf>, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let paths = vec![folder.join("karamay-power-lists"), folder.join("guangdong-items/policy.ndjson")];
    match paths.iter().find(|path| !path.exists()) {
        Some(absent) => Err(format!("{} is absent", absent.file_name().unwrap_or_default().display())),
        None => Ok(paths),
    }
}

/// A folder on the disk that the build is on: what is synced has to reach a disk.
pub(crate) fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

pub(crate) fn runtime() -> Runtime {
    Runtime::new().unwrap()
}

/// The time at which everything is made.
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_770_000_000, 0).unwrap()
}

/// The events of the sample register.
pub(crate) fn sample() -> Vec<Recorded> {
    let journal = MemoryJournal::new();
    runtime().block_on(async {
        api::registrar::sample::make(&journal, now(), &|_, _| ()).await.unwrap();
        journal.read_all(None, usize::MAX).await.unwrap().events
    })
}

/// So many appends of one event to a stream of its own, with sizes and contents as in the sample register.
pub(crate) fn appends(sample: &[Recorded], count: usize) -> Vec<(StreamName, NewEvent)> {
    let one = |number: usize| {
        let like = &sample[number % sample.len()];
        let stream = StreamName { kind: like.stream.kind, code: format!("E{number}").parse().unwrap() };
        let id = Uuid::from_u128(number as u128 + 1);
        (stream, NewEvent { id, kind: like.kind.clone(), metadata: like.metadata.clone(), payload: like.payload.clone() })
    };
    (0..count).map(one).collect()
}

/// A register with so many items and guides, half of each, made from those of the sample register under other codes.
pub(crate) fn generated(path: &Path, count: usize) {
    let sample = sample();
    let adopted = |register| {
        let of = sample.iter().filter(move |recorded| recorded.stream.kind == StreamKind::Entry(register));
        of.filter_map(|recorded| decode_recorded(recorded).ok().map(|(_, event)| event)).collect::<Vec<_>>()
    };
    let (items, guides) = (adopted(Register::Item), adopted(Register::Guide));
    let guides: Vec<_> = guides.into_iter().filter(|event| matches!(event, RegisterEvent::Guide(Event::Adopted(_)))).collect();
    let items: Vec<_> = items.into_iter().filter(|event| matches!(event, RegisterEvent::Item(Event::Adopted(_)))).collect();
    let journal: SharedJournal = Arc::new(SqliteJournal::create(path).unwrap());
    let agencies =
        sample.iter().filter(|r| r.stream.kind == StreamKind::Entry(Register::Agency) && r.kind == "agency.adopted" && r.version.0 == 0);
    runtime().block_on(async {
        for agency in agencies {
            let event =
                NewEvent { id: agency.id, kind: agency.kind.clone(), metadata: agency.metadata.clone(), payload: agency.payload.clone() };
            journal.append(&agency.stream, Expected::NoStream, vec![event]).await.unwrap();
        }
        let made = (0..count / 2).flat_map(|n| {
            let code: Code = format!("GENERATED-{n:06}").parse().unwrap();
            let (RegisterEvent::Item(Event::Adopted(item)), RegisterEvent::Guide(Event::Adopted(guide))) =
                (&items[n % items.len()], &guides[n % guides.len()])
            else {
                unreachable!("only adoptions are left")
            };
            let item = again(item, &code, |item| item.name = format!("{} {n}", item.name));
            let guide = again(guide, &code, |guide| (guide.item, guide.name) = (code.clone(), format!("{} {n}", guide.name)));
            [item, guide]
        });
        let appended = stream::iter(made).map(|(stream, event)| {
            let journal = journal.clone();
            async move { journal.append(&stream, Expected::NoStream, vec![event]).await.map(drop) }
        });
        appended.buffer_unordered(256).try_collect::<()>().await.unwrap();
    });
}

/// An adoption again, of other content under another code.
fn again<C: Registered>(like: &Adopted<C>, code: &Code, change: impl FnOnce(&mut C)) -> (StreamName, NewEvent) {
    let mut content = C::clone(&like.content);
    change(&mut content);
    let content_hash = Hash::of_content(&content).unwrap();
    let adopted = Adopted { revision: 1, content: Arc::new(content), content_hash, effective_from: now(), source: like.source.clone() };
    let stored = codec::encode(&Event::Adopted(adopted)).unwrap();
    let stream = StreamName::new(C::REGISTER, code.clone());
    let command = Uuid::new_v5(&Uuid::NAMESPACE_OID, stream.to_string().as_bytes());
    let metadata = Metadata { schema: stored.schema, command, actor: ActorId::new("bench"), at: now(), decided_at: None };
    let metadata = codec::encode_metadata(&metadata).unwrap();
    (stream, NewEvent { id: command, kind: stored.kind, metadata, payload: stored.payload })
}
