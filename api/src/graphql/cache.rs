//! Parsed and validated documents are kept: clients send the same few queries with other variables.
//!
//! Validation may depend on variables in three ways: on their kinds (is `$code` a string?), on which value of an enumeration a
//! text names, and, for complexity, on the numbers that size pages. All are part of what is known to be valid; other texts are not.

use std::{
    collections::HashSet,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, PoisonError, RwLock},
};

use async_graphql::{Request, ServerResult, Value, parser::parse_query, parser::types::ExecutableDocument};
use moka::sync::Cache;

use super::expansion;

/// Bytes of query texts of which the documents are kept: a document takes some fifty times its text, and anybody can send new ones.
const PARSED_BYTES: u64 = 1024 * 1024;

/// Shapes of variables kept of a document; clients send a few.
const SHAPES: usize = 64;

/// The cache, shared by all requests of a schema.
#[derive(Clone)]
pub struct DocumentCache(Cache<Arc<str>, Arc<Known>>);

/// A document that was parsed, and is not too large when its fragments are put in.
pub struct Known {
    /// The document.
    pub document: ExecutableDocument,
    valid: RwLock<HashSet<u64>>,
}

impl Default for DocumentCache {
    fn default() -> Self {
        let bytes = |query: &Arc<str>, _: &Arc<Known>| u32::try_from(query.len()).unwrap_or(u32::MAX);
        Self(Cache::builder().max_capacity(PARSED_BYTES).weigher(bytes).build())
    }
}

impl DocumentCache {
    /// The document of a query; parsed, if nobody sent it lately.
    pub fn document(&self, query: &str) -> ServerResult<Arc<Known>> {
        if let Some(known) = self.0.get(query) {
            return Ok(known);
        }
        let document = parse_query(query)?;
        expansion::check(&document)?;
        let known = Arc::new(Known { document, valid: RwLock::default() });
        self.0.insert(query.into(), known.clone());
        Ok(known)
    }
}

impl Known {
    /// Whether a request with variables of this shape was found valid.
    pub fn is_valid(&self, shape: u64) -> bool {
        self.valid.read().unwrap_or_else(PoisonError::into_inner).contains(&shape)
    }

    /// Notes that it is.
    pub fn found_valid(&self, shape: u64) {
        let mut valid = self.valid.write().unwrap_or_else(PoisonError::into_inner);
        if valid.len() >= SHAPES {
            valid.clear();
        }
        valid.insert(shape);
    }
}

/// What the validation can see of a request beside its query.
pub fn shape_of(request: &Request) -> u64 {
    let mut hasher = DefaultHasher::new();
    request.operation_name.hash(&mut hasher);
    for (name, value) in request.variables.iter() {
        name.as_str().hash(&mut hasher);
        shape(value, &mut hasher);
    }
    hasher.finish()
}

/// Whether a text can be a value of an enumeration: capital letters and underscores, as in all of ours.
fn names_a_value(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// What validation can see of a value: its kind, and of numbers, booleans and names of values the value.
fn shape(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Null => 0_u8.hash(hasher),
        Value::Number(number) => (1_u8, number.to_string()).hash(hasher),
        Value::String(text) if names_a_value(text) => (4_u8, text).hash(hasher),
        Value::String(_) => 2_u8.hash(hasher),
        Value::Boolean(yes) => (3_u8, yes).hash(hasher),
        Value::Enum(name) => (4_u8, name.as_str()).hash(hasher),
        Value::Binary(_) => 5_u8.hash(hasher),
        Value::List(list) => {
            (6_u8, list.len()).hash(hasher);
            for value in list {
                shape(value, hasher);
            }
        }
        Value::Object(object) => {
            (7_u8, object.len()).hash(hasher);
            for (name, value) in object {
                name.as_str().hash(hasher);
                shape(value, hasher);
            }
        }
    }
}
