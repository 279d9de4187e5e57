//! Who a caller is and what they may do.
//!
//! A [`Caller`] is made here alone, from a token that was verified. Who has none is anonymous and sees what is public.

mod caller;
mod leave;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod testing;

pub use caller::{Caller, Grant, Office};
pub use leave::Leave;
