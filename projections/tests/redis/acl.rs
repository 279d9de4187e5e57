//! The rights that `docs/redis.md` names are those that are needed: no more, and no less.

use std::{collections::BTreeSet, fs, path::Path};

use projections::{
    ViewError, ViewStore,
    contract::{all_of, batch},
};

use super::support::{Redis, begin, command, options, views};

const ITEMS: usize = 10;

/// What the client itself asks for, beside what scripts do. It also says its name (CLIENT SETINFO, of Redis 7.2) and goes on where it may not.
const OF_CLIENT: [&str; 4] = ["evalsha", "info", "script|load", "select"];

/// The words of the documented command.
fn documented() -> Vec<String> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/redis.md")).unwrap();
    let begun = page.lines().skip_while(|line| !line.starts_with("ACL SETUSER")).take_while(|line| !line.starts_with("```"));
    begun.flat_map(|line| line.trim_end_matches('\\').split_whitespace()).map(str::to_owned).collect()
}

/// The commands of all scripts.
fn of_scripts() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/redis/lua");
    let mut found = BTreeSet::new();
    for script in fs::read_dir(folder).unwrap().map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap()) {
        let calls = script.split("redis.").filter_map(|rest| rest.strip_prefix("call(").or_else(|| rest.strip_prefix("pcall(")));
        for call in calls {
            let word: String = call.trim_start_matches(['\'', '"']).chars().take_while(char::is_ascii_alphabetic).collect();
            assert!(call.starts_with(['\'', '"']) && !word.is_empty(), "a command that is not written out: {call:.40}");
            found.insert(word.to_lowercase());
        }
    }
    found
}

#[test]
fn the_documented_rights_are_those_of_the_scripts_and_the_client() {
    let documented: BTreeSet<_> = documented().iter().filter_map(|word| word.strip_prefix('+')).map(str::to_owned).collect();
    let needed: BTreeSet<_> = of_scripts().into_iter().chain(OF_CLIENT.map(str::to_owned)).collect();
    assert_eq!(documented, needed);
}

#[tokio::test]
async fn a_user_with_the_documented_rights_can_project_and_read_in_any_database() {
    let Some(redis) = Redis::start(&[]).await else { return };
    let words = documented();
    assert!(words.len() > 10, "{words:?}");
    let user: Vec<_> = words.iter().map(String::as_str).collect();
    command(redis.server.port, &user).await;
    command(redis.server.port, &["ACL", "SETUSER", "default", "off"]).await;
    let address = |database: u8| format!("redis://tongyuan:PASSWORD@127.0.0.1:{}/{database}", redis.server.port);
    for database in [0, 1] {
        let one = views(&address(database), options("one"));
        begin(&one).await;
        for number in 1..=2 {
            one.commit(batch(number, ITEMS).unwrap()).await.unwrap();
        }
        let before = one.snapshot().await.unwrap();
        one.commit(batch(3, ITEMS).unwrap()).await.unwrap();
        assert_eq!(all_of(before.as_ref(), ITEMS).await.unwrap(), Some(2));
        one.renew().await.unwrap();
        one.sweep().await.unwrap();
        one.release().await.unwrap();
    }
    // What is no matter of ours it may not.
    let client = redis::Client::open(address(0)).unwrap();
    let mut connection = client.get_multiplexed_async_connection().await.unwrap();
    for command in [&["FLUSHALL"][..], &["SET", "another", "1"], &["CONFIG", "GET", "*"]] {
        let mut asked = redis::cmd(command[0]);
        command[1..].iter().for_each(|word| {
            asked.arg(*word);
        });
        assert_eq!(asked.query_async::<redis::Value>(&mut connection).await.unwrap_err().code(), Some("NOPERM"), "{command:?}");
    }
    let wrong = views(&format!("redis://tongyuan:wrong@127.0.0.1:{}/0", redis.server.port), options("two"));
    assert!(matches!(wrong.acquire().await, Err(ViewError::Unavailable(_))));
}
