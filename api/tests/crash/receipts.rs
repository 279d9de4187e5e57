//! A server that is killed at any moment between a change, its view and its receipt: none is missing, and none is there twice.

use std::{collections::BTreeMap, path::Path, thread, time::Duration};

use domain::{
    codec::Streamed,
    receipt::{Event, Receipts},
    value::Channel,
};

use crate::{
    lists,
    process::{account, assert_rebuilt_equal, import, tongyuan},
    serving::Server,
};

const ROUNDS: u32 = 12;

/// Receipts as they stand in the file, each with how often.
pub(crate) fn receipts(data: &Path) -> BTreeMap<(Channel, String, u32), u32> {
    let file = rusqlite::Connection::open_with_flags(data.join("journal.db"), rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut statement = file.prepare("SELECT payload FROM events WHERE kind = 'receipt.served' ORDER BY position").unwrap();
    let payloads = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    let mut all = BTreeMap::new();
    for payload in payloads {
        let Some(Event::Served(served)) = Receipts::read("receipt.served", 1, &payload.unwrap()).unwrap() else { panic!("a receipt") };
        for receipt in &served.receipts {
            *all.entry((served.channel, receipt.entry().to_string(), receipt.revision)).or_insert(0) += 1;
        }
    }
    all
}

pub(crate) fn missing(data: &Path) -> u64 {
    account(&tongyuan("parity", data).arg("--json").output().unwrap())["receipts"]["missing"].as_u64().unwrap()
}

#[test]
fn a_server_killed_between_view_and_receipt_leaves_none_missing_and_none_twice() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(tongyuan("init", &data).status().unwrap().success());
    for round in 0..ROUNDS {
        let lists = lists::write(&folder.path().join(format!("lists{round}")), 1, 20 + 15 * round as usize);
        let server = Server::start(&data);
        account(&import(&data, &lists).output().unwrap());
        thread::sleep(Duration::from_millis(u64::from(round * 23 % 180)));
        // Killed: the views were in its memory, and whatever was not written down with them.
        drop(server);
        let twice: Vec<_> = receipts(&data).into_iter().filter(|(_, count)| *count != 1).collect();
        assert!(twice.is_empty(), "round {round}: {twice:?}");
    }
    let server = Server::start(&data);
    let begun = std::time::Instant::now();
    while missing(&data) > 0 {
        assert!(begun.elapsed() < Duration::from_secs(60), "{} are missing", missing(&data));
        thread::sleep(Duration::from_millis(20));
    }
    drop(server);
    let all = receipts(&data);
    assert!(all.values().all(|count| *count == 1));
    println!("{} receipts after {ROUNDS} kills, none missing, none twice", all.len());
    assert_rebuilt_equal(&data);
}
