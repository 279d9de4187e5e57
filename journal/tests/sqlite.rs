//! The embedded store keeps the contract.

#![expect(clippy::unwrap_used, reason = "what cannot be set up has failed")]

use std::sync::Arc;

use journal::{SharedJournal, SqliteJournal, contract::Held};

async fn fresh() -> SharedJournal {
    let folder = tempfile::tempdir().unwrap();
    Arc::new(Held::new(SqliteJournal::create(&folder.path().join("journal.db")).unwrap(), folder))
}

journal::contract_tests!(fresh);

/// The same with an index that is brought to the end of the log all the time, so that every clause meets that moment.
mod indexed_after_three {
    use super::{Arc, Held, SharedJournal, SqliteJournal};

    async fn fresh() -> SharedJournal {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        drop(SqliteJournal::create(&path).unwrap());
        Arc::new(Held::new(SqliteJournal::open_with_batches_of(&path, 3).unwrap(), folder))
    }

    journal::contract_tests!(fresh);
}
