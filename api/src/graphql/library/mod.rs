//! Errors that the GraphQL library makes before or around our code, told as all others are: in Chinese and English, what is wrong, where and what
//! to do, with a code. The library has only English words for them, some with names of our types; what is not known here is told in general.

mod misfit;
mod words;

use async_graphql::{Pos, Response, ServerError, Variables, parser::types::ExecutableDocument};

use super::error::Failure;
use words::{Told, told};

/// Tells the errors of an answer that carry no code of ours; `document` is what was asked, if it could be read, and `variables` what was sent with it.
pub fn tell(answer: &mut Response, document: Option<(&ExecutableDocument, &Variables)>) {
    for error in answer.errors.iter_mut().filter(|error| !has_code(error)) {
        let at = error.locations.first().copied();
        let field = |type_name: &str, within: Option<(i64, i64)>| misfit::path(document?, at?, type_name, within);
        let Told { failure, zh, en, field } = told(&error.message, &field);
        if failure == Failure::Internal {
            tracing::error!(error = error.message, "an answer of the library is a fault of ours");
        }
        let (zh_at, en_at) = at.map(place).unwrap_or_default();
        error.message = format!("{zh}{zh_at} / {en}{en_at}");
        let extensions = error.extensions.get_or_insert_default();
        extensions.set("code", failure.code());
        if let Some(field) = field {
            extensions.set("field", field);
        }
    }
}

fn has_code(error: &ServerError) -> bool {
    error.extensions.as_ref().is_some_and(|extensions| extensions.get("code").is_some())
}

/// The place in the query, in Chinese and English.
fn place(at: Pos) -> (String, String) {
    let Pos { line, column } = at;
    (format!("（查询第{line}行第{column}列）"), format!(" (line {line}, column {column} of the query)"))
}
