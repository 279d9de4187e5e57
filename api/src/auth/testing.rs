//! Callers for tests. Not in production builds: there a caller comes from a verified token alone.

use domain::{
    acting::PersonId,
    envelope::{ActorId, InvalidActor},
};

use super::{Caller, Grant};

/// A caller as a token would name them.
pub fn caller(account: &str, person: &str, grants: Vec<Grant>) -> Result<Caller, InvalidActor> {
    Ok(Caller::new(account.parse::<ActorId>()?, person.parse::<PersonId>()?, grants))
}
