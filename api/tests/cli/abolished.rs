//! What follows from abolishing a proof: `tongyuan abolished`.

use std::{path::Path, sync::Arc};

use api::{
    app::{journal_path, system_clock},
    registrar::{Acted, act},
};
use domain::{
    entry::{Adopt, Source},
    envelope::{ActorId, Code},
    register::{Guide, MaterialRequirement},
};
use journal::{Journal, SqliteJournal, load};
use serde_json::json;
use uuid::Uuid;

use super::{
    process::{command, on, run_with},
    users::{PASSWORD, added},
};

/// A proof of the sample that was abolished and that no guide asks for, one that is in force, and a guide.
const PROOF: &str = "LLCL-042";
const IN_FORCE: &str = "LLCL-001";
const GUIDE: &str = "1199010040310455XD399013100100101";

/// An edition of a list by which the guide asks for the proof all the same. Its agency.
fn ask_for_it(data: &Path) -> String {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    runtime.block_on(async {
        let journal: Arc<dyn Journal> = Arc::new(SqliteJournal::open(&journal_path(data)).unwrap());
        let at: Code = GUIDE.parse().unwrap();
        let latest = load::<Guide>(journal.as_ref(), &at).await.unwrap().state.latest.unwrap();
        let mut content = Guide::clone(&latest.content);
        let asked = json!({ "name": "健在证明", "material": PROOF, "necessity": "REQUIRED" });
        content.materials.push(serde_json::from_value::<MaterialRequirement>(asked).unwrap());
        let agency = content.agency.to_string();
        let command =
            Adopt { content, source: Source { file: "list".into(), ..Source::default() }, effective_from: Some(latest.effective_from) };
        let now = system_clock()();
        let acted = act(journal.as_ref(), &at, command.into(), Uuid::from_u128(77), &ActorId::new("list"), now).await.unwrap();
        assert!(matches!(acted, Acted::Revised), "{acted:?}");
        agency
    })
}

#[test]
fn guides_that_ask_for_an_abolished_proof_are_listed_and_revised_by_whoever_drafts_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    on(&data, &["demo"]).ok();
    on(&data, &["abolished", "NOWHERE"]).failed(&["NOWHERE"]);
    on(&data, &["abolished", IN_FORCE]).failed(&[IN_FORCE, "not abolished"]);
    assert!(on(&data, &["abolished", PROOF]).ok().out.contains("no guide asks for it"));

    let agency = ask_for_it(&data);
    let listed = on(&data, &["abolished", PROOF, "--json"]).ok().json();
    assert_eq!((&listed["guides"][0]["code"], &listed["changeSets"]), (&json!(GUIDE), &json!([])), "{listed}");
    assert!(on(&data, &["abolished", PROOF]).ok().out.contains(GUIDE));
    added(&data, "li", "P-1", &[&format!("drafter@{agency}")]);
    let prepare = || {
        let arguments = ["abolished", PROOF, "--json", "--drafter", "li", "--password-stdin"];
        run_with(command().arg("--data").arg(&data).args(arguments), &format!("{PASSWORD}\n")).ok().json()
    };
    let set = prepare()["changeSets"][0].clone();
    assert_eq!(set["agency"], agency);
    assert_eq!((&set["status"], &set["revisions"], &set["leftOut"]), (&json!("PROPOSED"), &json!(1), &json!([])), "{set}");
    let again = prepare();
    assert_eq!((&again["changeSets"][0]["status"], &again["changeSets"][0]["code"]), (&json!("UNCHANGED"), &set["code"]));
    assert_eq!(again["guides"][0]["drafted"], true);
}
