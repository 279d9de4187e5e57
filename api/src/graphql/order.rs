//! The fields of an answer in the order of the query, as the specification has them. The library writes them in the order in which they
//! were resolved, and that is another one whenever some had to be asked of a store and others were at hand.

use std::mem;

use async_graphql::{
    Name, Response, Value,
    parser::types::{DocumentOperations, ExecutableDocument, Selection, SelectionSet},
};

/// Puts the fields of an answer into the order of its query.
pub fn as_asked(document: &ExecutableDocument, operation: Option<&str>, response: &mut Response) {
    let operation = match (&document.operations, operation) {
        (DocumentOperations::Single(only), _) => Some(only),
        (DocumentOperations::Multiple(all), Some(name)) => all.get(name),
        (DocumentOperations::Multiple(all), None) => all.values().next().filter(|_| all.len() == 1),
    };
    if let Some(operation) = operation {
        value(&mut response.data, &[&operation.node.selection_set.node], document);
    }
}

/// Puts a value that was selected by all of these into order.
fn value(selected: &mut Value, by: &[&SelectionSet], document: &ExecutableDocument) {
    match selected {
        Value::List(list) => list.iter_mut().for_each(|one| value(one, by, document)),
        Value::Object(fields) if by.iter().any(|set| !set.items.is_empty()) => {
            // As a rule they are in order, and fields are asked for once and without fragments: then nothing is moved.
            if let [set] = by
                && let Some(in_order) = plain(set, fields.keys())
            {
                for (field, by) in fields.values_mut().zip(in_order) {
                    value(field, &[by], document);
                }
                return;
            }
            let mut wanted: Vec<(&Name, Vec<&SelectionSet>)> = Vec::new();
            for set in by {
                collect(set, document, &mut wanted);
            }
            let mut left = mem::take(fields);
            for (name, by) in wanted {
                // What is not there was left out by a directive, or is of another type.
                if let Some(mut field) = left.swap_remove(name) {
                    value(&mut field, &by, document);
                    fields.insert(name.clone(), field);
                }
            }
            fields.extend(left);
        }
        _ => {}
    }
}

/// What each of the fields of an answer was selected by, if they stand there as in the set, and the set has nothing but fields.
fn plain<'q, 'n>(set: &'q SelectionSet, mut names: impl Iterator<Item = &'n Name>) -> Option<Vec<&'q SelectionSet>> {
    let mut in_order = Vec::with_capacity(set.items.len());
    for selection in &set.items {
        let Selection::Field(field) = &selection.node else { return None };
        if names.next()? != &field.node.response_key().node {
            return None;
        }
        in_order.push(&field.node.selection_set.node);
    }
    names.next().is_none().then_some(in_order)
}

/// Adds the fields of a set, those of its fragments where they stand; one that is there already is selected by more.
fn collect<'q>(set: &'q SelectionSet, document: &'q ExecutableDocument, wanted: &mut Vec<(&'q Name, Vec<&'q SelectionSet>)>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                let (name, by) = (&field.node.response_key().node, &field.node.selection_set.node);
                match wanted.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, all)) => all.push(by),
                    None => wanted.push((name, vec![by])),
                }
            }
            Selection::InlineFragment(fragment) => collect(&fragment.node.selection_set.node, document, wanted),
            // Spreads go in no circle: the document was found valid.
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    collect(&fragment.node.selection_set.node, document, wanted);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    fn ordered(query: &str, operation: Option<&str>, data: serde_json::Value) -> String {
        let mut response = Response::new(Value::from_json(data).unwrap());
        as_asked(&parse_query(query).unwrap(), operation, &mut response);
        serde_json::to_string(&response.data).unwrap()
    }

    #[test]
    fn fields_stand_as_they_were_asked_for_on_every_level() {
        let shuffled = json!({ "b": [{ "y": 1, "x": null }, { "x": 2, "y": 3 }, null], "a": { "d": 4, "c": { "f": 5, "e": 6 } } });
        let in_order = r#"{"a":{"c":{"e":6,"f":5},"d":4},"b":[{"x":null,"y":1},{"x":2,"y":3},null]}"#;
        assert_eq!(ordered("{ a { c { e f } d } b { x y } }", None, shuffled.clone()), in_order);
        assert_eq!(ordered("query q { b { x } } query p { a { c { e f } d } b { x y } }", Some("p"), shuffled), in_order);
    }

    #[test]
    fn aliases_fragments_and_fields_asked_for_twice_have_their_first_place() {
        let query = "{ z: a { ...F x } ... on Query { b } z: a { y } c @skip(if: true) } fragment F on A { w ... on A { v } }";
        let shuffled = json!({ "b": 1, "z": { "y": 2, "v": 3, "x": 4, "w": 5 } });
        assert_eq!(ordered(query, None, shuffled), r#"{"z":{"w":5,"v":3,"x":4,"y":2},"b":1}"#);
    }

    #[test]
    fn an_object_that_is_a_value_stays_as_it_is() {
        assert_eq!(ordered("{ a b }", None, json!({ "b": { "y": 1, "x": 2 }, "a": 3 })), r#"{"a":3,"b":{"y":1,"x":2}}"#);
        assert_eq!(ordered("{ a }", None, json!(null)), "null");
    }
}
