//! Who commits: whoever appends alone does it at once; where several append, one thread does it for all that wait.

use std::{
    future::poll_fn,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError, TryLockError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    task::Poll,
    thread::{self, JoinHandle},
};

use domain::envelope::{Position, StreamName};
use rusqlite::Connection;
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    sync::{oneshot, watch},
    task::block_in_place,
};

use super::{
    tail::Session,
    work::{Answer, Wanted, Work},
};
use crate::port::{AppendError, Expected, NewEvent, StoreError};

/// Most appends in one transaction.
const GROUP_APPENDS: usize = 256;

/// Bytes after which a transaction takes no further append.
const GROUP_BYTES: usize = 4 * 1024 * 1024;

/// How often the writer gives way to those who are about to append: some tens of microseconds in all.
const PATIENCE: u32 = 50;

/// Of so many appends that are made alone one asks whether others are about to be made.
const ASKED_EVERY: usize = 16;

/// What the writer thread is asked for.
enum Asked {
    Append(Job),
    /// To do what was left undone so that an answer came sooner.
    Tidy,
}

/// An append that waits.
struct Job {
    wanted: Wanted,
    answer: oneshot::Sender<Answer>,
}

impl Job {
    fn size(&self) -> usize {
        self.wanted.events.iter().map(NewEvent::size).sum()
    }
}

/// What the writer thread and those who append share.
struct Shared {
    work: Mutex<Work>,
    /// How many appended together last.
    company: AtomicUsize,
    /// How many appends were made alone since several were made together.
    alone: AtomicUsize,
    /// How many wait for an answer.
    here: AtomicUsize,
}

/// One that waits for an answer, counted until it has it or goes away.
struct Here<'s>(&'s AtomicUsize);

impl<'s> Here<'s> {
    fn come(here: &'s AtomicUsize) -> Self {
        here.fetch_add(1, Ordering::Relaxed);
        Self(here)
    }
}

