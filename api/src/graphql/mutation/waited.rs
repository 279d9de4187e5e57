//! How long a change is waited for. It goes on whether somebody waits or not, so whoever does not wait for its end cannot say that it failed.

use std::sync::Arc;

use async_graphql::Context;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument;
use uuid::Uuid;

use super::{
    super::error::{Failure, failure},
    Written,
    written::CHANGES,
};

/// Carries out a command on a task of its own, so that whoever asked and goes away does not leave it half done, and waits for it as long as
/// the changes of a request may take. `None`: nobody can say yet what becomes of it. Where the time is over already it is not begun: an earlier
/// change of the request is under way, and they are made in their order.
pub(super) async fn waited<T: Send + 'static>(
    context: &Context<'_>,
    command: Uuid,
    changing: impl Future<Output = T> + Send + 'static,
) -> async_graphql::Result<Option<T>> {
    let written = context.data_opt::<Arc<Written>>();
    let until = written.map_or_else(|| Instant::now() + CHANGES, |written| written.until());
    let unknown = || {
        if let Some(written) = written {
            written.unknown(command);
        }
    };
    if until <= Instant::now() {
        unknown();
        return Ok(None);
    }
    if let Some(written) = written {
        written.begin(command);
    }
    match timeout_at(until, tokio::spawn(changing.in_current_span())).await {
        Ok(Ok(done)) => Ok(Some(done)),
        Ok(Err(error)) => {
            tracing::error!(%error, %command, "a change broke off");
            let words = "变更可能只办了一部分；请以同一标识（commandId）重试 / \
                 the change may be done in part: give it again with the same commandId";
            Err(failure(Failure::Unavailable, words))
        }
        Err(_) => {
            tracing::warn!(%command, "a change took longer than it is waited for and goes on");
            unknown();
            Ok(None)
        }
    }
}

/// Notes with the request what became of a command.
pub(super) fn noted(context: &Context<'_>, command: Uuid, became: &crate::registrar::change::Became) {
    if let Some(written) = context.data_opt::<Arc<Written>>() {
        written.became(command, became);
    }
}
