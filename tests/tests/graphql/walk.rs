//! Walks a schema: from its introspection, queries that ask every field that there is.

use std::collections::BTreeMap;

use serde_json::Value;

const INTROSPECTION: &str = "{ __schema { types { kind name possibleTypes { name }
    fields { name type { ...T } args { name defaultValue type { ...T } } } enumValues { name } } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// The deepest selection that is written.
const DEPTH: usize = 6;

/// Everything that can be asked.
pub struct Walk(BTreeMap<String, Value>);

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// The named type below lists and non-nulls.
fn named(value: &Value) -> &Value {
    if value["name"].is_string() { value } else { named(&value["ofType"]) }
}

impl Walk {
    /// Of the answer to [`Walk::question`].
    pub fn of(answer: &Value) -> Self {
        let types = list(&answer["data"]["__schema"]["types"]);
        Self(types.map(|t| (text(&t["name"]).to_owned(), t.clone())).collect())
    }

    /// What has to be asked first.
    pub fn question() -> &'static str {
        INTROSPECTION
    }

    /// Names of the fields of a type.
    pub fn fields(&self, of: &str) -> Vec<String> {
        list(&self.0[of]["fields"]).map(|field| text(&field["name"]).to_owned()).collect()
    }

    /// Every way to ask a field: with each of the values that a value is given for by name, and each value of an enumeration.
    pub fn ask(&self, of: &str, field: &str, values: &dyn Fn(&str) -> Vec<String>, first: usize) -> Vec<String> {
        let field = list(&self.0[of]["fields"]).find(|f| text(&f["name"]) == field).unwrap();
        let mut calls = vec![String::new()];
        for argument in list(&field["args"]) {
            let (name, of) = (text(&argument["name"]), &argument["type"]);
            let given: Vec<String> = match (name, text(&named(of)["name"])) {
                ("first", _) => vec![first.to_string()],
                (_, "Register" | "Channel") => {
                    list(&self.0[text(&named(of)["name"])]["enumValues"]).map(|value| text(&value["name"]).to_owned()).collect()
                }
                _ if text(&of["kind"]) == "NON_NULL" && argument["defaultValue"].is_null() => values(name),
                _ => continue,
            };
            calls = calls.iter().flat_map(|call| given.iter().map(move |value| format!("{call}{name}: {value} "))).collect();
        }
        let selections = self.selections(text(&named(&field["type"])["name"]), &mut vec![of.to_owned()]);
        let call = |arguments: &str| if arguments.is_empty() { String::new() } else { format!("({arguments})") };
        let of_call = |arguments: &String| {
            let called = format!("{}{}", text(&field["name"]), call(arguments));
            selections.iter().map(|selection| format!("{called} {selection}")).collect::<Vec<_>>()
        };
        calls.iter().flat_map(of_call).collect()
    }

    /// The selections of a type: of an interface one for each type that it may be, because all of them together are longer than a query
    /// may be.
    fn selections(&self, of: &str, path: &mut Vec<String>) -> Vec<String> {
        let possible: Vec<_> = list(&self.0[of]["possibleTypes"]).map(|possible| text(&possible["name"])).collect();
        if possible.is_empty() {
            return vec![self.selection(of, path)];
        }
        path.push(of.to_owned());
        let all = possible.iter().map(|name| format!("{{ __typename ... on {name} {} }}", self.selection(name, path))).collect();
        path.pop();
        all
    }

    /// All fields of a type and of what lies below it, but for types that it lies in.
    fn selection(&self, of: &str, path: &mut Vec<String>) -> String {
        let t = &self.0[of];
        if matches!(text(&t["kind"]), "SCALAR" | "ENUM") {
            return String::new();
        }
        path.push(of.to_owned());
        let mut parts = Vec::new();
        if text(&t["kind"]) == "OBJECT" {
            parts.extend(list(&t["fields"]).filter_map(|field| self.field(field, path)));
        } else {
            for possible in list(&t["possibleTypes"]) {
                let name = text(&possible["name"]);
                parts.push(format!("... on {name} {}", self.selection(name, path)));
            }
        }
        path.pop();
        format!("{{ __typename {} }}", parts.join(" "))
    }

    fn field(&self, field: &Value, path: &mut Vec<String>) -> Option<String> {
        let below = text(&named(&field["type"])["name"]);
        let leaf = matches!(text(&self.0[below]["kind"]), "SCALAR" | "ENUM");
        // What is on the path was asked above; edges hold the same nodes once more.
        if !leaf && (path.iter().any(|name| name == below) || path.len() >= DEPTH || text(&field["name"]) == "edges") {
            return None;
        }
        let paged = list(&field["args"]).any(|argument| text(&argument["name"]) == "first");
        let arguments = if paged { "(first: 2)" } else { "" };
        Some(format!("{}{arguments} {}", text(&field["name"]), self.selection(below, path)))
    }
}
