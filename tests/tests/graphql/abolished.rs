//! A proof is abolished, and the revisions of the guides that ask for it are proposed by the schema (Art. 5(2)).

use std::{iter::repeat_n, sync::Arc};

use api::auth::Caller;
use domain::{
    acting::Role,
    register::{Abolished, Guide, Item, Material, MaterialRequirement},
};
use journal::faults::{Fault, Faulty};
use serde_json::{Value, json};

use super::{
    callers::{Bureau, caller, grant, word},
    desk::{Pen, agency, code, guide, item},
};

/// Guides G1 and G2 of the agency A1 and G3 of A2 ask for the abolished proof M1, G4 for M2, which is abolished too; nobody for M3, and M4
/// may be asked for.
pub async fn city() -> Pen {
    let mut pen = Pen::new();
    for at in ["A1", "A2"] {
        pen.adopt(at, agency(&format!("某市{at}局"))).await;
    }
    pen.adopt("I1", item("事项")).await;
    pen.adopt("I2", Item { agency: code("A2"), ..item("别家的事项") }).await;
    let abolished = || Some(Abolished { reason: "部门间数据共享".into(), document: None });
    for at in ["M1", "M2", "M3"] {
        pen.adopt(at, Material { abolished: abolished(), ..Material::new("无犯罪证明") }).await;
    }
    pen.adopt("M4", Material::new("身份证")).await;
    let asking = |agency: &str, item: &str, materials: &[&str]| {
        let asked = |material: &&str| {
            let asked = json!({ "name": format!("材料{material}"), "material": material, "necessity": "REQUIRED" });
            serde_json::from_value::<MaterialRequirement>(asked).unwrap()
        };
        Guide { agency: code(agency), materials: materials.iter().map(asked).collect(), ..guide("指南", item) }
    };
    for (at, agency, item, materials) in
        [("G1", "A1", "I1", &["M4", "M1"][..]), ("G2", "A1", "I1", &["M1"]), ("G3", "A2", "I2", &["M1"]), ("G4", "A1", "I1", &["M2"])]
    {
        pen.adopt(at, asking(agency, item, materials)).await;
    }
    pen
}

fn one(person: &str, role: Role, agency: Option<&str>) -> Arc<Caller> {
    caller(&format!("account-{person}"), person, vec![grant(role, agency)])
}

pub fn input(bureau: &Bureau, material: &str, agency: &str) -> Value {
    json!({ "commandId": bureau.id(), "material": material, "agency": agency })
}

/// Asks for the revisions: the payload, or the code of the error.
pub async fn propose(bureau: &Bureau, who: Option<&Arc<Caller>>, input: &Value) -> Value {
    let query =
        "mutation ($input: ProposeWithoutMaterialInput!) { payload: proposeWithoutMaterial(input: $input) { status position memberCount
        members { register code refusal { code field rule } } refusal { code field rule message messageEn }
        changeSet { code title step agency streamVersion hash members(first: 9) { nodes { code kind changes { path } } } } } }";
    let mut answer = bureau.answer(who, query, json!({ "input": input })).await;
    match answer["errors"][0]["extensions"]["code"].as_str() {
        Some(code) => json!({ "error": code }),
        None => answer["data"]["payload"].take(),
    }
}

fn members(payload: &Value) -> Vec<&str> {
    let nodes = payload["changeSet"]["members"]["nodes"].as_array().unwrap();
    nodes.iter().map(|member| member["code"].as_str().unwrap()).collect()
}

async fn count(bureau: &Bureau) -> usize {
    bureau.journal.read_all(None, usize::MAX).await.unwrap().events.len()
}

