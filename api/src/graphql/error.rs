//! Errors as they are told outside: a code of the contract and no internals.

use async_graphql::{Error, ErrorExtensions};

/// The codes of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The request is not what it should be.
    BadRequest,
    /// It takes a token, and none was sent.
    Unauthenticated,
    /// Whoever asks may not.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// It is larger, deeper or slower than allowed.
    LimitExceeded,
    /// It cannot be answered at present.
    Unavailable,
    /// A fault of ours.
    Internal,
}

impl Failure {
    /// The code in `extensions.code`.
    pub fn code(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::NotFound => "NOT_FOUND",
            Self::LimitExceeded => "LIMIT_EXCEEDED",
            Self::Unavailable => "UNAVAILABLE",
            Self::Internal => "INTERNAL",
        }
    }
}

/// A GraphQL error with a code.
pub fn failure(failure: Failure, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", failure.code()))
}
