//! The stored forms are promises: schemas of today's events are committed, and old forms are read for ever.

use std::{collections::BTreeSet, fs, path::PathBuf};

use domain::{
    changeset::ChangeSet,
    codec::{CodecError, Streamed, decode, event_schemas},
};

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name)
}

#[test]
fn the_committed_schemas_are_those_of_the_events() {
    let mut names = BTreeSet::new();
    for (name, schema) in event_schemas() {
        let path = folder("schemas").join(format!("{name}.json"));
        let committed = fs::read_to_string(&path).unwrap_or_default();
        let now = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        assert!(
            committed == now,
            "{} is not what the code says: run `make schema`, and if a payload changed, raise its number",
            path.display()
        );
        names.insert(format!("{name}.json"));
    }
    // Schemas of older numbers stay: they describe what is still in journals. None may be there without a kind.
    for file in fs::read_dir(folder("schemas")).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        let kind = name.rsplitn(3, '.').nth(2).unwrap().to_owned();
        assert!(names.iter().any(|n| n.starts_with(&kind)), "{name} belongs to no event");
    }
}

/// Every fixture `KIND.SCHEMA.NAME.json` is read as today's event and stays readable.
#[test]
fn every_old_form_is_read() {
    let mut read = 0;
    for file in fs::read_dir(folder("fixtures")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let parts: Vec<_> = name.split('.').collect();
        let (kind, schema) = (format!("{}.{}", parts[0], parts[1]), parts[2].parse().unwrap());
        let payload = fs::read(&path).unwrap();
        let is_read = match parts[0] {
            "changeset" => ChangeSet::read(&kind, schema, &payload).map(|event| event.is_some()),
            _ => decode(&kind, schema, &payload).map(|_| true),
        };
        assert!(is_read.unwrap_or_else(|error| panic!("{name}: {error:?}")), "{name}");
        read += 1;
    }
    assert!(read >= 75, "every kind and schema has a fixture, only {read} are there");
}

/// Schema 1 of a repeal called the document `document`; the contract calls it `documentNumber`.
#[test]
fn a_repeal_of_schema_1_keeps_its_document() {
    let old = br#"{"effectiveFrom":"2026-03-01T00:00:00Z","reason":"r","document":"d","replacedBy":"X1"}"#;
    let new = br#"{"effectiveFrom":"2026-03-01T00:00:00Z","reason":"r","documentNumber":"d","replacedBy":"X1"}"#;
    assert_eq!(decode("item.repealed", 1, old).unwrap(), decode("item.repealed", 2, new).unwrap());
    // A field of the wrong schema is not guessed at.
    assert_ne!(decode("item.repealed", 2, old).unwrap(), decode("item.repealed", 2, new).unwrap());
}

#[test]
fn what_a_newer_version_wrote_is_refused_with_words() {
    let error = decode("item.adopted", 99, b"{}").unwrap_err();
    assert!(matches!(&error, CodecError::NewerSchema { found: 99, .. }), "{error:?}");
    assert!(error.to_string().contains("newer version"));
    for kind in ["item.sealed", "dataset.adopted", "item", ""] {
        let error = decode(kind, 1, b"{}").unwrap_err();
        assert!(matches!(error, CodecError::UnknownKind(_)), "{kind}");
    }
}

#[test]
fn a_payload_that_breaks_its_promise_is_an_error_and_not_a_guess() {
    for payload in [&b"{"[..], b"{}", b"[]", b"{\"revision\":-1}", b"\xff\xfe"] {
        assert!(matches!(decode("item.adopted", 1, payload), Err(CodecError::Payload { .. })));
    }
}

/// The fixtures of today's numbers say everything: written again they lose nothing.
#[test]
fn fixtures_of_today_are_written_as_they_were_read() {
    use domain::codec::{RegisterEvent, encode};
    let write = |event: &RegisterEvent| match event {
        RegisterEvent::Agency(event) => encode(event),
        RegisterEvent::Item(event) => encode(event),
        RegisterEvent::Guide(event) => encode(event),
        RegisterEvent::Material(event) => encode(event),
        RegisterEvent::CatalogueEntry(event) => encode(event),
    };
    for (name, schema) in [
        ("adopted", 1),
        ("drafted", 1),
        ("redrafted", 1),
        ("submitted", 1),
        ("reviewed", 1),
        ("approved", 1),
        ("returned", 1),
        ("withdrawn", 1),
        ("suspended", 1),
        ("resumed", 1),
        ("repealed", 2),
        ("corrected", 1),
        ("transferred", 1),
    ] {
        for register in ["agency", "item", "guide", "material", "openness"] {
            let payload = fs::read(folder("fixtures").join(format!("{register}.{name}.{schema}.full.json"))).unwrap();
            let stored = write(&decode(&format!("{register}.{name}"), schema, &payload).unwrap()).unwrap();
            assert_eq!((stored.kind.as_str(), stored.schema), (format!("{register}.{name}").as_str(), schema));
            let (before, after): (serde_json::Value, serde_json::Value) =
                (serde_json::from_slice(&payload).unwrap(), serde_json::from_slice(&stored.payload).unwrap());
            assert_eq!(before, after, "{register}.{name}");
        }
    }
}

/// The same of change sets, and of the draft of a line of a list.
#[test]
fn fixtures_of_change_sets_are_written_as_they_were_read() {
    let same = |payload: &[u8], stored: &domain::codec::Stored, kind: &str| {
        let (before, after): (serde_json::Value, serde_json::Value) =
            (serde_json::from_slice(payload).unwrap(), serde_json::from_slice(&stored.payload).unwrap());
        assert_eq!((before, stored.kind.as_str(), stored.schema), (after, kind, 1));
    };
    for verb in ["proposed", "reviewed", "approved", "returned", "withdrawn"] {
        let kind = format!("changeset.{verb}");
        let payload = fs::read(folder("fixtures").join(format!("{kind}.1.full.json"))).unwrap();
        same(&payload, &ChangeSet::write(&ChangeSet::read(&kind, 1, &payload).unwrap().unwrap()).unwrap(), &kind);
    }
    let payload = fs::read(folder("fixtures").join("item.drafted.1.of-list.json")).unwrap();
    let domain::codec::RegisterEvent::Item(event) = decode("item.drafted", 1, &payload).unwrap() else { panic!("an item was written") };
    same(&payload, &domain::codec::encode(&event).unwrap(), "item.drafted");
}
