//! The stored forms are promises: schemas of today's events are committed, and old forms are read for ever.

use std::{collections::BTreeSet, fs, path::PathBuf};

use domain::{
    calendar::WorkingCalendar,
    changeset::ChangeSet,
    codec::{CodecError, Streamed, decode, event_schemas},
    deadline::DeadlineRules,
    inaccuracy::Inaccuracy,
    receipt::Receipts,
    selfcheck::SelfChecks,
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
            "deadline" => DeadlineRules::read(&kind, schema, &payload).map(|event| event.is_some()),
            "inaccuracy" => Inaccuracy::read(&kind, schema, &payload).map(|event| event.is_some()),
            "selfcheck" => SelfChecks::read(&kind, schema, &payload).map(|event| event.is_some()),
            "calendar" => WorkingCalendar::read(&kind, schema, &payload).map(|event| event.is_some()),
            "receipt" => Receipts::read(&kind, schema, &payload).map(|event| event.is_some()),
            _ => decode(&kind, schema, &payload).map(|_| true),
        };
        assert!(is_read.unwrap_or_else(|error| panic!("{name}: {error:?}")), "{name}");
        read += 1;
    }
    assert!(read >= 88, "every kind and schema has a fixture, only {read} are there");
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
    assert!(matches!(WorkingCalendar::read("calendar.announced", 2, b"{}"), Err(CodecError::NewerSchema { known: 1, .. })));
    for kind in ["calendar.burnt", "dataset.adopted", "calendar", ""] {
        assert!(matches!(WorkingCalendar::read(kind, 1, b"{}"), Err(CodecError::UnknownKind(_))), "{kind}");
    }
    assert!(matches!(WorkingCalendar::read("changeset.proposed", 1, b"{}"), Ok(None)), "of something else");
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
        ("repealed", 3),
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

/// The same of change sets, of the calendar, of deadlines, of reports, of receipts, of self-checks, and of the draft of a line of a list.
#[test]
fn fixtures_of_other_streams_are_written_as_they_were_read() {
    let same_of = |schema: u32, payload: &[u8], stored: &domain::codec::Stored, kind: &str| {
        let (before, after): (serde_json::Value, serde_json::Value) =
            (serde_json::from_slice(payload).unwrap(), serde_json::from_slice(&stored.payload).unwrap());
        assert_eq!((before, stored.kind.as_str(), stored.schema), (after, kind, schema));
    };
    let same = |payload: &[u8], stored: &domain::codec::Stored, kind: &str| same_of(1, payload, stored, kind);
    for verb in ["proposed", "reviewed", "approved", "returned", "withdrawn"] {
        let kind = format!("changeset.{verb}");
        let payload = fs::read(folder("fixtures").join(format!("{kind}.1.full.json"))).unwrap();
        same(&payload, &ChangeSet::write(&ChangeSet::read(&kind, 1, &payload).unwrap().unwrap()).unwrap(), &kind);
    }
    for name in ["full", "least"] {
        let payload = fs::read(folder("fixtures").join(format!("calendar.announced.1.{name}.json"))).unwrap();
        let event = WorkingCalendar::read("calendar.announced", 1, &payload).unwrap().unwrap();
        same(&payload, &WorkingCalendar::write(&event).unwrap(), "calendar.announced");
    }
    for name in ["full", "ended"] {
        let payload = fs::read(folder("fixtures").join(format!("deadline.ruled.1.{name}.json"))).unwrap();
        let event = DeadlineRules::read("deadline.ruled", 1, &payload).unwrap().unwrap();
        same(&payload, &DeadlineRules::write(&event).unwrap(), "deadline.ruled");
    }
    for (kind, name) in [("inaccuracy.reported", "full"), ("inaccuracy.reported", "least"), ("inaccuracy.dismissed", "full")] {
        let payload = fs::read(folder("fixtures").join(format!("{kind}.1.{name}.json"))).unwrap();
        same(&payload, &Inaccuracy::write(&Inaccuracy::read(kind, 1, &payload).unwrap().unwrap()).unwrap(), kind);
    }
    for name in ["full", "city"] {
        let payload = fs::read(folder("fixtures").join(format!("selfcheck.checked.1.{name}.json"))).unwrap();
        let event = SelfChecks::read("selfcheck.checked", 1, &payload).unwrap().unwrap();
        same(&payload, &SelfChecks::write(&event).unwrap(), "selfcheck.checked");
    }
    for name in ["full", "least"] {
        let payload = fs::read(folder("fixtures").join(format!("receipt.served.2.{name}.json"))).unwrap();
        let event = Receipts::read("receipt.served", 2, &payload).unwrap().unwrap();
        same_of(2, &payload, &Receipts::write(&event).unwrap(), "receipt.served");
    }
    let payload = fs::read(folder("fixtures").join("item.drafted.1.of-list.json")).unwrap();
    let domain::codec::RegisterEvent::Item(event) = decode("item.drafted", 1, &payload).unwrap() else { panic!("an item was written") };
    same(&payload, &domain::codec::encode(&event).unwrap(), "item.drafted");
}
