//! Values of members of exported objects: what they say, and whether they have the form of what they stand for.

use domain::{
    register::{MaterialForm, MaterialRequirement, MaterialSource, Necessity},
    value::{Finding, text},
};
use serde_json::{Map, Value};

use crate::{field::Field, record::Record};

/// Whether a value says anything.
pub(crate) fn is_something(value: &Value) -> bool {
    match value {
        Value::String(text) => text::something(text).is_some(),
        Value::Array(values) => values.iter().any(is_something),
        Value::Null => false,
        Value::Number(_) | Value::Bool(_) | Value::Object(_) => true,
    }
}

/// Adds what a value says of a field to a line.
pub(crate) fn add(record: &mut Record, field: Field, value: &Value) {
    match value {
        Value::String(text) => record.add(field, text),
        Value::Number(number) => record.add(field, &number.to_string()),
        // No name, code or agency is a yes or no.
        Value::Bool(_) if field.is_identity() => {}
        Value::Bool(flag) => record.add(field, if *flag { "是" } else { "否" }),
        Value::Array(values) if field == Field::Materials && values.iter().any(Value::is_object) => {
            record.materials.extend(values.iter().filter_map(|value| material(value.as_object()?)));
        }
        Value::Array(values) => values.iter().for_each(|value| add(record, field, value)),
        Value::Null | Value::Object(_) => {}
    }
}

/// The members of a value that have another form than theirs, and so cannot be read: objects, and yes or no where a name stands.
pub(crate) fn wrong_forms(key: &str, field: Field, value: &Value) -> Vec<String> {
    /// What a material is told by, as text or number.
    const OF_MATERIAL: [&str; 16] = [
        "material_name",
        "materialname",
        "name",
        "is_need",
        "material_type",
        "material_format",
        "page_num",
        "page_format",
        "source_type",
        "source_explain",
        "by_law",
        "accept_stand",
        "fill_explain",
        "form_guid",
        "example_guid",
        "remark",
    ];
    let of_material = |object: &Map<String, Value>| -> Vec<String> {
        if material(object).is_none() {
            return vec![key.to_owned()];
        }
        let members = object.iter().filter(|(name, _)| OF_MATERIAL.iter().any(|known| name.eq_ignore_ascii_case(known)));
        members
            .filter(|(_, value)| !matches!(value, Value::String(_) | Value::Number(_) | Value::Null))
            .map(|(name, _)| format!("{key}.{name}"))
            .collect()
    };
    let mut wrong: Vec<String> = match value {
        Value::Object(_) => vec![key.to_owned()],
        Value::Bool(_) if field.is_identity() => vec![key.to_owned()],
        // Beside materials that are told member by member, a mere text has no place.
        Value::Array(values) if field == Field::Materials && values.iter().any(Value::is_object) => values
            .iter()
            .flat_map(|value| {
                value.as_object().map_or_else(|| if value.is_null() { Vec::new() } else { vec![key.to_owned()] }, of_material)
            })
            .collect(),
        Value::Array(values) => values.iter().flat_map(|value| wrong_forms(key, field, value)).collect(),
        Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => Vec::new(),
    };
    wrong.sort_unstable();
    wrong.dedup();
    wrong
}

/// A value of another form than its member has.
pub(crate) fn value_type(member: &str, line: u32) -> Finding {
    Finding::warning(
        "VALUE_TYPE",
        member.to_owned(),
        format!("第{line}行的字段“{member}”不是文字或数字（或材料缺名称），该值未导入；请改正后重新导出"),
        format!(
            "member {member:?} of line {line} is neither text nor number, or a material without a name; that value is not imported: export it again"
        ),
    )
}

/// A material by the national element names.
fn material(object: &Map<String, Value>) -> Option<MaterialRequirement> {
    let text = |key: &str| {
        let value = object.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value)?;
        let written = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        text::something(&written).map(text::block)
    };
    let name = text("material_name").or_else(|| text("materialname")).or_else(|| text("name")).map(|name| text::name(&name))?;
    Some(MaterialRequirement {
        name,
        material: None,
        necessity: match text("is_need").as_deref() {
            Some("2" | "非必要") => Necessity::Optional,
            Some("3" | "容缺后补") => Necessity::Later,
            _ => Necessity::Required,
        },
        kind: text("material_type"),
        forms: match text("material_format").as_deref() {
            Some("1" | "纸质") => vec![MaterialForm::Paper],
            Some("2" | "电子化" | "电子") => vec![MaterialForm::Electronic],
            Some("3" | "纸质/电子化" | "纸质和电子化") => vec![MaterialForm::Paper, MaterialForm::Electronic],
            _ => Vec::new(),
        },
        copies: text("page_num").and_then(|n| n.parse().ok()),
        paper: text("page_format"),
        source: match text("source_type").as_deref() {
            Some("10" | "申请人自备") => Some(MaterialSource::Applicant),
            Some("20" | "政府部门核发") => Some(MaterialSource::Government),
            Some("99" | "其他") => Some(MaterialSource::Other),
            _ => None,
        },
        source_note: text("source_explain"),
        basis: text("by_law"),
        acceptance: text("accept_stand"),
        instructions: text("fill_explain"),
        blank_form: text("form_guid"),
        sample: text("example_guid"),
        note: text("remark"),
        situations: Vec::new(),
    })
}
