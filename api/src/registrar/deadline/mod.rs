//! Deadlines at work: a rule is laid down, something that is not right is reported or found to be right, an agency checks itself, and whoever
//! keeps the node is warned.

mod asked;
mod history;
mod keep;
mod report;
mod rule;
mod self_check;
mod sight;
mod watch;

pub use asked::{Absent, absent, named};
pub use history::{RuleHistory, RuleStep, rule_histories};
pub use report::{Dismissal, Report, Reported, dismiss, report};
pub use rule::{Change, RuleChange, change_rule, change_rule_here};
pub use self_check::{SelfCheck, self_check};
pub use sight::sees;
pub use watch::{LEAD, watch};
