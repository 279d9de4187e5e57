//! What commits have begun and is not written down yet. Views in memory die with their process; in a file beside the journal the moment outlives it.
//!
//! A note is written once the views show what it tells of, so that nothing is claimed that nobody can have seen. It is a line, without a sync: whoever is
//! killed leaves it to the kernel, and the receipt, which is synced, follows within the second.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::{Path, PathBuf},
};

use chrono::{DateTime, Utc};
use domain::{
    codec::RegisterEvent,
    envelope::{EntryName, Position, StreamName, StreamVersion},
};
use futures::{StreamExt, TryStreamExt, stream};
use journal::{Journal, StoreError};
use serde::{Deserialize, Serialize};

use crate::{
    begun::{Begun, Noted},
    happened::Happened,
};

/// Notes are handed out in parts of about so much.
const PART: usize = 2_000;

/// Streams that are read at once.
const AT_ONCE: usize = 8;

/// Events of a stream that are read at a time.
const PAGE: usize = 500;

/// Why nothing is noted in a file.
#[derive(Debug, thiserror::Error)]
pub enum NotingError {
    /// The file cannot be used, or another process does.
    #[error("已展示的内容无法记在文件中 / what is shown cannot be noted in a file")]
    File(#[from] io::Error),
    /// What is noted there cannot be held against the journal.
    #[error("日志无法读取 / the journal cannot be read")]
    Journal(#[from] StoreError),
}

/// Notes that wait to be written down, by commit, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Notes {
    waiting: VecDeque<Note>,
    kept: Option<Kept>,
}

/// What a commit has begun: a line of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Note {
    /// Checkpoint of the commit.
    up_to: Position,
    begun: Vec<Begun>,
}

/// The file, locked for as long as it is open. It stays when it is empty: whoever took it away could take it from another that has just opened it.
#[derive(Debug)]
struct Kept {
    path: PathBuf,
    file: File,
    /// Whether there is nothing in it.
    empty: bool,
    /// Whether the last attempt to write failed, so that it does not hold all that waits.
    fails: bool,
}

impl Notes {
    /// Those that an earlier process left in a file, which is made if there is none, and from now on kept there. An error: nothing can be kept there,
    /// another process does, or it is a file of something else.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::new(io::ErrorKind::WouldBlock, "another process serves and notes there"));
            }
            // A file system without locks: whoever serves a register from there is alone with it.
            Err(TryLockError::Error(error)) => tracing::debug!(%error, "the notes are not locked"),
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        // Whoever was killed while it wrote left half a line at the end.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        let (mut waiting, mut strange) = (VecDeque::new(), 0);
        for line in bytes[..whole].split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice::<Note>(line) {
                Ok(note) => waiting.push_back(note),
                Err(_) => strange += 1,
            }
        }
        if strange > 0 && waiting.is_empty() {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "nothing in it is a note that this version knows"));
        }
        if strange > 0 {
            tracing::warn!(lines = strange, file = %path.display(), "some of what was noted is not known to this version, and is left out");
        }
        file.set_len(whole as u64)?;
        for note in &mut waiting {
            // Its place was one of the log as it was then, and comes before all that is committed now. What begins later is found by whoever looks
            // over what it shows.
            note.up_to = Position::single(0);
            note.begun.retain(|begun| begun.served.is_some());
        }
        waiting.retain(|note| !note.begun.is_empty());
        Ok(Self { waiting, kept: Some(Kept { path: path.to_owned(), file, empty: whole == 0, fails: false }) })
    }

    /// Notes what a commit has begun.
    pub(super) fn push(&mut self, up_to: Position, begun: Vec<Begun>) {
        self.waiting.push_back(Note { up_to, begun });
        if let Some(kept) = &mut self.kept {
            kept.add(&self.waiting);
        }
    }

    /// The next part; `None` if nothing waits.
    pub(super) fn next(&self) -> Option<Noted> {
        let mut noted = Noted { up_to: self.waiting.front()?.up_to, begun: Vec::new() };
        for Note { up_to, begun } in &self.waiting {
            if !noted.begun.is_empty() && noted.begun.len() + begun.len() > PART {
                break;
            }
            noted.up_to = *up_to;
            noted.begun.extend_from_slice(begun);
        }
        Some(noted)
    }

    /// What commits up to a checkpoint have begun is written down.
    pub(super) fn forget(&mut self, up_to: Position) {
        while self.waiting.front().is_some_and(|note| note.up_to <= up_to) {
            self.waiting.pop_front();
        }
        // What stays in the file longer than it waits is found to be written down.
        if self.waiting.is_empty()
            && let Some(kept) = &mut self.kept
        {
            kept.clear();
        }
    }

    /// Without what was not published by a journal: it was replaced, or set back to an earlier one, since that was noted.
    pub(super) async fn held_against(mut self, journal: &dyn Journal) -> Result<Self, StoreError> {
        let entries: BTreeSet<_> = self.waiting.iter().flat_map(|note| &note.begun).map(Begun::entry).collect();
        let of = |entry: EntryName| async move { Ok::<_, StoreError>((published(journal, &entry).await?, entry)) };
        let all = stream::iter(entries).map(of).buffer_unordered(AT_ONCE).map_ok(|(published, entry)| (entry, published));
        let all: BTreeMap<_, _> = all.try_collect().await?;
        let holds = |begun: &Begun| {
            let published = all
                .get(&begun.entry())
                .is_some_and(|published| begun.served.is_some_and(|served| published.contains(&(served.revision, served.published_at))));
            if !published {
                tracing::warn!(entry = %begun.entry(), "what was noted of it is not in the journal, and is left out");
            }
            published
        };
        for note in &mut self.waiting {
            note.begun.retain(holds);
        }
        self.waiting.retain(|note| !note.begun.is_empty());
        Ok(self)
    }
}

