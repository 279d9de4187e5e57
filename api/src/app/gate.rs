use std::sync::Arc;

use super::place::Place;
use crate::{
    auth::{Gate, OpenId, OpenIdError, OpenIdSettings, local::Directory},
    clock::Clock,
};

/// The directory of accounts of a register. One in a cluster has none: its nodes share no folder.
pub fn directory(place: &Place) -> Option<Directory> {
    place.folder().map(|folder| Directory::of(&folder))
}

/// Whether there is a register in a file or folder of this machine.
pub fn is_register(place: &Place) -> bool {
    place.file().is_some_and(|file| file.exists())
}

/// Who lets callers in at a register.
pub fn gate(place: &Place, open_id: Option<&OpenIdSettings>, clock: Clock) -> Result<Arc<Gate>, OpenIdError> {
    let open_id = open_id.map(|settings| OpenId::new(settings.clone(), clock.clone())).transpose()?;
    Ok(Arc::new(Gate::new(directory(place), open_id, clock)))
}
