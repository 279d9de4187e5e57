use std::thread;

use domain::register::Register;

use crate::{
    file::sound,
    lists,
    process::{account, assert_rebuilt_equal, import, number, tongyuan},
    register::{count, entries},
};

const LISTS: usize = 3;
const ROWS: usize = 250;

/// Two processes import the same lists into one register at once: one of them does, the other is told to wait, or comes after it
/// and changes nothing. Each row is claimed once.
#[test]
fn two_imports_of_the_same_lists_at_once_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let lists = lists::write(&folder.path().join("lists"), LISTS, ROWS);
    let (alone, data) = (folder.path().join("alone"), folder.path().join("data"));
    account(&import(&alone, &lists).output().unwrap());
    assert!(tongyuan("init", &data).status().unwrap().success());

    let one = || import(&data, &lists).spawn().unwrap();
    let both = [one(), one()].map(|child| thread::spawn(|| child.wait_with_output().unwrap()));
    let both = both.map(|output| output.join().unwrap());

    let rows = (LISTS * ROWS) as u64;
    let mut adopted = Vec::new();
    for output in &both {
        if output.status.success() {
            let account = account(output);
            assert_eq!(number(&account, "read"), rows);
            assert_eq!(number(&account, "adopted") + number(&account, "unchanged"), rows, "{account}");
            adopted.push(number(&account, "adopted"));
        } else {
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(words.contains("另一个导入") && words.contains("another import into"), "{words}");
        }
    }
    println!("of {rows} rows those who were let in adopted {adopted:?}");
    assert_eq!(adopted.iter().sum::<u64>(), rows);
    // Whoever waited and comes again has nothing left to do.
    assert_eq!(number(&account(&import(&data, &lists).output().unwrap()), "unchanged"), rows);
    sound(&data);
    let now = entries(&data);
    assert_eq!(now, entries(&alone));
    assert_eq!(count(&now, Register::Guide), LISTS * ROWS);
    assert_rebuilt_equal(&data);
}
