//! What happened that begins a deadline, and what was done of it since: a fold of the log, event by event.

use std::{
    collections::{BTreeSet, HashMap, hash_map::Entry as Slot},
    sync::Arc,
};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    calendar::{self, Notice, WorkingCalendar, china},
    changeset::{ChangeSet, Member},
    codec::{CodecError, RegisterEvent, Streamed, decode_metadata},
    deadline::sight::{Known, Sight},
    deadline::{self, Act, DeadlineRules, Done, Occasion, Ruled},
    envelope::{Code, EntryName, Metadata, Position, StreamKind},
    inaccuracy::{self, Dismissed, Inaccuracy, Reported},
    receipt::{self, Receipts, Served, Witness},
    register::Register,
    selfcheck::{self, SelfChecks},
    value::{Channel, Hash},
};
use journal::Recorded;

use super::{
    agency::Agencies,
    apply,
    entry::{Row, Shown},
    set,
};
use crate::happened::{Happened, Unreadable};

/// What was done, and when it was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Acted {
    pub(super) done: Done,
    pub(super) recorded_at: DateTime<Utc>,
    /// How it is known.
    pub(super) by: Known,
}

/// A report of what is not right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) code: Code,
    pub(super) path: Option<String>,
    pub(super) said: Hash,
    pub(super) words: String,
    /// How it was found unfounded, and when that was recorded.
    pub(super) dismissed: Option<(Arc<Dismissed>, DateTime<Utc>)>,
}

/// Something that begins a deadline of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Occurrence {
    pub(super) occasion: Occasion,
    /// The entry.
    pub(super) row: u32,
    /// Place of the event by which it became known.
    pub(super) place: Position,
    pub(super) trigger: DateTime<Utc>,
    pub(super) recorded_at: DateTime<Utc>,
    /// The revision that it is about, if it is about one.
    pub(super) revision: Option<u32>,
    pub(super) acts: Vec<Acted>,
    pub(super) report: Option<Box<Told>>,
    /// Since when nothing of it is due any more: the draft was given up.
    pub(super) void_since: Option<DateTime<Utc>>,
}

/// Everything that happened.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Occurred {
    /// The date in China of the first event: what documents from before changed was published elsewhere.
    pub(super) began: Option<NaiveDate>,
    /// When the first receipt was recorded: what should have been shown before that is proven or not, and nobody kept an account of it.
    pub(super) receipts_since: Option<DateTime<Utc>>,
    pub(super) rows: Vec<Row>,
    names: HashMap<EntryName, u32>,
    /// The guides that ever belonged to an item.
    guides: HashMap<Code, BTreeSet<u32>>,
    pub(super) occurrences: Vec<Occurrence>,
    reports: HashMap<Code, u32>,
    pub(super) agencies: Agencies,
    /// What change sets on their way are to do.
    pub(super) sets: HashMap<Code, Arc<Vec<Member>>>,
    pub(super) notices: Vec<(DateTime<Utc>, Arc<Notice>)>,
    pub(super) ruled: Vec<(DateTime<Utc>, Arc<Ruled>)>,
    /// What changed since it was last looked at.
    pub(super) touched: BTreeSet<u32>,
}

impl Occurrence {
    /// Whether it is of a revision that was approved with a change set which has not reached the entry: there is no number of it yet, and nobody but those
    /// who see drafts knows of it.
    pub(super) fn is_of_set(&self) -> bool {
        self.occasion == Occasion::RevisionApproved && self.revision.is_none()
    }
}

impl Occurred {
    /// Notes an event of the log.
    pub(super) fn note(&mut self, recorded: &Recorded) -> Result<(), Box<Unreadable>> {
        self.try_note(recorded).map_err(|source| {
            let (stream, version, position) = (recorded.stream.to_string(), recorded.version, recorded.position);
            Box::new(Unreadable { stream, version, position, source })
        })
    }

