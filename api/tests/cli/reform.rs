//! An institutional reform from the command line: the plan, the dry run, what a list says afterwards, and the real sets.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use api::{app, registrar::import::Importer};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    envelope::{ActorId, Code},
    register::{Item, Register},
    value::Channel,
};
use exchange::{ReadOptions, read_paths};
use journal::{SharedJournal, SqliteJournal, load};
use projections::{Index, ListQuery, Snapshot, Term, count, views_of};
use serde_json::{Value, json};

use super::process::{Ran, assert_both_languages, on};

const DAY: &str = "2035-01-01";

/// The first moment of that day in China.
fn moment() -> DateTime<Utc> {
    "2034-12-31T16:00:00Z".parse().unwrap()
}

struct City {
    folder: tempfile::TempDir,
}

impl City {
    fn new() -> Self {
        let city = Self { folder: tempfile::tempdir().unwrap() };
        for (name, rows) in [
            ("某市工商局", "甲类处罚,行政处罚,《某法》第一条\n乙类检查,行政检查,《某法》第二条\n"),
            ("某市质监局", "丙类处罚,行政处罚,《某法》第三条\n"),
        ] {
            city.import(name, rows, "2025");
        }
        city
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn import(&self, publisher: &str, rows: &str, edition: &str) -> Value {
        let list = self.folder.path().join("list.csv");
        fs::write(&list, format!("事项名称,类型,实施依据\n{rows}")).unwrap();
        self.on(&["import", list.to_str().unwrap(), "--publisher", publisher, "--edition", edition, "--json"]).ok().json()
    }

    fn on(&self, arguments: &[&str]) -> Ran {
        on(&self.data(), arguments)
    }

    fn reform(&self, plan: &str, more: &[&str]) -> Ran {
        let path = self.folder.path().join("plan.csv");
        fs::write(&path, plan).unwrap();
        let arguments = ["reform", "--plan", path.to_str().unwrap(), "--effective", DAY, "--document", "某政发〔2098〕9号"];
        self.on(&[&arguments[..], more].concat())
    }
}

const MERGER: &str = "原机构,承接机构,承接机构名称,层级\n某市工商局,,某市市场监管局,市级\n某市质监局,,某市市场监管局,\n";

#[test]
fn a_dry_run_tells_what_would_move_and_writes_nothing_and_the_act_does_it_once() {
    let city = City::new();
    let dry = city.reform(MERGER, &["--dry-run"]).ok();
    for words in ["dry run, nothing written", "changed 6", "→ ", "新设 found", "撤销 end"] {
        assert!(dry.out.contains(words), "{words}: {}", dry.out);
    }
    let would = city.reform(MERGER, &["--dry-run", "--json"]).ok().json();
    let done = city.reform(MERGER, &["--json"]).ok().json();
    assert_eq!((&would["counts"], &would["total"]), (&done["counts"], &done["total"]));
    assert_eq!(done["total"], json!({ "changed": 6, "unchanged": 0, "refused": 0 }));
    assert_eq!((&done["effectiveFrom"], done["steps"].as_array().unwrap().len()), (&json!(moment()), 6));
    let again = city.reform(MERGER, &["--json"]).ok().json();
    assert_eq!(again["total"], json!({ "changed": 0, "unchanged": 6, "refused": 0 }));
    // Whether one that was given was cut off is told by the same as a dry run.
    assert!(!dry.out.contains("begun at") && done["begunAt"].is_null() && again["begunAt"].is_string(), "{again}");
    let looked = city.reform(MERGER, &["--dry-run"]).ok();
    assert!(
        looked.out.contains("此前已全部办理 / the act was begun at") && looked.out.contains("all of it was done before"),
        "{}",
        looked.out
    );

    let item = done["steps"].as_array().unwrap().iter().find(|step| step["what"] == "move").unwrap();
    let history = city.on(&["history", "item", item["code"].as_str().unwrap(), "--json"]).ok().json();
    assert_eq!((&history[1]["kind"], &history[1]["document"]), (&json!("transferred"), &json!("某政发〔2098〕9号")));
    assert_eq!(history[1]["changes"][0]["before"], item["from"]);
    assert_eq!(history[1]["changes"][0]["after"], item["to"]);
    let told = city.on(&["history", "item", item["code"].as_str().unwrap()]).ok().out;
    assert!(told.contains("机构改革，由") && told.contains("实施主体"), "{told}");
    city.on(&["rebuild", "--check"]).ok();
}

#[test]
fn a_list_of_before_the_reform_changes_nothing_and_what_left_it_by_the_reform_is_not_proposed_for_repeal() {
    let city = City::new();
    city.reform(MERGER, &[]).ok();
    let again = city.import("某市工商局", "甲类处罚,行政处罚,《某法》第一条\n乙类检查,行政检查,《某法》第二条\n", "2025");
    assert_eq!((&again["unchanged"], &again["adopted"], &again["revised"]), (&json!(2), &json!(0), &json!(0)), "{again}");
    let newer = city.import("某市质监局", "丁类处罚,行政处罚,《某法》第九条\n", "2026");
    assert_eq!((&newer["adopted"], &newer["repealProposals"]), (&json!(1), &json!([])), "{newer}");
}

/// By the clock of a later day, which no command line has.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn from_the_day_on_a_new_line_of_a_list_that_names_a_merged_agency_is_its_successors() {
    let city = City::new();
    let merged = city.reform(MERGER, &["--json"]).ok().json();
    let found = merged["steps"].as_array().unwrap().iter().find(|step| step["what"] == "found").unwrap();
    let list = city.folder.path().join("later.csv");
    fs::write(&list, "事项名称,类型,实施依据\n甲类处罚,行政处罚,《某法》第一条\n戊类处罚,行政处罚,《某法》第九条\n").unwrap();
    let options = ReadOptions { publisher: Some("某市工商局".into()), edition: Some("2025".into()), ..ReadOptions::default() };
    let readings = read_paths(&[list], &options, &()).into_iter().flat_map(Result::unwrap).collect();
    let journal: SharedJournal = Arc::new(SqliteJournal::open(&app::journal_path(&city.data())).unwrap());
    let later = moment() + TimeDelta::days(1);
    let importer = Importer::new(journal.clone(), Arc::new(move || later), ActorId::new("import"), None);
    let account = importer.import(readings, &|_| ()).await.unwrap();
    let outcomes: Vec<_> = account.rows.iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, ["unchanged", "adopted"]);
    let new = load::<Item>(journal.as_ref(), account.rows[1].code.as_ref().unwrap()).await.unwrap().state;
    assert_eq!(new.latest.unwrap().content.agency.as_str(), found["code"]);
    assert_eq!(account.number("adopted"), 1, "the agency that ended is not begun again");
    assert!(account.entries.get(&Register::Agency).is_none_or(|agencies| agencies.adopted == 0));
}

