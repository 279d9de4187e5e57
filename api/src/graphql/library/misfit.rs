//! Where in the arguments of a field the value stands that could not be read as its type. The library tells the type and the field, and
//! not the path; it is found by the schema.

use std::{collections::HashMap, sync::OnceLock};

use async_graphql::{
    Pos, Value, Variables,
    parser::{
        parse_schema,
        types::{
            BaseType, ExecutableDocument, Field, InputValueDefinition, OperationType, Selection, SelectionSet, Type, TypeKind,
            TypeSystemDefinition,
        },
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{calendar::ahead::is_leap_second, envelope::Position, value::Hash};
use uuid::Uuid;

/// What the schema says of inputs; of every type its name alone, below lists.
#[derive(Default)]
struct Forms {
    /// By type and field: what the field is of, and its arguments.
    fields: HashMap<(String, String), (String, Inputs)>,
    /// By type: its fields.
    inputs: HashMap<String, Inputs>,
}

/// Names and types of arguments, or of the fields of an input.
type Inputs = Vec<(String, String)>;

/// The path of the first value of a type that is none of it, in the argument whose value stands at a place of the query, or in those of the field
/// that does. `within`: the bounds of a number.
pub(super) fn path(
    (document, variables): (&ExecutableDocument, &Variables),
    at: Pos,
    type_name: &str,
    within: Option<(i64, i64)>,
) -> Option<String> {
    let forms = forms();
    let roots = document.operations.iter().map(|(_, operation)| {
        let root = if operation.node.ty == OperationType::Mutation { "Mutation" } else { "Query" };
        (&operation.node.selection_set.node, root)
    });
    let fragments = document.fragments.values().map(|fragment| {
        let of = fragment.node.type_condition.node.on.node.as_str();
        (&fragment.node.selection_set.node, of)
    });
    let (field, arguments) = roots.chain(fragments).find_map(|(set, of)| find(forms, set, of, at))?;
    let looking = Looking { forms, type_name, within };
    let of_field = field.arguments.iter().all(|(_, value)| value.pos != at);
    field.arguments.iter().filter(|(_, value)| of_field || value.pos == at).find_map(|(name, value)| {
        let (_, of) = arguments.iter().find(|(known, _)| *known == name.node.as_str())?;
        let value = value.node.clone().into_const_with(|name| variables.get(&name).cloned().ok_or(())).ok()?;
        looking.misfit(of, &value, name.node.as_str())
    })
}

/// The field at a place, or of which an argument is, with its arguments by the schema.
fn find<'d>(forms: &'static Forms, set: &'d SelectionSet, of: &str, at: Pos) -> Option<(&'d Field, &'static Inputs)> {
    set.items.iter().find_map(|item| match &item.node {
        Selection::Field(field) => {
            let (below, arguments) = forms.fields.get(&(of.to_owned(), field.node.name.node.to_string()))?;
            let is_here = field.pos == at || field.node.arguments.iter().any(|(_, value)| value.pos == at);
            if is_here { Some((&field.node, arguments)) } else { find(forms, &field.node.selection_set.node, below, at) }
        }
        Selection::InlineFragment(inline) => {
            let of = inline.node.type_condition.as_ref().map_or(of, |condition| condition.node.on.node.as_str());
            find(forms, &inline.node.selection_set.node, of, at)
        }
        Selection::FragmentSpread(_) => None,
    })
}

struct Looking<'t> {
    forms: &'static Forms,
    type_name: &'t str,
    within: Option<(i64, i64)>,
}

