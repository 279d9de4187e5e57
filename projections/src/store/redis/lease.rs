use domain::envelope::Position;
use redis::Script;

use super::{RedisViews, wire};
use crate::store::ViewError;

/// What is learnt when a lease is prolonged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewed {
    /// Under which id the views are asked to be built anew, if they are.
    pub asked: Option<String>,
    /// Where the live generation is.
    pub position: Option<Position>,
}

/// The right to write, and the generations that it is used for.
impl RedisViews {
    /// Takes the lease, if nobody has it.
    pub async fn acquire(&self) -> Result<bool, ViewError> {
        let inner = &self.inner;
        let more = [inner.options.holder.clone().into_bytes(), milliseconds(inner.options.lease)];
        let mut answer = inner.write(&inner.scripts.acquire, "", more.into()).await?;
        if answer.refused()?.is_some() {
            return Ok(false);
        }
        inner.set_lease(Some(answer.text()?));
        Ok(true)
    }

    /// Prolongs the lease. [`ViewError::NotLeading`] if it ran out; then it is given up.
    pub async fn renew(&self) -> Result<Renewed, ViewError> {
        let more = vec![milliseconds(self.inner.options.lease)];
        let mut answer = self.leading(&self.inner.scripts.renew, "", more).await?;
        let (asked, position) = (answer.text()?, wire::read_position(&answer.text()?)?);
        Ok(Renewed { asked: (!asked.is_empty()).then_some(asked), position })
    }

    /// Gives the lease back, so that another projector need not wait until it runs out.
    pub async fn release(&self) -> Result<(), ViewError> {
        let released = self.leading(&self.inner.scripts.release, "", Vec::new()).await.map(drop);
        self.inner.set_lease(None);
        released
    }

    /// Begins a generation beside the live one, under an id that no other ever had.
    pub async fn begin(&self, generation: &str) -> Result<(), ViewError> {
        self.leading(&self.inner.scripts.begin, generation, vec![wire::FORMAT.into()]).await.map(drop)
    }

    /// Makes a generation the live one. The former one stays as long as overwritten versions do.
    pub async fn switch_to(&self, generation: &str) -> Result<(), ViewError> {
        self.answer_with(generation, "").await
    }

    /// The same, and what was asked for under this id is done.
    pub(crate) async fn answer_with(&self, generation: &str, asked: &str) -> Result<(), ViewError> {
        self.leading(&self.inner.scripts.switch, generation, vec![asked.into()]).await.map(drop)
    }

    /// Gives up a generation that cannot be filled, and what was asked for under this id, with the reason for whoever asked.
    pub(crate) async fn give_up(&self, generation: &str, asked: &str, why: &str) -> Result<(), ViewError> {
        self.leading(&self.inner.scripts.give_up, generation, vec![asked.into(), why.into()]).await.map(drop)
    }

    /// Asks whoever leads to build the views anew, under an id that nothing else has. Returns the id that holds: one that was asked for
    /// before and is not done yet stands. Needs no lease.
    pub(crate) async fn ask(&self, id: &str) -> Result<String, ViewError> {
        let mut answer = self.inner.write(&self.inner.scripts.ask, "", vec![id.into()]).await?;
        answer.refused()?;
        answer.text()
    }

    /// What was asked for and is not done: its id, and why it was given up, if it was.
    pub(crate) async fn asked(&self) -> Result<Option<(String, Option<String>)>, ViewError> {
        let mut answer = self.inner.read(&self.inner.scripts.asked, "", Vec::new()).await?;
        answer.refused()?;
        let (id, failed) = (answer.text()?, answer.text()?);
        Ok((!id.is_empty()).then(|| (id, (!failed.is_empty()).then_some(failed))))
    }

    /// Takes away what was given up, a part. Says whether more is left.
    pub async fn sweep(&self) -> Result<bool, ViewError> {
        let more = vec![milliseconds(self.inner.options.keep)];
        Ok(self.leading(&self.inner.scripts.sweep, "", more).await?.number()? == 1)
    }

    pub(super) async fn leading(&self, script: &Script, generation: &str, more: Vec<Vec<u8>>) -> Result<wire::Answer, ViewError> {
        let Some(lease) = self.inner.lease() else { return Err(ViewError::NotLeading) };
        let mut answer = self.inner.write(script, generation, std::iter::once(lease.clone().into_bytes()).chain(more).collect()).await?;
        match answer.refused()?.as_deref() {
            None => Ok(answer),
            Some("LEASE") => {
                self.inner.lost(&lease);
                Err(ViewError::NotLeading)
            }
            Some(_) => Err(ViewError::Unavailable(format!("there is no generation {generation}"))),
        }
    }
}

pub(super) fn milliseconds(duration: std::time::Duration) -> Vec<u8> {
    duration.as_millis().max(1).to_string().into_bytes()
}
