use std::{
    fmt,
    path::{Path, PathBuf},
};

use journal::eventstore::redacted;
use serde::{Deserialize, Deserializer};

use super::stores::journal_path;

/// Where a register is kept.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// In a folder, with the journal in a file of the usual name.
    Folder(PathBuf),
    /// In this file.
    File(PathBuf),
    /// In an EventStoreDB or KurrentDB cluster. The connection string may have credentials: it is never shown whole.
    Store(String),
}

impl Place {
    /// What is typed for a journal: a connection string; a path that ends in `.db` is the file; any other is the folder.
    pub fn parse(typed: &str) -> Result<Self, String> {
        if typed.is_empty() {
            return Err("应为连接串或路径 / a connection string or a path is expected, e.g. esdb://host:2113 or ./data".to_owned());
        }
        let path = Path::new(typed);
        Ok(if typed.contains("://") {
            Self::Store(typed.to_owned())
        } else if path.extension().is_some_and(|ending| ending == "db") {
            Self::File(path.to_owned())
        } else {
            Self::Folder(path.to_owned())
        })
    }

    /// The file of an embedded journal.
    pub(super) fn file(&self) -> Option<PathBuf> {
        match self {
            Self::Folder(folder) => Some(journal_path(folder)),
            Self::File(file) => Some(file.clone()),
            Self::Store(_) => None,
        }
    }

    /// The folder that an embedded journal lies in.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        match self {
            Self::Folder(folder) => Some(folder.clone()),
            Self::File(file) => file.parent().map(|folder| if folder.as_os_str().is_empty() { ".".into() } else { folder.to_owned() }),
            Self::Store(_) => None,
        }
    }

    /// Whether there is something at it already, as far as that can be told without a connection.
    pub fn is_there(&self) -> bool {
        self.folder().is_none_or(|folder| folder.exists())
    }

    /// How it is given to the next command.
    pub fn option(&self) -> String {
        match self {
            Self::Folder(_) => format!("--data {self}"),
            Self::File(_) | Self::Store(_) => format!("--journal {self}"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) | Self::File(path) => path.display().fmt(f),
            Self::Store(url) => f.write_str(&redacted(url)),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_told_by_its_form() {
        assert_eq!(Place::parse("a/b"), Ok(Place::Folder("a/b".into())));
        assert_eq!(Place::parse("a/b.db").unwrap().file(), Some("a/b.db".into()));
        assert_eq!(Place::parse("a/b").unwrap().file(), Some("a/b/journal.db".into()));
        assert_eq!(Place::parse("kurrentdb://h:1").unwrap().file(), None);
        assert!(Place::parse("").is_err());
    }

    #[test]
    fn credentials_are_not_shown() {
        let place = Place::parse("esdb://admin:s3cret@h:1,i:2?tls=false").unwrap();
        let shown = format!("{place} {place:?} {}", place.option());
        assert!(shown.contains("esdb://h:1,i:2") && !shown.contains("s3cret"), "{shown}");
    }
}
