//! Scalars of the contract.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{DateTime, Utc};
use domain::calendar::ahead::is_leap_second;

/// A date without a time, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub chrono::NaiveDate);

/// A date without a time, `YYYY-MM-DD`.
#[Scalar(name = "Date")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(text.parse().map_err(|_| InputValueError::custom("expected a date, YYYY-MM-DD"))?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A place in the log: opaque, ordered, a resume token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position(pub domain::envelope::Position);

/// A place in the log: opaque, ordered as a text within one register; a resume token.
#[Scalar(name = "Position")]
impl ScalarType for Position {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(text.parse().map_err(InputValueError::custom)?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// `sha256:` and the hexadecimal SHA-256 of the canonical content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hash(pub domain::value::Hash);

/// `sha256:` and the hexadecimal SHA-256 of the content in canonical form (RFC 8785), without what only the counter sees.
#[Scalar(name = "Hash")]
impl ScalarType for Hash {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => Ok(Self(text.parse().map_err(InputValueError::custom)?)),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Refuses a leap second, which the scalar `DateTime` of the library takes: to be named by every input of a moment.
pub fn no_leap_second(at: &DateTime<Utc>) -> Result<(), InputValueError<DateTime<Utc>>> {
    if is_leap_second(*at) { Err(InputValueError::custom("a leap second")) } else { Ok(()) }
}
