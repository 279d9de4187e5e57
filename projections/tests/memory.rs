//! The reference keeps the contract.

use std::sync::Arc;

use projections::{MemoryViews, SharedViews};

async fn fresh() -> Option<SharedViews> {
    Some(Arc::new(MemoryViews::default()))
}

projections::view_contract_tests!(fresh);
