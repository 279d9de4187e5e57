use async_graphql::SimpleObject;

/// A legal basis 设定依据: an article of a law, or a text that could not be taken apart.
#[derive(SimpleObject, Debug)]
pub struct LegalBasis<'a> {
    /// Kind of law as tagged by the source: 法律, 法规, 规章 …
    pub category: Option<&'a str>,
    /// Title without its marks. Empty where the source's text could not be taken apart; `text` then holds it whole.
    pub title: &'a str,
    /// Document number.
    pub document_number: Option<&'a str>,
    /// What the source says of promulgation and amendment.
    pub promulgation: Option<&'a str>,
    /// Article, e.g. 第六条第一款.
    pub article: Option<&'a str>,
    /// Words of the article.
    pub text: Option<&'a str>,
}

impl<'a> From<&'a domain::value::LegalBasis> for LegalBasis<'a> {
    fn from(basis: &'a domain::value::LegalBasis) -> Self {
        Self {
            category: basis.category.as_deref(),
            title: &basis.title,
            document_number: basis.document_number.as_deref(),
            promulgation: basis.promulgation.as_deref(),
            article: basis.article.as_deref(),
            text: basis.text.as_deref(),
        }
    }
}

/// The bases of a list of them.
pub fn bases(bases: &[domain::value::LegalBasis]) -> Vec<LegalBasis<'_>> {
    bases.iter().map(LegalBasis::from).collect()
}

/// A duty 责任事项.
#[derive(SimpleObject, Debug)]
pub struct Duty<'a> {
    /// Stage or kind, e.g. 直接实施责任.
    pub stage: Option<&'a str>,
    /// What is to be done.
    pub content: &'a str,
    /// Its bases; where the list gives them for all duties of the item together, those.
    pub basis: Vec<LegalBasis<'a>>,
}

impl<'a> Duty<'a> {
    /// The duties of an item.
    pub fn of(item: &'a domain::register::Item) -> Vec<Self> {
        let one = |duty: &'a domain::register::Duty| Self {
            stage: duty.stage.as_deref(),
            content: &duty.content,
            basis: bases(if duty.basis.is_empty() { &item.duty_bases } else { &duty.basis }),
        };
        item.duties.iter().map(one).collect()
    }
}

/// Accountability 追责情形.
#[derive(SimpleObject, Debug)]
pub struct Accountability<'a> {
    /// Who answers 追责对象范围.
    pub subjects: Option<&'a str>,
    /// In which circumstances.
    pub circumstances: Option<&'a str>,
}

impl<'a> From<&'a domain::register::Accountability> for Accountability<'a> {
    fn from(accountability: &'a domain::register::Accountability) -> Self {
        Self { subjects: accountability.subjects.as_deref(), circumstances: accountability.circumstances.as_deref() }
    }
}
