use std::path::PathBuf;

use domain::calendar::{Notice, Refusal};
use exchange::{FileError, HolidayFile, read_holidays};
use serde_json::{Value, json};

use super::{Done, Failed, Output, Settings, args::ImportArgs};
use crate::{
    app::{self, system_clock},
    registrar::calendar::{Announced, announce, foresee},
};

/// What became of a file, in the order in which it is told.
const OUTCOMES: [(&str, &str); 6] = [
    ("announced", "新知道"),
    ("unchanged", "未变"),
    ("notAnnounced", "尚未公布"),
    ("ignored", "略过"),
    ("refused", "退回"),
    ("heldBack", "搁置"),
];

/// A file and what became of it.
struct Told {
    path: PathBuf,
    year: Option<i32>,
    outcome: &'static str,
    /// Stable code and both languages.
    why: Option<(String, String, String)>,
}

/// Takes over notices: all of them, or none.
pub async fn run(settings: &Settings, verb: &ImportArgs, output: &Output) -> Done {
    let paths = verb.paths.clone();
    let files = tokio::task::spawn_blocking(move || read_holidays(&paths)).await?;
    let (mut told, mut notices) = (Vec::new(), Vec::new());
    for (path, read) in files {
        if let Ok(HolidayFile::Year(notice)) = &read {
            notices.push((told.len(), notice.clone()));
        }
        told.push(of_file(path, &read));
    }
    let (places, notices): (Vec<usize>, Vec<Notice>) = notices.into_iter().unzip();
    // First against the register as it is, if there is one, without the right to write: a bad file leaves no trace.
    let before = app::open_journal_or_nothing(&settings.place).await?;
    let now = system_clock()();
    let mut announced = foresee(before.as_ref(), &notices, now).await?;
    drop(before);
    note(&mut told, &places, &announced);
    let refused = told.iter().any(|file| file.outcome == "refused");
    let mut position = None;
    if refused {
        hold_back(&mut told);
    } else if told.iter().any(|file| file.outcome == "announced") {
        let (journal, begun) = app::open_or_begin(&settings.place).await?;
        if begun {
            output.note(format!("已创建登记册 register created: {}", settings.place));
        }
        announced = announce(journal.as_ref(), notices, &verb.actor, now).await?;
        note(&mut told, &places, &announced);
        position = journal.head().await.ok().flatten();
    }
    if verb.json {
        output.json(&in_json(&told, position.as_ref()))?;
    } else {
        tell(&told, output);
    }
    ended(&told)
}

fn of_file(path: PathBuf, read: &Result<HolidayFile, FileError>) -> Told {
    match read {
        Ok(HolidayFile::Year(notice)) => Told { path, year: Some(notice.year), outcome: "unchanged", why: None },
        Ok(HolidayFile::NotAnnounced(year)) => Told { path, year: Some(*year), outcome: "notAnnounced", why: None },
        Err(error) => {
            let why = Some((error.code.to_owned(), error.zh.clone(), error.en.clone()));
            Told { path, year: None, outcome: if error.skipped { "ignored" } else { "refused" }, why }
        }
    }
}

/// Notes what became of the notices, or would, with the files that they were read from.
fn note(told: &mut [Told], places: &[usize], announced: &Announced) {
    match announced {
        Announced::Known(known) => {
            for (place, known) in places.iter().zip(known) {
                told[*place].outcome = if *known { "announced" } else { "unchanged" };
            }
        }
        Announced::Refused(refused) => {
            for (notice, Refusal { kind, zh, en, .. }) in refused {
                let file = &mut told[places[*notice]];
                file.outcome = "refused";
                file.why = Some((kind.code().to_owned(), zh.clone(), en.clone()));
            }
            hold_back(told);
        }
    }
}

/// What was good and is not taken because of others.
fn hold_back(told: &mut [Told]) {
    for file in told.iter_mut().filter(|file| matches!(file.outcome, "announced" | "unchanged")) {
        file.outcome = "heldBack";
    }
}

fn number(told: &[Told], outcome: &str) -> usize {
    told.iter().filter(|file| file.outcome == outcome).count()
}

fn in_json(told: &[Told], position: Option<&domain::envelope::Position>) -> Value {
    let details: Vec<_> = told
        .iter()
        .map(|file| {
            let mut told = json!({ "path": file.path, "year": file.year, "outcome": file.outcome });
            if let Some((code, zh, en)) = &file.why {
                told["code"] = json!(code);
                told["zh"] = json!(zh);
                told["en"] = json!(en);
            }
            told
        })
        .collect();
    let mut summary = json!({ "files": told.len() });
    for (outcome, _) in OUTCOMES {
        summary[outcome] = number(told, outcome).into();
    }
    summary["details"] = details.into();
    summary["position"] = json!(position);
    summary
}

fn tell(told: &[Told], output: &Output) {
    let counts: Vec<_> = OUTCOMES.iter().map(|(outcome, zh)| format!("{zh} {outcome} {}", number(told, outcome))).collect();
    output.line(format!("文件 files {} = {}", told.len(), counts.join(" + ")));
    for file in told {
        let word = OUTCOMES.iter().find(|(outcome, _)| *outcome == file.outcome).map_or("", |(_, zh)| *zh);
        let year = file.year.map(|year| format!(" {year}")).unwrap_or_default();
        let why = file.why.as_ref().map(|(code, zh, en)| format!("：{code}: {zh} / {en}")).unwrap_or_default();
        output.line(format!("  {word} {}{year} {}{why}", file.outcome, file.path.display()));
    }
}

fn ended(told: &[Told]) -> Done {
    let refused = number(told, "refused");
    if refused > 0 {
        return Err(Failed(format!(
            "{refused}个文件未被接受，已在上面列出，本次未作任何改动；请处理后再次导入 / {refused} files were refused, they are told above, and \
             nothing was changed: mend them and import again"
        )));
    }
    if told.iter().all(|file| file.outcome == "ignored") {
        return Err(Failed(
            "没有读到任何年度的节假日数据；请核对路径与文件内容 / no year of holiday data was read; check the paths and what the files hold"
                .to_owned(),
        ));
    }
    Ok(())
}
