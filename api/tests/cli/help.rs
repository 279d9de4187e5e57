//! What the command says of itself.

use super::process::{Ran, command, run, tongyuan};

const COMMANDS: [&str; 10] = ["init", "demo", "import", "serve", "show", "history", "rebuild", "journal", "schema", "completions"];

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
    }
}

#[test]
fn the_schema_that_is_printed_is_the_one_that_is_committed() {
    let committed = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.graphql")).unwrap();
    assert!(tongyuan(&["schema"]).ok().out == committed, "run `make schema` and look at the difference");
}
