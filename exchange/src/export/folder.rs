//! A folder of files that goes out whole or not at all, with the sums by which anybody can check it.

use std::{
    fs::{self, File, TryLockError},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use domain::value::{Hash, Hashing};

/// The file of the sums, in the form of `sha256sum`.
pub const SUMS: &str = "SHA256SUMS";

/// Why a folder cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is something in it, or it is no folder.
    #[error(
        "{0} 已有内容，未作改动；请另选一个新的或空的文件夹 / {0} is there and not an empty folder, nothing was changed: name another one"
    )]
    NotEmpty(PathBuf),
    /// The path ends in no name.
    #[error(
        "{0} 不能作为输出文件夹；请给出一个新文件夹的名称 / {0} does not name a folder that can be made: name a new one, e.g. ./replay"
    )]
    NoName(PathBuf),
    /// Another process writes the same folder.
    #[error("另一个进程正在写出 {0}；请等它结束 / another process is writing {0}: wait for its end")]
    UnderWay(PathBuf),
    /// Something cannot be written.
    #[error("{path} 不能写入；请核对路径、权限与磁盘空间 / {path} cannot be written: check the path, its mode and the space on the disk")]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// A file of the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Path within the folder, with `/`.
    pub path: String,
    /// Its length.
    pub bytes: u64,
    /// SHA-256 of it.
    pub hash: Hash,
}

/// A folder that is being written, beside its place. It is there once [`Folder::finish`] has put it there; what is dropped before leaves nothing, and
/// what a killed process left is thrown away by the next one.
#[derive(Debug)]
pub struct Folder {
    target: PathBuf,
    part: PathBuf,
    parent: PathBuf,
    written: Vec<Written>,
    /// Locked as long as it is written.
    _turn: File,
    done: bool,
}

impl Folder {
    /// Begins a folder that does not exist or is empty.
    pub fn begin(target: &Path) -> Result<Self, FolderError> {
        let name = target.file_name().ok_or_else(|| FolderError::NoName(target.to_owned()))?;
        let free = match fs::read_dir(target) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if !free {
            return Err(FolderError::NotEmpty(target.to_owned()));
        }
        let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
        let mut part = std::ffi::OsString::from(".");
        part.push(name);
        part.push(".part");
        let part = parent.join(part);
        let failed = |source| FolderError::Write { path: part.clone(), source };
        match fs::create_dir(&part) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(failed(error)),
            _ => {}
        }
        let turn = File::open(&part).map_err(failed)?;
        if let Err(TryLockError::WouldBlock) = turn.try_lock() {
            return Err(FolderError::UnderWay(target.to_owned()));
        }
        // What is in it was left by a process that was killed.
        for left in fs::read_dir(&part).map_err(failed)? {
            let left = left.map_err(failed)?.path();
            if left.is_dir() { fs::remove_dir_all(&left) } else { fs::remove_file(&left) }.map_err(failed)?;
        }
        Ok(Self { target: target.to_owned(), part, parent, written: Vec::new(), _turn: turn, done: false })
    }

    /// Begins a file; folders on its way are made.
    pub fn file(&mut self, path: &str) -> Result<Writing<'_>, FolderError> {
        let place = self.part.join(path);
        let failed = |source| FolderError::Write { path: place.clone(), source };
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
        let file = BufWriter::with_capacity(1 << 16, File::create(&place).map_err(failed)?);
        Ok(Writing { folder: self, path: path.to_owned(), place, file, bytes: 0, hashing: Hashing::default() })
    }

    /// Writes a whole file.
    pub fn put(&mut self, path: &str, bytes: &[u8]) -> Result<(), FolderError> {
        let mut file = self.file(path)?;
        file.write(bytes)?;
        file.finish()
    }

    /// What was written, in the order in which it was.
    pub fn written(&self) -> &[Written] {
        &self.written
    }

    /// The sums of what was written so far.
    pub fn sums(&self) -> String {
        sums(self.written.iter().map(|written| (written.path.as_str(), written.hash)))
    }

    /// Writes the sums and puts the folder into its place.
    pub fn finish(mut self) -> Result<(), FolderError> {
        let sums = self.sums();
        self.put(SUMS, sums.as_bytes())?;
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| FolderError::Write { path, source }
        };
        File::open(&self.part).and_then(|folder| folder.sync_all()).map_err(failed(&self.part))?;
        // In place of an empty folder, which whoever filled it meanwhile keeps.
        fs::rename(&self.part, &self.target).map_err(failed(&self.target))?;
        self.done = true;
        File::open(&self.parent).and_then(|folder| folder.sync_all()).map_err(failed(&self.parent))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.done {
            // What cannot be removed now is removed by the next one.
            let _ = fs::remove_dir_all(&self.part);
        }
    }
}

