//! Whether what somebody typed is there: what was mistyped must not be answered as if nothing were wrong.

use domain::{
    codec::Registered,
    envelope::{Code, EntryName},
    register::{Agency, CatalogueEntry, Guide, Item, Material, Register},
};
use journal::{Journal, LoadError, load};

use super::Failed;

/// Fails where the register has nothing under the code of an entry.
pub async fn entry(journal: &dyn Journal, name: &EntryName) -> Result<(), Failed> {
    let there = match name.register {
        Register::Agency => any::<Agency>(journal, &name.code).await,
        Register::Item => any::<Item>(journal, &name.code).await,
        Register::Guide => any::<Guide>(journal, &name.code).await,
        Register::Material => any::<Material>(journal, &name.code).await,
        Register::Openness => any::<CatalogueEntry>(journal, &name.code).await,
    };
    if there? {
        return Ok(());
    }
    let (register, code) = (name.register, &name.code);
    Err(Failed(format!("登记册中没有 {register} {code}；请核对编码 / the register has no {register} {code}: check the code")))
}

async fn any<C: Registered>(journal: &dyn Journal, code: &Code) -> Result<bool, LoadError> {
    Ok(load::<C>(journal, code).await?.version.is_some())
}
