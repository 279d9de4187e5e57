//! What commits have begun and is not written down yet. Views in memory die with their process; in a file beside the journal the moment outlives it.
//!
//! A note is written once the views show what it tells of, so that nothing is claimed that nobody can have seen. It is a line, without a sync: whoever is
//! killed leaves it to the kernel, and the receipt, which is synced, follows within the second.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Write},
    path::Path,
};

use chrono::{DateTime, Utc};
use domain::{
    codec::RegisterEvent,
    envelope::{EntryName, Position, StreamName, StreamVersion},
};
use journal::{Journal, StoreError};
use serde::{Deserialize, Serialize};

use crate::{
    begun::{Begun, Noted},
    happened::Happened,
};

/// Notes are handed out in parts of about so much.
const PART: usize = 2_000;

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

/// The file, locked for as long as it is open.
#[derive(Debug)]
struct Kept {
    file: File,
    /// Its length, up to the end of the last line that is whole.
    length: u64,
    /// Whether the last attempt to write failed.
    fails: bool,
}

impl Notes {
    /// Those that an earlier process left in a file, which is made if there is none, and from now on kept there. An error: nothing can be kept there, or
    /// another process does.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::WouldBlock.into()),
            // A file system without locks: whoever serves a register from there is alone with it.
            Err(TryLockError::Error(error)) => tracing::debug!(%error, "the notes are not locked"),
        }
        let (mut bytes, mut length, mut waiting) = (Vec::new(), 0, VecDeque::new());
        file.read_to_end(&mut bytes)?;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            // Whoever was killed while it wrote left half a line; nothing can come after it.
            let Some(note) = line.strip_suffix(b"\n").and_then(|line| serde_json::from_slice(line).ok()) else { break };
            waiting.push_back(note);
            length += line.len() as u64;
        }
        file.set_len(length)?;
        Ok(Self { waiting, kept: Some(Kept { file, length, fails: false }) })
    }

    /// Notes what a commit has begun.
    pub(super) fn push(&mut self, up_to: Position, begun: Vec<Begun>) {
        let note = Note { up_to, begun };
        if let Some(kept) = &mut self.kept {
            kept.push(&note);
        }
        self.waiting.push_back(note);
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
        // What is in the file longer than it waits is found to be written down.
        if self.waiting.is_empty()
            && let Some(kept) = &mut self.kept
        {
            kept.clear();
        }
    }

    /// Without what was not published by a journal: it was replaced, or set back to an earlier one, since that was noted.
    pub(super) async fn held_against(mut self, journal: &dyn Journal) -> Result<Self, StoreError> {
        let entries: BTreeSet<_> = self.waiting.iter().flat_map(|note| &note.begun).map(Begun::entry).collect();
        let mut all = BTreeMap::new();
        for entry in entries {
            let of_entry = published(journal, &entry).await?;
            all.insert(entry, of_entry);
        }
        let holds = |begun: &Begun| {
            let published = all
                .get(&begun.entry())
                .is_some_and(|published| begun.served.is_none_or(|served| published.contains(&(served.revision, served.published_at))));
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
    fn push(&mut self, note: &Note) {
        let written = serde_json::to_vec(note).map_err(io::Error::from).and_then(|mut line| {
            line.push(b'\n');
            self.file.write_all(&line)?;
            Ok(line.len() as u64)
        });
        match written {
            Ok(length) => (self.length, self.fails) = (self.length + length, false),
            Err(error) => {
                if !self.fails {
                    tracing::warn!(%error, "what is shown is not noted beside the journal; if this process is killed now its receipt says when it was found");
                }
                self.fails = true;
                // No half line before the next.
                let _ = self.file.set_len(self.length);
            }
        }
    }

    fn clear(&mut self) {
        if self.length > 0 && self.file.set_len(0).is_ok() {
            self.length = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use domain::{register::Register, value::Channel};

    use super::*;

    fn place(number: u64) -> Position {
        Position::single(number)
    }

    fn begun(code: &str) -> Begun {
        Begun { channel: Channel::Online, register: Register::Item, code: code.parse().unwrap(), at: DateTime::UNIX_EPOCH, served: None }
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
        assert_eq!((codes(&notes), notes.next().unwrap().up_to), (vec!["A".into(), "B".into(), "C".into()], place(3)));
        notes.forget(place(2));
        assert_eq!(codes(&notes), ["B", "C"]);
        notes.push(place(4), vec![begun("D")]);
        notes.forget(place(4));
        assert_eq!((notes.next(), std::fs::metadata(&path).unwrap().len()), (None, 0));
        notes.push(place(5), vec![begun("E")]);
        drop(notes);
        assert_eq!(codes(&Notes::open(&path).unwrap()), ["E"]);
    }

    #[test]
    fn half_a_line_is_no_note_and_spoils_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        let mut notes = Notes::open(&path).unwrap();
        notes.push(place(1), vec![begun("A")]);
        notes.push(place(2), vec![begun("B")]);
        drop(notes);
        let whole = std::fs::read(&path).unwrap();
        for length in 0..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
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