impl Drop for Here<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Gives the word once to whatever else its task has to do. Unlike the yielding of the runtime it needs no turn of the runtime, and so
/// next to no time where there is nothing else.
fn step_back() -> impl Future<Output = ()> {
    let mut stepped = false;
    poll_fn(move |context| {
        if std::mem::replace(&mut stepped, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
}

/// The writer, seen from outside. Dropping it finishes what waits and closes the file.
pub(super) struct Writer {
    path: PathBuf,
    shared: Arc<Shared>,
    queue: Option<Sender<Asked>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(super) fn start(
        path: &Path,
        connection: Connection,
        batch: usize,
        head: watch::Sender<Option<Position>>,
    ) -> Result<Self, StoreError> {
        let work = Work::new(path.to_owned(), Session::new(connection), batch, head);
        let shared = Arc::new(Shared {
            work: Mutex::new(work),
            company: AtomicUsize::new(1),
            alone: AtomicUsize::new(0),
            here: AtomicUsize::new(0),
        });
        let (queue, asked) = channel();
        let of_thread = shared.clone();
        let thread = thread::Builder::new().name("journal".to_owned()).spawn(move || of_thread.run(&asked)).map_err(|error| {
            StoreError::Other(format!("系统不给写入 {0} 的线程 / no thread for the writer of {0}: {error}", path.display()))
        })?;
        Ok(Self { path: path.to_owned(), shared, queue: Some(queue), thread: Some(thread) })
    }

    pub(super) async fn append(&self, stream: StreamName, expected: Expected, events: Vec<NewEvent>) -> Answer {
        let wanted = Wanted { stream, expected, events };
        let _here = Here::come(&self.shared.here);
        if self.shared.company.load(Ordering::Relaxed) <= 1 {
            // One task may append many things at once, as an import does, and is here with one at a time unless it is given the word. Whoever
            // was alone is asked seldom.
            if self.shared.alone.fetch_add(1, Ordering::Relaxed).is_multiple_of(ASKED_EVERY) {
                step_back().await;
            }
            if let Some(answer) = self.append_alone(&wanted) {
                return answer;
            }
        }
        let gone = || StoreError::Other(format!("{0} 的写入线程已结束 / the writer of {0} has ended", self.path.display()));
        let (answer, answered) = oneshot::channel();
        if !self.ask(Asked::Append(Job { wanted, answer })) {
            return Err(AppendError::NotExecuted(gone()));
        }
        // Taken, but never answered: nobody knows how far it came.
        answered.await.unwrap_or_else(|_| Err(AppendError::Unknown(gone())))
    }

    /// Commits on the thread that asks: the way to the writer and back takes as long as the sync of a fast disk. `None` where others
    /// append too, because together they need one sync.
    fn append_alone(&self, wanted: &Wanted) -> Option<Answer> {
        let may_block = Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
        if self.shared.here.load(Ordering::Relaxed) > 1 {
            self.shared.company.store(2, Ordering::Relaxed);
        }
        if !may_block || self.shared.company.load(Ordering::Relaxed) > 1 {
            return None;
        }
        let mut work = match self.shared.work.try_lock() {
            Ok(work) => work,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                self.shared.company.store(2, Ordering::Relaxed);
                return None;
            }
        };
        // What was left undone comes first; the thread was asked for it.
        if work.is_untidy() {
            return None;
        }
        let answer = block_in_place(|| work.commit(std::iter::once(wanted)).pop());
        let untidy = work.is_untidy();
        drop(work);
        if untidy {
            self.ask(Asked::Tidy);
        }
        answer
    }

    fn ask(&self, asked: Asked) -> bool {
        self.queue.as_ref().is_some_and(|queue| queue.send(asked).is_ok())
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

impl Shared {
    fn run(&self, asked: &Receiver<Asked>) {
        while let Some(group) = next_group(asked, self.company.load(Ordering::Relaxed)) {
            // A panic in the middle of a commit has answered nobody; SQLite rolls back what it left open.
            let mut work = self.work.lock().unwrap_or_else(PoisonError::into_inner);
            if !group.is_empty() {
                self.company.store(group.len(), Ordering::Relaxed);
                if group.len() > 1 {
                    self.alone.store(0, Ordering::Relaxed);
                }
                let answers = work.commit(group.iter().map(|job| &job.wanted));
                for (job, answer) in group.into_iter().zip(answers) {
                    // Whoever asked may have gone away; the append stands all the same.
                    let _ = job.answer.send(answer);
                }
            }
            work.tidy();
        }
    }
}

/// Everything that waits; nothing where only tidying was asked for; `None` when nobody will ask any more.
///
/// Writers that were answered together come back together, a moment apart. Waiting that moment for as many as last time makes
/// one sync of two; whoever writes alone never waits.
fn next_group(asked: &Receiver<Asked>, company: usize) -> Option<Vec<Job>> {
    let Asked::Append(first) = next(asked)? else { return Some(Vec::new()) };
    let mut bytes = first.size();
    let mut group = vec![first];
    let mut patience = PATIENCE;
    while group.len() < GROUP_APPENDS && bytes < GROUP_BYTES {
        match asked.try_recv() {
            Ok(Asked::Append(next)) => {
                bytes += next.size();
                group.push(next);
            }
            Ok(Asked::Tidy) => {}
            Err(_) if group.len() < company && patience > 0 => {
                patience -= 1;
                thread::yield_now();
            }
            Err(_) => break,
        }
    }
    Some(group)
}

/// The next thing asked for. Whoever appends one after the other is back soon after an answer; being woken would take longer
/// than that.
fn next(asked: &Receiver<Asked>) -> Option<Asked> {
    for _ in 0..PATIENCE {
        match asked.try_recv() {
            Ok(next) => return Some(next),
            Err(TryRecvError::Empty) => thread::yield_now(),
            Err(TryRecvError::Disconnected) => return None,
        }
    }
    asked.recv().ok()
}

#[cfg(test)]
mod tests {
    use futures::future::join_all;
    use uuid::Uuid;

    use super::*;
    use crate::sqlite::{SqliteJournal, open};

    /// A writer of a new journal, and a way to append to it once.
    fn writer(folder: &Path) -> Writer {
        let path = folder.join("journal.db");
        drop(SqliteJournal::create(&path).unwrap());
        Writer::start(&path, open::writing(&path).unwrap(), 256, watch::Sender::new(None)).unwrap()
    }

    async fn append(writer: &Writer, number: u128) {
        let event = NewEvent { id: Uuid::from_u128(number), kind: "item.adopted".into(), metadata: b"{}".into(), payload: b"{}".into() };
        let stream = format!("item-I{number}").parse().unwrap();
        writer.append(stream, Expected::NoStream, vec![event]).await.unwrap();
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn whoever_appends_one_after_the_other_commits_each_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path());
        for number in 0..40 {
            append(&writer, number).await;
        }
        assert_eq!(writer.shared.alone.load(Ordering::Relaxed), 40);
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_one_task_appends_together_is_committed_together() {
        let folder = tempfile::tempdir().unwrap();
        let writer = writer(folder.path());
        // However many were made alone before, it is found out after few.
        for number in 0..5 {
            append(&writer, number).await;
        }
        join_all((5..69).map(|number| append(&writer, number))).await;
        assert!(writer.shared.company.load(Ordering::Relaxed) > ASKED_EVERY, "they were a group");
        assert_eq!(writer.shared.alone.load(Ordering::Relaxed), 0);
    }
}
