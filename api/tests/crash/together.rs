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

/// Two processes import the same lists into one register at once: each accounts for every row, and nothing is there twice.
#[test]
fn two_imports_of_the_same_lists_at_once_double_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let lists = lists::write(&folder.path().join("lists"), LISTS, ROWS);
    let (alone, data) = (folder.path().join("alone"), folder.path().join("data"));
    account(&import(&alone, &lists).output().unwrap());
    assert!(tongyuan("init", &data).status().unwrap().success());

    let one = || import(&data, &lists).spawn().unwrap();
    let both = [one(), one()].map(|child| thread::spawn(|| account(&child.wait_with_output().unwrap())));
    let both = both.map(|account| account.join().unwrap());

    let rows = (LISTS * ROWS) as u64;
    for account in &both {
        assert_eq!(number(account, "read"), rows);
        assert_eq!(number(account, "adopted") + number(account, "unchanged"), rows, "{account}");
    }
    // Both may say of a row that they adopted it: they give the same command, and whoever is second is answered as the first.
    let adopted: Vec<_> = both.iter().map(|account| number(account, "adopted")).collect();
    println!("of {rows} rows the two adopted {adopted:?}");
    assert!(adopted.iter().sum::<u64>() >= rows);
    sound(&data);
    let now = entries(&data);
    assert_eq!(now, entries(&alone));
    assert_eq!(count(&now, Register::Guide), LISTS * ROWS);
    assert_rebuilt_equal(&data);
}
