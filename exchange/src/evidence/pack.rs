use std::{
    io::{Cursor, Write},
    path::Path,
};

use domain::value::Hash;
use zip::{CompressionMethod, DateTime, ZipWriter, write::SimpleFileOptions};

use super::{Evidence, EvidenceError, files::files};
use crate::table;

/// The evidence as one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The ZIP.
    pub bytes: Vec<u8>,
    /// Names of its files, in order.
    pub names: Vec<String>,
    /// SHA-256 of the ZIP.
    pub hash: Hash,
    /// Chain value of the last event, 64 hexadecimal digits: with the number of events it stands for all of them, and is the same in evidence that is
    /// given out later.
    pub last_event: Option<String>,
    /// The end of the chain, which stands for all that proves something.
    pub chain: Option<String>,
}

impl Bundle {
    /// Writes it into a file that is not there yet: evidence that was handed over is not replaced by other evidence.
    pub fn write(&self, path: &Path) -> Result<(), EvidenceError> {
        refuse_existing(path)?;
        table::put(path, &self.bytes).map_err(|source| EvidenceError::Write { path: path.to_owned(), source })
    }
}

/// Refuses a file that is there. Asked before long work begins.
pub fn refuse_existing(path: &Path) -> Result<(), EvidenceError> {
    // A link that leads nowhere is there too.
    if path.symlink_metadata().is_ok() { Err(EvidenceError::Exists(path.to_owned())) } else { Ok(()) }
}

/// Packs evidence: the same bytes for the same evidence, whenever and wherever it is done.
pub fn bundle(evidence: &Evidence) -> Result<Bundle, EvidenceError> {
    let (files, head) = files(evidence)?;
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut names = Vec::new();
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options)?;
        zip.write_all(&bytes).map_err(zip::result::ZipError::from)?;
        names.push(name);
    }
    let bytes = zip.finish()?.into_inner();
    let hash = Hash::of_bytes(&bytes);
    let (last_event, chain) = head.map(|head| (head.last_event, head.chain)).unzip();
    Ok(Bundle { bytes, names, hash, last_event, chain })
}
