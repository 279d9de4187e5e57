//! What is handed on of the register as it stood, and of what changed, holds nothing that is not public.

use std::{fs, sync::Arc};

use api::registrar::{
    diff::{Between, DiffError, Difference, between},
    replay::{Times, write},
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{acting::Role, value::Channel};
use exchange::export::Folder;
use projections::Withholding;
use serde_json::{Value, json};

use super::{
    callers::{Bureau, content, one},
    evidence::{SECRETS, lives, publish},
    support::made,
};

/// What nobody outside may read of entries that are not disclosed, or not any more.
const UNDISCLOSED: [&str; 4] = ["从未公开的事项", "A1-I3", "不再公开的名称", "转为不公开的缘由"];

/// Lives with secrets, and beside them an item that was never disclosed, and one that is not any more.
async fn hidden_lives() -> (Bureau, DateTime<Utc>) {
    let (mut bureau, _) = lives().await;
    let undisclosed = |name: &str| {
        let mut content = content("ITEM", name);
        content["openness"] =
            json!({ "attribute": "NOT_DISCLOSED", "reason": "商业秘密", "basis": [{ "title": "某法", "article": "第九条" }] });
        content
    };
    publish(&bureau, "ITEM", "A1-I3", &undisclosed(UNDISCLOSED[0])).await;
    let last = publish(&bureau, "ITEM", "A1-I4", &content("ITEM", "一度公开的事项")).await;
    bureau.now += TimeDelta::days(1);
    let more = json!({ "content": undisclosed(UNDISCLOSED[2]), "reason": UNDISCLOSED[3] });
    let input = bureau.input("ITEM", "A1-I4", &last["entry"]["streamVersion"], more);
    bureau.applies(&one("p-a", Role::Approver, "ITEM"), "correct", input).await;
    let now = bureau.now;
    (bureau, now)
}

fn assert_silent(text: &str, whence: &str) {
    for secret in SECRETS.iter().chain(&UNDISCLOSED) {
        assert!(!text.contains(secret), "{secret} in {whence}: {text}");
    }
    for internal in ["p-d", "p-r", "drafted", "A1-I2"] {
        assert!(!text.contains(internal), "{internal} in {whence}: {text}");
    }
}

#[tokio::test]
async fn a_replay_for_everybody_says_nothing_that_is_not_public() {
    let (bureau, now) = hidden_lives().await;
    let times = Times { valid_at: now, known_at: now };
    let views = times.views(bureau.journal.clone(), Arc::default(), &|_| ()).await.unwrap();
    let place = tempfile::tempdir().unwrap();
    let mut texts = Vec::new();
    for (name, channels) in [("public", &Channel::ALL[..1]), ("whole", &Channel::ALL[..])] {
        let out = place.path().join(name);
        let mut folder = Folder::begin(&out).unwrap();
        let manifest = write(views.as_ref(), times, channels, &mut folder, &|_, _| ()).await.unwrap();
        folder.finish().unwrap();
        assert_eq!(manifest.events.is_none(), name == "public", "drafts and what is withheld are counted");
        let files = manifest.files.iter().map(|file| file.path.as_str()).chain(["MANIFEST.json", "SHA256SUMS"]);
        texts.push(files.map(|file| fs::read_to_string(out.join(file)).unwrap()).collect::<String>());
    }
    assert_silent(&texts[0], "the replay for everybody");
    assert!(texts[0].contains("再次更正") && !texts[0].contains("\"events\""), "{}", texts[0]);
    assert!(texts[1].contains(SECRETS[0]), "the counter has its notes");
}

#[tokio::test]
async fn of_a_moment_that_is_past_a_replay_for_everybody_leaves_out_what_is_withheld_since() {
    let (bureau, now) = hidden_lives().await;
    let times = Times { valid_at: now - TimeDelta::hours(1), known_at: now - TimeDelta::hours(1) };
    let place = tempfile::tempdir().unwrap();
    let without = Withholding::by_log(bureau.journal.as_ref(), now).await.unwrap();
    for (name, without, tells) in [("whole", Withholding::default(), true), ("public", without, false)] {
        let views = times.views(bureau.journal.clone(), without.into(), &|_| ()).await.unwrap();
        let out = place.path().join(name);
        let mut folder = Folder::begin(&out).unwrap();
        write(views.as_ref(), times, &Channel::ALL[..1], &mut folder, &|_, _| ()).await.unwrap();
        folder.finish().unwrap();
        let items = fs::read_to_string(out.join("online/item.ndjson")).unwrap();
        assert_eq!((items.contains("一度公开的事项"), items.contains("再次更正")), (tells, true), "{items}");
    }
}

async fn differences(bureau: &Bureau, (from, to): (DateTime<Utc>, DateTime<Utc>), public: bool) -> (Vec<Difference>, Value) {
    let asked = Between { from, to, channel: Channel::Online, register: None, agency: None, public: public.then_some(bureau.now) };
    let found = between(bureau.journal.clone(), &asked, &|_| ()).await.unwrap();
    let told = serde_json::to_value(&found).unwrap();
    (found, told)
}

#[tokio::test]
async fn a_diff_for_everybody_says_nothing_that_is_not_public() {
    let (bureau, now) = hidden_lives().await;
    let begun = made() - TimeDelta::days(1);
    for between in [(begun, now), (made() + TimeDelta::hours(1), now - TimeDelta::hours(1))] {
        let (found, told) = differences(&bureau, between, true).await;
        assert!(!found.is_empty());
        assert_silent(&told.to_string(), "the diff for everybody");
        let (whole, _) = differences(&bureau, between, false).await;
        let brief = |found: &[Difference]| -> Vec<_> {
            // Of what is not public any more nothing is told, of whatever moment.
            let public = found.iter().filter(|found| found.code.as_str() != "A1-I4");
            public.map(|found| (found.code.clone(), found.kind, found.changes.clone())).collect()
        };
        assert!(found.iter().all(|found| found.code.as_str() != "A1-I4"));
        assert_eq!(brief(&found), brief(&whole), "all else that is shown is the same for all");
        let causes = found.iter().flat_map(|found| &found.causes);
        assert!(causes.clone().all(|cause| cause.event.is_none() && cause.acts_for.is_none()));
    }
    // That it was there and is gone neither: its name is what is withheld.
    let (found, _) = differences(&bureau, (now - TimeDelta::hours(1), now), true).await;
    assert_eq!(found, []);
    let (whole, told) = differences(&bureau, (now - TimeDelta::hours(1), now), false).await;
    assert!(whole[0].causes[0].event.is_some() && told.to_string().contains(UNDISCLOSED[3]), "{told}");
    let counter = Between { from: begun, to: now, channel: Channel::Counter, register: None, agency: None, public: Some(now) };
    assert!(matches!(between(bureau.journal.clone(), &counter, &|_| ()).await, Err(DiffError::NotPublic)));
}
