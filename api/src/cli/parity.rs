use std::time::Instant;

use projections::{Audit, SharedViews, audit, views_of};
use serde_json::json;

use super::{Done, Failed, Output, Settings, args::ParityArgs};
use crate::app;

/// Examples, and what is compared.
pub const HELP: &str = "Examples:\n  tongyuan parity --data ./demo\n  tongyuan parity --json --data ./demo\n  \
    tongyuan parity --views redis://127.0.0.1:6379/0\n\n\
    Compares what both channels hold of every entry: of each revision the hash of what it says, made anew from what readers are given, and held\n\
    against the hash that stands beside it. Of views that nodes share (--views, TONGYUAN_VIEWS, or views in the file of settings) those that are live,\n\
    as they are kept; else views that are built from the journal for it. Fails if anything differs. It also tells how much is shown without a receipt.";

/// Compares what both channels hold.
pub async fn run(settings: &Settings, verb: &ParityArgs, output: &Output) -> Done {
    let begun = Instant::now();
    let journal = app::open_journal_to_read(&settings.place).await?;
    let views: SharedViews = match &settings.views {
        Some(address) => std::sync::Arc::new(app::shared_views(address)?),
        None => views_of(journal.clone(), &|_| ()).await?,
    };
    let Audit { parity, receipts, missing, position } = audit(journal, views, app::system_clock()).await?;
    let count = parity.differing.len();
    if verb.json {
        let differing = parity.differing.iter().map(|differing| {
            let (register, code) = (differing.entry.register.word(), &differing.entry.code);
            json!({ "register": register, "code": code, "revision": differing.revision, "what": differing.difference.en() })
        });
        output.json(&json!({
            "equal": count == 0,
            "position": position,
            "entries": parity.entries,
            "revisions": parity.revisions,
            "differing": differing.collect::<Vec<_>>(),
            "receipts": {
                "written": receipts.all(), "inTime": receipts.in_time, "late": receipts.late, "unknown": receipts.unknown, "missing": missing,
            },
            "seconds": begun.elapsed().as_secs_f64(),
        }))?;
    } else {
        for differing in &parity.differing {
            let (entry, revision, what) = (&differing.entry, differing.revision, differing.difference);
            output.line(format!("{entry} 第{revision}版 revision {revision}: {} / {}", what.zh(), what.en()));
        }
        if count == 0 {
            output.line(format!("一致 equal: {} entries, {} revisions on both channels", parity.entries, parity.revisions));
        }
        output.line(format!(
            "回执 receipts {}：按时 in time {}，逾期 late {}，未知 unknown {}；所示而无回执 missing of what is shown {missing}",
            receipts.all(),
            receipts.in_time,
            receipts.late,
            receipts.unknown,
        ));
    }
    if count == 0 {
        return Ok(());
    }
    Err(Failed(format!(
        "线上与窗口有{count}处不一致；请用 tongyuan rebuild 重建视图，并查明何人改动了存储 / \
         the channels differ in {count} places: build the views anew with `tongyuan rebuild`, and find out who changed the store"
    )))
}
