//! What the command says of itself.

use super::process::{Ran, assert_both_languages, command, run, tongyuan};

const COMMANDS: [&str; 20] = [
    "init",
    "demo",
    "import",
    "serve",
    "show",
    "history",
    "check",
    "replay",
    "diff",
    "evidence",
    "repeal",
    "reform",
    "user",
    "calendar",
    "deadlines",
    "rebuild",
    "parity",
    "journal",
    "schema",
    "completions",
];

#[test]
fn every_command_helps_with_an_example() {
    let all = tongyuan(&["--help"]).ok();
    assert!(all.out.contains("Example"));
    for command in COMMANDS {
        assert!(all.out.contains(&format!("\n  {command} ")), "{command}");
        let help = tongyuan(&[command, "--help"]).ok();
        assert!(help.out.contains("Example"), "{command}");
        assert!(help.out.contains(&format!("tongyuan {command}")), "{command}: {}", help.out);
        assert!(help.err.is_empty(), "{help:?}");
    }
}

#[test]
fn so_does_every_command_of_the_accounts() {
    for verb in ["add", "list", "remove", "grant", "revoke", "password", "token"] {
        let help = tongyuan(&["user", verb, "--help"]).ok();
        assert!(help.out.contains(&format!("tongyuan user {verb} ")) && help.out.contains("--json"), "{help:?}");
    }
}

#[test]
fn so_does_every_command_of_the_calendar() {
    for verb in ["import", "due", "show"] {
        let help = tongyuan(&["calendar", verb, "--help"]).ok();
        assert!(help.out.contains("Example") && help.out.contains(&format!("tongyuan calendar {verb} ")), "{help:?}");
        assert!(help.out.contains("--json") && help.err.is_empty(), "{help:?}");
    }
}

#[test]
fn so_does_every_command_of_the_rules_of_deadlines() {
    for verb in ["rules", "rule"] {
        let help = tongyuan(&["deadlines", verb, "--help"]).ok();
        assert!(help.out.contains("Example") && help.out.contains(&format!("tongyuan deadlines {verb} ")), "{help:?}");
        assert!(help.out.contains("--json") && help.err.is_empty(), "{help:?}");
    }
}

#[test]
fn the_copy_of_a_journal_helps_with_an_example_and_shows_no_secret() {
    let help = run(command()
        .env("TONGYUAN_JOURNAL", "esdb://u:s3cret@h")
        .env("TONGYUAN_COPY_TO", "esdb://u:s3cret@h")
        .args(["journal", "copy", "--help"]));
    assert!(help.out.contains("Example") && help.out.contains("tongyuan journal copy --from ./data --to"), "{help:?}");
    assert!(!help.out.contains("s3cret"), "{help:?}");
}

#[test]
fn every_shell_completes_every_command() {
    for shell in ["bash", "zsh", "fish"] {
        let Ran { out, .. } = tongyuan(&["completions", shell]).ok();
        for command in COMMANDS {
            assert!(out.contains(command), "{command} in {shell}");
        }
    }
}

#[test]
fn a_mistyped_command_line_is_told_and_ends_with_two() {
    for wrong in [&["imprt"][..], &["import"], &["show", "guide"], &["show", "thing", "X"], &["serve", "--listen", "nowhere"], &[]] {
        let ran = tongyuan(wrong);
        assert_eq!(ran.code, Some(2), "{wrong:?} {ran:?}");
        assert!(ran.out.is_empty() && ran.err.contains("--help"), "{ran:?}");
        // Without any word, the help itself is the answer.
        if !wrong.is_empty() {
            assert_both_languages(ran.err.lines().next().unwrap());
        }
    }
}

#[test]
fn a_wrong_value_from_the_environment_is_told_with_its_variable() {
    for (name, value) in [("TONGYUAN_LISTEN", "here"), ("TONGYUAN_LOG_FORMAT", "xml")] {
        let ran = run(command().arg("serve").env(name, value));
        let told = ran.err.lines().next().unwrap();
        assert!(ran.code == Some(2) && told.contains(name) && told.contains(value), "{ran:?}");
        assert_both_languages(told);
    }
    // A flag goes before the environment: then the flag is at fault.
    let ran = run(command().args(["serve", "--listen", "there"]).env("TONGYUAN_LISTEN", "127.0.0.1:1"));
    assert!(ran.err.contains("there") && !ran.err.contains("TONGYUAN_LISTEN"), "{ran:?}");
}

#[test]
fn the_schema_that_is_printed_is_the_one_that_is_committed() {
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql")).unwrap();
    assert!(tongyuan(&["schema"]).ok().out == committed, "run `make schema` and look at the difference");
}

#[test]
fn the_examples_on_the_sample_register_work_as_they_stand() {
    let folder = tempfile::tempdir().unwrap();
    run(command().current_dir(folder.path()).args(["demo", "--data", "./demo"])).ok();
    let mut tried = 0;
    for name in COMMANDS {
        let help = tongyuan(&[name, "--help"]).ok().out;
        let examples = help.lines().filter_map(|line| line.trim().strip_prefix("tongyuan "));
        // What serves does not end by itself, and the sample is made once.
        for example in examples.filter(|line| line.contains("--data ./demo") && !line.starts_with("serve") && !line.starts_with("demo")) {
            let ran = run(command().current_dir(folder.path()).args(example.split_whitespace())).ok();
            assert!(!ran.out.is_empty(), "{example}");
            tried += 1;
        }
    }
    assert!(tried >= 2, "{tried}");
}

#[test]
fn an_edition_is_a_year() {
    for wrong in ["abc", "1948", "2101", "2025-01-01", ""] {
        let ran = tongyuan(&["import", "lists", "--edition", wrong]);
        assert_eq!(ran.code, Some(2), "{wrong:?} {ran:?}");
        assert_both_languages(ran.err.lines().next().unwrap());
        assert!(ran.err.contains("1949"), "{ran:?}");
    }
}
