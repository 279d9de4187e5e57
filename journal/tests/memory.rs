//! The reference store keeps the contract.

use std::sync::Arc;

use journal::{MemoryJournal, SharedJournal};

async fn fresh() -> SharedJournal {
    Arc::new(MemoryJournal::new())
}

journal::contract_tests!(fresh);
