//! Use cases: who may do what, then the domain decides.

pub mod abolished;
mod act;
pub mod change;
pub mod changeset;
mod check;
mod dry_run;
pub mod export;
pub mod import;
pub mod reform;
pub mod sample;
pub mod sight;

pub use act::{Acted, RegistrarError, act, command_id};
pub use check::{CheckError, Checked, check};
pub use dry_run::DryRun;
