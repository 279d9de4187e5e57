use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::LegalBasis;

/// Openness attribute 公开属性 (Art. 8(1)).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OpennessAttribute {
    /// 主动公开: published whole.
    #[default]
    Active,
    /// 部分公开: published without the named fields.
    Partial,
    /// 依申请公开: reaches no channel.
    OnRequest,
    /// 不予公开: reaches no channel.
    NotDisclosed,
}

/// The attribute with what Art. 8(1) asks for: all but the first need a reason and a legal basis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Openness {
    /// The attribute.
    pub attribute: OpennessAttribute,
    /// Fields of the content withheld when it is partial, by their names in the content (`authority`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
    /// Why it is not published whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// On which law that rests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub basis: Vec<LegalBasis>,
}

/// What keeps an openness attribute from being accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpennessDefect {
    /// All but active need a reason (Art. 8(1)).
    #[error("an attribute other than active needs a reason")]
    Reason,
    /// All but active need a legal basis (Art. 8(1)).
    #[error("an attribute other than active needs a legal basis")]
    Basis,
    /// Partial names the withheld fields.
    #[error("a partial attribute names the fields that are withheld")]
    Withheld,
    /// Only partial withholds fields.
    #[error("only a partial attribute withholds fields")]
    NotPartial,
}

impl Openness {
    /// Whether an entry with this attribute is shown on channels at all.
    pub fn reaches_channels(&self) -> bool {
        matches!(self.attribute, OpennessAttribute::Active | OpennessAttribute::Partial)
    }

    /// Whether it is published whole, the usual case; it is then left out of the stored form.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// The part by which more is shown than by another one: an attribute that is less closed, or a field that is withheld no longer.
    pub fn opens(&self, before: &Self) -> Option<&'static str> {
        if self.attribute < before.attribute {
            return Some("openness.attribute");
        }
        let opened = self.attribute == OpennessAttribute::Partial && before.withheld.iter().any(|field| !self.withheld.contains(field));
        opened.then_some("openness.withheld")
    }

    /// What Art. 8(1) misses, if anything.
    pub fn defect(&self) -> Option<OpennessDefect> {
        use OpennessAttribute::{Active, Partial};
        let partial = self.attribute == Partial;
        if partial == self.withheld.is_empty() {
            return Some(if partial { OpennessDefect::Withheld } else { OpennessDefect::NotPartial });
        }
        if self.attribute == Active {
            return None;
        }
        if self.reason.as_deref().is_none_or(|r| r.trim().is_empty()) {
            return Some(OpennessDefect::Reason);
        }
        (!self.basis.iter().any(LegalBasis::says_something)).then_some(OpennessDefect::Basis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(attribute: OpennessAttribute) -> Openness {
        let basis = vec![LegalBasis { title: "中华人民共和国政府信息公开条例".into(), ..LegalBasis::default() }];
        Openness { attribute, withheld: vec![], reason: Some("涉及第三方商业秘密".into()), basis }
    }

    #[test]
    fn active_needs_nothing() {
        assert_eq!(Openness::default().defect(), None);
        assert!(Openness::default().reaches_channels());
    }

    #[test]
    fn all_others_need_a_reason_and_a_basis() {
        for attribute in [OpennessAttribute::OnRequest, OpennessAttribute::NotDisclosed] {
            assert_eq!(with(attribute).defect(), None);
            assert!(!with(attribute).reaches_channels());
            assert_eq!(Openness { reason: Some(" ".into()), ..with(attribute) }.defect(), Some(OpennessDefect::Reason));
            for nothing in [vec![], vec![LegalBasis { title: " ".into(), article: Some("第一条".into()), ..LegalBasis::default() }]] {
                assert_eq!(Openness { basis: nothing, ..with(attribute) }.defect(), Some(OpennessDefect::Basis));
            }
        }
    }

    #[test]
    fn partial_names_what_it_withholds_and_only_partial_does() {
        let partial = with(OpennessAttribute::Partial);
        assert_eq!(partial.defect(), Some(OpennessDefect::Withheld));
        assert_eq!(Openness { withheld: vec!["authority".into()], ..partial }.defect(), None);
        let active = Openness { withheld: vec!["authority".into()], ..Openness::default() };
        assert_eq!(active.defect(), Some(OpennessDefect::NotPartial));
    }
}
