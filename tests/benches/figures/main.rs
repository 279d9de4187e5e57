//! The figures that `docs/performance.md` promises, measured: `make bench`, or
//! `cargo bench --package tests --bench figures -- [--quick] [--json] [name …]`.
//!
//! Each is a ratio of two sides that alternate within one run, so that what else the machine does hits both; or a time or rate
//! with its goal. A goal that is missed is told and fails nothing.
#![expect(clippy::print_stdout, reason = "a bench is there to print")]
#![expect(clippy::unwrap_used, reason = "a bench stops at the first surprise")]

mod appends;
mod approval;
mod deadlines;
mod entries;
mod figure;
mod guide;
mod http;
mod import;
mod past;
mod readers;
mod rebuild;
mod replay;
mod start;
mod visible;

use std::process::ExitCode;

use figure::{Bench, Outcome};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: api::Allocator = api::Allocator;

/// How figures are measured.
type Measure = fn(Bench) -> Vec<Outcome>;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.first().map(String::as_str) {
        // This program again, as what is measured: with the command line of the binary, linked in release.
        Some("serve" | "user") => return api::cli::main(),
        Some(replay::REPLAY) => return replay::alone(&arguments[1], &arguments[2]),
        Some(guide::STATIC) => return guide::serve_statically(&arguments[1]),
        _ => {}
    }
    let has = |flag: &str| arguments.iter().any(|a| a == flag);
    let names: Vec<_> = arguments.iter().filter(|a| !a.starts_with("--")).collect();
    let bench = Bench { quick: has("--quick") };
    let all: [(&str, Measure); 12] = [
        ("import", import::measure),
        ("append", appends::one_writer),
        ("appends", appends::many_writers),
        ("replay", replay::measure),
        ("start", start::measure),
        ("guide", guide::measure),
        ("past", past::measure),
        ("deadlines", deadlines::measure),
        ("readers", readers::measure),
        ("approval", approval::measure),
        ("visible", visible::measure),
        ("rebuild-redis", rebuild::measure),
    ];
    let mut outcomes = Vec::new();
    for (_, measure) in all.into_iter().filter(|(name, _)| names.is_empty() || names.iter().any(|n| n == name)) {
        for outcome in measure(bench) {
            if !has("--json") {
                println!("{outcome}");
            }
            outcomes.push(outcome);
        }
    }
    if has("--json") {
        println!("{}", serde_json::Value::Object(outcomes.iter().map(Outcome::json).collect()));
    }
    ExitCode::SUCCESS
}
