//! The whole register as it stood: what the channels showed at one time, as it was known at another, written down so that it is the same bytes each
//! time it is asked for.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::{
    calendar::china,
    codec::decode_metadata,
    envelope::Code,
    register::Register,
    value::{Channel, Hash, canonical},
};
use exchange::export::{Folder, FolderError};
use journal::{Journal, Knowledge, SharedJournal, StoreError};
use projections::{Key, Moment, RunnerError, Snapshot, ViewError, Withholding, views_at};
use serde::Serialize;

use super::stood::{not_yet, stood};

/// Entries that are read at a time.
const PAGE: usize = 500;

/// The file that says what the others are.
pub const MANIFEST: &str = "MANIFEST.json";

/// A moment of knowledge that has not come: what will be known is not known. The command line has one clock with its register and says so; a server answers
/// by what is known, because the clock of whoever asks may be a little ahead of its own.
#[derive(Debug, thiserror::Error)]
#[error(
    "--known-at {at} 在将来，那时所知尚不可知；请改用过去的时间，或省略 / \
     --known-at {at} China time lies ahead, and what will be known then is not known: name a moment that is past, or leave it out",
    at = china::spoken(*.0)
)]
pub struct Ahead(DateTime<Utc>);

/// A moment of knowledge as it was asked for at a moment; nothing else than that one if it was left out.
pub fn known_at(asked: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<DateTime<Utc>, Ahead> {
    match asked {
        Some(ahead) if ahead > now => Err(Ahead(ahead)),
        asked => Ok(asked.unwrap_or(now)),
    }
}

/// Why a register cannot be replayed.
#[derive(Debug, thiserror::Error)]
pub enum ReplayError {
    /// What will be known is not known.
    #[error(transparent)]
    Ahead(#[from] Ahead),
    /// The journal cannot be replayed.
    #[error(transparent)]
    Runner(#[from] RunnerError),
    /// The views cannot be read.
    #[error(transparent)]
    Views(#[from] ViewError),
    /// The folder cannot be written.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// Something has no JSON form.
    #[error("条目不能写成JSON / an entry cannot be written as JSON")]
    Json(#[from] serde_json::Error),
}

/// Two times, as they are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// What was in force then.
    pub valid_at: DateTime<Utc>,
    /// What had been recorded by then.
    pub known_at: DateTime<Utc>,
}

impl Times {
    /// What was asked for at a moment: without a time of knowledge all that is known by then counts, without a time of validity what is in force then.
    pub fn asked(valid_at: Option<DateTime<Utc>>, asked: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<Self, Ahead> {
        Ok(Self { valid_at: valid_at.unwrap_or(now), known_at: known_at(asked, now)? })
    }

    /// The register at these times, without what is withheld since where that is given.
    pub async fn views(
        self,
        journal: SharedJournal,
        without: Arc<Withholding>,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Arc<dyn Snapshot>, RunnerError> {
        let moment = Moment { valid_at: self.valid_at, knowledge: Knowledge::Moment(self.known_at) };
        views_at(journal, moment, without, progress).await
    }
}

/// When the first event of a register was recorded: before that nothing was known. `None`: there is none yet, or it does not say.
pub async fn began(journal: &dyn Journal) -> Result<Option<DateTime<Utc>>, StoreError> {
    let first = journal.read_all(None, 1).await?.events;
    Ok(first.first().and_then(|first| decode_metadata(&first.metadata).ok()).map(|metadata| metadata.at))
}

/// What a replay is, as it says of itself. Nothing in it depends on when, where or by whom it was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The form: `tongyuan-replay/1`.
    pub format: &'static str,
    /// What was in force then.
    pub valid_at: DateTime<Utc>,
    /// What had been recorded by then.
    pub known_at: DateTime<Utc>,
    /// Events of the register that were known then, of all streams; nothing where only what everybody is shown is written down, because drafts and
    /// what is withheld are among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<u64>,
    /// The files, by path.
    pub files: Vec<Listed>,
    /// SHA-256 of the lines `HASH  PATH` of these files, in this order: one hash for all that was shown.
    pub root: Hash,
}

/// A file of a replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Listed {
    /// Path within the folder.
    pub path: String,
    /// The channel that showed it.
    pub channel: Channel,
    /// The register.
    pub register: Register,
    /// Entries, one a line.
    pub entries: usize,
    /// Length.
    pub bytes: u64,
    /// SHA-256 in hexadecimal digits, as tools print it.
    pub sha256: String,
}

/// Writes what channels showed into a folder: for each of them a file of every register, an entry a line in canonical JSON (RFC 8785), by code; beside
/// them the manifest. `progress` hears of how many documents so many are done.
pub async fn write(
    snapshot: &dyn Snapshot,
    times: Times,
    channels: &[Channel],
    folder: &mut Folder,
    progress: &(dyn Fn(usize, usize) + Send + Sync),
) -> Result<Manifest, ReplayError> {
    let keys: Vec<Key> = snapshot.keys().await?.into_iter().filter(|key| channels.contains(&key.channel)).collect();
    let (mut files, mut done) = (Vec::new(), 0);
    for channel in channels {
        for register in sorted_registers() {
            let path = format!("{channel}/{register}.ndjson");
            let mut file = folder.file(&path)?;
            let codes = keys.iter().filter(|key| key.channel == *channel && key.register == register).map(|key| key.code.clone());
            let codes: Vec<Code> = codes.collect();
            let mut entries = 0;
            for page in codes.chunks(PAGE) {
                for document in snapshot.get_many(*channel, register, page).await?.iter().flatten() {
                    let in_force = stood(document, times.valid_at)?.map(|entry| canonical(&entry)).transpose()?;
                    let line = match in_force {
                        Some(line) => Some(line),
                        None => not_yet(document, times.valid_at)?.map(|entry| canonical(&entry)).transpose()?,
                    };
                    if let Some(mut line) = line {
                        line.push(b'\n');
                        file.write(&line)?;
                        entries += 1;
                    }
                }
                done += page.len();
                progress(done, keys.len());
            }
            file.finish()?;
            files.push((path, *channel, register, entries));
        }
    }
    let listed = files.into_iter().zip(folder.written()).map(|((path, channel, register, entries), written)| Listed {
        path,
        channel,
        register,
        entries,
        bytes: written.bytes,
        sha256: written.hash.hex(),
    });
    let mut files: Vec<_> = listed.collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let root = Hash::of_bytes(folder.sums().as_bytes());
    let Times { valid_at, known_at } = times;
    let events = channels.contains(&Channel::Counter).then(|| snapshot.events());
    let manifest = Manifest { format: "tongyuan-replay/1", valid_at, known_at, events, files, root };
    let mut bytes = canonical(&manifest)?;
    bytes.push(b'\n');
    folder.put(MANIFEST, &bytes)?;
    Ok(manifest)
}

/// In the order of their words.
fn sorted_registers() -> Vec<Register> {
    let mut registers = Register::ALL.to_vec();
    registers.sort_by_key(|register| register.word());
    registers
}
