use crate::auth::NoRandom;

/// Chance from the machine.
#[expect(clippy::disallowed_methods, reason = "the composition root is where chance comes in")]
pub fn system_random(bytes: &mut [u8]) -> Result<(), NoRandom> {
    aws_lc_rs::rand::fill(bytes).map_err(|_| NoRandom)
}
