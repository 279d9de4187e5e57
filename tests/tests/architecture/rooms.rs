//! The rooms of a crate, that is its top-level modules, and who of them names whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, code};

/// Who names whom.
pub(crate) type Edges = BTreeMap<String, BTreeSet<String>>;

/// The edges between the rooms of the crate whose sources lie under `folder`, e.g. `domain/src/`.
///
/// A text scan: it follows `crate::room`, `crate::{room, …}`, `super::room` out of a room, and names that the root re-exports.
pub(crate) fn edges(sources: &[Source], folder: &str) -> Edges {
    let of_crate = || sources.iter().filter_map(|s| s.path.strip_prefix(folder).filter(|_| s.is_rust()).map(|path| (path, s)));
    let is_root = |path: &str| matches!(path, "lib.rs" | "main.rs") || path.starts_with("bin/");
    let rooms: BTreeSet<_> = of_crate().filter(|(path, _)| !is_root(path)).map(|(path, _)| room(path)).collect();
    let exports = of_crate().filter(|(path, _)| *path == "lib.rs").map(|(_, s)| exports(&code(&s.text))).next().unwrap_or_default();
    let mut edges = Edges::new();
    for (path, source) in of_crate().filter(|(path, _)| !is_root(path)) {
        let from = room(path);
        let heads = heads(&code(&source.text), depth(path));
        let to = heads.into_iter().filter_map(|head| if rooms.contains(&head) { Some(head) } else { exports.get(&head).cloned() });
        edges.entry(from.clone()).or_default().extend(to.filter(|to| *to != from));
    }
    edges
}

/// `a/b.rs` and `a.rs` and `a/mod.rs` are of the room `a`.
fn room(path: &str) -> String {
    let first = path.split('/').next().unwrap_or(path);
    first.strip_suffix(".rs").unwrap_or(first).to_owned()
}

/// How many `super` lead to the root of the crate.
fn depth(path: &str) -> usize {
    let steps = path.split('/').count();
    if path.ends_with("/mod.rs") { steps - 1 } else { steps }
}

/// The names that are reached right below the root of the crate.
fn heads(code: &str, depth: usize) -> BTreeSet<String> {
    let up = "super::".repeat(depth);
    let mut heads = BTreeSet::new();
    for prefix in ["crate::", &up] {
        for (at, _) in code.match_indices(prefix) {
            let before = code[..at].bytes().next_back();
            if before.is_some_and(|b| b == b':' || b == b'_' || b.is_ascii_alphanumeric()) {
                continue;
            }
            heads.extend(first_names(&code[at + prefix.len()..]));
        }
    }
    heads
}

/// The first names of what follows `crate::`: one, or those of a group in braces.
fn first_names(rest: &str) -> Vec<String> {
    let word = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![word(rest)] };
    let (mut names, mut depth, mut begin) = (Vec::new(), 0, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                names.push(word(&group[begin..at]));
                begin = at + 1;
                if c == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// What the root re-exports, with the room that it comes from.
fn exports(root: &str) -> BTreeMap<String, String> {
    let mut exports = BTreeMap::new();
    for statement in root.split(';').filter_map(|s| s.split("pub use ").nth(1)) {
        let Some((from, names)) = statement.split_once("::") else { continue };
        let names = names.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty());
        exports.extend(names.map(|name| (name.to_owned(), from.trim().to_owned())));
    }
    exports
}

/// A circle among the edges, as the rooms that one passes, if there is one.
pub(crate) fn circle(edges: &Edges) -> Option<Vec<String>> {
    fn visit<'e>(at: &'e str, edges: &'e Edges, path: &mut Vec<&'e str>, done: &mut BTreeSet<&'e str>) -> Option<Vec<String>> {
        if let Some(begin) = path.iter().position(|passed| *passed == at) {
            return Some(path[begin..].iter().chain([&at]).map(|room| (*room).to_owned()).collect());
        }
        if done.contains(at) {
            return None;
        }
        path.push(at);
        let found = edges.get(at).into_iter().flatten().find_map(|next| visit(next, edges, path, done));
        path.pop();
        done.insert(at);
        found
    }
    let mut done = BTreeSet::new();
    edges.keys().find_map(|room| visit(room, edges, &mut Vec::new(), &mut done))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Edges {
        let source = |(path, text): &(&str, &str)| Source { path: format!("x/src/{path}"), text: (*text).to_owned() };
        edges(&files.iter().map(source).collect::<Vec<_>>(), "x/src/")
    }

    #[test]
    fn a_circle_of_three_rooms_is_found_however_it_is_written() {
        let lib = ("lib.rs", "pub mod a; pub mod b; pub mod c; pub use c::{Thing, Other};");
        let files = [
            lib,
            ("a.rs", "use crate::{b::{X, c}, Thing};"),
            ("b/mod.rs", "mod deep;"),
            ("b/deep.rs", "fn f() { super::super::c::g() }"),
            ("c.rs", "use super::a::Y; // and crate::b in words only"),
        ];
        let edges = found(&files);
        assert_eq!(edges["a"], ["b", "c"].map(str::to_owned).into());
        assert_eq!(edges["b"], ["c".to_owned()].into());
        assert_eq!(edges["c"], ["a".to_owned()].into());
        assert_eq!(circle(&edges).unwrap(), ["a", "b", "c", "a"]);
    }

    #[test]
    fn what_only_runs_down_is_no_circle() {
        let files = [
            ("a.rs", "use crate::{b, c};"),
            ("b.rs", "use crate::c;"),
            ("c/mod.rs", "mod d; use self::d::b;"),
            ("c/d.rs", "use super::c;"),
        ];
        assert_eq!(circle(&found(&files)), None);
    }
}
