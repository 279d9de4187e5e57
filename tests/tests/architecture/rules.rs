//! The rules, each a function from what is written to what is wrong with it. Each is shown to fail below.

use crate::source::{code, lines_with};

/// The crates from the lowest floor up, each with those that it may use.
const FLOORS: [(&str, &[&str]); 7] = [
    ("domain", &[]),
    ("journal", &["domain"]),
    ("projections", &["domain", "journal"]),
    ("exchange", &["domain"]),
    ("api", &["domain", "journal", "projections", "exchange"]),
    ("tests", &["domain", "journal", "projections", "exchange", "api", "double"]),
    ("double", &[]),
];

/// Stands beside the floors: any of them may use it, in its tests only.
const FOR_TESTS: &str = "double";

/// What the domain may stand on: data, their form, and nothing that reaches out of the process. A further one is a decision.
const UNDER_THE_DOMAIN: [&str; 10] = [
    "chrono",
    "schemars",
    "serde",
    "serde_json",
    "serde_json_canonicalizer",
    "sha2",
    "simdutf8",
    "thiserror",
    "unicode-normalization",
    "uuid",
];

/// Concrete stores, each with the crate that has it.
const STORES: [(&str, &str); 7] = [
    ("SqliteJournal", "journal"),
    ("MemoryJournal", "journal"),
    ("EventStoreJournal", "journal"),
    ("kurrentdb", "journal"),
    ("rusqlite", "journal"),
    ("MemoryViews", "projections"),
    ("redis", "projections"),
];

/// What a pure floor does not say.
const IMPURE: [&str; 15] = [
    "async",
    "await",
    "tokio",
    "futures",
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "SystemTime",
    "std::time",
    "Utc::now",
    "Local::now",
    "rand",
    "new_v4",
];

/// What answers to whoever asks from outside.
const OUTSIDE: [&str; 2] = ["api/src/graphql/", "api/src/http/"];

/// What passes by the question who may: to act as the import of a list or as the register itself, and to write into a journal. Use cases of
/// `registrar` that take a `Caller`, or a `Leave` that only a caller gives, are the way.
const PAST_THE_DESK: [&str; 5] = ["Capacity", "registrar::act", "Authority::Register", "transact::transact", "append"];

/// How the clock of the machine is read.
const CLOCK: [&str; 3] = ["Utc::now", "Local::now", "SystemTime::now"];

/// Longest source file.
const MAX_LINES: usize = 400;

/// An arrow of the house: this crate uses that one.
pub(crate) struct Arrow {
    pub(crate) from: String,
    pub(crate) to: String,
    /// Only by its tests.
    pub(crate) of_tests: bool,
    /// Whether both are ours.
    pub(crate) inside: bool,
}

/// Arrows run down only.
pub(crate) fn floors(arrow: &Arrow) -> Option<String> {
    let Arrow { from, to, of_tests, inside } = arrow;
    let Some((_, below)) = FLOORS.iter().find(|(name, _)| name == from) else { return Some(format!("{from} stands on no floor")) };
    if *inside {
        // The tests of a crate use the crate as others do.
        let own = *of_tests && (from == to || to == FOR_TESTS);
        return (!own && !below.contains(&to.as_str())).then(|| format!("{from} uses {to}, which is not below it"));
    }
    if from == "domain" && !of_tests && !UNDER_THE_DOMAIN.contains(&to.as_str()) {
        return Some(format!("domain uses {to}: it stands on data and their form only"));
    }
    let home = STORES.iter().find(|(name, _)| name == to);
    home.filter(|(_, home)| home != from && !of_tests && from != "tests")
        .map(|(store, home)| format!("{from} uses {store}, which only {home} may"))
}

/// Stores are named by the crate that has them, by the composition root, and by tests.
pub(crate) fn stores(path: &str, code: &str) -> Vec<String> {
    let free = path.starts_with("api/src/app/") || path.starts_with("tests/") || path.contains("/tests/") || path.contains("/benches/");
    let foreign = STORES.iter().filter(|(_, home)| !free && !path.starts_with(&format!("{home}/")));
    foreign.flat_map(|(store, _)| places(path, code, store)).collect()
}

