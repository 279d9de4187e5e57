//! Codes of the national catalogue: basic code (12), implementation code (31), handling-item code (33).

use std::str::FromStr;

use super::{CreditCode, ItemType, Level, TypeScheme};

/// Why a text is no code of the national catalogue.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    /// Wrong number of characters.
    #[error("{what}: {expected} characters expected, {found} found")]
    Length {
        /// Which code was expected.
        what: &'static str,
        /// Characters it must have.
        expected: usize,
        /// Characters it has.
        found: usize,
    },
    /// A character that cannot stand there.
    #[error("{what}: {found:?} cannot stand at place {place}")]
    Character {
        /// Which code was expected.
        what: &'static str,
        /// The character.
        found: char,
        /// Its place, from 1.
        place: usize,
    },
}

/// The last three characters of a basic code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubItem {
    /// `000`: the item has no sub-items.
    None,
    /// `00Y`: this is the parent of sub-items.
    Parent,
    /// `001` to `999`: the number of a sub-item.
    Number(u16),
}

/// Basic code 基本编码: division 2, type 2, department 2, sequence 3, sub-item 3.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BasicCode(String);

impl BasicCode {
    /// Province-level division of the catalogue, e.g. `44`; `00` is the national one.
    pub fn division(&self) -> &str {
        &self.0[..2]
    }

    /// The type as the source's scheme numbers it.
    pub fn type_code(&self) -> &str {
        &self.0[2..4]
    }

    /// The type under a scheme.
    pub fn item_type(&self, scheme: TypeScheme) -> Option<ItemType> {
        scheme.item_type(self.type_code())
    }

    /// Department of the catalogue.
    pub fn department(&self) -> &str {
        &self.0[4..6]
    }

    /// Sequence number within the department.
    pub fn sequence(&self) -> &str {
        &self.0[6..9]
    }

    /// Which part of the item it is.
    pub fn sub_item(&self) -> SubItem {
        match &self.0[9..] {
            "000" => SubItem::None,
            "00Y" => SubItem::Parent,
            digits => SubItem::Number(digits.parse().unwrap_or(0)),
        }
    }

    /// The code of the parent (`…00Y`), where this is a sub-item.
    pub fn parent(&self) -> Option<BasicCode> {
        matches!(self.sub_item(), SubItem::Number(_)).then(|| Self(format!("{}00Y", &self.0[..9])))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for BasicCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        const WHAT: &str = "basic code";
        length(text, WHAT, 12)?;
        for (i, c) in text.chars().enumerate() {
            if !(c.is_ascii_digit() || c == 'Y' && i == 11 && text.ends_with("00Y")) {
                return Err(CodeError::Character { what: WHAT, found: c, place: i + 1 });
            }
        }
        Ok(Self(text.to_owned()))
    }
}

/// Implementation code 实施编码: credit code 18, level 1, basic code 12.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImplementationCode {
    text: String,
    basic: BasicCode,
}

impl ImplementationCode {
    /// The agency's credit code (kept even where its check character is wrong).
    pub fn credit_code(&self) -> Option<CreditCode> {
        CreditCode::new(&self.text[..18])
    }

    /// The level at which the power is exercised.
    pub fn level(&self) -> Option<Level> {
        Level::from_code(&self.text[18..19])
    }

    /// The basic code within it.
    pub fn basic(&self) -> &BasicCode {
        &self.basic
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for ImplementationCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        const WHAT: &str = "implementation code";
        length(text, WHAT, 31)?;
        for (i, c) in text.chars().take(19).enumerate() {
            if !(c.is_ascii_digit() || c.is_ascii_uppercase() && i < 18) {
                return Err(CodeError::Character { what: WHAT, found: c, place: i + 1 });
            }
        }
        let basic = text[19..].parse().map_err(|error| match error {
            CodeError::Character { found, place, .. } => CodeError::Character { what: WHAT, found, place: place + 19 },
            CodeError::Length { .. } => error,
        })?;
        Ok(Self { text: text.to_owned(), basic })
    }
}

/// Handling-item code 业务办理项编码: implementation code 31 and two digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandlingCode {
    text: String,
    implementation: ImplementationCode,
}

impl HandlingCode {
    /// The code of the item that is handled.
    pub fn implementation(&self) -> &ImplementationCode {
        &self.implementation
    }

    /// The number of the handling item, two digits.
    pub fn number(&self) -> &str {
        &self.text[31..]
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for HandlingCode {
    type Err = CodeError;

    fn from_str(text: &str) -> Result<Self, CodeError> {
        const WHAT: &str = "handling-item code";
        length(text, WHAT, 33)?;
        if !text.is_ascii() {
            let (i, found) = text.chars().enumerate().find(|(_, c)| !c.is_ascii()).unwrap_or((0, '?'));
            return Err(CodeError::Character { what: WHAT, found, place: i + 1 });
        }
        let implementation = text[..31].parse()?;
        for (i, c) in text.chars().enumerate().skip(31) {
            if !c.is_ascii_digit() {
                return Err(CodeError::Character { what: WHAT, found: c, place: i + 1 });
            }
        }
        Ok(Self { text: text.to_owned(), implementation })
    }
}

fn length(text: &str, what: &'static str, expected: usize) -> Result<(), CodeError> {
    let found = text.chars().count();
    if found != expected {
        return Err(CodeError::Length { what, expected, found });
    }
    match text.chars().enumerate().find(|(_, c)| !c.is_ascii()) {
        Some((i, found)) => Err(CodeError::Character { what, found, place: i + 1 }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handling_item_code_comes_apart() {
        let code: HandlingCode = "11440000006940116U244010200300103".parse().unwrap();
        assert_eq!(code.number(), "03");
        let item = code.implementation();
        assert_eq!(item.as_str(), "11440000006940116U2440102003001");
        assert_eq!(item.level(), Some(Level::Province));
        assert_eq!(item.credit_code().unwrap().as_str(), "11440000006940116U");
        let basic = item.basic();
        assert_eq!((basic.division(), basic.type_code(), basic.department(), basic.sequence()), ("44", "01", "02", "003"));
        assert_eq!(basic.sub_item(), SubItem::Number(1));
        assert_eq!(basic.parent().unwrap().as_str(), "44010200300Y");
        assert_eq!(basic.item_type(TypeScheme::National), Some(ItemType::Permission));
    }

    #[test]
    fn the_parent_of_sub_items_ends_in_y() {
        let parent: BasicCode = "44010200300Y".parse().unwrap();
        assert_eq!(parent.sub_item(), SubItem::Parent);
        assert_eq!(parent.parent(), None);
        assert!("4401020030Y0".parse::<BasicCode>().is_err());
    }

    #[test]
    fn errors_say_what_is_wrong_and_where() {
        let error = "1144000000694011".parse::<ImplementationCode>().unwrap_err();
        assert_eq!(error.to_string(), "implementation code: 31 characters expected, 16 found");
        let error = "11440000006940116U2440102003X01".parse::<ImplementationCode>().unwrap_err();
        assert_eq!(error, CodeError::Character { what: "implementation code", found: 'X', place: 29 });
        assert!("国440000006940116U244010200300103".parse::<HandlingCode>().is_err());
    }
}
