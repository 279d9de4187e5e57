//! The top floor: GraphQL, HTTP and command line over the register. The only crate that names concrete stores.

pub mod app;
pub mod auth;
pub mod cli;
pub mod clock;
pub mod graphql;
pub mod http;
pub mod registrar;

/// Where the binary takes its memory from.
pub use mimalloc::MiMalloc as Allocator;
