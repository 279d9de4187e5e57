//! Accounts of one machine: a directory in the data folder, and tokens that it signs itself.
//!
//! Events name accounts and persons by id. Names and passwords stand here alone, in a file that can be erased.

mod account;
mod directory;
mod file;
mod login;
mod password;
mod signing;
mod tries;
mod watched;

pub use account::{Account, InvalidName, Name};
pub use directory::{Directory, DirectoryError, MAX_ACCOUNTS, differs_by_case};
pub use login::{Issued, MAX_LIFE, NoToken, USUAL_LIFE, caller_of, log_in};
pub use password::{Hash, MAX_PASSWORD_BYTES, MIN_PASSWORD_CHARS, Password, PasswordError};

pub(super) use login::{AUDIENCE, ISSUER, Logins, TooMany};
pub(super) use watched::Watched;
