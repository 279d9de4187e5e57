//! The house as `ARCHITECTURE.md` draws it, proved from `cargo metadata` and from the sources: arrows run down only, stores are
//! named in one place, the domain is pure, the clock is read at the composition root, files stay short, rooms of a crate go in
//! no circle.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod rooms;
mod rules;
mod source;

use std::{fs, process::Command};

use rules::Arrow;
use serde_json::Value;
use source::{code, root};

/// Rooms that name each other in both ways all the same: crate, the arrow that is passed over, and why.
const PASSED_OVER: [(&str, &str, &str, &str); 2] = [
    ("domain", "envelope", "register", "a stream is named after its register: the enum `Register`, nothing of the contents"),
    ("domain", "value", "register", "the assigned code of a line is salted with its register: the enum `Register` again"),
];

fn assert_none(wrong: impl Iterator<Item = String>) {
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The packages of the workspace, as cargo sees them.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--no-deps", "--format-version", "1"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// The folder of a package, from the root of the workspace: `domain/`.
fn folder(package: &Value) -> String {
    let root = format!("{}/", root().canonicalize().unwrap().display());
    let manifest = package["manifest_path"].as_str().unwrap();
    manifest.strip_prefix(&root).unwrap().strip_suffix("Cargo.toml").unwrap().to_owned()
}

#[test]
fn arrows_run_down_only() {
    let packages = packages();
    assert_eq!(packages.len(), 7, "a new crate gets a floor in rules.rs first");
    let mut arrows = Vec::new();
    for package in &packages {
        for dependency in package["dependencies"].as_array().unwrap() {
            arrows.push(Arrow {
                from: package["name"].as_str().unwrap().to_owned(),
                to: dependency["name"].as_str().unwrap().to_owned(),
                of_tests: dependency["kind"] == "dev",
                inside: dependency["path"].is_string(),
            });
        }
    }
    assert!(arrows.iter().filter(|arrow| arrow.inside).count() > 8, "the arrows were not read");
    assert_none(arrows.iter().filter_map(rules::floors));
}

#[test]
fn stores_are_named_by_their_crate_the_composition_root_and_tests() {
    assert_none(source::all().iter().filter(|s| s.is_rust()).flat_map(|s| rules::stores(&s.path, &code(&s.text))));
}

#[test]
fn the_domain_is_pure() {
    assert_none(source::all().iter().filter(|s| s.is_rust()).flat_map(|s| rules::purity(&s.path, &code(&s.text))));
}

#[test]
fn whoever_asks_from_outside_passes_the_desk() {
    assert_none(source::all().iter().filter(|s| s.is_rust()).flat_map(|s| rules::past_the_desk(&s.path, &code(&s.text))));
}

#[test]
fn the_clock_is_read_at_the_composition_root() {
    let sources = source::all();
    assert_none(sources.iter().filter(|s| s.is_rust()).flat_map(|s| rules::clock(&s.path, &code(&s.text))));
    let root = sources.iter().find(|s| s.path == "api/src/app/clock.rs").unwrap();
    assert!(code(&root.text).contains("Utc::now"), "nobody reads the clock: the scan looks for the wrong thing");
}

#[test]
fn no_file_is_longer_than_one_thing_needs() {
    assert_none(source::all().iter().filter(|s| s.is_rust()).filter_map(|s| rules::length(&s.path, &s.text)));
}

#[test]
fn nothing_depends_on_where_it_lies() {
    assert_none(source::all().iter().flat_map(|s| rules::machine_paths(&s.path, &s.text)));
}

#[test]
fn rooms_go_in_no_circle() {
    let sources = source::all();
    let mut wrong = Vec::new();
    for package in packages() {
        let name = package["name"].as_str().unwrap().to_owned();
        let mut edges = rooms::edges(&sources, &format!("{}src/", folder(&package)));
        assert!(!edges.is_empty() || name == "tests", "the sources of {name} were not found");
        for (of, from, to, _) in PASSED_OVER.iter().filter(|(of, ..)| *of == name) {
            let there = edges.get_mut(*from).is_some_and(|names| names.remove(*to));
            assert!(there, "{of}: {from} names {to} no more, strike it from the list");
        }
        wrong.extend(rooms::circle(&edges).map(|circle| format!("{name}: {}", circle.join(" → "))));
    }
    assert_none(wrong.into_iter());
}

#[test]
fn unsafe_code_is_forbidden_everywhere() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    assert!(rules::unsafe_is_forbidden(&read("Cargo.toml")));
    let manifests = packages().into_iter().map(|package| format!("{}Cargo.toml", folder(&package)));
    assert_none(manifests.filter_map(|path| rules::lints(&path, &read(&path))));
}
