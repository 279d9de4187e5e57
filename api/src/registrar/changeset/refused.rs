use domain::{
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
}

impl MemberRefused {
    pub(super) fn by_rule(entry: EntryName, refusal: Refusal) -> Self {
        Self { entry, refused: refusal.into() }
    }

    pub(super) fn by_standing(entry: EntryName, standing: Standing) -> Self {
        let (zh, en) = standing.words().unwrap_or((
            "其草稿所处环节与变更集不符；请退回或撤回变更集后重新提出",
            "its draft is at another step than the set: return or withdraw the set and propose it again",
        ));
        let code = if standing.words().is_none() { "MEMBER_ELSEWHERE" } else { standing.code() };
        // What it means of an entry by itself has the same article.
        let rule = RefusalKind::ALL.into_iter().find(|kind| kind.code() == code).map_or("Art. 8(1)", RefusalKind::rule);
        Self { entry, refused: Refused { code, rule, field: Some("code".to_owned()), zh: zh.to_owned(), en: en.to_owned() } }
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
