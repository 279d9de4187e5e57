use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::register::Content;

/// A part of a path: `fees[0].standard` has three.
#[derive(Debug, PartialEq, Eq)]
enum Segment<'p> {
    Field(&'p str),
    Place(usize),
}

/// Whether a path leads to something in what a content says: to fields that its type has, be they empty, because one may report that something is missing,
/// and to elements of lists that are there.
///
/// ```
/// use domain::{inaccuracy::leads_somewhere, register::{Item, Register}, value::ItemType};
/// let item = Item::new("夜校备案", ItemType::Penalty, "A1".parse().unwrap());
/// assert!(leads_somewhere(&item, "name") && leads_somewhere(&item, "legalBases"));
/// assert!(!leads_somewhere(&item, "legalBases[0].title") && !leads_somewhere(&item, "name[0]") && !leads_somewhere(&item, "legalBases[-1]"));
/// ```
pub fn leads_somewhere<C: Content>(content: &C, path: &str) -> bool {
    let Some(path) = segments(path) else { return false };
    let root = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<C>().to_value();
    let defined = root.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    let said = serde_json::to_value(content).unwrap_or_default();
    leads((&root, &defined), &said, &path)
}

/// The parts of a path; `None`: it is none.
fn segments(path: &str) -> Option<Vec<Segment<'_>>> {
    let mut all = Vec::new();
    for part in path.split('.') {
        let (name, mut places) = part.find('[').map_or((part, ""), |at| part.split_at(at));
        if name.is_empty() {
            return None;
        }
        all.push(Segment::Field(name));
        while !places.is_empty() {
            let (place, rest) = places.strip_prefix('[')?.split_once(']')?;
            let is_number = !place.is_empty() && place.bytes().all(|byte| byte.is_ascii_digit());
            all.push(Segment::Place(place.parse().ok().filter(|_| is_number)?));
            places = rest;
        }
    }
    Some(all)
}

fn leads((schema, defined): (&Value, &Map<String, Value>), said: &Value, path: &[Segment<'_>]) -> bool {
    let Some((first, rest)) = path.split_first() else { return true };
    if let Some(named) = schema.get("$ref").and_then(Value::as_str) {
        let name = named.rsplit('/').next().unwrap_or(named);
        if defined.get(name).is_some_and(|schema| leads((schema, defined), said, path)) {
            return true;
        }
    }
    let alternatives = ["anyOf", "oneOf", "allOf"].into_iter().filter_map(|of| schema.get(of)?.as_array()).flatten();
    if alternatives.into_iter().any(|schema| leads((schema, defined), said, path)) {
        return true;
    }
    match first {
        Segment::Field(name) => {
            let field = schema.get("properties").and_then(|fields| fields.get(name));
            field.is_some_and(|schema| leads((schema, defined), said.get(name).unwrap_or(&Value::Null), rest))
        }
        Segment::Place(place) => match (schema.get("items"), said.get(place)) {
            (Some(schema), Some(said)) => leads((schema, defined), said, rest),
            _ => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        register::{Guide, MaterialRequirement},
        value::LegalBasis,
    };

    fn guide() -> Guide {
        let asked = serde_json::json!({ "name": "身份证", "necessity": "REQUIRED" });
        let material: MaterialRequirement = serde_json::from_value(asked).unwrap();
        let bases = vec![LegalBasis { title: "某条例".into(), ..LegalBasis::default() }];
        Guide {
            materials: vec![material], legal_bases: bases, ..Guide::new("居住证办理", "I1".parse().unwrap(), "A1".parse().unwrap())
        }
    }

    #[test]
    fn what_is_there_or_could_be_is_found() {
        for path in [
            "name",
            "fees",
            "materials",
            "materials[0]",
            "materials[0].name",
            "materials[0].copies",
            "legalBases[0].title",
            "openness.reason",
        ] {
            assert!(leads_somewhere(&guide(), path), "{path}");
        }
    }

    #[test]
    fn what_is_not_there_is_not() {
        for path in [
            "fees[99].standard",
            "fees[0]",
            "legalBases[5].title",
            "legalBases[-1]",
            "legalBases[0].nothing",
            "name[0]",
            "name.x",
            "nothing",
            "",
            ".",
            "name.",
            "materials[]",
            "materials[0",
            "materials[0]x",
            "materials[+0]",
            "materials[0][0]",
            "materials[99999999999999999999]",
            "[0]",
        ] {
            assert!(!leads_somewhere(&guide(), path), "{path}");
        }
    }
}
