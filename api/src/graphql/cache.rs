//! Parsed and validated documents are kept: clients send the same few queries with other variables.
//!
//! Validation may depend on variables in three ways: on their kinds (is `$code` a string?), on which value of an enumeration a
//! text names, and, for complexity, on the numbers that size pages. All are part of the key; other texts are not.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_graphql::{
    Request, ServerError, ServerResult, ValidationResult, Value, Variables, async_trait,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextParseQuery, NextPrepareRequest, NextValidation},
    parser::{parse_query, types::ExecutableDocument},
};
use moka::sync::Cache;

use super::expansion;

/// Bytes of query texts of which the documents are kept: a document takes some fifty times its text, and anybody can send new ones.
const PARSED_BYTES: u64 = 1024 * 1024;

/// Validations kept.
const VALIDATIONS: u64 = 1_000;

/// The cache, shared by all requests of a schema.
#[derive(Clone)]
pub struct DocumentCache {
    parsed: Cache<Arc<str>, Arc<ExecutableDocument>>,
    validated: Cache<(Arc<str>, u64), ValidationResult>,
}

impl Default for DocumentCache {
    fn default() -> Self {
        let bytes = |query: &Arc<str>, _: &Arc<ExecutableDocument>| u32::try_from(query.len()).unwrap_or(u32::MAX);
        let parsed = Cache::builder().max_capacity(PARSED_BYTES).weigher(bytes).build();
        Self { parsed, validated: Cache::new(VALIDATIONS) }
    }
}

impl ExtensionFactory for DocumentCache {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(OfRequest { cache: self.clone(), key: std::sync::OnceLock::new(), shape: AtomicU64::new(0) })
    }
}

/// What the cache does for one request.
struct OfRequest {
    cache: DocumentCache,
    key: std::sync::OnceLock<Arc<str>>,
    shape: AtomicU64,
}

#[async_trait::async_trait]
impl Extension for OfRequest {
    async fn prepare_request(&self, ctx: &ExtensionContext<'_>, request: Request, next: NextPrepareRequest<'_>) -> ServerResult<Request> {
        let mut hasher = DefaultHasher::new();
        request.operation_name.hash(&mut hasher);
        for (name, value) in request.variables.iter() {
            name.as_str().hash(&mut hasher);
            shape(value, &mut hasher);
        }
        self.shape.store(hasher.finish(), Ordering::Relaxed);
        let mut request = request;
        if !self.cache.parsed.contains_key(request.query.as_str()) {
            let document = parse_query(&request.query)?;
            expansion::check(&document)?;
            request.set_parsed_query(document);
        }
        next.run(ctx, request).await
    }

    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        let key: Arc<str> = query.into();
        let known = self.cache.parsed.get(&key);
        let _ = self.key.set(key.clone());
        if let Some(document) = known {
            return Ok(document.as_ref().clone());
        }
        let document = next.run(ctx, query, variables).await?;
        self.cache.parsed.insert(key, Arc::new(document.clone()));
        Ok(document)
    }

    async fn validation(&self, ctx: &ExtensionContext<'_>, next: NextValidation<'_>) -> Result<ValidationResult, Vec<ServerError>> {
        let Some(key) = self.key.get() else { return next.run(ctx).await };
        let key = (key.clone(), self.shape.load(Ordering::Relaxed));
        if let Some(result) = self.cache.validated.get(&key) {
            return Ok(result);
        }
        let result = next.run(ctx).await?;
        self.cache.validated.insert(key, result);
        Ok(result)
    }
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
