//! An institutional reform 机构改革 as one act (Art. 5(1)): agencies come, are renamed and cease, and what they answer for moves to
//! their successors on one day by one document.
//!
//! Everything is checked before anything is written: the plan against the register, then every command by the domain itself, over a
//! journal that keeps nothing. The ids of the commands follow from the act, so that the same act again completes what a crash
//! interrupted, and changes nothing once it is done. See `docs/adr/0018`.

mod act;
mod agencies;
mod carry_out;
mod defect;
mod resolve;
mod survey;

use chrono::TimeDelta;
use journal::StoreError;
use projections::Unreadable;

pub use act::{Act, Authority};
pub use carry_out::{Done, Outcome, Reformer, Tally, Way};
pub use defect::Defect;
pub use resolve::{Step, What};

use super::RegistrarError;

/// How long before its day an act is begun at least: until all of it is written nothing of it may be in force.
pub const LEAD: TimeDelta = TimeDelta::minutes(10);

/// Why a reform has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ReformError {
    /// The register cannot be read.
    #[error("不能读取登记册 / the register cannot be read")]
    Journal(#[from] StoreError),
    /// An event of the register cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Box<Unreadable>),
    /// A step could not be kept.
    #[error(
        "机构改革在 {entry} 中断；已保存的保留，再次办理即可补全 / \
         the reform stopped at {entry}; what was kept stays, and the same again completes it"
    )]
    Stopped {
        /// Stream of the entry.
        entry: String,
        /// Why.
        #[source]
        source: RegistrarError,
    },
}
