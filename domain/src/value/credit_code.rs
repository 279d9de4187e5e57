use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Finding;

/// The 31 characters of GB 32100-2015, each standing for its place.
pub(super) const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Unified social credit code 统一社会信用代码 (GB 32100-2015) as it was published.
///
/// Published codes do fail their check; the register warns, keeps and never rejects one for it. [`CreditCode::defect`]
/// tells what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct CreditCode(String);

/// What is wrong with a published credit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CreditCodeDefect {
    /// It does not have 18 characters.
    #[error("a credit code has 18 characters, this one has {0}")]
    Length(usize),
    /// A character that GB 32100 does not use (I, O, S, V, Z and everything that is no digit or capital letter).
    #[error("character {found:?} at place {place} is not used in a credit code")]
    Character {
        /// The character.
        found: char,
        /// Its place, from 1.
        place: usize,
    },
    /// The last character is not the one that the first 17 give.
    #[error("check character is {found}, the first 17 characters give {expected}")]
    CheckDigit {
        /// The published check character.
        found: char,
        /// The one that the rule gives.
        expected: char,
    },
}

impl CreditCode {
    /// Keeps a code as published, without white space and in capitals. `None` if nothing is left.
    pub fn new(text: &str) -> Option<Self> {
        let code = super::text::squash(text).to_ascii_uppercase();
        (!code.is_empty()).then_some(Self(code))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is wrong with the code, if anything.
    pub fn defect(&self) -> Option<CreditCodeDefect> {
        let length = self.0.chars().count();
        if length != 18 {
            return Some(CreditCodeDefect::Length(length));
        }
        for (i, found) in self.0.chars().enumerate() {
            if !found.is_ascii() || !ALPHABET.contains(&(found as u8)) {
                return Some(CreditCodeDefect::Character { found, place: i + 1 });
            }
        }
        let expected = check_character(&self.0.as_bytes()[..17])?;
        let found = self.0.chars().next_back()?;
        (found != expected).then_some(CreditCodeDefect::CheckDigit { found, expected })
    }

    /// The defect as a warning on a field.
    pub fn finding(&self, path: &str) -> Option<Finding> {
        let defect = self.defect()?;
        let (code, zh) = match defect {
            CreditCodeDefect::Length(n) => ("CREDIT_CODE_LENGTH", format!("统一社会信用代码应为18位，实为{n}位；已照原样保留，请核对")),
            CreditCodeDefect::Character { found, place } => {
                ("CREDIT_CODE_CHARACTER", format!("统一社会信用代码第{place}位“{found}”不在GB 32100字符集内；已照原样保留，请核对"))
            }
            CreditCodeDefect::CheckDigit { found, expected } => {
                ("CREDIT_CODE_CHECK_DIGIT", format!("统一社会信用代码校验位为“{found}”，按GB 32100应为“{expected}”；已照原样保留，请核对"))
            }
        };
        Some(Finding::warning(code, path, zh, format!("{defect}; kept as published, please check")))
    }
}

impl std::fmt::Display for CreditCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The check character of GB 32100 for leading characters: weights 3^(i-1) mod 31, `alphabet[(31 - sum mod 31) mod 31]`.
/// `None` if one of them is outside the alphabet.
pub(super) fn check_character(leading: &[u8]) -> Option<char> {
    let mut weight = 1;
    let mut sum = 0;
    for byte in leading {
        sum += weight * ALPHABET.iter().position(|c| c == byte)?;
        weight = weight * 3 % 31;
    }
    Some(ALPHABET[(31 - sum % 31) % 31] as char)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_right_code_has_no_defect() {
        // The example of GB 32100-2015 annex A and a published code of a provincial agency.
        for code in ["91350100M000100Y43", "11440000006939756B"] {
            assert_eq!(CreditCode::new(code).unwrap().defect(), None, "{code}");
        }
    }

    #[test]
    fn a_wrong_check_character_is_a_warning_and_the_code_is_kept() {
        let code = CreditCode::new("91350100m000100y44").unwrap();
        assert_eq!(code.as_str(), "91350100M000100Y44");
        assert_eq!(code.defect(), Some(CreditCodeDefect::CheckDigit { found: '4', expected: '3' }));
        assert_eq!(code.finding("creditCode").unwrap().code, "CREDIT_CODE_CHECK_DIGIT");
    }

    #[test]
    fn length_and_alphabet_are_told_exactly() {
        assert_eq!(CreditCode::new("9135").unwrap().defect(), Some(CreditCodeDefect::Length(4)));
        let wrong = CreditCode::new("9135O100M000100Y43").unwrap();
        assert_eq!(wrong.defect(), Some(CreditCodeDefect::Character { found: 'O', place: 5 }));
        assert_eq!(CreditCode::new(" \n"), None);
    }
}
