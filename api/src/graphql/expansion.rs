//! How large a query is when its fragments are put in.
//!
//! The library walks into every spread before any of its limits is asked: ten fragments that each spread the next one forty
//! times fit into a kilobyte and would keep a core busy for years. So each fragment is measured here first, once.

use std::collections::HashMap;

use async_graphql::{
    Pos, ServerResult,
    parser::types::{ExecutableDocument, Selection, SelectionSet},
};

use super::error::{Failure, failure};

/// Most selections of an operation, fragments put in.
pub const MAX_SELECTIONS: usize = 10_000;

/// Checks every operation and fragment of a document.
pub fn check(document: &ExecutableDocument) -> ServerResult<()> {
    let mut sizes = Sizes { document, fragments: HashMap::new() };
    for (_, operation) in document.operations.iter() {
        sizes.of(&operation.node.selection_set.node)?;
    }
    for (name, fragment) in &document.fragments {
        sizes.of_fragment(name, fragment.pos)?;
    }
    Ok(())
}

struct Sizes<'d> {
    document: &'d ExecutableDocument,
    /// Sizes by name; `None` while one is being measured.
    fragments: HashMap<&'d str, Option<usize>>,
}

impl<'d> Sizes<'d> {
    fn of(&mut self, set: &'d SelectionSet) -> ServerResult<usize> {
        let mut size = 0_usize;
        for selection in &set.items {
            let inside = match &selection.node {
                Selection::Field(field) => self.of(&field.node.selection_set.node)?,
                Selection::InlineFragment(inline) => self.of(&inline.node.selection_set.node)?,
                Selection::FragmentSpread(spread) => self.of_fragment(&spread.node.fragment_name.node, selection.pos)?,
            };
            size = size.saturating_add(inside).saturating_add(1);
            if size > MAX_SELECTIONS {
                let words = format!(
                    "查询展开片段后超过{MAX_SELECTIONS}个选择 / the query has more than {MAX_SELECTIONS} selections when its fragments are put in"
                );
                return Err(failure(Failure::LimitExceeded, words).into_server_error(selection.pos));
            }
        }
        Ok(size)
    }

    fn of_fragment(&mut self, name: &'d str, pos: Pos) -> ServerResult<usize> {
        // A spread of a fragment that does not exist is the business of the validation.
        let Some(fragment) = self.document.fragments.get(name) else { return Ok(0) };
        match self.fragments.get(name) {
            Some(Some(size)) => return Ok(*size),
            Some(None) => {
                return Err(
                    failure(Failure::BadRequest, format!("片段 {name} 包含自身 / fragment {name} contains itself")).into_server_error(pos)
                );
            }
            None => {}
        }
        self.fragments.insert(name, None);
        let size = self.of(&fragment.node.selection_set.node)?;
        self.fragments.insert(name, Some(size));
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    fn code(query: &str) -> Option<String> {
        let error = check(&parse_query(query).unwrap()).err()?;
        Some(error.extensions.unwrap().get("code").unwrap().to_string())
    }

    #[test]
    fn a_fragment_is_measured_once_however_often_it_is_spread() {
        let fragment = |i| format!("fragment F{i} on Query {{ {} }}", format!("...F{} ", i + 1).repeat(20));
        let fragments: Vec<_> = (0..30).map(fragment).collect();
        let query = format!("{{ ...F0 }} {} fragment F30 on Query {{ a }}", fragments.join(" "));
        assert_eq!(code(&query).as_deref(), Some("\"LIMIT_EXCEEDED\""));
        assert_eq!(code("{ ...A ...A } fragment A on Query { a b { c } }"), None);
    }

    #[test]
    fn a_fragment_that_contains_itself_is_refused_even_where_nobody_spreads_it() {
        assert_eq!(code("{ a } fragment A on Query { ...B } fragment B on Query { b { ...A } }").as_deref(), Some("\"BAD_REQUEST\""));
    }
}
