//! The way in: files and folders.

use std::{
    collections::BTreeSet,
    fs,
    io::Read,
    num::NonZero,
    path::{Component, Path, PathBuf},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use domain::value::Finding;

use crate::{
    book, delimited,
    error::{FileError, why},
    kind::{self, Kind},
    limits::{MAX_FILE_BYTES, file_too_large},
    options::{Progress, ReadOptions},
    portal,
    reading::{Reading, Why},
    workbook,
};

/// Folders within folders, at most.
const MAX_DEPTH: usize = 16;
/// Files of all folders, at most.
const MAX_FILES: usize = 10_000;
/// Files that are read at once, at most.
const MOST_READERS: usize = 4;

/// Reads files, and the files of folders and of the folders within them.
///
/// Each file has one answer: its readings, one for each sheet, or why there are none; no file stops another. Older editions
/// come before newer ones, so that a newer one becomes the revision of an older one and never the other way; files of the
/// same edition come in the order of the paths, those of a folder by name.
pub fn read_paths(paths: &[PathBuf], options: &ReadOptions, progress: &(dyn Progress + Sync)) -> Vec<Result<Vec<Reading>, FileError>> {
    let (files, failed) = files_of(paths);
    let mut answers: Vec<_> = failed.into_iter().map(Err).collect();
    let mut read = read_files(&files, options, progress);
    tell_apart(&files, &mut read);
    answers.extend(read);
    drop_used_maps(&mut answers);
    let edition = |answer: &Result<Vec<Reading>, FileError>| answer.as_ref().ok()?.first()?.info.edition.clone();
    answers.sort_by_cached_key(edition);
    answers
}

/// The files that paths lead to, each with whether it was named itself, and those that cannot be looked at.
pub(crate) fn files_of(paths: &[PathBuf]) -> (Vec<(PathBuf, bool)>, Vec<FileError>) {
    let (mut files, mut failed) = (Vec::new(), Vec::new());
    for path in paths {
        match fs::metadata(path) {
            Ok(data) if data.is_dir() => walk(path, 0, &mut files, &mut failed),
            Ok(_) => files.push((path.clone(), true)),
            Err(error) => failed.push(unreadable(path, &error)),
        }
    }
    (files, failed)
}

/// Reads files, several at once, and answers in their order. What one of them takes in memory is bounded, and so is their number.
fn read_files(files: &[(PathBuf, bool)], options: &ReadOptions, progress: &(dyn Progress + Sync)) -> Vec<Result<Vec<Reading>, FileError>> {
    let readers = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_READERS).min(files.len());
    let next = AtomicUsize::new(0);
    let answers: Vec<_> = files.iter().map(|_| Mutex::new(None)).collect();
    let read = || {
        while let Some((number, (path, named))) = Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|n| Some((n, files.get(n)?))) {
            let answer = read_file(path, options, progress);
            let answer = if *named { answer } else { answer.map_err(FileError::found_in_folder) };
            *answers[number].lock().unwrap_or_else(PoisonError::into_inner) = Some(answer);
        }
    };
    // A panic of one of them goes on here when all have ended.
    thread::scope(|scope| {
        for _ in 1..readers {
            scope.spawn(read);
        }
        read();
    });
    answers.into_iter().filter_map(|answer| answer.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

/// Files of one name in several folders are told apart by as much of their path as that takes: `a/list.csv` and `b/list.csv`.
fn tell_apart(files: &[(PathBuf, bool)], answers: &mut [Result<Vec<Reading>, FileError>]) {
    let parts: Vec<Vec<String>> = files.iter().map(|(path, _)| names_of(path)).collect();
    for (own, answer) in parts.iter().zip(answers) {
        let Ok(readings) = answer else { continue };
        let end = |all: &[String], count: usize| all[all.len().saturating_sub(count)..].join("/");
        // The same path twice cannot be told apart, and need not be.
        let mut others = parts.iter().filter(|other| *other != own && other.last() == own.last()).peekable();
        if others.peek().is_none() {
            continue;
        }
        let others: Vec<_> = others.collect();
        let count = (2..=own.len()).find(|count| others.iter().all(|other| end(other, *count) != end(own, *count)));
        let label = end(own, count.unwrap_or(own.len()));
        for reading in readings {
            reading.info.file.clone_from(&label);
            for row in &mut reading.rows {
                row.place.file.clone_from(&label);
            }
        }
    }
}

/// The folders of a path and its file, without the root.
fn names_of(path: &Path) -> Vec<String> {
    let names = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    names.collect()
}

/// A heading of `--map` that one of the files has is not missing in the others.
fn drop_used_maps(answers: &mut [Result<Vec<Reading>, FileError>]) {
    let is_unused = |finding: &Finding| finding.code == "MAP_UNUSED";
    let lists = answers.iter().filter_map(|answer| answer.as_ref().ok());
    let unused = lists.map(|list| list.iter().flat_map(|r| &r.findings).filter(|f| is_unused(f)).map(|f| f.path.clone()).collect());
    let Some(nowhere) = unused.reduce(|a: BTreeSet<String>, b: BTreeSet<String>| &a & &b) else { return };
    for reading in answers.iter_mut().filter_map(|answer| answer.as_mut().ok()).flatten() {
        reading.findings.retain(|finding| !is_unused(finding) || nowhere.contains(&finding.path));
    }
}

/// The files of a folder in the order of their names. Hidden files and the locks that office programs leave (`~$…`) are not
/// looked at; links are not followed.
fn walk(folder: &Path, depth: usize, files: &mut Vec<(PathBuf, bool)>, failed: &mut Vec<FileError>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return failed.push(unreadable(folder, &error)),
    };
    let mut entries: Vec<_> = entries.filter_map(Result::ok).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth < MAX_DEPTH {
            walk(&entry.path(), depth + 1, files, failed);
        } else if kind.is_file() && files.len() < MAX_FILES {
            files.push((entry.path(), false));
        } else if kind.is_file() || kind.is_dir() {
            failed.push(FileError::new(&entry.path(), too_many_files()));
        }
    }
}

