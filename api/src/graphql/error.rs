//! Errors as they are told outside: a code of the contract and no internals.

use async_graphql::{Error, ErrorExtensions};
use domain::{envelope::Code, register::Register};

/// The codes of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The request is not what it should be.
    BadRequest,
    /// Who asks is not who they say, or has to say it first.
    Unauthenticated,
    /// Who asks may not.
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

/// What is answered, and noted, where something that takes a token is asked for without one. `asked` is the verb or the field; of what
/// was sent nothing is noted but register and code.
pub fn no_token(asked: &str, register: Option<Register>, code: Option<&Code>) -> Error {
    tracing::warn!(verb = asked, register = register.map(display), code = code.map(Code::as_str), "denied: it takes a token");
    failure(Failure::Unauthenticated, "须先登录：请在请求中附上令牌 / it takes a token: send one with the request")
}

/// What is answered where somebody holds no office for what they ask; `rule`: the article that says who does it, or `register`.
pub fn forbidden(rule: &'static str, message: impl Into<String>) -> Error {
    failure(Failure::Forbidden, message).extend_with(|_, extensions| extensions.set("rule", rule))
}

/// What is answered where a part of the input is not what it has to be; `field` is its path as it was written, e.g. `input.code`.
pub fn wrong_input(field: impl Into<String>, message: impl Into<String>) -> Error {
    let field = field.into();
    failure(Failure::BadRequest, message).extend_with(|_, extensions| extensions.set("field", field.as_str()))
}

/// What is answered where a part of the input names nothing that whoever asks may know of; `reason` is the stable word for what is not there,
/// `field` the path of the part.
pub fn not_found(reason: &'static str, field: impl Into<String>, message: impl Into<String>) -> Error {
    let field = field.into();
    failure(Failure::NotFound, message).extend_with(|_, extensions| {
        extensions.set("reason", reason);
        extensions.set("field", field.as_str());
    })
}

/// A code as it was sent in a part of the input.
pub fn code_in(field: &str, text: &str) -> Result<Code, Error> {
    text.parse().map_err(|error: domain::envelope::InvalidCode| wrong_input(field, error.to_string()))
}

/// A GraphQL error with a code.
pub fn failure(failure: Failure, message: impl Into<String>) -> Error {
    Error::new(message).extend_with(|_, extensions| extensions.set("code", failure.code()))
}
