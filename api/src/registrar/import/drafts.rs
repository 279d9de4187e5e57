//! A newer edition of a list as a change set: new, changed and gone lines, which go through review and approval as one (Art. 5(1),
//! Art. 7), instead of being adopted.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Utc};
use domain::{
    changeset::{Counts, Kind, Member, Origin, Step, set_hash},
    envelope::{Code, EntryName, Position},
    register::Register,
};
use exchange::Reading;
use journal::LoadError;

use super::{
    super::{
        change::{Became, ChangeError, Desk},
        changeset::{Change, MemberRefused, Proposal, load_set, members_of, propose, refused_of},
        command_id,
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
    for (key, changes) in by_list {
        let origin = origins.get(&key).cloned().unwrap_or_default();
        let of_list = OfList { desk, caller, now: clock(), key, origin };
        let report = of_list.set(changes, &mut account, progress).await?;
        account.sets.push(report);
    }
    Ok(account)
}

/// Where the set of each list comes from: its newest edition of the run.
fn origins(readings: &[Reading]) -> BTreeMap<String, Origin> {
    let mut origins: BTreeMap<String, Origin> = BTreeMap::new();
    for reading in readings {
        let info = &reading.info;
        let title = info.title.clone().unwrap_or_else(|| info.key.clone());
        let origin = Origin { title, list_key: Some(info.key.clone()), edition: info.edition.clone(), files: vec![info.file.clone()] };
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

/// The sets of a list that there are.
struct There {
    open: Option<Code>,
    closed: usize,
}

struct OfList<'a> {
    desk: &'a Desk,
    caller: &'a Caller,
    now: DateTime<Utc>,
    key: String,
    origin: Origin,
}

impl OfList<'_> {
    /// Proposes the changes of a list, or finds that they are proposed already.
    async fn set(self, changes: Vec<Change>, account: &mut Account, progress: &(dyn Fn(u64) + Sync)) -> Result<SetReport, ImportError> {
        let there = self.there().await.map_err(ChangeError::from)?;
        let journal = self.desk.journal.as_ref();
        let open = match &there.open {
            Some(code) => Some((code.clone(), load_set(journal, code).await.map_err(ChangeError::from)?)),
            None => None,
        };
        let before: &[Member] = open.as_ref().map_or(&[][..], |(_, set)| set.state.members.as_slice());
        let members = members_of(self.desk, &changes).await.map_err(ChangeError::from)?;
        let known: HashSet<EntryName> = members.iter().filter(|member| before.contains(member)).map(Member::entry).collect();
        let returned: &[Member] = if open.as_ref().is_some_and(|(_, set)| set.state.step == Step::Returned) { before } else { &[] };
        // What is a member of the open set already was found in order.
        let refused = refused_of(self.desk, self.caller, &changes, returned, self.now).await.map_err(ChangeError::from)?;
        let refused: HashMap<EntryName, MemberRefused> =
            refused.into_iter().filter(|refused| !known.contains(&refused.entry)).map(|refused| (refused.entry.clone(), refused)).collect();
        for MemberRefused { entry, refused } in refused.values() {
            account.refuse(entry, (refused.code, &refused.zh, &refused.en));
        }
        let changes: Vec<_> = changes.into_iter().filter(|change| !refused.contains_key(&change.entry())).collect();
        let members: Vec<_> = members.into_iter().filter(|member| !refused.contains_key(&member.entry())).collect();
        let counts = Counts::of(&members);
        let report = |code, status, why| SetReport { list_key: self.key.clone(), code, status, members: counts, why };
        let hash = set_hash(&members).ok();
        let text = hash.map(|hash| hash.to_string()).unwrap_or_default();
        let edition = self.origin.edition.clone().unwrap_or_default();
        let (code, id) = match &open {
            None if members.is_empty() => return Ok(report(None, "UNCHANGED", None)),
            None => (None, command_id(&["changeset", &self.key, &edition, &text, &there.closed.to_string()])),
            Some((code, set)) if set.state.hash == hash && set.state.step == Step::Returned => {
                note_gone(account, &members, code);
                return Ok(report(Some(code.clone()), "UNCHANGED", None));
            }
            Some((code, set)) if set.state.hash == hash => {
                note_gone(account, &members, code);
                // Whoever proposed it may have been cut off: what is missing is drafted now, as it was decided then.
                let proposed = set.history.iter().rev().find(|past| matches!(past.event, domain::changeset::Event::Proposed(_)));
                match proposed.filter(|past| past.metadata.actor == *self.caller.account() && set.state.step == Step::Proposed) {
                    Some(past) => (Some(code.clone()), past.metadata.command),
                    None => return Ok(report(Some(code.clone()), "UNCHANGED", None)),
                }
            }
            Some((code, set)) if set.state.step == Step::Returned => {
                let version = set.version.map(|version| version.0.to_string()).unwrap_or_default();
                (Some(code.clone()), command_id(&["changeset", &self.key, &edition, &text, code.as_str(), &version]))
            }
            Some((code, _)) => return Ok(report(Some(code.clone()), "REFUSED", Some(is_open(code)))),
        };
        let proposal = Proposal { id, code, origin: self.origin.clone(), changes };
        let answer = propose(self.desk, self.caller, proposal, self.now, progress).await?;
        for MemberRefused { entry, refused } in &answer.members {
            account.refuse(entry, (refused.code, &refused.zh, &refused.en));
        }
        let status = match &answer.became {
            Became::Applied(_) => "PROPOSED",
            Became::Unchanged(_) => "UNCHANGED",
            Became::Refused(refused) => {
                let why = (refused.code.to_owned(), refused.zh.clone(), refused.en.clone());
                return Ok(report(open.map(|(code, _)| code), "REFUSED", Some(why)));
            }
            Became::Conflict | Became::Unknown => "UNKNOWN",
        };
        note_gone(account, &members, &answer.code);
        Ok(report(Some(answer.code), status, None))
    }

    async fn there(&self) -> Result<There, LoadError> {
        let of_list = |row: &projections::SetRow| row.state.origin.list_key.as_ref() == Some(&self.key);
        let (rows, _, _) = self.desk.work.sets(of_list, None::<Position>, usize::MAX).await?;
        let open = rows.iter().find(|row| row.state.step.is_open()).map(|row| row.code.clone());
        Ok(There { closed: rows.len() - usize::from(open.is_some()), open })
    }
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

/// Two sets of one list would each undo the other.
fn is_open(code: &Code) -> (String, String, String) {
    (
        "CHANGE_SET_OPEN".to_owned(),
        format!("该清单已有变更集{code}在办，内容与本次不同；请先撤回该变更集，或由审查人、审签人退回后再导入"),
        format!("change set {code} of this list is on its way and says something else: withdraw it, or have it returned, and import again"),
    )
}
