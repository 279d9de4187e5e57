//! `import --as-drafts` of lists that somebody else works on, after a return, and after it was cut off; and of what comes along with them.

use std::{fs, path::Path, sync::Arc};

use api::registrar::import::{Account, ImportError, Importer, RowReport, import_as_drafts};
use chrono::TimeDelta;
use domain::{
    acting::{Acting, Capacity, PersonId, Role, Scope},
    changeset::{Kind, Step},
    entry::{self, Adopt, Approve, Draft, Review, Source, Submit},
    envelope::{ActorId, Code},
    register::{Abolished, Guide, Item, Material, Register},
    value::{Hash, ItemType, LegalBasis},
};
use exchange::{Progress, ReadOptions, Reading, read_paths};
use journal::{
    MemoryJournal,
    faults::{Fault, Faulty},
    load,
};

use super::support::*;

/// An export with one guide, its item, its agency, and two materials.
const EXPORT: &str = r#"{"TASK_CODE":"1144000000693975W8244010200300101","TASK_NAME":"居民身份证换领","TASK_TYPE_TEXT":"公共服务","DEPT_NAME":"东海市公安局","DEPT_CODE":"1144000000693975W8","RESULT_NAME":"证","LINK_WAY":"12345","SUPERVISE_WAY":"12388","MATERIAL_LIST":[{"material_name":"户口簿"},{"material_name":"照片"}]}"#;

struct Office {
    folder: tempfile::TempDir,
    bench: Bench,
}

impl Office {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), bench: Bench::over(Arc::new(MemoryJournal::new())) }
    }

    /// A register with an edition of three lines.
    async fn begun() -> Self {
        let office = Self::new();
        let lines = office.list("2025", &[("甲", "一"), ("乙", "二"), ("丙", "三")]);
        let clock = Arc::new(now);
        let importer = Importer::new(office.bench.desk.journal.clone(), clock, ActorId::new("import"), None);
        assert_eq!(importer.import(lines, &|_| ()).await.unwrap().number("adopted"), 3);
        office
    }

    fn list(&self, edition: &str, lines: &[(&str, &str)]) -> Vec<Reading> {
        let rows = lines.iter().map(|(name, basis)| format!("{name}类处罚,行政处罚,《某法》第{basis}条\n")).collect::<Vec<_>>().concat();
        let path = self.folder.path().join(format!("{edition}.csv"));
        fs::write(&path, format!("事项名称,类型,实施依据\n{rows}")).unwrap();
        let edition = Some(edition.to_owned());
        read(&path, &ReadOptions { publisher: Some("某市公安局".into()), edition, ..ReadOptions::default() })
    }

    fn export(&self) -> Vec<Reading> {
        let path = self.folder.path().join("export.ndjson");
        fs::write(&path, EXPORT).unwrap();
        read(&path, &ReadOptions::default())
    }

    async fn drafts(&self, readings: Vec<Reading>) -> Account {
        drafts(&self.bench, readings).await.unwrap()
    }

    /// The code of the line of a name.
    async fn code(&self, name: &str) -> Code {
        let all = self.bench.desk.journal.read_all(None, usize::MAX).await.unwrap().events;
        for stream in all.iter().map(|recorded| &recorded.stream).filter(|stream| stream.to_string().starts_with("item")) {
            let state = load::<Item>(self.bench.desk.journal.as_ref(), &stream.code).await.unwrap().state;
            if state.latest.is_some_and(|latest| latest.content.name == format!("{name}类处罚")) {
                return stream.code.clone();
            }
        }
        panic!("no line {name}")
    }

    /// Somebody drafts on a line of the list, beside all sets.
    async fn drafted_singly(&self, name: &str) {
        let at = self.code(name).await;
        let content = self.bench.state(at.as_str()).await.latest.unwrap().content;
        let draft = Draft::of(Item { remark: Some("别人的草稿".into()), ..Item::clone(&content) });
        let acting = Acting { person: PersonId::new("p-x"), role: Role::Drafter, scope: Scope::Agency(content.agency.clone()) };
        self.bench.give::<Item>(at.as_str(), Capacity::Person(acting), draft.into()).await;
    }
}

fn read(path: &Path, options: &ReadOptions) -> Vec<Reading> {
    let nobody: &(dyn Progress + Sync) = &();
    read_paths(&[path.to_owned()], options, nobody).into_iter().flat_map(Result::unwrap).collect()
}

async fn drafts(bench: &Bench, readings: Vec<Reading>) -> Result<Account, ImportError> {
    let city = caller("p-d", Role::Drafter, None);
    import_as_drafts(&bench.desk, (&city, Arc::new(now)), readings, &|_| ()).await
}