impl Looking<'_> {
    fn misfit(&self, of: &str, value: &async_graphql::Value, path: &str) -> Option<String> {
        match value {
            Value::Null => None,
            Value::List(values) => values.iter().enumerate().find_map(|(place, value)| self.misfit(of, value, &format!("{path}[{place}]"))),
            value if of == self.type_name => (!self.fits(value)).then(|| path.to_owned()),
            Value::Object(given) => self.forms.inputs.get(of)?.iter().find_map(|(name, of)| {
                let value = given.get(name.as_str())?;
                self.misfit(of, value, &format!("{path}.{name}"))
            }),
            _ => None,
        }
    }

    fn fits(&self, value: &Value) -> bool {
        match (self.type_name, value) {
            ("UUID", Value::String(text)) => text.parse::<Uuid>().is_ok(),
            ("DateTime", Value::String(text)) => text.parse::<DateTime<Utc>>().is_ok_and(|at| !is_leap_second(at)),
            ("Date", Value::String(text)) => text.parse::<NaiveDate>().is_ok(),
            ("Hash", Value::String(text)) => text.parse::<Hash>().is_ok(),
            ("Position", Value::String(text)) => text.parse::<Position>().is_ok(),
            ("Int", Value::Number(number)) => {
                number.as_i64().is_some_and(|number| self.within.is_none_or(|(least, most)| (least..=most).contains(&number)))
            }
            ("String" | "ID", Value::String(_)) | ("Boolean", Value::Boolean(_)) | ("Float", Value::Number(_)) => true,
            ("UUID" | "DateTime" | "Date" | "Hash" | "Position" | "Int" | "String" | "ID" | "Boolean" | "Float", _) => false,
            _ => true,
        }
    }
}

fn forms() -> &'static Forms {
    static FORMS: OnceLock<Forms> = OnceLock::new();
    FORMS.get_or_init(|| {
        let mut forms = Forms::default();
        // A schema that could not be read would leave paths out of errors, and no more.
        let Ok(schema) = parse_schema(super::super::sdl()) else { return forms };
        for definition in schema.definitions {
            let TypeSystemDefinition::Type(of) = definition else { continue };
            let name = of.node.name.node.to_string();
            match of.node.kind {
                TypeKind::Object(object) => {
                    for field in object.fields {
                        let field = field.node;
                        let inputs = field.arguments.iter().map(|argument| input(&argument.node)).collect();
                        forms.fields.insert((name.clone(), field.name.node.to_string()), (base(&field.ty.node), inputs));
                    }
                }
                TypeKind::InputObject(object) => {
                    forms.inputs.insert(name, object.fields.iter().map(|field| input(&field.node)).collect());
                }
                _ => {}
            }
        }
        forms
    })
}

fn input(definition: &InputValueDefinition) -> (String, String) {
    (definition.name.node.to_string(), base(&definition.ty.node))
}

/// The name of a type below lists.
fn base(of: &Type) -> String {
    match &of.base {
        BaseType::Named(name) => name.to_string(),
        BaseType::List(of) => base(of),
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    fn found(query: &str, variables: serde_json::Value, (line, column): (usize, usize), of: &str) -> Option<String> {
        path((&parse_query(query).unwrap(), &Variables::from_json(variables)), Pos { line, column }, of, Some((1, 9)))
    }

    #[test]
    fn the_value_is_found_in_literals_and_in_variables_wherever_it_stands() {
        let value = "{ registry(validAt: \"now\") { channel } }";
        assert_eq!(found(value, json!({}), (1, 21), "DateTime").as_deref(), Some("validAt"));
        let literal = "mutation { submit(input: { commandId: \"no\", register: ITEM, code: \"A\", expectedVersion: 0 }) { status } }";
        assert_eq!(found(literal, json!({}), (1, 12), "UUID").as_deref(), Some("input.commandId"));
        assert_eq!(found(literal, json!({}), (1, 12), "Hash"), None);
        let variable = "mutation ($input: LayDownRuleInput!) {\n  layDownRule(input: $input) { status }\n}";
        let sent = json!({ "input": { "commandId": "no", "hours": 0 } });
        assert_eq!(found(variable, sent.clone(), (2, 3), "Int").as_deref(), Some("input.hours"));
        assert_eq!(found(variable, sent, (2, 3), "UUID").as_deref(), Some("input.commandId"));
        let below = "query ($at: DateTime) { registry(validAt: $at) { channel } }";
        assert_eq!(found(below, json!({ "at": "now" }), (1, 25), "DateTime").as_deref(), Some("validAt"));
    }
}
