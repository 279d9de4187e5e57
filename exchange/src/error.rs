//! What keeps a whole file from being read.

use std::path::{Path, PathBuf};

use domain::value::not_json;

use crate::reading::Why;

/// A file that could not be read as a list. It never stops the others.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {code}: {zh} / {en}", path.display())]
pub struct FileError {
    /// The file or folder.
    pub path: PathBuf,
    /// Stable code, e.g. `FILE_ENCRYPTED`.
    pub code: &'static str,
    /// What is wrong and what to do, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// It lay in a folder and is no list, or no year of a calendar, at all (a licence, a picture): passed over. A file that the caller named is an error.
    pub skipped: bool,
}

impl FileError {
    pub(crate) fn new(path: &Path, why: Why) -> Self {
        Self { path: path.to_owned(), code: why.code, zh: why.zh, en: why.en, skipped: false }
    }

    /// Marks what was found in a folder and is no list as passed over.
    pub(crate) fn found_in_folder(self) -> Self {
        let skipped = matches!(self.code, "NOT_A_LIST" | "NO_HEADER" | "FILE_EMPTY" | "NOT_A_CALENDAR");
        Self { skipped, ..self }
    }
}

pub(crate) fn why(code: &'static str, zh: impl Into<String>, en: impl Into<String>) -> Why {
    Why { code, zh: zh.into(), en: en.into() }
}

/// The file is not whole. The cause is in the words of whatever reads such files, which are English.
pub(crate) fn damaged(cause: impl std::fmt::Display) -> Why {
    why(
        "FILE_DAMAGED",
        "文件已损坏或不完整；请重新下载，或用表格软件打开后另存为.xlsx",
        format!("the file is damaged or cut off ({cause}); fetch it again, or open it in a spreadsheet program and save it as .xlsx"),
    )
}

/// The JSON of an export is not whole.
pub(crate) fn damaged_json(cause: &serde_json::Error) -> Why {
    let (zh, en) = not_json(cause);
    why(
        "FILE_DAMAGED",
        format!("JSON不完整或有错误（{zh}）；请从源系统重新导出"),
        format!("its JSON is cut off or wrong ({en}); export it again from the system that it comes from"),
    )
}
