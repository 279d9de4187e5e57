//! Values with their rules: codes, types, levels, openness, limits, legal bases, money and contacts.

mod assigned;
mod basis;
mod basis_parse;
mod channel;
mod contact;
mod credit_code;
mod finding;
mod hash;
mod item_code;
mod item_type;
mod level;
mod limit;
mod money;
mod openness;
mod region;
pub mod text;
mod topic;

pub use assigned::AssignedCode;
pub use basis::LegalBasis;
pub use basis_parse::{BasisParse, parse_legal_bases};
pub use channel::Channel;
pub use contact::{Contact, ContactKind};
pub use credit_code::{CreditCode, CreditCodeDefect};
pub use finding::{Finding, Severity};
pub use hash::Hash;
pub use item_code::{BasicCode, CodeError, HandlingCode, ImplementationCode, SubItem};
pub use item_type::{ItemList, ItemType, TypeScheme};
pub use level::Level;
pub use limit::{LimitError, TimeLimit, TimeUnit};
pub use money::Money;
pub use openness::{Openness, OpennessAttribute, OpennessDefect};
pub use region::Region;
pub use topic::{Audience, Topic};
