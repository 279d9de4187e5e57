use domain::{
    entry::RefusalKind,
    envelope::Code,
    refusal::{Kind, Refusal},
    register::{MAX_CONTENT_BYTES, Register},
};

/// Why a change was refused: by a rule of the lifecycle, or by one of the register about how it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Stable code.
    pub code: &'static str,
    /// The article, or `register`.
    pub rule: &'static str,
    /// The part of the command that it is about: a field of it, or of the content that it gives or passes on (`content.name`); `None`: it is about
    /// who asks.
    pub field: Option<String>,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl<K: Kind> From<Refusal<K>> for Refused {
    fn from(refusal: Refusal<K>) -> Self {
        let (code, rule) = (refusal.code(), refusal.rule());
        let Refusal { field, zh, en, .. } = refusal;
        Self { code, rule, field, zh, en }
    }
}

/// How the rule is called where no article says it.
const REGISTER: &str = "register";

impl Refused {
    /// The id of the command stands for something else.
    pub fn command_id_used() -> Self {
        Self {
            code: "COMMAND_ID_USED",
            rule: REGISTER,
            field: Some("commandId".to_owned()),
            zh: "该命令标识已用于其他变更，本次未作改动；请换一个新的标识".to_owned(),
            en: "the command id stands for another change, nothing was done: give this one an id of its own".to_owned(),
        }
    }

    /// Somebody has as many drafts as they may.
    pub(in crate::registrar) fn too_many_drafts(most: usize) -> Self {
        Self {
            code: "TOO_MANY_DRAFTS",
            rule: REGISTER,
            field: None,
            zh: format!("您在办的草稿已有{most}份，达到上限；请先送审办结或撤回一些"),
            en: format!("you have {most} drafts on their way, and may not have more: finish or withdraw some first"),
        }
    }

    /// Two sets of one origin would each undo the other.
    pub(in crate::registrar) fn change_set_open(code: &Code) -> Self {
        Self {
            code: "CHANGE_SET_OPEN",
            rule: REGISTER,
            field: Some("code".to_owned()),
            zh: format!("该清单或事由已有变更集{code}在办，内容与本次不同；请先撤回该变更集，或由审查人、审签人退回后再提出"),
            en: format!(
                "change set {code} from there is on its way and says something else: withdraw it, or have it returned, and propose again"
            ),
        }
    }

    /// A set was approved or withdrawn, and that has not reached its member yet. `set`: its code, for those who may know of it.
    pub(in crate::registrar) fn member_of_decided_set(set: Option<&Code>, is_approved: bool) -> Self {
        let code = set.map(|code| format!(" {code}")).unwrap_or_default();
        let (zh, en) = if is_approved { ("审签", "approved") } else { ("撤回", "withdrawn") };
        Self {
            code: "MEMBER_OF_DECIDED_SET",
            rule: "Art. 8(1)",
            field: Some("code".to_owned()),
            zh: format!("该条目是变更集{code}的成员，该变更集已{zh}，尚未办到该条目；一分钟内会自动办完，请届时再办"),
            en: format!(
                "the entry is a member of the change set{code}, which was {en} and has not reached it yet: that is completed within a minute, try again then"
            ),
        }
    }

    /// A set that is on its way carries the draft. `set`: its code, for those who may know of it.
    pub(in crate::registrar) fn member_of_set(set: Option<&Code>) -> Self {
        let code = set.map(|code| format!(" {code} ")).unwrap_or_default();
        Self {
            code: "MEMBER_OF_SET",
            rule: "Art. 8(1)",
            field: Some("code".to_owned()),
            zh: format!(
                "该草稿是在办变更集{code}的成员，随变更集一并审查、审签或退回，不能单独办理；请办理该变更集，确须单独办理的请承办人先撤回该草稿"
            ),
            en: format!(
                "the draft is a member of the change set {}that is on its way, and is reviewed, approved or returned with it: act on the set, or have the drafter withdraw the draft first",
                code.trim_start()
            ),
        }
    }