#[test]
fn a_wrong_plan_is_refused_whole_with_rows_and_what_to_do() {
    let city = City::new();
    let ran = city.reform("原机构,承接机构,事项\n某市工商局,某市质监局,丙类处罚\n无此局,某市质监局,\n", &[]).failed(&["2"]);
    for words in ["第2行 row 2", "ITEM_UNKNOWN", "第3行 row 3", "AGENCY_UNKNOWN"] {
        assert!(ran.out.contains(words), "{words}: {ran:?}");
    }
    ran.out.lines().for_each(assert_both_languages);
    let wrong = city.reform("原机构,承接机构\n无此局,某市质监局\n", &["--json"]);
    assert_eq!((wrong.code, &wrong.json()["defects"][0]["row"], &wrong.json()["outcome"]), (Some(1), &json!(2), &json!("wrong")));
    city.reform("原机构,去向\n某市工商局,某市质监局\n", &[]).failed(&["PLAN_HEADING"]);
    let missing = city.folder.path().join("nowhere.csv");
    let arguments = ["reform", "--plan", missing.to_str().unwrap(), "--effective", DAY, "--document", "9号"];
    city.on(&arguments).failed(&["PATH_NOT_FOUND"]);
    let past = city.folder.path().join("plan.csv");
    fs::write(&past, MERGER).unwrap();
    let arguments = ["reform", "--plan", past.to_str().unwrap(), "--effective", "2020-01-01", "--document", "9号"];
    let past = city.on(&arguments).failed(&["1"]);
    assert!(past.out.contains("EFFECTIVE_TOO_SOON"), "{past:?}");
    assert_eq!(city.reform(MERGER, &["--dry-run", "--json"]).ok().json()["total"]["changed"], 6, "nothing of it was done");
}

#[test]
fn another_plan_under_the_same_document_is_another_act_and_is_told() {
    let city = City::new();
    city.reform("原机构,承接机构,事项\n某市工商局,某市质监局,甲类处罚\n", &[]).ok();
    let second = city.reform("原机构,承接机构,事项\n某市工商局,某市质监局,乙类检查\n", &[]).ok();
    assert!(second.err.contains("other plans"), "{second:?}");
    let back = city.reform("原机构,承接机构,事项\n某市工商局,某市质监局,甲类处罚\n某市工商局,某市质监局,乙类检查\n", &[]);
    assert!(back.failed(&["2"]).out.contains("ITEM_UNKNOWN"), "what moved is not of the old agency any more");
}

