//! Committing a group of appends: one transaction, one sync.

use std::path::PathBuf;

use domain::envelope::{Position, StreamName};
use rusqlite::TransactionBehavior;
use tokio::sync::watch;

use super::{
    append::{append, furthest},
    errors::{commit_is_unknown, store_error},
    index,
    log::Log,
    open,
    tail::Session,
};
use crate::port::{AppendError, Appended, Expected, NewEvent, StoreError};

pub(super) type Answer = Result<Appended, AppendError>;

/// What is to be appended.
pub(super) struct Wanted {
    pub(super) stream: StreamName,
    pub(super) expected: Expected,
    pub(super) events: Vec<NewEvent>,
}

/// The one connection that appends, with what it knows of the file.
pub(super) struct Work {
    path: PathBuf,
    /// `None` after a failure that makes it doubtful; opened anew, and its tail read anew, for the next group.
    session: Option<Session>,
    /// Events after which the indexes are brought to the end of the log.
    batch: usize,
    /// How long the tail has to be for that next time.
    index_at: usize,
    log: Log,
    head: watch::Sender<Option<Position>>,
}

impl Work {
    pub(super) fn new(path: PathBuf, session: Session, batch: usize, head: watch::Sender<Option<Position>>) -> Self {
        Self { path, session: Some(session), batch, index_at: batch, log: Log::default(), head }
    }

    /// Commits a group, answers each of its appends, and tells the new head.
    pub(super) fn commit<'g>(&mut self, group: impl ExactSizeIterator<Item = &'g Wanted> + Clone) -> Vec<Answer> {
        let answers = self.transact(group.clone()).unwrap_or_else(|failure| {
            tracing::warn!(appends = group.len(), unknown = failure.unknown, error = %failure.error, "appends failed");
            let answer = if failure.unknown { AppendError::Unknown } else { AppendError::NotExecuted };
            group.map(|_| Err(answer(failure.error.clone()))).collect()
        });
        if let Some(end) = furthest(answers.iter()) {
            self.head.send_if_modified(|head| {
                let further = Some(end) > *head;
                *head = (*head).max(Some(end));
                further
            });
        }
        answers
    }

    /// The session is put back only after a commit: whatever fails in between, a panic too, leaves none, and so no tail that knows
    /// of events that were rolled back.
    fn transact<'g>(&mut self, group: impl Iterator<Item = &'g Wanted>) -> Result<Vec<Answer>, Failure> {
        let not_executed = |error| Failure { unknown: false, error };
        let mut session = match self.session.take() {
            Some(session) => session,
            None => Session::new(open::writing(&self.path).map_err(not_executed)?),
        };
        let Session { connection, tail } = &mut session;
        let failed = |error| not_executed(store_error(&self.path, &error));
        // The write lock first: what is read below stays true until the commit, and positions are given under it.
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        tail.refresh(&transaction).map_err(failed)?;
        let answers: Vec<_> = group
            .map(|wanted| append(&transaction, tail, &wanted.stream, wanted.expected, &wanted.events))
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        transaction.commit().map_err(|error| Failure { unknown: commit_is_unknown(&error), error: store_error(&self.path, &error) })?;
        self.log.committed();
        self.session = Some(session);
        Ok(answers)
    }

    /// Whether [`Work::tidy`] has something to do.
    pub(super) fn is_untidy(&self) -> bool {
        self.log.is_untidy() || self.session.as_ref().is_some_and(|session| session.tail.len() >= self.index_at)
    }

    /// Lengthens the log or brings it into the file, and brings the indexes to the end once enough is missing. In transactions
    /// of their own, after the answers: nobody who was waiting waits for it, and an append does not fail because of it.
    pub(super) fn tidy(&mut self) {
        self.index();
        if let Some(session) = &mut self.session {
            self.log.tidy(&self.path, &mut session.connection);
        }
    }

    fn index(&mut self) {
        let Some(mut session) = self.session.take_if(|session| session.tail.len() >= self.index_at) else { return };
        match extend(&mut session, self.batch) {
            Ok(()) => {
                self.index_at = self.batch;
                self.log.committed();
                self.session = Some(session);
            }
            Err(error) => {
                let error = store_error(&self.path, &error);
                tracing::warn!(%error, "indexes could not be brought to the end of the log");
                // Not again with every append: whatever is in the way, say a full disk, may be there for long.
                self.index_at = session.tail.len() + self.batch;
            }
        }
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
