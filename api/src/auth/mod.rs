//! Who a caller is and what they may do.
//!
//! A [`Caller`] is made here alone, from a token that was verified. Who has none is anonymous and sees what is public.
//! Tokens come from the directory of this machine ([`local`]) or from an OpenID issuer; [`Gate`] tells by their `iss` whose they are.

#[cfg(test)]
mod bad_tokens;
mod caller;
mod counter;
mod fetch;
mod gate;
mod grants;
mod issuer;
mod keys;
mod leave;
pub mod local;
mod open_id;
mod random;
mod refused;
#[cfg(test)]
mod rotation;
#[cfg(test)]
mod stub;
#[cfg(feature = "testing")]
#[doc(hidden)]
pub mod testing;
mod token;

pub use caller::{Caller, Grant, Office};
pub use counter::{AtCounter, Counter, NotAtCounter};
pub use gate::{Gate, NotIssued};
pub use grants::{InvalidGrant, MAX_GRANTS};
pub use leave::{Leave, OfficeLeave};
pub use open_id::{OpenId, OpenIdError, OpenIdSettings};
pub use random::{NoRandom, Random};
pub use refused::{Reason, Refused};
