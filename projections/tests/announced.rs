//! What is announced is what will be shown, and has its receipts as that.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::{
    Told, day, guide, item,
    served::{Node, of, on_both},
};
use domain::{
    entry::{Resume, Suspend},
    receipt::Witness,
    register::Item,
};

#[tokio::test]
async fn what_is_announced_has_a_receipt_unless_it_will_never_be() {
    let mut told = Told::new();
    let node = Node::begun(told.journal.clone(), day(0)).await;
    told.approve("I1", day(1), item("甲"), None).await;
    told.as_approver::<Item>("I1", day(2), Suspend { reason: "检修".into(), until: Some(day(6)) }).await;
    told.approve("I1", day(3), item("乙"), Some(day(20))).await;
    // A guide whose item will be gone on its day.
    told.adopt("I2", day(3), item("丙"), None).await;
    told.repeal::<Item>("I2", day(3), Some(day(8))).await;
    told.adopt("G1", day(3), guide("丁", "I2"), Some(day(9))).await;
    node.shows(day(3)).await;
    node.writes(day(3)).await;
    // What is to come of a suspended entry is announced if it will be seen.
    assert_eq!(of(&told.journal, "I1", 2).await, on_both(day(3), Witness::Commit));
    assert_eq!(of(&told.journal, "I2", 1).await, on_both(day(3), Witness::Commit));
    node.writes(day(12)).await;
    assert_eq!(of(&told.journal, "G1", 1).await, []);
}

#[tokio::test]
async fn what_will_not_be_seen_has_no_receipt_before_somebody_resumes() {
    let mut told = Told::new();
    let node = Node::begun(told.journal.clone(), day(0)).await;
    told.approve("I1", day(1), item("甲"), None).await;
    told.approve("G1", day(1), guide("丁", "I1"), None).await;
    told.as_approver::<Item>("I1", day(2), Suspend { reason: "检修".into(), until: None }).await;
    told.approve("I1", day(3), item("乙"), Some(day(20))).await;
    told.approve("G1", day(3), guide("戊", "I1"), Some(day(20))).await;
    // Overtaken before the suspension ends: nobody will see it either.
    told.approve("I2", day(3), item("丙"), None).await;
    told.as_approver::<Item>("I2", day(3), Suspend { reason: "检修".into(), until: Some(day(30)) }).await;
    told.approve("I2", day(4), item("己"), Some(day(10))).await;
    told.approve("I2", day(4), item("庚"), Some(day(20))).await;
    node.shows(day(4)).await;
    node.writes(day(4)).await;
    for (entry, revision) in [("I1", 2), ("G1", 2), ("I2", 2)] {
        assert_eq!(of(&told.journal, entry, revision).await, [], "{entry}");
    }
    assert_eq!(of(&told.journal, "I2", 3).await, on_both(day(4), Witness::Commit));
    told.as_approver::<Item>("I1", day(8), Resume).await;
    node.shows(day(8)).await;
    node.writes(day(8)).await;
    for entry in ["I1", "G1"] {
        assert_eq!(of(&told.journal, entry, 2).await, on_both(day(8), Witness::Commit), "{entry}");
    }
}
