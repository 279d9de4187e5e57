use domain::entry::Refusal;

/// Why a change was refused: by a rule of the lifecycle, or by one of the register about how it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Stable code.
    pub code: &'static str,
    /// The article, or `register`.
    pub rule: &'static str,
    /// The field concerned, as a path in the content or the input.
    pub field: Option<String>,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.kind.code(), rule: refusal.kind.rule(), field: refusal.field, zh: refusal.zh, en: refusal.en }
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

    /// A content is not of the form of its register.
    pub(super) fn content_invalid(field: String, zh: String, en: String) -> Self {
        Self { code: "CONTENT_INVALID", rule: REGISTER, field: Some(field), zh, en }
    }
}
