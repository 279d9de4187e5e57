//! Lists come in: workbooks, tables and portal exports become proposals, each with the place it was read from.
//!
//! This floor reads and never writes: what a proposal leads to is decided by whoever holds the register. Every line that was
//! read is in the answer, as a proposal, as rejected or as ignored, with its reason. See `docs/import.md`.

mod agencies;
mod assemble;
mod biff;
mod blocks;
mod body;
mod book;
mod brackets;
mod cancelled;
mod card;
mod catalogue;
mod delimited;
mod encoding;
mod error;
pub mod evidence;
pub mod export;
mod extended;
mod faqs;
mod fees;
mod field;
mod forms;
mod grid;
mod guide;
mod header;
mod headings;
mod holidays;
mod item;
mod keys;
mod kind;
mod levels;
pub mod limits;
mod many;
mod member;
mod no_row;
mod options;
mod parts;
mod plan;
mod portal;
mod publisher;
mod read;
pub mod reading;
mod record;
mod remarks;
mod rows;
mod same;
pub mod spoken;
pub mod table;
mod table_row;
mod ticks;
mod title;
mod types;
mod window;
mod words;
mod workbook;
mod wrapped;

pub use error::FileError;
pub use field::Field;
pub use holidays::{HolidayFile, read_holidays, read_holidays_bytes};
pub use options::{MapError, Progress, ReadOptions};
pub use plan::{MAX_PLAN_ROWS, PlanRow, read_plan, read_plan_bytes};
pub use read::{read_bytes, read_file, read_paths};
pub use reading::{ListInfo, Place, Proposal, ProposedCode, ProposedContent, Reading, Row, RowOutcome, Why};
