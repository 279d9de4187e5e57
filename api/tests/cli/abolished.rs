//! What follows from abolishing a proof: `tongyuan abolished`.

use std::{path::Path, sync::Arc};

use api::{
    app::{journal_path, system_clock},
    registrar::{Acted, act},
};
use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    decider::Circumstances,
    entry::{Adopt, Approve, Command, Draft, Review, Source, Submit},
    envelope::{ActorId, Code},
    register::{Abolished, Guide, Material, MaterialRequirement},
    value::{Hash, LegalBasis},
};
use journal::{
    Journal, SqliteJournal, load,
    transact::{Budget, ExpectedVersion, Outcome, Request, transact},
};
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

/// Three persons decide what a material says from a moment on.
fn decide(data: &Path, at: &str, changed: impl FnOnce(Material) -> Material, from: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    runtime.block_on(async {
        let journal: Arc<dyn Journal> = Arc::new(SqliteJournal::open(&journal_path(data)).unwrap());
        let at: Code = at.parse().unwrap();
        let latest = load::<Material>(journal.as_ref(), &at).await.unwrap().state.latest.unwrap();
        let content = changed(Material::clone(&latest.content));
        let content_hash = Hash::of_content(&content).unwrap();
        let from = Some(from.parse().unwrap());
        let approve = Approve { content_hash, document: "某政发〔2026〕1号".into(), effective_from: from, beside: Vec::new() };
        let commands: [(&'static str, Role, Command<Material>); 4] = [
            ("p-d", Role::Drafter, Draft::of(content).into()),
            ("p-d", Role::Drafter, Submit::default().into()),
            ("p-r", Role::Reviewer, Review { content_hash, revision: None }.into()),
            ("p-a", Role::Approver, approve.into()),
        ];
        for (person, role, command) in commands {
            let capacity = Capacity::Person(Acting { person: PersonId::new(person), role, scope: Scope::City });
            let id = Uuid::new_v5(&Uuid::nil(), format!("{at} {command:?}").as_bytes());
            let circumstances = Circumstances { now: system_clock()(), actor: ActorId::new(person), capacity, command: id };
            let request = Request { code: at.clone(), expected: ExpectedVersion::Any, command, circumstances };
            let outcome = transact::<Material>(journal.as_ref(), request, Budget::default()).await.unwrap();
            assert!(matches!(outcome, Outcome::Applied(_)), "{outcome:?}");
        }
    });
}

#[test]
fn the_days_of_an_abolition_are_told_whether_it_is_in_force_or_announced_or_ends() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("demo");
    on(&data, &["demo"]).ok();
    let now = on(&data, &["abolished", PROOF, "--json"]).ok().json();
    assert_eq!((&now["abolished"], &now["abolishedUntil"]), (&json!(true), &json!(null)), "{now}");
    let since = now["abolishedFrom"].as_str().unwrap().to_owned();
    let told = on(&data, &["abolished", PROOF]).ok().out;
    assert!(told.contains("已取消的材料 abolished material") && told.contains("since 20"), "{told}");

    // Abolished now, and announced to come back under another name: it is abolished still, and found under its own.
    let by_law = vec![LegalBasis { title: "某条例".into(), ..LegalBasis::default() }];
    let back = |material: Material| Material { abolished: None, legal_bases: by_law, name: "在世证明".into(), ..material };
    decide(&data, PROOF, back, "2035-12-31T16:00:00Z");
    let told = on(&data, &["abolished", PROOF]).ok().out;
    assert!(told.contains("已取消的材料 abolished material") && told.contains("健在证明"), "{told}");
    assert!(told.contains("自北京时间2036-01-01 00:00起依法重新要求提供"), "{told}");
    let now = on(&data, &["abolished", PROOF, "--json"]).ok().json();
    assert_eq!((&now["abolished"], &now["abolishedUntil"]), (&json!(true), &json!("2035-12-31T16:00:00Z")), "{now}");
    assert_eq!(now["abolishedFrom"], json!(since));

    // Announced only: asked for until its day.
    let goes = |material: Material| {
        let abolished = Some(Abolished { reason: "部门间数据共享".into(), document: None });
        Material { abolished, ..material }
    };
    decide(&data, IN_FORCE, goes, "2034-12-31T16:00:00Z");
    let told = on(&data, &["abolished", IN_FORCE]).ok().out;
    assert!(told.contains("asked for until then") && told.contains("2035-01-01 00:00 China time"), "{told}");
    let later = on(&data, &["abolished", IN_FORCE, "--json"]).ok().json();
    let days = (&later["abolished"], &later["abolishedFrom"], &later["abolishedUntil"]);
    assert_eq!(days, (&json!(false), &json!("2034-12-31T16:00:00Z"), &json!(null)), "{later}");
    assert_ne!(later["guides"], json!([]), "its guides are listed, and can be revised for that day");
    // Each of them is told by the checks.
    let checked = on(&data, &["check", "--json"]).ok().json();
    let codes: Vec<_> = checked["checks"].as_array().unwrap().iter().map(|check| check["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["MATERIAL_ABOLISHED_LATER"], "{checked}");
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
