use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text;

/// A legal basis 设定依据/实施依据: one article of one law, or a text that could not be taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LegalBasis {
    /// Kind of law as tagged by the source: `法律`, `法规`, `规章`, `规范性文件` …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Title without its marks《》. Empty where the source's text could not be taken apart; `text` then holds it whole.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Document number, e.g. `国务院令第364号`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_number: Option<String>,
    /// What the source says of promulgation and amendment, in brackets after the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promulgation: Option<String>,
    /// Article, e.g. `第六条第一款`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<String>,
    /// Words of the article.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl LegalBasis {
    /// Whether the source's text could be taken apart.
    pub fn is_parsed(&self) -> bool {
        !self.title.is_empty()
    }

    /// Whether it names a law, be it in words that could not be taken apart: a title, a number of a document or a text with a letter or an ideograph.
    /// Signs and figures alone name none.
    ///
    /// ```
    /// use domain::value::LegalBasis;
    /// assert!(LegalBasis::as_written("《某条例》").says_something());
    /// assert!(!LegalBasis::as_written(".").says_something() && !LegalBasis { title: "2026-1".into(), ..LegalBasis::default() }.says_something());
    /// ```
    pub fn says_something(&self) -> bool {
        let words = [Some(&self.title), self.document_number.as_ref(), self.text.as_ref()];
        words.into_iter().flatten().any(|words| words.chars().any(is_of_words) && text::something(words).is_some())
    }

    /// A basis that is kept whole as its source wrote it.
    pub fn as_written(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }
}

/// Whether words are written with it: a letter or an ideograph that is seen.
fn is_of_words(sign: char) -> bool {
    sign.is_alphabetic() && !text::is_blank(sign.encode_utf8(&mut [0; 4]))
}
