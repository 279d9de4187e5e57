use schemars::{JsonSchema, Schema, generate::SchemaSettings};

use super::current_schema;
use crate::{
    calendar, changeset, deadline,
    entry::{Adopted, Approved, Corrected, Drafted, Repealed, Resumed, Returned, Reviewed, Submitted, Suspended, Transferred, Withdrawn},
    envelope::StreamKind,
    inaccuracy, receipt,
    register::{Agency, CatalogueEntry, Content, Guide, Item, Material, Register},
    selfcheck,
};

/// JSON Schemas (2020-12) of every event as it is written today, by kind and schema number: `item.adopted.1`.
pub fn event_schemas() -> Vec<(String, Schema)> {
    let mut schemas = Vec::new();
    of_register::<Agency>(&mut schemas);
    of_register::<Item>(&mut schemas);
    of_register::<Guide>(&mut schemas);
    of_register::<Material>(&mut schemas);
    of_register::<CatalogueEntry>(&mut schemas);
    of_change_sets(&mut schemas);
    let announced = super::calendar::current_schema("announced").unwrap_or(1);
    schemas.push((format!("{}.announced.{announced}", StreamKind::Calendar.word()), schema::<calendar::Announced>()));
    let ruled = super::deadline::current_schema("ruled").unwrap_or(1);
    schemas.push((format!("{}.ruled.{ruled}", StreamKind::Deadline.word()), schema::<deadline::Ruled>()));
    let kind = |verb: &str| {
        let number = super::inaccuracy::current_schema(verb).unwrap_or(1);
        format!("{}.{verb}.{number}", StreamKind::Inaccuracy.word())
    };
    schemas.push((kind("reported"), schema::<inaccuracy::Reported>()));
    schemas.push((kind("dismissed"), schema::<inaccuracy::Dismissed>()));
    let checked = super::selfcheck::current_schema("checked").unwrap_or(1);
    schemas.push((format!("{}.checked.{checked}", StreamKind::SelfCheck.word()), schema::<selfcheck::SelfChecked>()));
    let served = super::receipt::current_schema("served").unwrap_or(1);
    schemas.push((format!("{}.served.{served}", StreamKind::Receipt.word()), schema::<receipt::Served>()));
    schemas
}

/// JSON Schema (2020-12) of the contents of a register, as they are read.
pub fn content_schema(register: Register) -> Schema {
    match register {
        Register::Agency => read_schema::<Agency>(),
        Register::Item => read_schema::<Item>(),
        Register::Guide => read_schema::<Guide>(),
        Register::Material => read_schema::<Material>(),
        Register::Openness => read_schema::<CatalogueEntry>(),
    }
}

fn of_register<C: Content>(schemas: &mut Vec<(String, Schema)>) {
    let mut add = |verb: &str, schema: Schema| {
        let number = current_schema(verb).unwrap_or(1);
        schemas.push((format!("{}.{verb}.{number}", C::REGISTER.word()), schema));
    };
    add("adopted", schema::<Adopted<C>>());
    add("drafted", schema::<Drafted<C>>());
    add("redrafted", schema::<Drafted<C>>());
    add("submitted", schema::<Submitted>());
    add("reviewed", schema::<Reviewed>());
    add("approved", schema::<Approved<C>>());
    add("returned", schema::<Returned>());
    add("withdrawn", schema::<Withdrawn>());
    add("suspended", schema::<Suspended>());
    add("resumed", schema::<Resumed>());
    add("repealed", schema::<Repealed>());
    add("corrected", schema::<Corrected<C>>());
    add("transferred", schema::<Transferred<C>>());
}

fn of_change_sets(schemas: &mut Vec<(String, Schema)>) {
    let mut add = |verb: &str, schema: Schema| {
        let number = super::changeset::current_schema(verb).unwrap_or(1);
        schemas.push((format!("{}.{verb}.{number}", StreamKind::ChangeSet.word()), schema));
    };
    add("proposed", schema::<changeset::Proposed>());
    add("reviewed", schema::<changeset::Reviewed>());
    add("approved", schema::<changeset::Approved>());
    add("returned", schema::<changeset::Returned>());
    add("withdrawn", schema::<changeset::Withdrawn>());
}

fn schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

fn read_schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>()
}