/// The revisions of an entry, each with the moment at which it was published.
async fn published(journal: &dyn Journal, entry: &EntryName) -> Result<Vec<(u32, DateTime<Utc>)>, StoreError> {
    let stream = StreamName::new(entry.register, entry.code.clone());
    let (mut revisions, mut from) = (Vec::new(), StreamVersion::FIRST);
    loop {
        let page = journal.read_stream(&stream, from, PAGE).await?;
        // What cannot be read stops the projection, and is complained about there.
        let happened = page.iter().filter_map(|recorded| Happened::read(recorded).ok().flatten());
        revisions.extend(happened.filter_map(|happened| Some((revision(&happened.event)?, happened.metadata.decided()))));
        match page.last() {
            Some(last) if page.len() == PAGE => from = last.version.next(),
            _ => return Ok(revisions),
        }
    }
}

/// The number of the revision that an event published.
fn revision(event: &RegisterEvent) -> Option<u32> {
    match event {
        RegisterEvent::Agency(event) => event.publication().map(|publication| publication.revision),
        RegisterEvent::Item(event) => event.publication().map(|publication| publication.revision),
        RegisterEvent::Guide(event) => event.publication().map(|publication| publication.revision),
        RegisterEvent::Material(event) => event.publication().map(|publication| publication.revision),
        RegisterEvent::CatalogueEntry(event) => event.publication().map(|publication| publication.revision),
    }
}

impl Kept {
    /// Writes the last of what waits, or all of it if something of it is not there.
    fn add(&mut self, waiting: &VecDeque<Note>) {
        let from = if self.fails { 0 } else { waiting.len().saturating_sub(1) };
        match self.write(waiting.range(from..)) {
            Ok(()) => (self.empty, self.fails) = (false, false),
            Err(error) => {
                if !self.fails {
                    let words =
                        "what is shown is not noted beside the journal; if this process is killed now its receipt says when it was found";
                    tracing::warn!(file = %self.path.display(), %error, "{words}");
                }
                self.fails = true;
            }
        }
    }

