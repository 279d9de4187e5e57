//! The schema against what was promised: the committed text, the outline, words for everything.

use std::{collections::BTreeMap, fs, path::Path};

use api::graphql;
use serde_json::{Value, json};

use super::{
    outline::{ENUMERATIONS, INPUTS, NODES, OBJECTS},
    support::{ask, made, sample_register},
};

/// A type of the language whose description is not ours to write.
const WITHOUT_DESCRIPTION: [&str; 1] = ["ID"];

const INTROSPECTION: &str = "{ __schema { types { kind name description enumValues(includeDeprecated: true) { name description }
    interfaces { name } possibleTypes { name }
    fields(includeDeprecated: true) { name description type { ...T } args { name description defaultValue type { ...T } } }
    inputFields { name description defaultValue type { ...T } } } } }
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

async fn types() -> BTreeMap<String, Value> {
    let schema = ask(INTROSPECTION).await;
    let types = schema["__schema"]["types"].as_array().unwrap().iter();
    let own = types.map(|t| (t["name"].as_str().unwrap().to_owned(), t.clone())).filter(|(name, _)| !name.starts_with("__"));
    own.collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// A type as it is written: `[String!]!`.
fn written(value: &Value) -> String {
    match value["kind"].as_str().unwrap() {
        "NON_NULL" => format!("{}!", written(&value["ofType"])),
        "LIST" => format!("[{}]", written(&value["ofType"])),
        _ => value["name"].as_str().unwrap().to_owned(),
    }
}

fn argument(value: &Value) -> String {
    let default = value["defaultValue"].as_str().map(|text| format!(" = {text}")).unwrap_or_default();
    format!("{}: {}{default}", value["name"].as_str().unwrap(), written(&value["type"]))
}

/// The fields of a type as the outline writes them.
fn fields<'t>(name: &'t str, members: &'t Value) -> impl Iterator<Item = String> + 't {
    list(members).map(move |field| {
        let arguments: Vec<_> = list(&field["args"]).map(argument).collect();
        let arguments = if arguments.is_empty() { String::new() } else { format!("({})", arguments.join(", ")) };
        format!("{name}.{}{arguments}: {}", field["name"].as_str().unwrap(), written(&field["type"]))
    })
}

fn lines(outline: &str) -> impl Iterator<Item = &str> {
    outline.lines().filter(|line| !line.is_empty())
}

#[test]
fn the_committed_schema_is_the_one_that_is_served() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../api/schema.graphql");
    let committed = fs::read_to_string(path).unwrap();
    assert!(committed == graphql::sdl(), "api/schema.graphql is not what is served: run `make schema` and look at the difference");
}

#[tokio::test]
async fn everything_in_the_schema_says_what_it_is() {
    let mut silent = Vec::new();
    let mut look = |place: String, value: &Value| {
        if value["description"].as_str().is_none_or(|words| words.trim().is_empty()) {
            silent.push(place);
        }
    };
    for (name, t) in types().await {
        if !WITHOUT_DESCRIPTION.contains(&name.as_str()) {
            look(name.clone(), &t);
        }
        for member in ["fields", "inputFields", "enumValues"].into_iter().flat_map(|members| list(&t[members])) {
            let place = format!("{name}.{}", member["name"].as_str().unwrap());
            look(place.clone(), member);
            for argument in list(&member["args"]) {
                look(format!("{place}({})", argument["name"].as_str().unwrap()), argument);
            }
        }
    }
    assert_eq!(silent, Vec::<String>::new());
}

#[tokio::test]
async fn what_was_promised_is_there_with_its_type() {
    let types = types().await;
    let served: Vec<_> =
        types.iter().flat_map(|(name, t)| fields(name, &t["fields"]).chain(fields(name, &t["inputFields"])).collect::<Vec<_>>()).collect();
    let broken: Vec<_> = lines(OBJECTS).chain(lines(INPUTS)).filter(|line| !served.iter().any(|served| served == line)).collect();
    assert_eq!(broken, Vec::<&str>::new());
    for line in lines(ENUMERATIONS) {
        let (name, values) = line.split_once(": ").unwrap();
        let mut served: Vec<_> = list(&types[name]["enumValues"]).map(|value| value["name"].as_str().unwrap()).collect();
        let mut promised: Vec<_> = values.split(' ').collect();
        served.sort_unstable();
        promised.sort_unstable();
        assert_eq!(served, promised, "{name}");
    }
    let mut nodes: Vec<_> = list(&types["Node"]["possibleTypes"]).map(|t| t["name"].as_str().unwrap()).collect();
    nodes.sort_unstable();
    assert_eq!(nodes, NODES);
}

#[tokio::test]
async fn every_list_is_a_connection_and_wants_to_know_its_size() {
    let types = types().await;
    let mut connections = 0;
    for (name, t) in &types {
        for field in fields(name, &t["fields"]).filter(|field| field.ends_with("Connection!")) {
            assert!(field.contains("first: Int!") && field.contains("after: String"), "{field}");
            connections += 1;
        }
        let Some(node) = name.strip_suffix("Connection") else { continue };
        let of: Vec<_> = fields(name, &t["fields"]).collect();
        for promised in
            [format!("edges: [{node}Edge!]!"), format!("nodes: [{node}!]!"), "pageInfo: PageInfo!".into(), "totalCount: Int!".into()]
        {
            assert!(of.contains(&format!("{name}.{promised}")), "{name}.{promised} in {of:?}");
        }
        let edge: Vec<_> = fields("Edge", &types[&format!("{node}Edge")]["fields"]).collect();
        assert!(edge.contains(&"Edge.cursor: String!".to_owned()) && edge.contains(&format!("Edge.node: {node}!")), "{edge:?}");
    }
    assert!(connections >= 9, "{connections}");
}

#[tokio::test]
async fn a_page_has_one_to_a_hundred_entries() {
    let lists = [
        "registry { agencies(first: $n) { nodes { code } } }",
        "registry { items(first: $n) { nodes { code } } }",
        "registry { guides(first: $n) { nodes { code } } }",
        "registry { materials(first: $n) { nodes { code } } }",
        "entry(register: GUIDE, code: \"1199010040310455XD399013100100101\") { history(first: $n) { nodes { at } } }",
        "entry(register: GUIDE, code: \"1199010040310455XD399013100100101\") { revisions(first: $n) { nodes { number } } }",
    ];
    let register = sample_register().await;
    for list in lists {
        for (first, code) in [(1, None), (100, None), (0, Some("BAD_REQUEST")), (-1, Some("BAD_REQUEST")), (101, Some("BAD_REQUEST"))] {
            let answer = register.answer(made(), &format!("query ($n: Int!) {{ {list} }}"), json!({ "n": first })).await;
            assert_eq!(answer["errors"][0]["extensions"]["code"].as_str(), code, "first {first} of {list}: {answer}");
        }
        let missing = register.answer(made(), &format!("{{ {} }}", list.replace("(first: $n)", "")), json!({})).await;
        assert!(missing["errors"][0]["message"].as_str().unwrap().contains("first"), "{missing}");
    }
}

/// The cache of documents tells values of enumerations from other texts by this.
#[tokio::test]
async fn values_of_enumerations_are_capital_letters_and_underscores() {
    for (name, t) in types().await {
        for value in list(&t["enumValues"]) {
            let value = value["name"].as_str().unwrap();
            assert!(value.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'), "{name}.{value}");
        }
    }
}