    /// There is no such material, or none that whoever asks may know of.
    pub(in crate::registrar) fn material_not_found(code: &Code) -> Self {
        Self {
            code: "MATERIAL_NOT_FOUND",
            rule: REGISTER,
            field: Some("material".to_owned()),
            zh: format!("没有材料{code}，请核对编码"),
            en: format!("there is no material {code}: check its code"),
        }
    }

    /// There is no such agency, and nothing that it answers for.
    pub(in crate::registrar) fn agency_not_found(code: &Code) -> Self {
        Self {
            code: "AGENCY_NOT_FOUND",
            rule: REGISTER,
            field: Some("agency".to_owned()),
            zh: format!("没有机构{code}，请核对编码"),
            en: format!("there is no agency {code}: check its code"),
        }
    }

    /// A material may still be asked for.
    pub(in crate::registrar) fn material_not_abolished(code: &Code) -> Self {
        Self {
            code: "MATERIAL_NOT_ABOLISHED",
            rule: "Art. 5(2)",
            field: Some("material".to_owned()),
            zh: format!("材料{code}未取消；请先起草并审签其取消"),
            en: format!("material {code} is not abolished: have its abolition approved first"),
        }
    }

    /// The code of a new entry is not one that its agency may give.
    pub(super) fn code_not_own(agency: &str) -> Self {
        Self {
            code: "CODE_NOT_OWN",
            rule: REGISTER,
            field: Some("code".to_owned()),
            zh: format!("新条目的编码须以其机构的编码（{agency}）开头；没有编码的请留空，由登记册编码"),
            en: format!("the code of a new entry begins with that of its agency ({agency}); leave it out, and the register assigns one"),
        }
    }

    /// What is to take the place of a repealed entry is none that could.
    pub(super) fn no_successor(register: Register, code: &Code) -> Self {
        Self {
            code: "SUCCESSOR_UNKNOWN",
            rule: REGISTER,
            field: Some("replacedBy".to_owned()),
            zh: format!("{code}不能承接：不是另一个在册公开的{}，或已取消；请核对编码，或留空", register.zh()),
            en: format!(
                "{code} cannot take its place: it is no other {register} that is public and not repealed; check the code, or leave it out"
            ),
        }
    }

    /// A content is larger than what can be given.
    pub(super) fn content_too_large(bytes: usize) -> Self {
        let (code, field) = (RefusalKind::TooLarge.code(), Some("content".to_owned()));
        Self {
            code,
            rule: REGISTER,
            field,
            zh: format!("内容共{bytes}字节，最多{MAX_CONTENT_BYTES}字节；请精简或拆分"),
            en: format!("the content has {bytes} bytes, {MAX_CONTENT_BYTES} at most: shorten or split it"),
        }
    }

    /// A content is not of the form of its register, at a path in it; the empty one is the content as a whole.
    pub(super) fn content_invalid(path: &str, zh: String, en: String) -> Self {
        let field = if path.is_empty() { "content".to_owned() } else { format!("content.{path}") };
        Self { code: "CONTENT_INVALID", rule: REGISTER, field: Some(field), zh, en }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page that lists every refusal.
    const LISTED: &str = include_str!("../../../../docs/lifecycle.md");

    fn code() -> Code {
        "X1".parse().unwrap()
    }

    #[test]
    fn every_refusal_of_the_register_is_listed_with_its_rule_and_speaks_both_languages() {
        let all = [
            Refused::command_id_used(),
            Refused::too_many_drafts(500),
            Refused::code_not_own("A1"),
            Refused::change_set_open(&code()),
            Refused::member_of_decided_set(Some(&code()), true),
            Refused::member_of_decided_set(None, false),
            Refused::member_of_set(Some(&code())),
            Refused::member_of_set(None),
            Refused::material_not_found(&code()),
            Refused::agency_not_found(&code()),
            Refused::material_not_abolished(&code()),
            Refused::content_too_large(200_000),
            Refused::content_invalid("name", "应为文字".into(), "it is to be a text".into()),
        ];
        for Refused { code, rule, zh, en, .. } in all {
            assert!(LISTED.contains(&format!("| `{code}` | {rule} |")), "{code}");
            assert!(!zh.is_ascii() && en.is_ascii() && en.len() > 10, "{code}: {zh} / {en}");
        }
    }
}