/// What became of rows, in order, with the code of why not.
fn rows(account: &Account) -> Vec<String> {
    let told = |row: &RowReport| row.why.as_ref().map_or_else(|| row.outcome.to_owned(), |(code, ..)| format!("{} {code}", row.outcome));
    account.rows.iter().map(told).collect()
}

/// The set of the one list, and what was done with it.
fn set(account: &Account) -> (Code, &'static str) {
    let [set] = account.sets.as_slice() else { panic!("{:?}", account.sets) };
    (set.code.clone().unwrap_or_else(|| panic!("{set:?}")), set.status)
}

async fn passes(bench: &Bench, set: &Code, first: u128) {
    let agency = bench.set(set).await.state.agency;
    let approver = caller("p-a", Role::Approver, agency.as_ref().map(Code::as_str));
    let reviewed = bench.ask(&reviewer(), first, set, bench.review(set).await).await;
    assert_eq!(word(&reviewed), "APPLIED", "{:?}", members(&reviewed));
    let became = bench.ask(&approver, first + 1, set, bench.approve(set).await).await;
    assert_eq!(word(&became), "APPLIED", "{:?}", members(&became));
}

#[tokio::test]
async fn a_line_that_the_lifecycle_refuses_is_told_and_the_rest_goes_on() {
    let office = Office::begun().await;
    office.drafted_singly("甲").await;
    office.drafted_singly("丙").await;
    // The first is changed, the second as it was, the third is gone, and one is new.
    let account = office.drafts(office.list("2026", &[("甲", "九"), ("乙", "二"), ("丁", "四")])).await;
    assert_eq!(rows(&account), ["rejected DRAFT_EXISTS", "unchanged", "new"]);
    let (code, status) = set(&account);
    assert_eq!(status, "PROPOSED");
    let members = office.bench.set(&code).await.state.members;
    assert_eq!(members.iter().map(|member| member.kind).collect::<Vec<_>>(), [Kind::New]);
    let tally = account.entries[&Register::Item];
    assert_eq!((tally.new, tally.changed, tally.unchanged, tally.refused), (1, 0, 1, 1));
    // What is gone and cannot go is told with its reason, and by no set.
    let [gone] = account.repeals.as_slice() else { panic!("{:?}", account.repeals) };
    assert_eq!((&gone.code, &gone.change_set), (&office.code("丙").await, &None));
    assert_eq!(gone.why.as_ref().map(|(code, ..)| code.as_str()), Some("DRAFT_EXISTS"));
    let tables = api::registrar::import::tables(&account, &[]);
    assert!(tables[0].rows.iter().any(|row| row[3] == "gone-refused" && row[7] == "DRAFT_EXISTS"), "{:?}", tables[0].rows);
    passes(&office.bench, &code, 10).await;
}

#[tokio::test]
async fn after_a_return_the_list_is_proposed_again_under_the_same_code() {
    let office = Office::begun().await;
    let newer = |basis: &str| office.list("2026", &[("甲", basis), ("乙", "二"), ("丁", "四")]);
    let (code, _) = set(&office.drafts(newer("九")).await);
    assert_eq!(word(&office.bench.ask(&reviewer(), 2, &code, return_()).await), "APPLIED");
    // Corrected as it was asked for.
    let corrected = office.drafts(newer("十")).await;
    assert_eq!((rows(&corrected), set(&corrected)), (vec!["changed".into(), "unchanged".into(), "new".into()], (code.clone(), "PROPOSED")));
    assert_eq!(set(&office.drafts(newer("十")).await), (code.clone(), "UNCHANGED"));
    // And as it was, where nothing of the list is to be changed.
    assert_eq!(word(&office.bench.ask(&reviewer(), 3, &code, return_()).await), "APPLIED");
    assert_eq!(set(&office.drafts(newer("十")).await), (code.clone(), "PROPOSED"));
    assert_eq!(set(&office.drafts(newer("十")).await), (code.clone(), "UNCHANGED"));
    passes(&office.bench, &code, 10).await;
    let done = office.drafts(newer("十")).await;
    assert_eq!(rows(&done), ["unchanged"; 3]);
    let changed = office.bench.state(office.code("甲").await.as_str()).await.latest.unwrap();
    assert_eq!((changed.content.legal_bases[0].article.as_deref(), changed.source.edition.as_deref()), (Some("第十条"), Some("2026")));
}

