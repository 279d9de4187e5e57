//! Read your write: a request that names a position is answered at or after it, or is told that it cannot be yet.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};
use domain::envelope::{InvalidPosition, Position};
use projections::ViewError;
use tokio::time::{Instant, timeout};

use super::State;
use crate::graphql::RequestView;

/// The header: of a request, the position at or after which it is to be answered; of an answer, the one that it is answered from.
pub const POSITION: HeaderName = HeaderName::from_static("tongyuan-position");

/// Time that a request waits for the position that it names: a batch that is under way is committed by then, and the client is told
/// well before its request would have taken too long.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// Time that the answer to a change waits for the views of its node to show it, so that whoever goes on reading there sees it without
/// naming a position. It was carried out, so it is answered in any case.
pub(super) const SHOWN: Duration = Duration::from_secs(1);

/// How often views are looked at that another process commits to. However many requests wait, a store elsewhere is asked once.
const LOOK: Duration = Duration::from_millis(20);

/// Why there is nothing to answer from.
#[derive(Debug, thiserror::Error)]
pub enum NoView {
    /// The store cannot be asked.
    #[error(transparent)]
    Views(#[from] ViewError),
    /// The views have not reached the position in time; they are at this one.
    #[error("视图尚未到达所要求的位置 / the views are at {0:?}, before the position that was asked for")]
    NotYet(Option<Position>),
}

/// The position that a request names. Of several it is the last of the log.
pub fn wanted(headers: &HeaderMap) -> Result<Option<Position>, InvalidPosition> {
    let mut wanted = None;
    for value in headers.get_all(POSITION) {
        let position: Position = value.to_str().map_err(|_| InvalidPosition)?.trim().parse()?;
        wanted = wanted.max(Some(position));
    }
    Ok(wanted)
}

impl State {
    /// The one snapshot and moment of a request, at or after a position if it names one.
    pub async fn view_at(&self, wanted: Option<Position>) -> Result<RequestView, NoView> {
        self.view_within(wanted, self.patience).await
    }

    /// Waits until the views of this node show what a request has written, as long as [`SHOWN`] and not where nothing comes.
    pub(super) async fn shows(&self, written: Option<Position>) {
        if written.is_some() && self.runner.fault().is_none() {
            // Of an answer that says where it was written, and comes before the views are there, more is not promised.
            let _ = timeout(SHOWN, self.view_within(written, SHOWN)).await;
        }
    }

    async fn view_within(&self, wanted: Option<Position>, patience: Duration) -> Result<RequestView, NoView> {
        let mut commits = self.runner.watch();
        let deadline = Instant::now() + patience;
        loop {
            let view = self.view().await?;
            let here = view.snapshot.position();
            if here >= wanted {
                return Ok(view);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(NoView::NotYet(here));
            }
            // Commits of this process are told at once. That nothing was told is no failure: others may have committed.
            let _ = timeout(left.min(LOOK), commits.changed()).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(values: &[&str]) -> HeaderMap {
        values.iter().map(|value| (POSITION, value.parse().unwrap())).collect()
    }

    #[test]
    fn the_last_of_the_positions_counts_and_what_is_none_is_told() {
        let (early, late) = (Position::single(9), Position::pair(10, 3));
        assert_eq!(wanted(&headers(&[])), Ok(None));
        assert_eq!(wanted(&headers(&[&early.to_string()])), Ok(Some(early)));
        assert_eq!(wanted(&headers(&[&late.to_string(), &early.to_string()])), Ok(Some(late)));
        for wrong in ["", "9", "latest", "000000000000000g", "0000000000000001, 0000000000000002"] {
            assert_eq!(wanted(&headers(&[wrong])), Err(InvalidPosition), "{wrong:?}");
        }
    }
}
