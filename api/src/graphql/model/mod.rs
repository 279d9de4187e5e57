//! The types of the contract: nouns, each over the documents of the views.

mod agency;
mod announced;
mod basis;
mod catalogue_entry;
mod guide;
mod guide_parts;
mod item;
mod material;
mod revision;
mod shown;
mod values;

pub use agency::Agency;
pub use announced::Announced;
pub use basis::{Accountability, Duty, LegalBasis};
pub use catalogue_entry::CatalogueEntry;
pub use guide::Guide;
pub use guide_parts::{Faq, Fee, MaterialRequirement, OnlineService, Outcome, Place, Situation, Step};
pub use item::Item;
pub use material::Material;
pub use revision::{FieldChange, Revision, Source, Upcoming};
pub use shown::Shown;
pub use values::{Contact, Finding, Money, Region, TimeLimit, Topic, TypeCount};
