use std::sync::Arc;

use super::{
    content::{can_be_given, hash},
    ground, persons,
};
use crate::{
    acting::Role,
    decider::Circumstances,
    entry::{Draft, Drafted, Event, Refusal, RefusalKind, State, Step},
    register::Content,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Draft<C>, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let Draft { content, source } = command;
    let acting = persons::in_role(circumstances, &[Role::Drafter])?;
    let published = state.latest.as_ref().map(|latest| &latest.content);
    persons::within(acting, published.map_or(content.agency(), |published| published.agency())).map_err(|outside| match published {
        Some(_) => outside,
        // A new entry is of whom its content says.
        None => Refusal { field: Some("content.agency".to_owned()), ..outside },
    })?;
    ground::not_repealed(state)?;
    can_be_given(&content)?;
    if let Some(pending) = &state.pending {
        let same = *pending.content == content && pending.step == Step::Draft && pending.drafters.contains(&acting.person);
        return if same { Ok(Vec::new()) } else { Err(draft_exists()) };
    }
    let content_hash = hash(&content)?;
    Ok(vec![Event::Drafted(Drafted {
        content: Arc::new(content),
        content_hash,
        based_on: state.revisions,
        source: source.map(Arc::new),
        by: acting.clone(),
    })])
}

fn draft_exists() -> Refusal {
    Refusal::new(
        RefusalKind::DraftExists,
        None,
        "该条目已有草稿；请修改现有草稿，或撤回后再起草",
        "there is a draft already: revise it, or withdraw it first",
    )
}