#[tokio::test]
async fn what_was_drafted_by_somebody_else_after_a_return_is_left_out_and_told() {
    let office = Office::begun().await;
    let newer = || office.list("2026", &[("甲", "九"), ("乙", "二"), ("丙", "三"), ("丁", "四")]);
    let (code, _) = set(&office.drafts(newer()).await);
    assert_eq!(word(&office.bench.ask(&reviewer(), 2, &code, return_()).await), "APPLIED");
    let at = office.code("甲").await;
    let agency = office.bench.state(at.as_str()).await.latest.unwrap().content.agency.clone();
    let acting = Acting { person: PersonId::new("p-x"), role: Role::Drafter, scope: Scope::Agency(agency) };
    let withdraw = domain::entry::Withdraw { reason: "误".into() };
    office.bench.give::<Item>(at.as_str(), Capacity::Person(acting), withdraw.into()).await;
    office.drafted_singly("甲").await;
    let theirs = office.bench.state(at.as_str()).await.pending;
    let again = office.drafts(newer()).await;
    assert_eq!(rows(&again), ["rejected DRAFT_EXISTS", "unchanged", "unchanged", "new"]);
    assert_eq!(set(&again), (code.clone(), "PROPOSED"));
    assert_eq!(office.bench.set(&code).await.state.members.len(), 1);
    assert_eq!(office.bench.state(at.as_str()).await.pending, theirs, "what somebody else wrote is neither overwritten nor ended");
    passes(&office.bench, &code, 10).await;
}

#[tokio::test(start_paused = true)]
async fn a_set_that_was_drafted_by_half_is_completed_by_the_same_import() {
    for fault in [Fault::NotExecuted, Fault::UnknownAndLost, Fault::UnknownButKept] {
        for after in 0..5 {
            let office = Office::begun().await;
            let newer = || office.list("2026", &[("甲", "九"), ("乙", "二"), ("丁", "四")]);
            let faults = std::iter::repeat_n(Fault::None, after).chain(std::iter::repeat_n(fault.clone(), 500));
            let broken = Bench::over(Arc::new(Faulty::new(office.bench.desk.journal.clone(), faults)));
            if let Ok(account) = drafts(&broken, newer()).await {
                assert_eq!(account.sets[0].status, "UNKNOWN", "cut after {after} with {fault:?}");
            }
            let (code, status) = set(&office.drafts(newer()).await);
            assert!(["PROPOSED", "UNCHANGED"].contains(&status), "cut after {after} with {fault:?}: {status}");
            let state = office.bench.set(&code).await.state;
            assert_eq!((state.step, state.members.len()), (Step::Proposed, 3));
            for member in state.members.iter().filter(|member| member.kind != Kind::Gone) {
                assert_eq!(office.bench.state(member.code.as_str()).await.step(), Some(domain::entry::Step::Submitted), "{}", member.code);
            }
            assert_eq!(set(&office.drafts(newer()).await), (code.clone(), "UNCHANGED"));
            passes(&office.bench, &code, 10).await;
        }
    }
}

#[tokio::test]
async fn agencies_items_and_materials_that_come_along_are_members_where_they_are_new() {
    let office = Office::new();
    let account = office.drafts(office.export()).await;
    assert_eq!((rows(&account), account.refused_along.len()), (vec!["new".into()], 0), "{:?}", account.rows);
    let (code, status) = set(&account);
    assert_eq!(status, "PROPOSED");
    let of = |register| account.entries[&register].new;
    assert_eq!([Register::Agency, Register::Item, Register::Guide, Register::Material].map(of), [1, 1, 1, 2]);
    let state = office.bench.set(&code).await.state;
    assert_eq!((state.members.len(), &state.agency), (5, &None), "what no agency answers for makes the set the city's");
    passes(&office.bench, &code, 10).await;
    // What is kept of them is not the list's to change.
    let again = office.drafts(office.export()).await;
    assert_eq!((rows(&again), again.sets[0].code.as_ref()), (vec!["unchanged".into()], None));
}

