//! An entry with its history, read from the log.

use async_graphql::{
    ID, Object, SimpleObject,
    connection::{Connection, Edge, EmptyFields},
};
use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    decider::Decider,
    entry::{Entry as Lifecycle, Stage},
    envelope::{Code, StreamVersion},
    register::{self, Register as DomainRegister, on_channel},
    value::Channel as DomainChannel,
};
use journal::{Journal, Past};
use projections::history::{Audience, Told, tell};

use super::{
    enums,
    error::{Failure, failure},
    model::{FieldChange, Finding, Source},
    paging::page_size,
    scalars::{Hash, Position},
};

/// Who did something: an id in the directory of the register, never a personal name.
#[derive(SimpleObject, Debug)]
pub struct Actor {
    /// The id.
    pub id: String,
}

/// One event of an entry.
#[derive(SimpleObject, Debug)]
pub struct Change {
    /// Place in the log.
    pub position: Position,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub actor: Actor,
    /// The verb: adopted, revised, repealed.
    pub kind: String,
    /// In one Chinese sentence.
    pub summary: String,
    /// Field by field, what it changed; of a first revision none is listed, because every field is new.
    pub changes: Vec<FieldChange>,
    /// From when it holds.
    pub effective_from: Option<DateTime<Utc>>,
    /// Number of the revision that it made.
    pub revision: Option<u32>,
    /// Document by which it was issued or decided.
    pub document: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Where it was read.
    pub source: Option<Source>,
    /// Code of the entry that takes its place.
    pub replaced_by: Option<String>,
}

/// A revision of an entry, as it was published.
#[derive(SimpleObject, Debug)]
pub struct RevisionRecord {
    /// Number, from 1.
    pub number: u32,
    /// From when it holds.
    pub effective_from: DateTime<Utc>,
    /// When it was approved or adopted.
    pub approved_at: DateTime<Utc>,
    /// Document by which it was approved or issued.
    pub document_number: Option<String>,
    /// Hash of what both channels show of it.
    pub content_hash: Hash,
}

/// How many there are in all.
#[derive(SimpleObject, Debug)]
pub struct Counted {
    /// Number of all, on all pages.
    pub total_count: usize,
}

/// One entry with its history.
#[derive(Debug)]
pub struct Entry {
    register: DomainRegister,
    code: Code,
    name: String,
    stage: Stage,
    version: StreamVersion,
    told: Vec<Told>,
    revisions: Vec<RevisionRecordOf>,
    findings: Vec<domain::value::Finding>,
}

#[derive(Debug, Clone)]
struct RevisionRecordOf {
    number: u32,
    effective_from: DateTime<Utc>,
    approved_at: DateTime<Utc>,
    document_number: Option<String>,
    content_hash: domain::value::Hash,
}

/// One entry of a register with all that was published of it.
#[Object]
impl Entry {
    /// Id of the node.
    pub async fn id(&self) -> ID {
        format!("entry.{}:{}", self.register.word(), self.code).into()
    }

    /// The register.
    async fn register(&self) -> enums::Register {
        self.register.into()
    }

    /// The code.
    async fn code(&self) -> &str {
        self.code.as_str()
    }

    /// The name by its latest published revision.
    async fn name(&self) -> &str {
        &self.name
    }

    /// Where it stands.
    async fn stage(&self) -> enums::Stage {
        self.stage.into()
    }

    /// Number of its last event, from 0: what a command on it has to expect.
    async fn stream_version(&self) -> u64 {
        self.version.0
    }