#[tokio::test]
async fn the_revisions_of_an_agency_go_through_as_one_set_and_leave_the_proof_out() {
    let bureau = Bureau::over(city().await.journal);
    let drafter = one("p-d", Role::Drafter, Some("A1"));
    let asked = input(&bureau, "M1", "A1");
    let first = propose(&bureau, Some(&drafter), &asked).await;
    assert_eq!((word(&first), members(&first), &first["memberCount"]), ("APPLIED".to_owned(), vec!["G1", "G2"], &json!(0)), "{first:#}");
    let set = &first["changeSet"];
    assert_eq!(
        (&set["step"], &set["agency"], &set["title"]),
        (&json!("PROPOSED"), &json!("A1"), &json!("取消“无犯罪证明”后的办事指南调整"))
    );
    let written = count(&bureau).await;

    // The same command is answered as the first time, by another node too; another id finds that it is so already.
    for node in [&bureau, &Bureau::over(bureau.journal.clone())] {
        let again = propose(node, Some(&drafter), &asked).await;
        assert_eq!((word(&again), &again["position"], members(&again)), ("UNCHANGED".to_owned(), &first["position"], members(&first)));
    }
    let other = propose(&bureau, Some(&drafter), &input(&bureau, "M1", "A1")).await;
    assert_eq!((word(&other), &other["changeSet"]["code"]), ("UNCHANGED".to_owned(), &set["code"]));
    // Its id stands for nothing else: no other material, no other account.
    let stolen = json!({ "commandId": asked["commandId"], "material": "M2", "agency": "A1" });
    assert_eq!(word(&propose(&bureau, Some(&drafter), &stolen).await), "COMMAND_ID_USED");
    let second = caller("account-second", "p-d", vec![grant(Role::Drafter, Some("A1"))]);
    assert_eq!(word(&propose(&bureau, Some(&second), &asked).await), "COMMAND_ID_USED");
    assert_eq!(count(&bureau).await, written);

    // Another agency has a set of its own.
    let of_other = propose(&bureau, Some(&one("p-e", Role::Drafter, Some("A2"))), &input(&bureau, "M1", "A2")).await;
    assert_eq!((word(&of_other), members(&of_other)), ("APPLIED".to_owned(), vec!["G3"]));

    for (role, verb, more) in [
        (Role::Reviewer, "review", json!({ "expectedVersion": 0 })),
        (Role::Approver, "approve", json!({ "expectedVersion": 1, "documentNumber": "1号" })),
    ] {
        let mut asked = json!({ "commandId": bureau.id(), "code": set["code"], "hash": set["hash"] });
        asked.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let name = if role == Role::Reviewer { "ReviewChangeSetInput" } else { "ApproveChangeSetInput" };
        let query = format!("mutation ($input: {name}!) {{ payload: {verb}ChangeSet(input: $input) {{ status }} }}");
        let who = one(&format!("p-{verb}"), role, Some("A1"));
        let answer = bureau.answer(Some(&who), &query, json!({ "input": asked })).await;
        assert_eq!(answer["data"]["payload"]["status"], "APPLIED", "{answer}");
    }
    let query = "{ registry { guides(first: 9) { nodes { code materials { material { code } } } } } }";
    let guides = bureau.answer(None, query, json!({})).await["data"]["registry"]["guides"]["nodes"].take();
    let of = |at: &str| guides.as_array().unwrap().iter().find(|guide| guide["code"] == at).unwrap()["materials"].clone();
    assert_eq!((of("G1"), of("G2")), (json!([{ "material": { "code": "M4" } }]), json!([])));
    // Long after, the same command is still answered, and a new one finds nothing to do.
    let again = propose(&bureau, Some(&drafter), &asked).await;
    assert_eq!((word(&again), &again["changeSet"]["step"]), ("UNCHANGED".to_owned(), &json!("APPROVED")));
    assert_eq!(word(&propose(&bureau, Some(&drafter), &stolen).await), "COMMAND_ID_USED");
    let nothing = propose(&bureau, Some(&drafter), &input(&bureau, "M1", "A1")).await;
    assert_eq!((word(&nothing), &nothing["changeSet"]), ("UNCHANGED".to_owned(), &Value::Null));
}