#[tokio::test]
async fn what_came_along_and_is_refused_is_told_and_the_rest_goes_on() {
    let first = Office::new();
    let (code, _) = set(&first.drafts(first.export()).await);
    let members = first.bench.set(&code).await.state.members;
    let material = members.iter().find(|member| member.register == Register::Material).unwrap().code.clone();

    let office = Office::new();
    let acting = Acting { person: PersonId::new("p-x"), role: Role::Drafter, scope: Scope::City };
    office.bench.give::<Material>(material.as_str(), Capacity::Person(acting), Draft::of(Material::new("别人的草稿")).into()).await;
    let account = office.drafts(office.export()).await;
    let (code, status) = set(&account);
    assert_eq!((status, office.bench.set(&code).await.state.members.len()), ("PROPOSED", 4));
    let [refused] = account.refused_along.as_slice() else { panic!("{:?}", account.refused_along) };
    assert_eq!((refused.outcome, &refused.code), ("rejected", &Some(material)));
    assert_eq!(refused.why.as_ref().map(|(code, ..)| code.as_str()), Some("DRAFT_EXISTS"));
    let tally = account.entries[&Register::Material];
    assert_eq!((tally.new, tally.refused), (1, 1));
    let tables = api::registrar::import::tables(&account, &[]);
    assert!(tables[0].rows.iter().any(|row| row[3] == "along-refused" && row[7] == "DRAFT_EXISTS"), "{:?}", tables[0].rows);
}

/// Of two guides one comes with an item on which somebody else works. The guide falls with its item, and nothing else does.
#[tokio::test]
async fn a_row_that_falls_with_what_came_along_with_it_stops_nothing_else() {
    let export = |office: &Office| {
        let second = EXPORT.replace("02003001", "02004001").replace("换领", "补领");
        let path = office.folder.path().join("export.ndjson");
        fs::write(&path, format!("{EXPORT}\n{second}\n")).unwrap();
        read(&path, &ReadOptions::default())
    };
    let first = Office::new();
    let (code, _) = set(&first.drafts(export(&first)).await);
    let members = first.bench.set(&code).await.state.members;
    let item = members.iter().find(|member| member.register == Register::Item).unwrap().code.clone();

    let office = Office::new();
    let draft = Draft::of(Item::new("别人的草稿", ItemType::PublicService, "1144000000693975W8".parse().unwrap()));
    let acting = Acting { person: PersonId::new("p-x"), role: Role::Drafter, scope: Scope::City };
    office.bench.give::<Item>(item.as_str(), Capacity::Person(acting), draft.into()).await;
    let account = office.drafts(export(&office)).await;
    assert_eq!(rows(&account), ["rejected CHECKS_FAILED", "new"], "{:?}", account.sets);
    let why = account.rows[0].why.as_ref().unwrap();
    domain::language::assert_each_in_its_language(&why.1, &why.2);
    let [refused] = account.refused_along.as_slice() else { panic!("{:?}", account.refused_along) };
    assert_eq!((&refused.code, refused.why.as_ref().map(|(code, ..)| code.as_str())), (&Some(item), Some("DRAFT_EXISTS")));
    let (code, status) = set(&account);
    assert_eq!(status, "PROPOSED");
    let members = office.bench.set(&code).await.state.members;
    let of = |register| members.iter().filter(|member| member.register == register).count();
    assert_eq!([Register::Agency, Register::Item, Register::Guide, Register::Material].map(of), [1, 1, 1, 2]);
    // The same again finds it so, and the rest goes its way.
    let again = office.drafts(export(&office)).await;
    assert_eq!((rows(&again), set(&again)), (rows(&account), (code.clone(), "UNCHANGED")));
    passes(&office.bench, &code, 10).await;
}

/// The materials of the catalogue, by name, and the codes that the guide of the export asks for.
async fn asked(bench: &Bench) -> (Vec<String>, Vec<String>) {
    let journal = bench.desk.journal.as_ref();
    let (mut names, mut codes) = (Vec::new(), Vec::new());
    let all = journal.read_all(None, usize::MAX).await.unwrap().events;
    let streams: std::collections::BTreeSet<_> = all.iter().filter_map(|recorded| recorded.stream.entry()).collect();
    for entry in streams {
        if entry.register == Register::Material {
            names.push(load::<Material>(journal, &entry.code).await.unwrap().state.latest.unwrap().content.name.clone());
        } else if entry.register == Register::Guide {
            let guide = load::<Guide>(journal, &entry.code).await.unwrap().state.latest.unwrap().content;
            codes.extend(guide.materials.iter().map(|asked| asked.material.as_ref().unwrap().to_string()));
        }
    }
    names.sort();
    (names, codes)
}

fn abolished(name: &str, others: &[&str]) -> Material {
    let abolished = Some(Abolished { reason: "数据共享".into(), document: None });
    Material { abolished, other_names: others.iter().map(|name| (*name).into()).collect(), ..Material::new(name) }
}