/// Reads one file.
pub fn read_file(path: &Path, options: &ReadOptions, progress: &dyn Progress) -> Result<Vec<Reading>, FileError> {
    read_bytes(path, &bytes_of(path)?, options, progress)
}

/// The bytes of a regular file of bounded size.
pub(crate) fn bytes_of(path: &Path) -> Result<Vec<u8>, FileError> {
    // Opening a pipe waits for whoever writes into it, perhaps for ever.
    if fs::metadata(path).is_ok_and(|data| !data.is_file()) {
        return Err(FileError::new(path, no_file()));
    }
    let open = || {
        let file = fs::File::open(path)?;
        let size = file.metadata()?.len();
        let mut bytes = Vec::new();
        if size <= MAX_FILE_BYTES {
            // What grows while it is read is still bounded.
            file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
        }
        Ok::<_, std::io::Error>((size.max(bytes.len() as u64), bytes))
    };
    let (size, bytes) = open().map_err(|error| unreadable(path, &error))?;
    if size > MAX_FILE_BYTES {
        return Err(FileError::new(path, file_too_large(size)));
    }
    Ok(bytes)
}

/// Reads a file that is in memory already; the path gives its name and nothing else.
pub fn read_bytes(path: &Path, bytes: &[u8], options: &ReadOptions, progress: &dyn Progress) -> Result<Vec<Reading>, FileError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    by_content(&name, bytes, options, progress).map_err(|why| FileError::new(path, why))
}

fn by_content(name: &str, bytes: &[u8], options: &ReadOptions, progress: &dyn Progress) -> Result<Vec<Reading>, Why> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(file_too_large(bytes.len() as u64));
    }
    match kind::sniff(bytes)? {
        Kind::OldWorkbook(stream) => book::read(name, workbook::read_old(stream)?, options, progress),
        Kind::Workbook => book::read(name, workbook::read(bytes)?, options, progress),
        Kind::Delimited(text) => book::read(name, vec![delimited::read(&text)?], options, progress),
        Kind::JsonLines(text) => portal::read_lines(name, &text, options, progress),
        Kind::JsonArray(text) => portal::read_array(name, &text, options, progress),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> FileError {
    let (code, zh, en) = match error.kind() {
        std::io::ErrorKind::NotFound => {
            ("PATH_NOT_FOUND", "没有这个文件或文件夹；请核对路径", "there is no such file or folder; please check the path")
        }
        std::io::ErrorKind::PermissionDenied => ("FILE_UNREADABLE", "没有读取权限", "it may not be read"),
        _ => ("FILE_UNREADABLE", "无法读取", "it cannot be read"),
    };
    // The system has words of its own for it, in its own language; its number says the same in any.
    let number = error.raw_os_error().map(|number| format!("（系统错误{number}）")).unwrap_or_default();
    FileError::new(path, why(code, format!("{zh}{number}"), format!("{en} ({error})")))
}

fn no_file() -> Why {
    why(
        "NOT_A_FILE",
        "不是普通文件（可能是文件夹、管道或设备），未读取；请先存为文件再导入",
        "no regular file (a folder, a pipe or a device), so it is not read; save it as a file and import that",
    )
}

fn too_many_files() -> Why {
    why(
        "TOO_MANY_FILES",
        format!("文件夹过大：最多{MAX_FILES}个文件、{MAX_DEPTH}层；请分批导入"),
        format!("the folder is too large: {MAX_FILES} files and {MAX_DEPTH} levels at most; import it in parts"),
    )
}
