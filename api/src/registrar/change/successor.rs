//! What takes the place of an entry that is repealed.

use domain::{codec::Registered, envelope::Code, register::on_channel, value::Channel};
use journal::{Journal, LoadError, load};

use super::Refused;

/// Why an entry cannot take the place of one that is repealed, if it cannot: it is the same, nothing of it is public, or it ceases too.
/// What others draft, or do not disclose, is told as what there is not.
pub async fn no_successor<C: Registered>(journal: &dyn Journal, code: &Code, successor: &Code) -> Result<Option<Refused>, LoadError> {
    let state = load::<C>(journal, successor).await?.state;
    let last = state.latest.as_ref().and_then(|last| on_channel(&last.content, last.content_hash, Channel::Online));
    let takes_over = successor != code && last.is_some() && state.repeal.is_none();
    Ok((!takes_over).then(|| Refused::no_successor(C::REGISTER, successor)))
}
