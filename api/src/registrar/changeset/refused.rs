use chrono::{DateTime, Utc};
use domain::{
    calendar::china::spoken,
    entry::{Refusal, RefusalKind},
    envelope::EntryName,
    refusal::Kind as _,
};

use super::{super::change::Refused, standing::Standing};

/// A member that forbids what is asked of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRefused {
    /// The entry.
    pub entry: EntryName,
    /// Why.
    pub refused: Refused,
    /// The first moment for which it could be, where nothing else is wrong than that the set would hold before that.
    pub possible_from: Option<DateTime<Utc>>,
}

impl MemberRefused {
    pub(super) fn by_rule(entry: EntryName, refusal: Refusal) -> Self {
        Self { entry, refused: refusal.into(), possible_from: None }
    }

    pub(super) fn too_early(entry: EntryName, refusal: Refusal, possible_from: DateTime<Utc>) -> Self {
        Self { possible_from: Some(possible_from), ..Self::by_rule(entry, refusal) }
    }

    pub(super) fn by_standing(entry: EntryName, standing: Standing) -> Self {
        // What stands is asked about in the words of its own lifecycle, and never by this.
        let (zh, en) = standing.words().unwrap_or_default();
        let code = standing.code();
        // What it means of an entry by itself has the same article.
        let rule = RefusalKind::ALL.into_iter().find(|kind| kind.code() == code).map_or("Art. 8(1)", RefusalKind::rule);
        Self {
            entry,
            refused: Refused { code, rule, field: Some("code".to_owned()), zh: zh.to_owned(), en: en.to_owned() },
            possible_from: None,
        }
    }
}

/// The first moment for which all members could be, where the day that was given is all that is wrong.
pub(super) fn first_for_all(members: &[MemberRefused]) -> Option<DateTime<Utc>> {
    members.iter().map(|member| member.possible_from).collect::<Option<Vec<_>>>()?.into_iter().max()
}

/// Names the first moment for which the set can be approved.
pub(super) fn with_first_day(refused: Refused, first: DateTime<Utc>) -> Refused {
    let said = spoken(first);
    Refused {
        zh: format!("{}。全部成员最早可自北京时间{said}起施行，请以该时间或更晚的实施时间审签", refused.zh),
        en: format!(
            "{}. The first moment that is possible for all of them is {said} China time: approve the set for then or later",
            refused.en
        ),
        ..refused
    }
}

/// The set cannot go on because of its members, which are told one by one.
pub(super) fn by_members(members: &[MemberRefused]) -> Refused {
    let number = members.len();
    let first = members.first();
    let (zh, en) = first.map_or((String::new(), String::new()), |first| {
        let EntryName { register, code } = &first.entry;
        (format!("；例如{}{code}：{}", register.zh(), first.refused.zh), format!("; for example {register} {code}: {}", first.refused.en))
    });
    Refused {
        code: "MEMBERS_REFUSED",
        rule: "Art. 8(1)",
        field: Some("members".to_owned()),
        zh: format!("变更集中有{number}项变更不能办理，未作任何改动，各项原因另列{zh}"),
        en: format!("{number} members forbid it and nothing was done, each is told by itself{en}"),
    }
}
