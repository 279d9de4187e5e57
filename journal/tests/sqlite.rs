//! The embedded store keeps the contract.

#![expect(clippy::unwrap_used, reason = "what cannot be set up has failed")]

use std::sync::Arc;

use journal::{SharedJournal, SqliteJournal, contract::Held};

async fn fresh() -> SharedJournal {
    let folder = tempfile::tempdir().unwrap();
    Arc::new(Held::new(SqliteJournal::create(&folder.path().join("journal.db")).unwrap(), folder))
}

journal::contract_tests!(fresh);