    fn try_note(&mut self, recorded: &Recorded) -> Result<(), CodecError> {
        let metadata = decode_metadata(&recorded.metadata)?;
        let at = metadata.at;
        self.began.get_or_insert(china::date_of(at));
        match recorded.stream.kind {
            StreamKind::Entry(_) => self.note_entry(recorded, metadata)?,
            StreamKind::Calendar => {
                if let Some(calendar::Event::Announced(announced)) = read::<WorkingCalendar>(recorded, &metadata)? {
                    self.notices.push((at, announced.notice.clone()));
                }
            }
            StreamKind::Deadline => {
                if let Some(deadline::Event::Ruled(ruled)) = read::<DeadlineRules>(recorded, &metadata)? {
                    self.ruled.push((at, ruled));
                }
            }
            StreamKind::Inaccuracy => match read::<Inaccuracy>(recorded, &metadata)? {
                Some(inaccuracy::Event::Reported(reported)) => self.report(recorded, at, &reported),
                Some(inaccuracy::Event::Dismissed(dismissed)) => self.dismiss(&recorded.stream.code, at, dismissed),
                None => {}
            },
            StreamKind::SelfCheck => {
                if let Some(selfcheck::Event::Checked(checked)) = read::<SelfChecks>(recorded, &metadata)? {
                    self.agencies.check(checked.agency.clone(), checked.year, at);
                }
            }
            StreamKind::Receipt => {
                if let Some(receipt::Event::Served(served)) = read::<Receipts>(recorded, &metadata)? {
                    self.receipts_since.get_or_insert(at);
                    self.serve(&served, at);
                }
            }
            StreamKind::ChangeSet => {
                if let Some(event) = read::<ChangeSet>(recorded, &metadata)? {
                    set::event(self, recorded, &metadata, &event);
                }
            }
        }
        Ok(())
    }

    fn note_entry(&mut self, recorded: &Recorded, metadata: Metadata) -> Result<(), CodecError> {
        let event = domain::codec::decode(&recorded.kind, metadata.schema, &recorded.payload)?;
        let (code, version, position) = (recorded.stream.code.clone(), recorded.version, recorded.position);
        let happened = Happened { code, version, position, metadata, event, cut: None };
        let row = self.row(happened.entry());
        match &happened.event {
            RegisterEvent::Agency(event) => apply::event(self, row, &happened, event),
            RegisterEvent::Item(event) => apply::event(self, row, &happened, event),
            RegisterEvent::Guide(event) => apply::event(self, row, &happened, event),
            RegisterEvent::Material(event) => apply::event(self, row, &happened, event),
            RegisterEvent::CatalogueEntry(event) => apply::event(self, row, &happened, event),
        }
        Ok(())
    }

    fn report(&mut self, recorded: &Recorded, at: DateTime<Utc>, reported: &Reported) {
        let row = self.row(reported.entry());
        let code = recorded.stream.code.clone();
        let (path, said, words) = (reported.path.clone(), reported.said, reported.words.clone());
        let told = Told { code: code.clone(), path, said, words, dismissed: None };
        let occurrence = Occurrence {
            occasion: Occasion::InaccuracyReported,
            row,
            place: recorded.position,
            trigger: at,
            recorded_at: at,
            revision: Some(reported.revision),
            acts: Vec::new(),
            report: Some(Box::new(told)),
            void_since: None,
        };
        let number = self.begin(occurrence);
        self.reports.insert(code, number);
        self.rows[row as usize].reports.push(number);
    }

    fn dismiss(&mut self, code: &Code, at: DateTime<Utc>, dismissed: Arc<Dismissed>) {
        let Some(number) = self.reports.get(code).copied() else { return };
        let occurrence = &mut self.occurrences[number as usize];
        let row = occurrence.row;
        if let Some(report) = &mut occurrence.report {
            report.dismissed = Some((dismissed, at));
        }
        self.rows[row as usize].reports.retain(|open| *open != number);
        self.act(number, Done { act: Act::Corrected, at }, at);
    }

