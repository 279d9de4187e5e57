use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A place in the log of all events: opaque and ordered, with gaps that mean nothing.
///
/// Stores number differently: SQLite with one counter, EventStoreDB with a pair of log offsets. Nothing may be computed from
/// the numbers; they are compared, kept as a checkpoint, and handed out as a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    commit: u64,
    prepare: u64,
}

impl Position {
    /// A position of a store that numbers its events with one counter.
    pub fn single(number: u64) -> Self {
        Self { commit: number, prepare: number }
    }

    /// A position of a store that numbers with a pair of log offsets.
    pub fn pair(commit: u64, prepare: u64) -> Self {
        Self { commit, prepare }
    }

    /// The two numbers, for the store that gave them.
    pub fn numbers(self) -> (u64, u64) {
        (self.commit, self.prepare)
    }
}

/// The token: 16 hexadecimal digits, or 32 where the two numbers differ. Tokens of one length are ordered as texts; others are
/// to be compared as positions.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.commit)?;
        if self.commit == self.prepare { Ok(()) } else { write!(f, "{:016x}", self.prepare) }
    }
}

/// A text that is no position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("不是本登记册给出的位置标记 / not a position: expected a token that this register has given out")]
pub struct InvalidPosition;

impl FromStr for Position {
    type Err = InvalidPosition;

    fn from_str(text: &str) -> Result<Self, InvalidPosition> {
        let number = |digits: &str| {
            let plain = digits.len() == 16 && digits.bytes().all(|b| b.is_ascii_hexdigit());
            plain.then(|| u64::from_str_radix(digits, 16).ok()).flatten().ok_or(InvalidPosition)
        };
        match text.len() {
            16 => Ok(Self::single(number(text)?)),
            32 if text.is_ascii() => Ok(Self::pair(number(&text[..16])?, number(&text[16..])?)),
            _ => Err(InvalidPosition),
        }
    }
}

impl Serialize for Position {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_ordered_as_values_and_as_tokens() {
        let mut places = [Position::pair(9, 7), Position::single(10), Position::pair(9, 9), Position::single(300)];
        places.sort();
        let tokens: Vec<_> = places.iter().map(ToString::to_string).collect();
        assert_eq!(tokens[2..], ["000000000000000a", "000000000000012c"]);
        for (place, token) in places.iter().zip(&tokens) {
            assert_eq!(token.parse(), Ok(*place));
        }
        assert!("12".parse::<Position>().is_err());
        assert!("+00000000000000a".parse::<Position>().is_err());
    }
}
