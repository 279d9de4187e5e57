//! A newer edition of a list as a change set: new, changed and gone lines, which go through review and approval as one (Art. 5(1),
//! Art. 7), instead of being adopted.

use std::collections::{BTreeMap, HashSet};

use domain::{
    acting::Role,
    changeset::{Counts, Kind, Member, Origin},
    envelope::Code,
    register::Register,
};
use exchange::Reading;

use super::{
    super::{
        change::Desk,
        changeset::{Change, MemberRefused, Occasion, Raised, raise},
    },
    Account, ImportError, Importer, SetReport,
    proposal::Collected,
};
use crate::{auth::Caller, clock::Clock};

/// Reads lists as an import does, and proposes what is new, changed and gone in each as a change set in the name of a drafter.
/// `progress` hears of every row that is read, then of every member that is drafted.
pub async fn import_as_drafts(
    desk: &Desk,
    (caller, clock): (&Caller, Clock),
    readings: Vec<Reading>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Account, ImportError> {
    if caller.leave_anywhere(Role::Drafter).is_none() {
        return Err(ImportError::NotDrafter);
    }
    let origins = origins(&readings);
    let mut importer = Importer::new(desk.journal.clone(), clock.clone(), caller.account().clone(), None);
    importer.collected = Some(Collected::default());
    let mut account = importer.import(readings, progress).await?;
    let mut by_list: BTreeMap<String, Vec<Change>> = origins.keys().map(|key| (key.clone(), Vec::new())).collect();
    for (key, change) in importer.collected.take().map(Collected::into_changes).unwrap_or_default() {
        by_list.entry(key).or_default().push(change);
    }
    for proposal in &account.repeals {
        let origin = origins.get(&proposal.list_key).cloned().unwrap_or_default();
        let edition = origin.edition.map(|edition| format!("（{edition}年版）")).unwrap_or_default();
        let reason = format!("新版清单{edition}未再列入");
        let change = Change::gone(proposal.register, proposal.code.clone(), reason);
        by_list.entry(proposal.list_key.clone()).or_default().push(change);
    }
    for (list_key, changes) in by_list {
        let origin = origins.get(&list_key).cloned().unwrap_or_default();
        let raised = raise(desk, (caller, &clock), Occasion { origin, agency: None, command: None }, changes, progress).await?;
        for MemberRefused { entry, refused, .. } in &raised.refused {
            account.refuse(entry, (refused.code, &refused.zh, &refused.en));
        }
        let stands = matches!(raised.status, "PROPOSED" | "UNCHANGED" | "UNKNOWN");
        if let Some(set) = raised.code.as_ref().filter(|_| stands) {
            note_gone(&mut account, &raised.members, set);
        }
        let Raised { code, status, why, members, .. } = raised;
        let why = why.map(|why| (why.code.to_owned(), why.zh, why.en));
        account.sets.push(SetReport { list_key, code, status, members: Counts::of(&members), why });
    }
    Ok(account)
}

/// Where the set of each list comes from: its newest edition of the run.
fn origins(readings: &[Reading]) -> BTreeMap<String, Origin> {
    let mut origins: BTreeMap<String, Origin> = BTreeMap::new();
    for reading in readings {
        let info = &reading.info;
        let title = info.title.clone().unwrap_or_else(|| info.key.clone());
        let origin = Origin {
            title,
            list_key: Some(info.key.clone()),
            edition: info.edition.clone(),
            files: vec![info.file.clone()],
            ..Origin::default()
        };
        let known = origins.entry(info.key.clone()).or_insert_with(|| origin.clone());
        if known.edition == origin.edition {
            if !known.files.contains(&info.file) {
                known.files.push(info.file.clone());
            }
        } else if known
            .edition
            .as_deref()
            .is_none_or(|known| info.edition.as_deref().is_some_and(|new| domain::entry::is_older_edition(known, new)))
        {
            *known = origin;
        }
    }
    origins
}

/// Notes which repeals the set stands for.
fn note_gone(account: &mut Account, members: &[Member], set: &Code) {
    let gone: HashSet<(Register, &Code)> =
        members.iter().filter(|member| member.kind == Kind::Gone).map(|member| (member.register, &member.code)).collect();
    for repeal in &mut account.repeals {
        if gone.contains(&(repeal.register, &repeal.code)) {
            repeal.change_set = Some(set.clone());
        }
    }
}