    /// Notes that a channel serves revisions.
    fn serve(&mut self, served: &Served, at: DateTime<Utc>) {
        let act = match served.channel {
            Channel::Online => Act::ShownOnline,
            Channel::Counter => Act::ShownAtCounter,
        };
        for receipt in &served.receipts {
            let Some(row) = self.names.get(&receipt.entry()).copied() else { continue };
            let by = match receipt.witness {
                _ if receipt.is_doubted() => Known::Doubted,
                Witness::Commit => Known::Seen,
                Witness::Found => Known::Found,
            };
            // By a clock that was behind it was shown before it was published. That it is shown is certain, and it was not before.
            let done = Done { act, at: receipt.served_at.max(receipt.published_at) };
            let acted = Acted { done, recorded_at: at, by };
            self.rows[row as usize].shown.push(Shown { revision: receipt.revision, acted });
            self.touch(row);
        }
    }

    /// Notes to which item a guide belongs, or belonged.
    pub(super) fn belongs_to(&mut self, guide: u32, item: Option<&Code>) {
        if let Some(item) = item {
            self.guides.entry(item.clone()).or_default().insert(guide);
        }
    }

    /// Notes that channels may show something else of an entry than before, and of the guides of an item.
    pub(super) fn look_again(&mut self, row: u32) {
        self.touch(row);
        let EntryName { register, code } = &self.rows[row as usize].name;
        let guides = self.guides.get(code).filter(|_| *register == Register::Item).cloned().unwrap_or_default();
        for guide in guides {
            self.touch(guide);
        }
    }

    fn touch(&mut self, row: u32) {
        self.touched.extend(&self.rows[row as usize].occurrences);
    }

    /// When channels can show a revision, by what was recorded until a moment.
    pub(super) fn sight(&self, row: u32, revision: u32, until: DateTime<Utc>) -> Option<Sight> {
        let story = &self.rows[row as usize].story;
        let item = story.item_of(revision).and_then(|item| self.entry(&EntryName::new(Register::Item, item.clone())));
        story.sight(revision, item.map(|item| &item.story), until)
    }

    /// The number of an entry.
    fn row(&mut self, name: EntryName) -> u32 {
        let next = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        match self.names.entry(name) {
            Slot::Occupied(known) => *known.get(),
            Slot::Vacant(new) => {
                self.rows.push(Row::new(new.key().clone()));
                *new.insert(next)
            }
        }
    }

    /// The number of an entry, if anything happened to it.
    pub(super) fn number_of(&self, name: &EntryName) -> Option<u32> {
        self.names.get(name).copied()
    }

    /// The entry under a name, if anything happened to it.
    pub(super) fn entry(&self, name: &EntryName) -> Option<&Row> {
        self.names.get(name).map(|row| &self.rows[*row as usize])
    }

    /// Notes that something begins.
    pub(super) fn begin(&mut self, occurrence: Occurrence) -> u32 {
        let number = u32::try_from(self.occurrences.len()).unwrap_or(u32::MAX);
        self.rows[occurrence.row as usize].occurrences.push(number);
        self.occurrences.push(occurrence);
        self.touched.insert(number);
        number
    }

    /// Notes that something was done.
    pub(super) fn act(&mut self, number: u32, done: Done, recorded_at: DateTime<Utc>) {
        self.note_act(number, Acted { done, recorded_at, by: Known::Seen });
    }

    fn note_act(&mut self, number: u32, acted: Acted) {
        self.occurrences[number as usize].acts.push(acted);
        self.touched.insert(number);
    }

    /// Notes that nothing of it is due any more.
    pub(super) fn give_up(&mut self, number: u32, at: DateTime<Utc>) {
        self.occurrences[number as usize].void_since.get_or_insert(at);
        self.touched.insert(number);
    }
}

fn read<D: Streamed>(recorded: &Recorded, metadata: &Metadata) -> Result<Option<D::Event>, CodecError> {
    D::read(&recorded.kind, metadata.schema, &recorded.payload)
}
