//! The files of the evidence, by their names.

use std::collections::BTreeMap;

use domain::value::{Channel, Hash, canonical};
use serde::Serialize;
use serde_json::json;

use super::{
    Evidence, EvidenceError, Revision, calendar,
    chain::{self, Head},
    report,
};
use crate::export::{SUMS, sums};

/// The program by which a third party checks everything.
const VERIFY: &str = include_str!("../../templates/evidence/verify.py");

/// Files by their names: in their order.
pub(super) type Files = BTreeMap<String, Vec<u8>>;

/// All files, and the end of the chain of events.
pub(super) fn files(evidence: &Evidence) -> Result<(Files, Option<Head>), EvidenceError> {
    let mut files = Files::new();
    let mut head = None;
    if !evidence.public {
        let (lines, end) = chain::lines(&evidence.events)?;
        files.insert("events.ndjson".to_owned(), lines);
        head = end;
    }
    files.insert("history.ndjson".to_owned(), lines(&evidence.steps)?);
    files.insert("receipts.ndjson".to_owned(), lines(&evidence.receipts)?);
    files.insert("calendar.json".to_owned(), line(&calendar::in_json(&evidence.calendar))?);
    let mut revisions = Vec::new();
    for revision in &evidence.revisions {
        revisions.push(listed(revision));
        for (channel, shown) in Channel::ALL.iter().zip(&revision.shown) {
            if let Some(shown) = shown {
                files.insert(path(*channel, revision.number), shown.clone());
            }
        }
    }
    files.insert("revisions.json".to_owned(), line(&revisions)?);
    let mut manifest = json!({
        "format": "tongyuan-evidence/1", "register": evidence.register.word(), "code": evidence.code, "name": evidence.name,
        "knownAt": evidence.known_at, "public": evidence.public, "revisions": evidence.revisions.len(), "receipts": evidence.receipts.len(),
    });
    // All that proves something is there by now; what follows is for people, and says where the chain ends.
    if let Some(head) = &mut head {
        head.bind(&manifest, &sums_of(&files))?;
    }
    files.insert("report.html".to_owned(), report::html(evidence, head.as_ref())?.into_bytes());
    files.insert("README.md".to_owned(), report::readme(evidence, head.as_ref())?.into_bytes());
    files.insert("verify.py".to_owned(), VERIFY.as_bytes().to_vec());
    let listed: Vec<_> =
        files.iter().map(|(path, bytes)| json!({ "path": path, "bytes": bytes.len(), "sha256": Hash::of_bytes(bytes).hex() })).collect();
    manifest["stream"] = json!(head);
    manifest["files"] = json!(listed);
    files.insert("MANIFEST.json".to_owned(), line(&manifest)?);
    let all = sums_of(&files);
    files.insert(SUMS.to_owned(), all.into_bytes());
    Ok((files, head))
}

fn sums_of(files: &Files) -> String {
    sums(files.iter().map(|(path, bytes)| (path.as_str(), Hash::of_bytes(bytes))))
}

/// Where a revision is, as a channel shows it.
pub(super) fn path(channel: Channel, revision: u32) -> String {
    format!("{channel}/{revision}.json")
}

fn listed(revision: &Revision) -> serde_json::Value {
    let shown = |channel: Channel| revision.shown[channel as usize].as_ref().map(|_| path(channel, revision.number));
    json!({
        "number": revision.number, "event": revision.version, "effectiveFrom": revision.effective_from, "approvedAt": revision.approved_at,
        "documentNumber": revision.document, "contentHash": revision.content_hash, "online": shown(Channel::Online),
        "counter": shown(Channel::Counter), "counterOnly": revision.counter_only,
    })
}

fn line<T: Serialize>(value: &T) -> Result<Vec<u8>, EvidenceError> {
    let mut bytes = canonical(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn lines<T: Serialize>(values: &[T]) -> Result<Vec<u8>, EvidenceError> {
    let mut all = Vec::new();
    for value in values {
        all.extend(line(value)?);
    }
    Ok(all)
}