/// The domain neither waits nor reaches out nor asks the time.
pub(crate) fn purity(path: &str, code: &str) -> Vec<String> {
    let words = if path.starts_with("domain/src/") { &IMPURE[..] } else { &[] };
    words.iter().flat_map(|word| places(path, code, word)).collect()
}

/// Whoever asks from outside changes nothing but by a use case that asks who may.
pub(crate) fn past_the_desk(path: &str, code: &str) -> Vec<String> {
    let outside = OUTSIDE.iter().any(|room| path.starts_with(room));
    PAST_THE_DESK.iter().filter(|_| outside).flat_map(|word| places(path, code, word)).collect()
}

/// The clock is read by the composition root; tests may look at it.
pub(crate) fn clock(path: &str, code: &str) -> Vec<String> {
    let free = path.starts_with("api/src/app/") || !path.contains("/src/");
    CLOCK.iter().filter(|_| !free).flat_map(|word| places(path, code, word)).collect()
}

/// A file says one thing.
pub(crate) fn length(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > MAX_LINES).then(|| format!("{path} has {lines} lines, {MAX_LINES} at most"))
}

/// Nothing depends on where it lies on one machine.
pub(crate) fn machine_paths(path: &str, text: &str) -> Vec<String> {
    let folders = ["work", "root", "home"].map(|name| format!("/{name}/"));
    let names = |line: &str| folders.iter().any(|folder| begins_with(line, folder));
    text.lines().zip(1..).filter(|(line, _)| names(line)).map(|(_, n)| format!("{path}:{n} names a folder of one machine")).collect()
}

/// Whether a path in the line begins with the folder; `a/home/b` does not.
fn begins_with(line: &str, folder: &str) -> bool {
    let inside = |before: char| before.is_alphanumeric() || matches!(before, '.' | '_' | '-' | '}' | '*');
    line.match_indices(folder).any(|(at, _)| !line[..at].chars().next_back().is_some_and(inside))
}

/// Every crate takes the lints of the workspace.
pub(crate) fn lints(path: &str, manifest: &str) -> Option<String> {
    let taken = manifest.split("[lints]").nth(1).is_some_and(|rest| rest.trim_start().starts_with("workspace = true"));
    (!taken).then(|| format!("{path} does not take the lints of the workspace"))
}

/// The lints of the workspace forbid unsafe code.
pub(crate) fn unsafe_is_forbidden(workspace: &str) -> bool {
    let lints = workspace.split("[workspace.lints.rust]").nth(1).unwrap_or_default();
    lints.lines().take_while(|line| !line.starts_with('[')).any(|line| line.replace(' ', "") == "unsafe_code=\"forbid\"")
}