#[tokio::test]
async fn what_somebody_drafts_already_is_left_out_and_told() {
    let mut pen = city().await;
    pen.carry("G1", Guide { name: "别的草稿".into(), ..guide("指南", "I1") }, 0).await;
    let bureau = Bureau::over(pen.journal);
    let told = propose(&bureau, Some(&one("p-d", Role::Drafter, Some("A1"))), &input(&bureau, "M1", "A1")).await;
    assert_eq!((word(&told), members(&told)), ("APPLIED".to_owned(), vec!["G2"]));
    assert_eq!(
        told["members"],
        json!([{ "register": "GUIDE", "code": "G1", "refusal": { "code": "DRAFT_EXISTS", "field": "code", "rule": "Art. 7" } }])
    );
}

#[tokio::test]
async fn a_material_that_is_not_there_or_may_be_asked_for_is_refused_with_its_field() {
    let bureau = Bureau::over(city().await.journal);
    let drafter = one("p-d", Role::Drafter, None);
    for (material, refused) in [("M9", "MATERIAL_NOT_FOUND"), ("M4", "MATERIAL_NOT_ABOLISHED")] {
        let told = propose(&bureau, Some(&drafter), &input(&bureau, material, "A1")).await;
        assert_eq!((word(&told), &told["refusal"]["field"]), (refused.to_owned(), &json!("input.material")), "{told}");
        let chinese = |c: char| ('一'..='龥').contains(&c);
        let (zh, en) = (told["refusal"]["message"].as_str().unwrap(), told["refusal"]["messageEn"].as_str().unwrap());
        assert!(zh.contains(chinese) && !en.contains(chinese) && zh.contains(material) && en.contains(material), "{zh} / {en}");
    }
    let nobody_asks = propose(&bureau, Some(&drafter), &input(&bureau, "M3", "A1")).await;
    assert_eq!((word(&nobody_asks), &nobody_asks["changeSet"]), ("UNCHANGED".to_owned(), &Value::Null));
    for (material, agency) in [("无", "A1"), ("M1", "无")] {
        assert_eq!(word(&propose(&bureau, Some(&drafter), &input(&bureau, material, agency)).await), "BAD_REQUEST");
    }
    let mistyped = propose(&bureau, Some(&drafter), &input(&bureau, "M1", "A9")).await;
    assert_eq!((word(&mistyped), &mistyped["refusal"]["field"]), ("AGENCY_NOT_FOUND".to_owned(), &json!("input.agency")), "{mistyped}");
}

#[tokio::test(start_paused = true)]
async fn one_that_was_cut_off_is_completed_by_the_same_command() {
    let drafter = one("p-d", Role::Drafter, Some("A1"));
    // The event of the set, and a draft and a submission of each guide.
    let writes = 5;
    for fault in [Fault::NotExecuted, Fault::UnknownAndLost, Fault::UnknownButKept] {
        for after in 0..writes {
            let case = format!("{fault:?} from append {after} on");
            let well = Bureau::over(city().await.journal);
            let (before, asked) = (count(&well).await, input(&well, "M1", "A1"));
            let faults = repeat_n(Fault::None, after).chain(repeat_n(fault.clone(), 500));
            let ill = Bureau::over(Arc::new(Faulty::new(well.journal.clone(), faults)));
            let told = word(&propose(&ill, Some(&drafter), &asked).await);
            let certain = after == 0 && fault == Fault::NotExecuted;
            assert_eq!(told, if certain { "UNAVAILABLE" } else { "UNKNOWN" }, "{case}");
            let again = propose(&well, Some(&drafter), &asked).await;
            let kept = after > 0 || fault == Fault::UnknownButKept;
            assert_eq!((word(&again).as_str(), members(&again)), (if kept { "UNCHANGED" } else { "APPLIED" }, vec!["G1", "G2"]), "{case}");
            assert_eq!(count(&well).await, before + writes, "{case}");
            assert_eq!(
                (word(&propose(&well, Some(&drafter), &asked).await), count(&well).await),
                ("UNCHANGED".to_owned(), before + writes)
            );
        }
    }
}