    /// Its published revisions, oldest first.
    #[graphql(complexity = "5 + first.clamp(1, 100) as usize * child_complexity")]
    async fn revisions(
        &self,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Connection<String, RevisionRecord, Counted>> {
        let records = self.revisions.iter().map(|r| {
            let record = RevisionRecord {
                number: r.number,
                effective_from: r.effective_from,
                approved_at: r.approved_at,
                document_number: r.document_number.clone(),
                content_hash: Hash(r.content_hash),
            };
            (u64::from(r.number), record)
        });
        slice(records, first, after)
    }

    /// Every event, oldest first.
    #[graphql(complexity = "5 + first.clamp(1, 100) as usize * child_complexity")]
    async fn history(
        &self,
        #[graphql(desc = "Size of the page, 1 to 100.")] first: i32,
        #[graphql(desc = "Cursor after which the page begins.")] after: Option<String>,
    ) -> async_graphql::Result<Connection<String, Change, Counted>> {
        slice(self.told.iter().map(|told| (told.version.0, Change::from(told))), first, after)
    }

    /// What the checks find in its latest revision.
    async fn findings(&self) -> Vec<Finding> {
        self.findings.iter().cloned().map(Finding::from).collect()
    }
}

/// A page of numbered things; the cursor is the number.
fn slice<T: async_graphql::OutputType>(
    all: impl ExactSizeIterator<Item = (u64, T)>,
    first: i32,
    after: Option<String>,
) -> async_graphql::Result<Connection<String, T, Counted, EmptyFields>> {
    let first = page_size(first)?;
    let after = after.map(|cursor| cursor.parse::<u64>()).transpose();
    let after = after.map_err(|_| {
        failure(Failure::BadRequest, "after 不是本登记册给出的游标 / after is not a cursor that this register has given out")
    })?;
    let counted = Counted { total_count: all.len() };
    let mut rest = all.filter(|(number, _)| after.is_none_or(|after| *number > after));
    let edges: Vec<_> = rest.by_ref().take(first).map(|(number, node)| Edge::new(number.to_string(), node)).collect();
    let mut page = Connection::with_additional_fields(after.is_some(), rest.next().is_some(), counted);
    page.edges = edges;
    Ok(page)
}

impl From<&Told> for Change {
    fn from(told: &Told) -> Self {
        Self {
            position: Position(told.position),
            at: told.at,
            actor: Actor { id: told.actor.as_str().to_owned() },
            kind: told.kind.to_owned(),
            summary: told.summary.clone(),
            changes: told.changes.iter().cloned().map(FieldChange::from).collect(),
            effective_from: told.effective_from,
            revision: told.revision,
            document: told.document.clone(),
            reason: told.reason.clone(),
            source: told.source.as_ref().map(Source::from),
            replaced_by: told.replaced_by.as_ref().map(ToString::to_string),
        }
    }
}

/// The entry under a code, as the public may see it at a position of the log: the one from which the rest of the request is
/// answered. `None` if there is none, or nothing of it is public.
pub async fn load(
    journal: &dyn Journal,
    at: Option<domain::envelope::Position>,
    register: DomainRegister,
    code: &str,
) -> async_graphql::Result<Option<Entry>> {
    let Ok(code) = code.parse::<Code>() else { return Ok(None) };
    match register {
        DomainRegister::Agency => load_as::<register::Agency>(journal, at, code).await,
        DomainRegister::Item => load_as::<register::Item>(journal, at, code).await,
        DomainRegister::Guide => load_as::<register::Guide>(journal, at, code).await,
        DomainRegister::Material => load_as::<register::Material>(journal, at, code).await,
    }
}

async fn load_as<C: Registered>(
    journal: &dyn Journal,
    at: Option<domain::envelope::Position>,
    code: Code,
) -> async_graphql::Result<Option<Entry>> {
    let loaded = journal::load::<C>(journal, &code).await.map_err(|error| {
        tracing::error!(%error, %code, "history cannot be read");
        failure(Failure::Unavailable, "历史暂时无法读取，请稍后再试 / the history cannot be read at present; try again shortly")
    })?;
    let mut history = loaded.history;
    // What was recorded after the snapshot of this request belongs to the next one.
    history.retain(|past| Some(past.recorded.position) <= at);
    let state = Lifecycle::<C>::fold(history.iter().map(|past| &past.event));
    let (Some(last), Some(latest)) = (history.last(), &state.latest) else { return Ok(None) };
    let Some(public) = on_channel(&latest.content, latest.content_hash, DomainChannel::Online) else { return Ok(None) };
    Ok(Some(Entry {
        register: C::REGISTER,
        name: public.content.name().to_owned(),
        stage: state.stage(),
        version: last.recorded.version,
        revisions: history.iter().filter_map(revision_of).collect(),
        findings: public.content.check(),
        told: tell(&history, Audience::Public),
        code,
    }))
}

fn revision_of<C: Registered>(past: &Past<C>) -> Option<RevisionRecordOf> {
    let publication = past.event.publication()?;
    let public = on_channel(publication.content, publication.content_hash, DomainChannel::Online)?;
    Some(RevisionRecordOf {
        number: publication.revision,
        effective_from: publication.effective_from,
        approved_at: past.metadata.at,
        document_number: publication.document.map(str::to_owned),
        content_hash: public.shared_hash,
    })
}
