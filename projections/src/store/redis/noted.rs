use domain::envelope::Position;

use super::{RedisViews, wire};
use crate::{begun::Noted, store::ViewError};

/// Most notes that are read at once; each is of one commit, and so of as many entries as a batch may change.
const NOTES: &str = "4";

/// What commits have begun to show: it is of the views that are read, whichever generation they are, so it stands beside the generations.
impl RedisViews {
    /// The oldest notes.
    pub(super) async fn noted(&self) -> Result<Option<Noted>, ViewError> {
        let mut answer = self.inner.read(&self.inner.scripts.begun, "", vec![NOTES.into()]).await?;
        answer.refused()?;
        let mut noted: Option<Noted> = None;
        while let Some(kept) = answer.bytes_if_any()? {
            let (up_to, begun) = wire::read_begun(&kept)?;
            let so_far = noted.map(|noted| noted.begun).unwrap_or_default();
            noted = Some(Noted { up_to, begun: [so_far, begun].concat() });
        }
        Ok(noted)
    }

    /// Takes away the notes up to a position. Needs the lease.
    pub(super) async fn forget_up_to(&self, up_to: Position) -> Result<(), ViewError> {
        let place = wire::position(Some(up_to));
        self.leading(&self.inner.scripts.forget, "", vec![place.into()]).await.map(drop)
    }
}