/// A list that asks for an abolished proof makes no second one of that name (Art. 5(2)).
#[tokio::test]
async fn what_a_list_asks_for_and_was_abolished_is_the_abolished_one_and_is_told() {
    for kept in [abolished("户口簿", &[]), abolished("居民户口簿", &["户口 簿"])] {
        let office = Office::new();
        office.bench.adopt_any("MX", kept.clone()).await;
        let import = async || {
            let importer = Importer::new(office.bench.desk.journal.clone(), Arc::new(now), ActorId::new("import"), None);
            importer.import(office.export(), &|_| ()).await.unwrap()
        };
        let account = import().await;
        let (names, codes) = asked(&office.bench).await;
        assert_eq!((names.len(), names.contains(&kept.name), codes[0].as_str()), (2, true, "MX"), "{names:?} {codes:?}");
        let of_list: Vec<_> = account.lists.iter().flat_map(|(_, findings)| findings).map(|found| found.code.as_str()).collect();
        assert!(of_list.contains(&"MATERIAL_IS_ABOLISHED"), "{of_list:?}");
        let of_row: Vec<_> = account.rows[0].findings.iter().map(|found| format!("{} {}", found.code, found.path)).collect();
        assert!(of_row.contains(&"MATERIAL_ABOLISHED materials[0]".to_owned()), "{of_row:?}");
        // The same again changes nothing.
        let events = office.bench.events().await;
        import().await;
        assert_eq!(office.bench.events().await, events);
    }
    // Where it is the very entry that an import made before.
    let office = Office::new();
    let importer = Importer::new(office.bench.desk.journal.clone(), Arc::new(now), ActorId::new("import"), None);
    importer.import(office.export(), &|_| ()).await.unwrap();
    let (_, codes) = asked(&office.bench).await;
    office.bench.adopt_any(&codes[0], abolished("户口簿", &[])).await;
    let account = importer.import(office.export(), &|_| ()).await.unwrap();
    assert_eq!((asked(&office.bench).await.1, account.refused_along.len()), (codes, 0));
    assert!(account.lists.iter().flat_map(|(_, findings)| findings).any(|found| found.code == "MATERIAL_IS_ABOLISHED"));
}

#[tokio::test]
async fn a_list_that_asks_for_an_abolished_proof_by_its_former_name_makes_no_second_one() {
    // Renamed since, and announced to come back as another.
    let basis = || vec![LegalBasis { title: "某条例".into(), ..LegalBasis::default() }];
    for later in [abolished("居民户口簿", &[]), Material { legal_bases: basis(), ..Material::new("居民户口簿") }] {
        let office = Office::new();
        let source = Source { file: "2025.xlsx".into(), ..Source::default() };
        let adopt = Adopt { content: abolished("户口簿", &[]), source, effective_from: Some(now() - TimeDelta::days(9)) };
        office.bench.give("MX", Capacity::Import, adopt.into()).await;
        let (drafter, reviewer, approver) = ("p-d", "p-r", "p-a");
        let content_hash = Hash::of_content(&later).unwrap();
        let from = later.abolished.is_none().then(|| now() + TimeDelta::days(20));
        let approve = Approve { content_hash, document: "1号".into(), effective_from: from, beside: Vec::new() };
        for (person, role, command) in [
            (drafter, Role::Drafter, entry::Command::from(Draft::of(later.clone()))),
            (drafter, Role::Drafter, Submit::default().into()),
            (reviewer, Role::Reviewer, Review { content_hash, revision: None }.into()),
            (approver, Role::Approver, approve.into()),
        ] {
            let acting = Acting { person: PersonId::new(person), role, scope: Scope::City };
            office.bench.give("MX", Capacity::Person(acting), command).await;
        }
        let importer = Importer::new(office.bench.desk.journal.clone(), Arc::new(now), ActorId::new("import"), None);
        importer.import(office.export(), &|_| ()).await.unwrap();
        assert_eq!(asked(&office.bench).await.1[0], "MX");
    }
}

#[tokio::test]
async fn a_guide_of_a_list_that_asks_for_an_abolished_proof_is_not_proposed() {
    let office = Office::new();
    office.bench.adopt_any("MX", abolished("户口簿", &[])).await;
    let account = office.drafts(office.export()).await;
    assert_eq!(rows(&account), ["rejected CHECKS_FAILED"]);
    let (.., en) = account.rows[0].why.clone().unwrap();
    assert!(en.contains("MATERIAL_ABOLISHED"), "{en}");
    let (code, _) = set(&account);
    let members = office.bench.set(&code).await.state.members;
    let materials: Vec<_> = members.iter().filter(|member| member.register == Register::Material).collect();
    assert_eq!((materials.len(), materials.iter().any(|member| member.code.as_str() == "MX")), (1, false), "the other one comes in");
}
