//! The one thread that appends: everything that waits is committed in one transaction, with one sync.

use std::{
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, TryRecvError, channel},
    thread::{self, JoinHandle},
};

use domain::envelope::{Position, StreamName};
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::{oneshot, watch};

use super::{
    append::{append, furthest},
    errors::{commit_is_unknown, store_error},
    index, open,
    tail::Session,
};
use crate::port::{AppendError, Appended, Expected, NewEvent, StoreError};

/// Most appends in one transaction.
const GROUP_APPENDS: usize = 256;

/// Bytes after which a transaction takes no further append.
const GROUP_BYTES: usize = 4 * 1024 * 1024;

/// How often the writer gives way to those who are about to append: some tens of microseconds in all.
const PATIENCE: u32 = 50;

type Answer = Result<Appended, AppendError>;

/// An append that waits.
struct Job {
    stream: StreamName,
    expected: Expected,
    events: Vec<NewEvent>,
    answer: oneshot::Sender<Answer>,
}

impl Job {
    fn size(&self) -> usize {
        self.events.iter().map(NewEvent::size).sum()
    }
}

/// The writer thread, seen from outside. Dropping it finishes what waits and closes the file.
pub(super) struct Writer {
    path: PathBuf,
    queue: Option<Sender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(
        path: &Path,
        connection: Connection,
        batch: usize,
        head: watch::Sender<Option<Position>>,
    ) -> Result<Self, StoreError> {
        let (queue, jobs) = channel();
        let work = Work { path: path.to_owned(), session: Some(Session::new(connection)), batch, index_at: batch, head };
        let thread = thread::Builder::new().name("journal".to_owned()).spawn(move || work.run(&jobs)).map_err(|error| {
            StoreError::Other(format!("系统不给写入 {0} 的线程 / no thread for the writer of {0}: {error}", path.display()))
        })?;
        Ok(Self { path: path.to_owned(), queue: Some(queue), thread: Some(thread) })
    }

    pub(super) async fn append(&self, stream: StreamName, expected: Expected, events: Vec<NewEvent>) -> Answer {
        let gone = || StoreError::Other(format!("{0} 的写入线程已结束 / the writer of {0} has ended", self.path.display()));
        let (answer, answered) = oneshot::channel();
        let sent = self.queue.as_ref().is_some_and(|queue| queue.send(Job { stream, expected, events, answer }).is_ok());
        if !sent {
            return Err(AppendError::NotExecuted(gone()));
        }
        // Taken, but never answered: nobody knows how far it came.
        answered.await.unwrap_or_else(|_| Err(AppendError::Unknown(gone())))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Work {
    path: PathBuf,
    /// `None` after a failure that makes it doubtful; opened anew, and its tail read anew, for the next group.
    session: Option<Session>,
    /// Events after which the indexes are brought to the end of the log.
    batch: usize,
    /// How long the tail has to be for that next time.
    index_at: usize,
    head: watch::Sender<Option<Position>>,
}

impl Work {
    fn run(mut self, jobs: &Receiver<Job>) {
        let mut company = 1;
        while let Some(group) = next_group(jobs, company) {
            company = group.len();
            let answers = self.commit(&group);
            if let Some(end) = furthest(answers.iter()) {
                self.head.send_if_modified(|head| {
                    let further = Some(end) > *head;
                    *head = (*head).max(Some(end));
                    further
                });
            }
            for (job, answer) in group.into_iter().zip(answers) {
                // Whoever asked may have gone away; the append stands all the same.
                let _ = job.answer.send(answer);
            }
            self.index();
        }
    }

    /// Commits a group and answers each of its appends.
    fn commit(&mut self, group: &[Job]) -> Vec<Answer> {
        match self.transact(group) {
            Ok(answers) => answers,
            Err(failure) => {
                tracing::warn!(appends = group.len(), unknown = failure.unknown, error = %failure.error, "appends failed");
                self.session = None;
                let answer = if failure.unknown { AppendError::Unknown } else { AppendError::NotExecuted };
                group.iter().map(|_| Err(answer(failure.error.clone()))).collect()
            }
        }
    }

    fn transact(&mut self, group: &[Job]) -> Result<Vec<Answer>, Failure> {
        let not_executed = |error| Failure { unknown: false, error };
        let session = match self.session.take() {
            Some(session) => session,
            None => Session::new(open::writing(&self.path).map_err(not_executed)?),
        };
        let Session { connection, tail } = self.session.insert(session);
        let failed = |error| not_executed(store_error(&self.path, &error));
        // The write lock first: what is read below stays true until the commit, and positions are given under it.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        tail.refresh(&transaction).map_err(failed)?;
        let answers: Vec<_> = group
            .iter()
            .map(|job| append(&transaction, tail, &job.stream, job.expected, &job.events))
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        transaction.commit().map_err(|error| Failure { unknown: commit_is_unknown(&error), error: store_error(&self.path, &error) })?;
        Ok(answers)
    }

    /// Brings the indexes to the end of the log once enough is missing. In a transaction of its own, after the answers: nobody
    /// who was waiting waits for it, and an append does not fail because of it.
    fn index(&mut self) {
        let Some(session) = self.session.as_mut().filter(|session| session.tail.len() >= self.index_at) else { return };
        self.index_at = match extend(session, self.batch) {
            Ok(()) => self.batch,
            Err(error) => {
                let error = store_error(&self.path, &error);
                tracing::warn!(%error, "indexes could not be brought to the end of the log");
                // Not again with every append: whatever is in the way, say a full disk, may be there for long.
                let later = session.tail.len() + self.batch;
                self.session = None;
                later
            }
        };
    }
}

fn extend(session: &mut Session, batch: usize) -> rusqlite::Result<()> {
    let Session { connection, tail } = session;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    tail.refresh(&transaction)?;
    // Another process may have been faster.
    if tail.len() < batch {
        return Ok(());
    }
    index::extend(&transaction)?;
    transaction.commit()?;
    tail.forget(tail.end());
    Ok(())
}

/// A failure of a whole group.
struct Failure {
    unknown: bool,
    error: StoreError,
}

/// Everything that waits, at least one; `None` when nobody will ask any more.
///
/// Writers that were answered together come back together, a moment apart. Waiting that moment for as many as last time makes
/// one sync of two; whoever writes alone never waits.
fn next_group(jobs: &Receiver<Job>, company: usize) -> Option<Vec<Job>> {
    let first = next(jobs)?;
    let mut bytes = first.size();
    let mut group = vec![first];
    let mut patience = PATIENCE;
    while group.len() < GROUP_APPENDS && bytes < GROUP_BYTES {
        match jobs.try_recv() {
            Ok(next) => {
                bytes += next.size();
                group.push(next);
            }
            Err(_) if group.len() < company && patience > 0 => {
                patience -= 1;
                thread::yield_now();
            }
            Err(_) => break,
        }
    }
    Some(group)
}

/// The next append. Whoever appends one after the other is back soon after an answer; being woken would take longer than that.
fn next(jobs: &Receiver<Job>) -> Option<Job> {
    for _ in 0..PATIENCE {
        match jobs.try_recv() {
            Ok(job) => return Some(job),
            Err(TryRecvError::Empty) => thread::yield_now(),
            Err(TryRecvError::Disconnected) => return None,
        }
    }
    jobs.recv().ok()
}
