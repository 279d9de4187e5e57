//! Editions of a list: the newest one says what there is.

use serde_json::{Value, json};

use super::{
    books::LINES,
    import::{Desk, assert_account},
};

fn proposed(account: &Value) -> Vec<&str> {
    account["repealProposals"].as_array().unwrap().iter().map(|proposal| proposal["name"].as_str().unwrap()).collect()
}

#[test]
fn editions_in_one_import_propose_the_same_for_repeal_as_one_after_the_other_and_again_until_it_is_done() {
    let one_by_one = Desk::new();
    one_by_one.import(&one_by_one.list("2023.xlsx", "2023", &LINES[..2]), &[]).ok();
    one_by_one.import(&one_by_one.list("2024.xlsx", "2024", &[LINES[0], LINES[2], LINES[3]]), &[]).ok();
    let expected = one_by_one.import(&one_by_one.list("2025.xlsx", "2025", &LINES[..1]), &[]).ok().json();

    let together = Desk::new();
    together.list("c2023.xlsx", "2023", &LINES[..2]);
    together.list("a2024.xlsx", "2024", &[LINES[0], LINES[2], LINES[3]]);
    together.list("b2025.xlsx", "2025", &LINES[..1]);
    let lists = together.data().with_file_name("lists");
    let dry = together.import(&lists, &["--dry-run"]).ok().json();
    let first = together.import(&lists, &[]).ok().json();
    assert_account(&first, [4, 0, 2, 0, 0]);
    assert_eq!(proposed(&first).len(), 3, "{first}");
    assert_eq!(first["repealProposals"], expected["repealProposals"]);
    assert_eq!(dry["repealProposals"], expected["repealProposals"]);
    let again = together.import(&lists, &[]).ok().json();
    assert_account(&again, [0, 0, 6, 0, 0]);
    assert_eq!(again["repealProposals"], expected["repealProposals"]);
    // Older editions on their own say nothing of it.
    let older = together.import(&lists.join("a2024.xlsx"), &[]).ok().json();
    assert_eq!(older["repealProposals"], json!([]));
}
