use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whom a guide serves 服务对象, by the national code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Audience {
    /// 1 自然人
    NaturalPerson,
    /// 2 企业法人
    Enterprise,
    /// 3 事业法人
    PublicInstitution,
    /// 4 社会组织法人
    SocialOrganisation,
    /// 5 非法人企业
    UnincorporatedEnterprise,
    /// 6 行政机关
    AdministrativeOrgan,
    /// 9 其他组织
    OtherOrganisation,
}

impl Audience {
    /// All seven, in the order of their codes.
    pub const ALL: [Self; 7] = [
        Self::NaturalPerson,
        Self::Enterprise,
        Self::PublicInstitution,
        Self::SocialOrganisation,
        Self::UnincorporatedEnterprise,
        Self::AdministrativeOrgan,
        Self::OtherOrganisation,
    ];

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Self::NaturalPerson => "自然人",
            Self::Enterprise => "企业法人",
            Self::PublicInstitution => "事业法人",
            Self::SocialOrganisation => "社会组织法人",
            Self::UnincorporatedEnterprise => "非法人企业",
            Self::AdministrativeOrgan => "行政机关",
            Self::OtherOrganisation => "其他组织",
        }
    }

    /// By its Chinese name, as written in portals and lists.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = super::text::squash(name);
        Self::ALL.into_iter().find(|a| a.zh() == name).or(match name.as_str() {
            "个人" | "公民" | "群众" | "居民" => Some(Self::NaturalPerson),
            "法人" | "企业" => Some(Self::Enterprise),
            "事业单位" | "事业单位法人" => Some(Self::PublicInstitution),
            "社会组织" | "社会团体" => Some(Self::SocialOrganisation),
            "机关" | "行政机关法人" => Some(Self::AdministrativeOrgan),
            "其他" | "组织" => Some(Self::OtherOrganisation),
            _ => None,
        })
    }
}

/// A topic under which citizens or organisations look for a guide 主题分类.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Topic {
    /// Whether it stands on the list for organisations (面向法人) and not on the one for natural persons.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub organisations: bool,
    /// Name, e.g. `职业资格`.
    pub name: String,
    /// A topic of the place only (地方特色主题分类).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub local: bool,
}

impl Topic {
    /// A topic for natural persons.
    pub fn person(name: impl Into<String>) -> Self {
        Self { organisations: false, name: name.into(), local: false }
    }

    /// A topic for organisations.
    pub fn organisation(name: impl Into<String>) -> Self {
        Self { organisations: true, name: name.into(), local: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audiences_are_read_as_portals_write_them() {
        for audience in Audience::ALL {
            assert_eq!(Audience::from_name(audience.zh()), Some(audience));
        }
        assert_eq!(Audience::from_name(" 个人 "), Some(Audience::NaturalPerson));
        assert_eq!(Audience::from_name("外星人"), None);
    }
}
