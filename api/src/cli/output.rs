use std::{
    fmt,
    io::{self, IsTerminal, Write},
    sync::{Mutex, PoisonError},
};

use serde::Serialize;

use super::Done;

/// A stream that a command writes to.
type Stream = Mutex<Box<dyn Write + Send>>;

/// Where a command writes: results on one stream, progress, remarks and errors on another.
pub struct Output {
    /// Whether somebody watches: then there are progress bars.
    pub interactive: bool,
    results: Stream,
    remarks: Stream,
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("interactive", &self.interactive).finish_non_exhaustive()
    }
}

impl Output {
    /// The streams of this process.
    pub fn of_process() -> Self {
        Self {
            interactive: io::stderr().is_terminal(),
            results: Mutex::new(Box::new(io::stdout())),
            remarks: Mutex::new(Box::new(io::stderr())),
        }
    }

    /// A line for people. A reader that has gone away (`| head`) is no failure.
    pub fn line(&self, line: impl AsRef<str>) {
        let _ = write_line(&self.results, line.as_ref());
    }

    /// One JSON value on one line. A reader that has read enough (`| head`) is no failure.
    pub fn json(&self, value: &impl Serialize) -> Done {
        unless_gone(write_line(&self.results, &serde_json::to_string(value)?))
    }

    /// Bytes as they are. A reader that has read enough is no failure.
    pub fn raw(&self, bytes: &[u8]) -> Done {
        let mut results = self.results.lock().unwrap_or_else(PoisonError::into_inner);
        unless_gone(results.write_all(bytes).and_then(|()| results.flush()))
    }

    /// A remark beside the result.
    pub fn note(&self, line: impl AsRef<str>) {
        let _ = write_line(&self.remarks, line.as_ref());
    }

    /// Why the command failed.
    pub fn error(&self, words: &str) {
        let _ = write_line(&self.remarks, &format!("tongyuan: {words}"));
    }
}

/// What cannot be written is told, unless nobody reads any more.
fn unless_gone(written: io::Result<()>) -> Done {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

fn write_line(stream: &Stream, line: &str) -> io::Result<()> {
    let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
    writeln!(stream, "{line}")?;
    stream.flush()
}
