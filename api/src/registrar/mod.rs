//! Use cases: who may do what, then the domain decides.

pub mod abolished;
mod act;
pub mod calendar;
pub mod change;
pub mod changeset;
mod check;
pub mod deadline;
pub mod diff;
mod dry_run;
pub mod evidence;
pub mod export;
pub mod import;
pub mod reform;
pub mod replay;
pub mod sample;
pub mod sight;
pub mod stood;
pub mod with_item;

pub use act::{Acted, RegistrarError, act, command_id};
pub use check::{CheckError, Checked, check};
pub use dry_run::DryRun;