/// The sets beside the workspace.
fn sets() -> Option<[PathBuf; 2]> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let sets = [data.join("karamay-power-lists"), data.join("guangdong-items/policy.ndjson")];
    sets.iter().all(|set| set.exists()).then_some(sets)
}

async fn counted(snapshot: &dyn Snapshot, register: Register, agency: &Code, at: DateTime<Utc>) -> usize {
    let query = ListQuery { terms: vec![Term::of_code(Index::Agency, agency)], text: None };
    let mut counts = Vec::new();
    for channel in Channel::ALL {
        counts.push(count(snapshot, (channel, register), &query, at).await.unwrap());
    }
    assert_eq!(counts[0], counts[1], "both channels");
    counts[0]
}

async fn snapshot(data: &Path) -> std::sync::Arc<dyn Snapshot> {
    let journal = app::open_journal_to_read(&app::Place::Folder(data.to_owned())).await.unwrap();
    views_of(journal, &|_| ()).await.unwrap().now().await.unwrap()
}

#[tokio::test]
async fn in_the_real_sets_two_agencies_become_one_and_nothing_is_lost() {
    let Some(sets) = sets() else {
        println!("SKIPPED the real sets: ../shared/data is not there");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let import = |set: &Path, more: &[&str]| on(data, &[&["import", set.to_str().unwrap(), "--json"], more].concat()).ok().json();
    let region: &[&str] = &["--region", "650200"];
    let first = [import(&sets[0], region), import(&sets[1], &[])];

    let before = snapshot(data).await;
    let now = app::system_clock()();
    let agencies: Vec<_> = before.keys().await.unwrap().into_iter().filter(|key| key.register == Register::Agency).collect();
    let mut sizes = BTreeMap::new();
    for key in agencies.into_iter().filter(|key| key.channel == Channel::Online) {
        sizes.insert(key.code.clone(), counted(before.as_ref(), Register::Item, &key.code, now).await);
    }
    let mut by_size: Vec<_> = sizes.iter().map(|(code, size)| (*size, code.clone())).collect();
    by_size.sort();
    by_size.reverse();
    let [(_, a), (_, b), (_, to)] = [by_size[0].clone(), by_size[1].clone(), by_size[2].clone()];
    let mut expected = BTreeMap::new();
    for register in [Register::Item, Register::Guide] {
        let mut sum = 0;
        for code in [&a, &b, &to] {
            sum += counted(before.as_ref(), register, code, now).await;
        }
        expected.insert(register, sum);
    }

    let plan = data.join("plan.csv");
    fs::write(&plan, format!("原机构,承接机构\n{a},{to}\n{b},{to}\n")).unwrap();
    let reform = |more: &[&str]| {
        let arguments = ["reform", "--plan", plan.to_str().unwrap(), "--effective", DAY, "--document", "某政发〔2098〕9号", "--json"];
        on(data, &[&arguments[..], more].concat()).ok().json()
    };
    let begun = Instant::now();
    let done = reform(&[]);
    println!("{} steps of {} events in {:.1?}", done["total"], first[0]["read"], begun.elapsed());
    let after = snapshot(data).await;
    for (register, sum) in expected {
        for (code, on_the_day) in [(&a, 0), (&b, 0), (&to, sum)] {
            let was = counted(before.as_ref(), register, code, now).await;
            assert_eq!(counted(after.as_ref(), register, code, moment() - TimeDelta::seconds(1)).await, was);
            assert_eq!(counted(after.as_ref(), register, code, moment()).await, on_the_day, "{register} of {code}");
        }
        println!("{register}: {sum} at one agency from the day on");
    }
    let total = |snapshot: std::sync::Arc<dyn Snapshot>, at| async move {
        count(snapshot.as_ref(), (Channel::Online, Register::Item), &ListQuery::default(), at).await.unwrap()
    };
    assert_eq!(total(after.clone(), moment()).await, total(before.clone(), now).await, "no item came or went");
    assert_eq!(on(data, &["rebuild", "--check", "--json"]).ok().json()["equal"], true);
    assert_eq!(reform(&[])["total"]["changed"], 0);
    // The lists of before change nothing of it.
    let again = [import(&sets[0], region), import(&sets[1], &[])];
    for (first, again) in first.iter().zip(&again) {
        assert_eq!(again["unchanged"], first["adopted"].as_u64().unwrap() + first["unchanged"].as_u64().unwrap(), "{again}");
        assert_eq!((&again["adopted"], &again["revised"], &again["repealProposals"]), (&json!(0), &json!(0), &json!([])));
    }
}