/// A file of a folder that is being written.
#[derive(Debug)]
pub struct Writing<'f> {
    folder: &'f mut Folder,
    path: String,
    place: PathBuf,
    file: BufWriter<File>,
    bytes: u64,
    hashing: Hashing,
}

impl Writing<'_> {
    /// Writes further bytes.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), FolderError> {
        self.hashing.update(bytes);
        self.bytes += bytes.len() as u64;
        self.file.write_all(bytes).map_err(|source| FolderError::Write { path: self.place.clone(), source })
    }

    /// Ends the file.
    pub fn finish(self) -> Result<(), FolderError> {
        let Self { folder, path, place, file, bytes, hashing } = self;
        let synced = file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all());
        synced.map_err(|source| FolderError::Write { path: place, source })?;
        folder.written.push(Written { path, bytes, hash: hashing.finish() });
        Ok(())
    }
}

/// Sums in the form that `sha256sum -c` reads, by path.
pub(crate) fn sums<'p>(files: impl Iterator<Item = (&'p str, Hash)>) -> String {
    let mut lines: Vec<_> = files.map(|(path, hash)| (path, format!("{}  {path}\n", hash.hex()))).collect();
    lines.sort_unstable();
    lines.into_iter().map(|(_, line)| line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn a_folder_is_there_whole_or_not_at_all() {
        let place = tempfile::tempdir().unwrap();
        let target = place.path().join("out");
        let mut folder = Folder::begin(&target).unwrap();
        folder.put("a/b.txt", b"abc").unwrap();
        assert!(matches!(Folder::begin(&target), Err(FolderError::UnderWay(_))));
        assert!(!target.exists());
        drop(folder);
        assert_eq!(names(place.path()), [""; 0], "what was given up leaves nothing");

        // A process was killed while it wrote; an empty folder is as good as none.
        fs::create_dir_all(place.path().join(".out.part/old")).unwrap();
        fs::create_dir(&target).unwrap();
        let mut folder = Folder::begin(&target).unwrap();
        folder.put("z", b"").unwrap();
        folder.put("a/b.txt", b"abc").unwrap();
        folder.finish().unwrap();
        assert_eq!((names(place.path()), names(&target)), (vec!["out".to_owned()], vec![SUMS.to_owned(), "a".to_owned(), "z".to_owned()]));
        let sums = fs::read_to_string(target.join(SUMS)).unwrap();
        let ends: Vec<_> = sums.lines().map(|line| (&line[..8], &line[64..])).collect();
        assert_eq!(ends, [("ba7816bf", "  a/b.txt"), ("e3b0c442", "  z")]);

        assert!(matches!(Folder::begin(&target), Err(FolderError::NotEmpty(_))));
        assert!(matches!(Folder::begin(&target.join("z")), Err(FolderError::NotEmpty(_))), "a file is no folder");
        assert!(matches!(Folder::begin(Path::new("..")), Err(FolderError::NoName(_))));
        assert!(matches!(Folder::begin(&place.path().join("none/out")), Err(FolderError::Write { .. })));
    }
}