    fn write<'n>(&mut self, notes: impl Iterator<Item = &'n Note>) -> io::Result<()> {
        if self.fails {
            self.file.set_len(0)?;
        }
        let mut lines = Vec::new();
        for note in notes {
            serde_json::to_writer(&mut lines, note)?;
            lines.push(b'\n');
        }
        self.file.write_all(&lines)
    }

    fn clear(&mut self) {
        if (!self.empty || self.fails) && self.file.set_len(0).is_ok() {
            (self.empty, self.fails) = (true, false);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use chrono::DateTime;
    use domain::{
        register::Register,
        value::{Channel, Hash},
    };

    use super::*;
    use crate::begun::ServedNow;

    fn place(number: u64) -> Position {
        Position::single(number)
    }

    fn begun(code: &str) -> Begun {
        let (at, code) = (DateTime::UNIX_EPOCH, code.parse().unwrap());
        let served = ServedNow { revision: 1, content_hash: Hash::of_bytes(b"x"), published_at: at };
        Begun { channel: Channel::Online, register: Register::Item, code, at, served: Some(served) }
    }

    fn codes(notes: &Notes) -> Vec<String> {
        notes.next().map(|noted| noted.begun.iter().map(|begun| begun.code.to_string()).collect()).unwrap_or_default()
    }

    #[test]
    fn what_waits_when_a_process_ends_waits_in_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        let mut notes = Notes::open(&path).unwrap();
        assert_eq!(notes.next(), None);
        notes.push(place(1), vec![begun("A")]);
        notes.push(place(3), vec![begun("B"), begun("C")]);
        assert_eq!(Notes::open(&path).unwrap_err().kind(), io::ErrorKind::WouldBlock, "one process at a time");
        drop(notes);
        let mut notes = Notes::open(&path).unwrap();
        // The places of then may be those of other events by now: all of it comes before what is committed now.
        notes.push(place(2), vec![begun("D")]);
        assert_eq!((codes(&notes), notes.next().unwrap().up_to), (vec!["A".into(), "B".into(), "C".into(), "D".into()], place(2)));
        notes.forget(place(0));
        assert_eq!(codes(&notes), ["D"]);
        notes.forget(place(2));
        assert_eq!((notes.next(), fs::metadata(&path).unwrap().len()), (None, 0));
        notes.push(place(5), vec![begun("E"), Begun { served: None, ..begun("later") }]);
        drop(notes);
        let mut notes = Notes::open(&path).unwrap();
        assert_eq!(codes(&notes), ["E"], "what was to begin later began while nobody served, or is found");
        notes.forget(place(9));
        assert_eq!(fs::metadata(&path).unwrap().len(), 0);
    }

    #[test]
    fn what_is_no_note_is_left_alone_or_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        fs::write(&path, "a letter\nto somebody\n").unwrap();
        assert_eq!(Notes::open(&path).unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert_eq!(fs::read_to_string(&path).unwrap(), "a letter\nto somebody\n");
        fs::remove_file(&path).unwrap();
        let mut notes = Notes::open(&path).unwrap();
        notes.push(place(1), vec![begun("A")]);
        drop(notes);
        let known = fs::read_to_string(&path).unwrap();
        fs::write(&path, format!("{known}{{\"of\":\"a later version\"}}\n{}", known.replace("\"A\"", "\"B\""))).unwrap();
        assert_eq!(codes(&Notes::open(&path).unwrap()), ["A", "B"]);
    }

    #[test]
    fn what_could_not_be_written_is_written_with_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        let mut notes = Notes::open(&path).unwrap();
        let kept = notes.kept.as_mut().unwrap();
        let file = std::mem::replace(&mut kept.file, OpenOptions::new().read(true).open(&path).unwrap());
        notes.push(place(1), vec![begun("A")]);
        notes.push(place(2), vec![begun("B")]);
        notes.kept.as_mut().unwrap().file = file;
        notes.push(place(3), vec![begun("C")]);
        drop(notes);
        assert_eq!(codes(&Notes::open(&path).unwrap()), ["A", "B", "C"]);
    }

    #[test]
    fn half_a_line_is_no_note_and_spoils_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        let mut notes = Notes::open(&path).unwrap();
        notes.push(place(1), vec![begun("A")]);
        notes.push(place(2), vec![begun("B")]);
        drop(notes);
        let whole = fs::read(&path).unwrap();
        for length in 0..whole.len() {
            fs::write(&path, &whole[..length]).unwrap();
            let first = whole.iter().position(|byte| *byte == b'\n').unwrap();
            let mut notes = Notes::open(&path).unwrap();
            let before: &[&str] = if length > first { &["A"] } else { &[] };
            assert_eq!(codes(&notes), before, "{length} bytes");
            notes.push(place(3), vec![begun("C")]);
            drop(notes);
            assert_eq!(codes(&Notes::open(&path).unwrap()), [before, &["C"]].concat(), "{length} bytes");
        }
    }

    #[test]
    fn parts_are_of_whole_commits() {
        let mut notes = Notes::default();
        for commit in 1..=4 {
            notes.push(place(commit), (0..PART / 2).map(|n| begun(&format!("C{commit}.{n}"))).collect());
        }
        assert_eq!((notes.next().unwrap().begun.len(), notes.next().unwrap().up_to), (PART, place(2)));
        notes.forget(place(2));
        notes.push(place(5), (0..2 * PART).map(|n| begun(&format!("D{n}"))).collect());
        notes.forget(place(4));
        assert_eq!(notes.next().unwrap().begun.len(), 2 * PART, "one commit is one part, however large");
    }
}