fn places(path: &str, code: &str, word: &str) -> Vec<String> {
    lines_with(code, word).into_iter().map(|line| format!("{path}:{line} says {word}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrow(from: &str, to: &str) -> Arrow {
        Arrow { from: from.into(), to: to.into(), of_tests: false, inside: FLOORS.iter().any(|(name, _)| *name == to) }
    }

    #[test]
    fn an_arrow_up_or_across_fails() {
        for (from, to) in
            [("domain", "journal"), ("journal", "projections"), ("exchange", "journal"), ("projections", "exchange"), ("exchange", "api")]
        {
            assert!(floors(&arrow(from, to)).is_some(), "{from} → {to}");
            assert!(floors(&Arrow { of_tests: true, ..arrow(from, to) }).is_some(), "{from} → {to} in tests");
        }
        for (from, to) in [("journal", "domain"), ("projections", "journal"), ("exchange", "domain"), ("api", "exchange"), ("tests", "api")]
        {
            assert_eq!(floors(&arrow(from, to)), None, "{from} → {to}");
        }
        assert_eq!(floors(&Arrow { of_tests: true, ..arrow("journal", "journal") }), None);
        assert!(floors(&arrow("journal", "double")).is_some(), "the double is for tests");
        assert_eq!(floors(&Arrow { of_tests: true, ..arrow("api", "double") }), None);
        assert!(floors(&arrow("double", "journal")).is_some(), "the double knows nothing of the house");
        assert!(floors(&arrow("cellar", "domain")).is_some());
    }

    #[test]
    fn a_dependency_that_reaches_out_fails() {
        for (from, to) in [("domain", "tokio"), ("domain", "rand"), ("projections", "rusqlite"), ("api", "redis"), ("api", "kurrentdb")] {
            assert!(floors(&arrow(from, to)).is_some(), "{from} → {to}");
        }
        assert_eq!(floors(&arrow("journal", "rusqlite")), None);
        assert_eq!(floors(&Arrow { of_tests: true, ..arrow("api", "rusqlite") }), None);
    }

    #[test]
    fn a_store_named_outside_its_crate_fails() {
        let text = "use journal::SqliteJournal;\nlet v = MemoryViews::default();";
        assert_eq!(stores("api/src/cli/import.rs", text).len(), 2);
        assert_eq!(stores("projections/src/rebuild.rs", text), ["projections/src/rebuild.rs:1 says SqliteJournal"]);
        for free in ["api/src/app/stores.rs", "tests/benches/figures.rs", "projections/tests/runner.rs"] {
            assert!(stores(free, text).is_empty(), "{free}");
        }
    }

    #[test]
    fn a_domain_that_waits_or_reads_fails() {
        for text in ["async fn f() {}", "std::fs::read(p)", "let t = Utc::now();", "Uuid::new_v4()", "use std::time::SystemTime;"] {
            assert!(!purity("domain/src/entry/state.rs", text).is_empty(), "{text}");
            assert!(purity("journal/src/port.rs", text).is_empty(), "{text}");
        }
        assert!(purity("domain/src/lib.rs", &code("//! no async, no tokio\nlet brand = \"rand\";")).is_empty());
    }

    #[test]
    fn an_interface_that_acts_as_the_register_fails() {
        for text in [
            "let c = Capacity::Import;",
            "journal.append(&stream, expected, events)",
            "registrar::act(journal)",
            "transact::transact(&j, r)",
        ] {
            assert_eq!(past_the_desk("api/src/graphql/mutation/draft.rs", text).len(), 1, "{text}");
            assert!(past_the_desk("api/src/registrar/import/mod.rs", text).is_empty(), "{text}");
        }
        assert!(past_the_desk("api/src/graphql/mutation/head.rs", "use journal::transact::ExpectedVersion;").is_empty());
    }

    #[test]
    fn a_clock_outside_the_composition_root_fails() {
        let text = "chrono::Utc::now()";
        assert_eq!(clock("api/src/registrar/act.rs", text), ["api/src/registrar/act.rs:1 says Utc::now"]);
        assert!(clock("api/src/app/clock.rs", text).is_empty());
        assert!(!clock("projections/src/runner.rs", "SystemTime::now()").is_empty());
    }

    #[test]
    fn a_file_too_long_fails() {
        assert_eq!(length("a.rs", &"x\n".repeat(MAX_LINES)), None);
        assert!(length("a.rs", &"x\n".repeat(MAX_LINES + 1)).is_some());
    }

    #[test]
    fn a_path_of_one_machine_fails() {
        for folder in ["work", "root", "home"] {
            assert_eq!(machine_paths("a", &format!("x\n\"/{folder}/me\"")), ["a:2 names a folder of one machine"]);
            assert!(machine_paths("a", &format!("./{folder}/me and some{folder}/ and a/{folder}/b")).is_empty());
        }
    }

    #[test]
    fn a_crate_without_the_lints_fails() {
        assert!(lints("Cargo.toml", "[package]\nname = \"x\"").is_some());
        assert!(lints("Cargo.toml", "[lints]\n[dependencies]\nx.workspace = true").is_some());
        assert_eq!(lints("Cargo.toml", "[lints]\nworkspace = true\n"), None);
        assert!(unsafe_is_forbidden("[workspace.lints.rust]\nunsafe_code = \"forbid\""));
        assert!(!unsafe_is_forbidden("[workspace.lints.rust]\nunsafe_code = \"warn\""));
        assert!(!unsafe_is_forbidden("[workspace.lints.rust]\n[other]\nunsafe_code = \"forbid\""));
    }
}
