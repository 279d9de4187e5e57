use redis::Script;

use super::{RedisViews, wire};
use crate::store::ViewError;

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
    pub async fn renew(&self) -> Result<(), ViewError> {
        let more = vec![milliseconds(self.inner.options.lease)];
        self.leading(&self.inner.scripts.renew, "", more).await.map(drop)
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
        self.leading(&self.inner.scripts.switch, generation, Vec::new()).await.map(drop)
    }

    /// Takes away what was given up, a part. Says whether more is left.
    pub async fn sweep(&self) -> Result<bool, ViewError> {
        let more = vec![milliseconds(self.inner.options.keep)];
        Ok(self.leading(&self.inner.scripts.sweep, "", more).await?.number()? == 1)
    }

    async fn leading(&self, script: &Script, generation: &str, more: Vec<Vec<u8>>) -> Result<wire::Answer, ViewError> {
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
