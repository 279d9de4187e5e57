use std::sync::Arc;

use async_graphql::Context;
use chrono::{DateTime, Utc};
use domain::{
    codec::Registered,
    decider::Decider,
    entry::{Entry as Lifecycle, Event, Published, Stage, State},
    envelope::{Code, Position, StreamVersion},
    register::{self, Register as DomainRegister, on_channel},
    value::Channel as DomainChannel,
};
use journal::{Journal, Loaded, Past};
use projections::history::Audience;

use super::{
    super::{scalars::Hash, scope::RequestView},
    Draft, Entry, Findings, ReviewOwed, RevisionRecord, Suspension, WithItem, unreadable,
};
use crate::{
    auth::Caller,
    registrar::sight::{last_public, told},
};

/// Who asks, and when.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Who, if a token was verified.
    pub caller: Option<Arc<Caller>>,
    /// The moment of the request.
    pub now: DateTime<Utc>,
}

impl Viewer {
    /// Who asks in a request.
    pub fn of(context: &Context<'_>) -> async_graphql::Result<Self> {
        let caller = context.data_opt::<Arc<Caller>>().cloned();
        Ok(Self { caller, now: context.data::<RequestView>()?.now })
    }
}

/// The entry under a code at a position of the log: the one from which the rest of the request is answered. `None` if there is none
/// that whoever asks may know of.
pub async fn load(
    journal: &dyn Journal,
    viewer: &Viewer,
    at: Option<Position>,
    register: DomainRegister,
    code: &str,
) -> async_graphql::Result<Option<Entry>> {
    let Ok(code) = code.parse::<Code>() else { return Ok(None) };
    // What was recorded after the snapshot of this request belongs to the next one.
    let entry = of_register(journal, viewer, register, code, |position| Some(position) <= at).await?;
    Ok(entry.map(|entry| Entry {
        findings: entry.findings.map(|findings| findings.up_to(at)),
        with_item: entry.with_item.map(|with_item| Box::new(with_item.up_to(at))),
        ..entry
    }))
}

/// The same with everything that the log has by now, for what is answered from the log alone.
pub async fn load_all(
    journal: &dyn Journal,
    viewer: &Viewer,
    register: DomainRegister,
    code: Code,
) -> async_graphql::Result<Option<Entry>> {
    of_register(journal, viewer, register, code, |_| true).await
}

async fn of_register(
    journal: &dyn Journal,
    viewer: &Viewer,
    register: DomainRegister,
    code: Code,
    counts: impl Fn(Position) -> bool,
) -> async_graphql::Result<Option<Entry>> {
    match register {
        DomainRegister::Agency => load_as::<register::Agency>(journal, viewer, code, counts).await,
        DomainRegister::Item => load_as::<register::Item>(journal, viewer, code, counts).await,
        DomainRegister::Guide => load_as::<register::Guide>(journal, viewer, code, counts).await,
        DomainRegister::Material => load_as::<register::Material>(journal, viewer, code, counts).await,
        DomainRegister::Openness => load_as::<register::CatalogueEntry>(journal, viewer, code, counts).await,
    }
}

async fn load_as<C: Registered>(
    journal: &dyn Journal,
    viewer: &Viewer,
    code: Code,
    counts: impl Fn(Position) -> bool,
) -> async_graphql::Result<Option<Entry>> {
    let mut loaded = journal::load::<C>(journal, &code).await.map_err(|error| unreadable(&error, &code))?;
    let all = loaded.history.len();
    loaded.history.retain(|past| counts(past.recorded.position));
    if loaded.history.len() < all {
        loaded.state = Lifecycle::<C>::fold(loaded.history.iter().map(|past| &past.event));
        loaded.version = loaded.history.last().map(|past| past.recorded.version);
    }
    Ok(of_loaded(viewer, code, &loaded))
}

/// An entry as far as whoever asks may know of it.
pub fn of_loaded<C: Registered>(viewer: &Viewer, code: Code, loaded: &Loaded<C>) -> Option<Entry> {
    let Loaded { state, version, history } = loaded;
    let (audience, told) = told(viewer.caller.as_deref(), loaded, viewer.now)?;
    let name = name(viewer, loaded, audience)?;
    let (whole, stage) = (audience == Audience::Keeper, state.stage_at(viewer.now));
    Some(Entry {
        register: C::REGISTER,
        name,
        now: viewer.now,
        stage,
        repeal: state.repeal.clone().map(Box::new),
        suspension: state.suspension.as_ref().filter(|_| stage == Stage::Suspended).map(|notice| Box::new(Suspension::from(notice))),
        with_item: WithItem::of(viewer, state, audience).map(Box::new),
        version: if whole { (*version)? } else { told.last().map_or(StreamVersion::FIRST, |told| told.version) },
        revisions: history.iter().filter_map(|past| revision_of(state, past, audience)).collect(),
        findings: Findings::of(viewer, (&code, state), audience),
        draft: state.pending.as_ref().filter(|_| whole).map(|pending| Box::new(Draft::of(pending))),
        reviews_owed: state.debts().filter(|_| whole).map(ReviewOwed::from).collect(),
        told,
        code,
    })
}

/// How the entry is called, in what is before whoever asks.
fn name<C: Registered>(viewer: &Viewer, loaded: &Loaded<C>, audience: Audience) -> Option<String> {
    let Loaded { state, history, .. } = loaded;
    if audience == Audience::Public {
        let last = last_public(state, viewer.now)?.1;
        // What was public before may be withheld by now, so no earlier revision gives the name.
        let in_force = state.holding().filter(|kept| kept.effective_from <= viewer.now).last().map(|kept| kept.revision);
        let told = |kept: &&Published<C>| kept.effective_from > viewer.now || Some(kept.revision) == in_force;
        let mut called_by = state.called_by_at(viewer.now).into_iter().filter(told);
        let shown = called_by.find_map(|kept| on_channel(&kept.content, kept.content_hash, DomainChannel::Online));
        return Some(shown.map_or(last, |shown| shown.content).name().to_owned());
    }
    let pending = state.pending.as_ref().map(|pending| &pending.content);
    // Of what was only ever drafted and then withdrawn the last draft says the name.
    let last_drafted = history.iter().rev().find_map(|past| match &past.event {
        Event::Drafted(drafted) | Event::Redrafted(drafted) => Some(&drafted.content),
        _ => None,
    });
    let stands = state.called_by_at(viewer.now).first().map(|kept| &kept.content);
    stands.or(pending).or(last_drafted).map(|content| content.name().to_owned())
}

fn revision_of<C: Registered>(state: &State<C>, past: &Past<C>, audience: Audience) -> Option<RevisionRecord> {
    let publication = past.event.publication()?;
    let public = on_channel(publication.content, publication.content_hash, DomainChannel::Online).map(|public| public.shared_hash);
    let content_hash = match audience {
        Audience::Public => public?,
        // What reaches no channel has no hash that channels share.
        Audience::Keeper => public.unwrap_or(publication.content_hash),
    };
    Some(RevisionRecord {
        number: publication.revision,
        effective_from: publication.effective_from,
        never_holds: state.never_holds(publication.revision),
        approved_at: past.metadata.decided(),
        document_number: publication.document.map(str::to_owned),
        content_hash: Hash(content_hash),
    })
}
