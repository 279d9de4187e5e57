//! Events with their hashes, each bound to all before it.

use domain::value::{Hash, canonical};
use serde::Serialize;
use serde_json::Value;

use super::{EvidenceError, Kept};

/// What the first event of a stream is chained to.
const BEGINNING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// An event as a line of `events.ndjson`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'k> {
    stream: &'k str,
    version: u64,
    id: &'k str,
    kind: &'k str,
    metadata: &'k str,
    payload: &'k str,
    metadata_sha256: String,
    payload_sha256: String,
    sha256: String,
    chain: String,
}

/// The end of the chain of a stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    /// The stream.
    pub(super) stream: String,
    /// Its events.
    pub(super) events: usize,
    /// Chain value of the last of them: the same in evidence that is given out later.
    pub(super) last_event: String,
    /// The end of the chain: that value with everything else that is told, in one last link.
    pub(super) chain: String,
}

impl Head {
    /// Binds what the evidence says of itself and the sums of its files to the events.
    pub(super) fn bind(&mut self, said: &Value, sums: &str) -> Result<(), EvidenceError> {
        let mut told = canonical(said)?;
        told.push(b'\n');
        told.extend(sums.as_bytes());
        self.chain = link(&self.last_event, &Hash::of_bytes(&told).hex());
        Ok(())
    }
}

fn link(chain: &str, hash: &str) -> String {
    Hash::of_bytes(format!("{chain}\n{hash}\n").as_bytes()).hex()
}

/// The events of a stream, a line each, and the end of their chain.
pub(super) fn lines(events: &[Kept]) -> Result<(Vec<u8>, Option<Head>), EvidenceError> {
    let (mut out, mut chain) = (Vec::new(), BEGINNING.to_owned());
    for event in events {
        let Kept { stream, version, id, kind, metadata, payload } = event;
        let metadata_sha256 = Hash::of_bytes(metadata.as_bytes()).hex();
        let payload_sha256 = Hash::of_bytes(payload.as_bytes()).hex();
        let named = format!("{stream}\n{version}\n{id}\n{kind}\n{metadata_sha256}\n{payload_sha256}\n");
        let sha256 = Hash::of_bytes(named.as_bytes()).hex();
        chain = link(&chain, &sha256);
        let line =
            Line { stream, version: *version, id, kind, metadata, payload, metadata_sha256, payload_sha256, sha256, chain: chain.clone() };
        out.extend(canonical(&line)?);
        out.push(b'\n');
    }
    Ok((out, events.last().map(|last| Head { stream: last.stream.clone(), events: events.len(), last_event: chain.clone(), chain })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(version: u64, payload: &str) -> Kept {
        let text = str::to_owned;
        Kept {
            stream: text("item-A"),
            version,
            id: format!("id{version}"),
            kind: text("item.adopted"),
            metadata: text("{}"),
            payload: text(payload),
        }
    }

    #[test]
    fn every_event_is_bound_to_all_before_it() {
        let head = |events: &[Kept]| lines(events).unwrap().1.map(|head| head.chain);
        let first = head(&[kept(0, "1")]).unwrap();
        let both = head(&[kept(0, "1"), kept(1, "2")]).unwrap();
        let (text, _) = lines(&[kept(0, "1"), kept(1, "2")]).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert!(text.lines().next().unwrap().contains(&first), "what was chained once stays at its place: {text}");
        for other in [[kept(0, "9"), kept(1, "2")], [kept(0, "1"), kept(2, "2")], [kept(1, "2"), kept(0, "1")]] {
            assert_ne!(head(&other).unwrap(), both);
        }
        assert_eq!(head(&[]), None);
        // The last link hangs on what is said and on every file.
        let bound = |said: &str, sums: &str| {
            let mut head = lines(&[kept(0, "1")]).unwrap().1.unwrap();
            head.bind(&said.into(), sums).unwrap();
            assert_eq!(head.last_event, first);
            head.chain
        };
        assert_ne!(bound("a", "b"), first);
        assert_ne!(bound("a", "b"), bound("a", "c"));
        assert_ne!(bound("a", "b"), bound("b", "b"));
    }
}
