use std::sync::Arc;

use crate::{
    decider::Circumstances,
    entry::{Adopt, Adopted, Event, Refusal, RefusalKind, State},
    register::{Content, MAX_CONTENT_BYTES},
    value::Hash,
};

pub(super) fn decide<C: Content>(state: &State<C>, command: Adopt<C>, circumstances: &Circumstances) -> Result<Vec<Event<C>>, Refusal> {
    let Adopt { content, source, effective_from } = command;
    let source = Arc::new(source);
    content.complete()?;
    fits(&content)?;
    if let Some(repeal) = &state.repeal {
        return Err(Refusal::new(
            RefusalKind::Repealed,
            None,
            format!("该条目已取消（{}），编码不再使用；重新列入请用新编码", repeal.reason),
            format!("the entry was repealed ({}); its code is never used again, list it under a new one", repeal.reason),
        ));
    }
    let content_hash = hash(&content)?;
    let Some(latest) = &state.latest else {
        let effective_from = effective_from.unwrap_or(circumstances.now);
        return Ok(vec![Event::Adopted(Adopted { revision: 1, content: Arc::new(content), content_hash, effective_from, source })]);
    };
    if *latest.content == content {
        // Already so, even if an older or newer edition says it again. Contents are compared and not their hashes: the hash of
        // an event in an old form is that of the old form.
        return Ok(Vec::new());
    }
    if let (Some(kept), Some(offered)) = (&latest.source.edition, &source.edition)
        && offered < kept
    {
        return Err(Refusal::new(
            RefusalKind::OlderEdition,
            Some("source.edition"),
            format!("登记册已有{kept}版，不能以{offered}版覆盖"),
            format!("the register already keeps edition {kept}; edition {offered} cannot replace it"),
        ));
    }
    let effective_from = effective_from.unwrap_or(circumstances.now);
    if effective_from < latest.effective_from {
        return Err(Refusal::new(
            RefusalKind::EffectiveTooEarly,
            Some("effectiveFrom"),
            format!("实施时间{effective_from}早于现有版本的{}，请给出更晚的实施时间", latest.effective_from),
            format!(
                "it would take effect at {effective_from}, before the revision it follows ({}); give a later time",
                latest.effective_from
            ),
        ));
    }
    let revision = latest.revision + 1;
    Ok(vec![Event::Adopted(Adopted { revision, content: Arc::new(content), content_hash, effective_from, source })])
}

fn hash<C: Content>(content: &C) -> Result<Hash, Refusal> {
    Hash::of_content(content).map_err(|error| unwritable(&error))
}

fn fits<C: Content>(content: &C) -> Result<(), Refusal> {
    let size = serde_json::to_vec(content).map_err(|error| unwritable(&error))?.len();
    if size <= MAX_CONTENT_BYTES {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::TooLarge,
        None,
        format!("内容共{size}字节，超过上限{MAX_CONTENT_BYTES}字节；请精简或拆分"),
        format!("the content has {size} bytes, {MAX_CONTENT_BYTES} at most; shorten or split it"),
    ))
}

/// A content that has no JSON form; none of ours is of that kind, but the type of the encoder allows for it.
fn unwritable(error: &serde_json::Error) -> Refusal {
    Refusal::new(RefusalKind::Incomplete, None, format!("内容无法写成JSON：{error}"), format!("the content has no JSON form: {error}"))
}
