//! A line of any source as values by their meaning.

use std::collections::BTreeMap;

use domain::{register::MaterialRequirement, value::text};

use crate::field::Field;

/// The values of a line. Several values for one meaning keep their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    values: BTreeMap<Field, Vec<String>>,
    /// Materials that the source describes in detail.
    pub materials: Vec<MaterialRequirement>,
}

impl Record {
    /// Adds a value, unless it is nothing or there already.
    pub(crate) fn add(&mut self, field: Field, value: &str) {
        let Some(value) = text::something(value) else { return };
        let values = self.values.entry(field).or_default();
        if !values.iter().any(|v| v == value) {
            values.push(value.to_owned());
        }
    }

    /// Takes all values out.
    pub(crate) fn take(&mut self, field: Field) -> Vec<String> {
        self.values.remove(&field).unwrap_or_default()
    }

    /// Whether there is a value.
    pub(crate) fn has(&self, field: Field) -> bool {
        self.values.contains_key(&field)
    }

    /// All values.
    pub(crate) fn all(&self, field: Field) -> &[String] {
        self.values.get(&field).map_or(&[], Vec::as_slice)
    }

    /// The first value.
    pub(crate) fn first(&self, field: Field) -> Option<&str> {
        self.all(field).first().map(String::as_str)
    }

    /// The first value as a name on one line.
    pub(crate) fn name(&self, field: Field) -> Option<String> {
        self.first(field).map(text::name).filter(|name| !name.is_empty())
    }

    /// All values as one text.
    pub(crate) fn block(&self, field: Field) -> Option<String> {
        let block = text::block(&self.all(field).join("\n"));
        (!block.is_empty()).then_some(block)
    }

    /// All values, taken apart where lists write several into one cell.
    pub(crate) fn list(&self, field: Field, signs: &[char]) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for part in self.all(field).iter().flat_map(|value| value.split(signs)) {
            let part = text::name(part);
            if text::something(&part).is_some() && !out.contains(&part) {
                out.push(part);
            }
        }
        out
    }

    /// The first value as yes or no.
    pub(crate) fn flag(&self, field: Field) -> Option<bool> {
        match text::fold(self.first(field)?).as_str() {
            "是" | "支持" | "1" | "y" | "yes" | "true" | "有" | "收费" | "可以" => Some(true),
            "否" | "不支持" | "0" | "n" | "no" | "false" | "不收费" | "免费" | "不可以" | "2" => Some(false),
            _ => None,
        }
    }

    /// The longest text, with its meaning: for the mark that a cell was cut off.
    pub(crate) fn longest(&self) -> Option<(Field, usize)> {
        let lengths = self.values.iter().flat_map(|(field, values)| values.iter().map(|value| (*field, value.len())));
        lengths.max_by_key(|(_, length)| *length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_no_value_and_a_value_counts_once() {
        let mut record = Record::default();
        for value in ["无", "甲、乙", "甲、乙", " 丙 "] {
            record.add(Field::OtherNames, value);
        }
        assert_eq!(record.all(Field::OtherNames), ["甲、乙", "丙"]);
        assert_eq!(record.list(Field::OtherNames, &['、']), ["甲", "乙", "丙"]);
        assert!(!record.has(Field::Remark));
    }
}
