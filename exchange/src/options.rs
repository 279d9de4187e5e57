//! What the caller knows about lists beyond what they say of themselves.

use chrono::NaiveDate;
use domain::{
    entry::Source,
    value::{Region, TypeScheme},
};

use crate::{
    field::Field,
    reading::{ListInfo, Place},
};

/// What the caller says. Everything may be left out.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Division that the lists are of. It also completes names such as `市统计局`.
    pub region: Option<Region>,
    /// Agency that publishes the lists, where they do not say so or say it wrongly.
    pub publisher: Option<String>,
    /// Document by which the lists were issued.
    pub document: Option<String>,
    /// Date of that document.
    pub date: Option<NaiveDate>,
    /// Edition, instead of the year in the title.
    pub edition: Option<String>,
    /// How the lists number the types, where they give numbers only and it cannot be told from them.
    pub scheme: Option<TypeScheme>,
    /// What headings mean that the register does not know, or knows otherwise: `--map "heading=field"`.
    pub map: Vec<(String, Field)>,
}

impl ReadOptions {
    /// Where a row was read.
    pub(crate) fn source(&self, info: &ListInfo, place: &Place) -> Source {
        Source {
            list: info.title.clone(),
            list_key: Some(info.key.clone()),
            edition: info.edition.clone(),
            file: place.file.clone(),
            sheet: place.sheet.clone(),
            row: Some(place.row),
            document: self.document.clone(),
            date: self.date,
            identity: Vec::new(),
        }
    }

    /// Reads `heading=field` of `--map`. The fields are those of [`Field::ALL`], by their names.
    pub fn parse_map(written: &str) -> Result<(String, Field), MapError> {
        let (heading, field) = written.rsplit_once(['=', '＝']).ok_or(MapError::Shape)?;
        let heading = heading.trim();
        if heading.is_empty() {
            return Err(MapError::Shape);
        }
        let field = Field::from_name(field.trim()).ok_or_else(|| MapError::Field(field.trim().to_owned()))?;
        Ok((heading.to_owned(), field))
    }
}

/// Why a `--map` cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// It is not of the form `heading=field`.
    #[error("映射写作“标题=字段”，如“事项主题=name” / a mapping is written heading=field, e.g. \"事项主题=name\"")]
    Shape,
    /// There is no such field.
    #[error("没有字段“{0}” / there is no field {0:?}\n字段 / fields: {names}", names = names())]
    Field(String),
}

fn names() -> String {
    Field::ALL.iter().map(|field| format!("{} ({})", field.name(), field.zh())).collect::<Vec<_>>().join(", ")
}

/// Told how reading goes on.
pub trait Progress {
    /// So many more rows are there to read.
    fn expect(&self, rows: u64) {
        let _ = rows;
    }

    /// So many more rows have been read.
    fn advance(&self, rows: u64) {
        let _ = rows;
    }
}

/// Nobody is told.
impl Progress for () {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_names_a_heading_and_a_field() {
        assert_eq!(ReadOptions::parse_map("职能描述 = agency-duty"), Ok(("职能描述".into(), Field::AgencyDuty)));
        assert_eq!(ReadOptions::parse_map("职能描述"), Err(MapError::Shape));
        assert_eq!(ReadOptions::parse_map("=name"), Err(MapError::Shape));
        let unknown = ReadOptions::parse_map("a=b").unwrap_err();
        assert_eq!(unknown, MapError::Field("b".into()));
        assert!(Field::ALL.iter().all(|field| unknown.to_string().contains(field.name())));
    }
}
