use domain::{envelope::Code, value::Finding};
use exchange::{FileError, table::Table};

use super::{Account, RepealProposal, SetReport};

/// The report of an import as tables: rows, lists and files, proposals to repeal. As CSV the first is written, with what concerns whole
/// lists, the proposals to repeal and files that could not be read at its end, so that nothing is missing there.
pub fn tables(account: &Account, files: &[FileError]) -> Vec<Table> {
    let rows = Table { name: "行 rows".to_owned(), header: header(), rows: rows(account, files) };
    let lists = Table {
        name: "清单 lists".to_owned(),
        header: ["文件 file", "工作表 sheet", "标题 title", "版次 edition", "发布机构 publisher", "发现 findings"]
            .map(str::to_owned)
            .to_vec(),
        rows: account
            .lists
            .iter()
            .map(|(info, findings)| {
                let text = |text: &Option<String>| text.clone().unwrap_or_default();
                vec![info.file.clone(), text(&info.sheet), text(&info.title), text(&info.edition), text(&info.publisher), told(findings)]
            })
            .collect(),
    };
    vec![rows, lists]
}

fn header() -> Vec<String> {
    let words = [
        "文件 file",
        "工作表 sheet",
        "行 row",
        "结果 outcome",
        "登记册 register",
        "编码 code",
        "名称 name",
        "原因代码 reason",
        "原因",
        "reason in English",
        "发现 findings",
    ];
    words.map(str::to_owned).to_vec()
}

#[expect(clippy::too_many_lines, reason = "one kind of row after the other")]
fn rows(account: &Account, files: &[FileError]) -> Vec<Vec<String>> {
    let mut out = Vec::with_capacity(account.rows.len());
    let along = account.refused_along.iter().map(|row| (row, "along-refused"));
    for (row, outcome) in account.rows.iter().map(|row| (row, row.outcome)).chain(along) {
        let (code, zh, en) = row.why.clone().unwrap_or_default();
        out.push(vec![
            row.place.file.clone(),
            row.place.sheet.clone().unwrap_or_default(),
            row.place.row.to_string(),
            outcome.to_owned(),
            row.register.map(|r| r.word().to_owned()).unwrap_or_default(),
            row.code.as_ref().map(ToString::to_string).unwrap_or_default(),
            row.name.clone().unwrap_or_default(),
            code,
            zh,
            en,
            told(&row.findings),
        ]);
    }
    for (info, findings) in &account.lists {
        for finding in findings {
            let empty = String::new;
            let sheet = info.sheet.clone().unwrap_or_default();
            let title = info.title.clone().unwrap_or_default();
            let (zh, en) = (finding.zh.clone(), finding.en.clone());
            out.push(vec![
                info.file.clone(),
                sheet,
                empty(),
                "list-finding".to_owned(),
                empty(),
                empty(),
                title,
                finding.code.clone(),
                zh,
                en,
                empty(),
            ]);
        }
    }
    out.extend(account.sets.iter().map(of_set));
    for proposal in &account.repeals {
        let list = proposal.list.clone().unwrap_or_default();
        if let Some(set) = &proposal.change_set {
            out.push(of_gone(proposal, &list, set));
            continue;
        }
        if let Some((code, zh, en)) = proposal.why.clone() {
            let (register, entry) = (proposal.register.word().to_owned(), proposal.code.to_string());
            let empty = String::new;
            out.push(vec![
                empty(),
                empty(),
                empty(),
                "gone-refused".to_owned(),
                register,
                entry,
                proposal.name.clone(),
                code,
                zh,
                en,
                empty(),
            ]);
            continue;
        }
        out.push(vec![
            String::new(),
            String::new(),
            String::new(),
            "repeal-proposed".to_owned(),
            proposal.register.word().to_owned(),
            proposal.code.to_string(),
            proposal.name.clone(),
            "NOT_IN_NEWER_EDITION".to_owned(),
            format!("新版清单中没有该条目（原列于{list}），请决定是否取消"),
            format!("the newer edition does not hold it (it stood on {list}); decide whether it is repealed"),
            String::new(),
        ]);
    }
    for file in files {
        let outcome = if file.skipped { "file-skipped" } else { "file-failed" };
        let name = file.path.display().to_string();
        let empty = String::new;
        let (zh, en) = (file.zh.clone(), file.en.clone());
        out.push(vec![name, empty(), empty(), outcome.to_owned(), empty(), empty(), empty(), file.code.to_owned(), zh, en, empty()]);
    }
    out
}

/// The change set of a list.
fn of_set(set: &SetReport) -> Vec<String> {
    let empty = String::new;
    let (reason, zh, en) = set.why.clone().unwrap_or_else(|| {
        let counts = set.members;
        (
            set.status.to_owned(),
            format!("新增{}项、变更{}项、取消{}项", counts.new, counts.changed, counts.gone),
            format!("{} new, {} changed, {} gone", counts.new, counts.changed, counts.gone),
        )
    });
    let code = set.code.as_ref().map(ToString::to_string).unwrap_or_default();
    vec![empty(), empty(), empty(), "change-set".to_owned(), empty(), code, set.list_key.clone(), reason, zh, en, empty()]
}

/// An entry that a change set repeals.
fn of_gone(proposal: &RepealProposal, list: &str, set: &Code) -> Vec<String> {
    let empty = String::new;
    vec![
        empty(),
        empty(),
        empty(),
        "gone".to_owned(),
        proposal.register.word().to_owned(),
        proposal.code.to_string(),
        proposal.name.clone(),
        "NOT_IN_NEWER_EDITION".to_owned(),
        format!("新版清单中没有该条目（原列于{list}），随变更集{set}审签后取消"),
        format!("the newer edition does not hold it (it stood on {list}); it is repealed when change set {set} is approved"),
        empty(),
    ]
}

fn told(findings: &[Finding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
