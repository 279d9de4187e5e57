use async_graphql::{
    Object,
    connection::{Connection, Edge},
};
use domain::changeset::Member;
use futures::{StreamExt, TryStreamExt, stream};
use journal::SharedJournal;

use super::{
    super::{
        entry::{Counted, Entry, Viewer, load_all},
        enums,
        error::{Failure, failure},
        model::FieldChange,
        paging::{no_cursor, page_size},
        scalars::Hash,
    },
    ChangeKind,
};
use crate::registrar::changeset::{LoadedSet, MemberTold, tell_member};

/// Members that are read at once.
const AT_ONCE: usize = 16;

/// A change of one entry within a set.
#[derive(Debug)]
pub struct ChangeSetMember {
    member: Member,
    told: MemberTold,
    viewer: Viewer,
}

/// A change of one entry within a set.
#[Object]
impl ChangeSetMember {
    /// The register of the entry.
    async fn register(&self) -> enums::Register {
        self.member.register.into()
    }

    /// Code of the entry.
    async fn code(&self) -> &str {
        self.member.code.as_str()
    }

    /// Its name, as the set has it.
    async fn name(&self) -> &str {
        &self.told.name
    }

    /// What becomes of it.
    async fn kind(&self) -> ChangeKind {
        self.member.kind.into()
    }

    /// Hash of the whole content that it is to have; null for what is repealed.
    async fn content_hash(&self) -> Option<Hash> {
        self.member.content_hash.map(Hash)
    }

    /// Number of the published revision that it follows or ends; 0 for a new entry.
    async fn follows(&self) -> u32 {
        self.member.follows
    }

    /// Why it is repealed.
    async fn reason(&self) -> Option<&str> {
        self.member.reason.as_deref()
    }

    /// How it stands now: STANDS, or DONE once it is published or repealed with the set. Anything else keeps the set from being
    /// reviewed and approved: NO_DRAFT, CONTENT_CHANGED, DRAFT_OUTDATED, DRAFT_EXISTS, ENTRY_REPEALED, MEMBER_ELSEWHERE (its draft is at another
    /// step than the set), DONE_SINGLY (it was published or repealed by itself).
    async fn standing(&self) -> &str {
        self.told.standing.code()
    }

    /// What is wrong with how it stands, and what to do, in Chinese.
    async fn standing_message(&self) -> Option<&str> {
        self.told.standing.words().map(|(zh, _)| zh)
    }

    /// The same in English.
    async fn standing_message_en(&self) -> Option<&str> {
        self.told.standing.words().map(|(_, en)| en)
    }

    /// Field by field, what changes; of a new entry every field is new and none is listed.
    async fn changes(&self) -> Vec<FieldChange> {
        self.told.changes.iter().cloned().map(FieldChange::from).collect()
    }

    /// The entry, with its draft.
    #[graphql(complexity = "10 + child_complexity")]
    async fn entry(&self, context: &async_graphql::Context<'_>) -> async_graphql::Result<Option<Entry>> {
        let journal = context.data::<SharedJournal>()?;
        load_all(journal.as_ref(), &self.viewer, self.member.register, self.member.code.clone()).await
    }
}

/// A page of the members of a set; the cursor is the number of the member.
pub(super) async fn page(
    journal: &SharedJournal,
    viewer: &Viewer,
    set: &LoadedSet,
    (first, after, kind): (i32, Option<String>, Option<ChangeKind>),
) -> async_graphql::Result<Connection<String, ChangeSetMember, Counted>> {
    let first = page_size(first)?;
    let after = after.map(|cursor| cursor.parse::<usize>()).transpose();
    let after = after.map_err(|_| no_cursor())?;
    let fitting: Vec<_> =
        set.state.members.iter().enumerate().filter(|(_, member)| kind.is_none_or(|kind| member.kind == kind.into())).collect();
    let counted = Counted { total_count: fitting.len() };
    let mut rest = fitting.into_iter().filter(|(number, _)| after.is_none_or(|after| *number > after));
    let taken: Vec<_> = rest.by_ref().take(first).map(|(number, member)| (number, member.clone())).collect();
    let mut page = Connection::with_additional_fields(after.is_some(), rest.next().is_some(), counted);
    let edges: Result<Vec<_>, journal::LoadError> = stream::iter(taken)
        .map(|(number, member)| async move {
            let told = tell_member(journal.as_ref(), set, &member).await?;
            Ok(Edge::new(number.to_string(), ChangeSetMember { member, told, viewer: viewer.clone() }))
        })
        .buffered(AT_ONCE)
        .try_collect()
        .await;
    page.edges = edges.map_err(|error| {
        tracing::error!(%error, "the members of a change set cannot be read");
        failure(Failure::Unavailable, "变更集暂时无法读取，请稍后再试 / the change set cannot be read at present; try again shortly")
    })?;
    Ok(page)
}
