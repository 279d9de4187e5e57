//! Whether the register has what somebody typed.

use domain::{
    codec::Registered,
    envelope::{Code, EntryName},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
};
use journal::{Journal, LoadError, load};

/// Whether the register has something under the code of an entry.
pub async fn is(journal: &dyn Journal, name: &EntryName) -> Result<bool, LoadError> {
    match name.register {
        Register::Agency => any::<Agency>(journal, &name.code).await,
        Register::Item => any::<Item>(journal, &name.code).await,
        Register::Guide => any::<Guide>(journal, &name.code).await,
        Register::Material => any::<Material>(journal, &name.code).await,
        Register::Openness => any::<CatalogueEntry>(journal, &name.code).await,
    }
}

async fn any<C: Registered>(journal: &dyn Journal, code: &Code) -> Result<bool, LoadError> {
    Ok(load::<C>(journal, code).await?.version.is_some())
}
