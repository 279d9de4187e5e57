//! The names of the catalogue.

use std::collections::{BTreeSet, HashMap};

use domain::{
    codec::RegisterEvent,
    envelope::Code,
    register::{Material, Register},
};
use journal::{LoadError, Recorded, decode_recorded};

/// The materials that were ever published under a name. What one is called at a moment its own history says: here is only where to look,
/// so that nobody reads all materials to find the one that a guide means.
#[derive(Debug, Default)]
pub(super) struct Named(HashMap<String, BTreeSet<Code>>);

impl Named {
    /// Notes what a material is published as.
    pub(super) fn note(&mut self, recorded: &Recorded) -> Result<(), LoadError> {
        let published =
            recorded.kind.ends_with(".adopted") || recorded.kind.ends_with(".approved") || recorded.kind.ends_with(".corrected");
        let Some(entry) = recorded.stream.entry().filter(|entry| published && entry.register == Register::Material) else { return Ok(()) };
        let (_, event) = decode_recorded(recorded).map_err(|source| LoadError::Codec {
            stream: recorded.stream.clone(),
            version: recorded.version,
            source,
        })?;
        if let RegisterEvent::Material(event) = event
            && let Some(publication) = event.publication()
        {
            for key in publication.content.keys() {
                self.0.entry(key).or_default().insert(entry.code.clone());
            }
        }
        Ok(())
    }

    /// The materials that were published under one of some names.
    pub(super) fn of(&self, names: &[&str]) -> BTreeSet<Code> {
        names.iter().filter_map(|name| self.0.get(&Material::key(name))).flatten().cloned().collect()
    }
}
