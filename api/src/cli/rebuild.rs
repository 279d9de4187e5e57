use std::time::Instant;

use projections::{Runner, check_rebuild, digest, views_of};
use serde_json::json;

use super::{Done, Failed, Output, Settings, args::RebuildArgs};
use crate::app;

/// Events of a batch of the views that stand for the live ones: small and odd, so that batches are cut everywhere.
const LIVE_BATCH: usize = 7;

/// Builds the views anew; with `--check`, twice in different ways, and compares them byte for byte.
pub async fn run(settings: &Settings, verb: &RebuildArgs, output: &Output) -> Done {
    let journal = app::open_journal_to_read(&settings.place).await?;
    let begun = Instant::now();
    let rebuilt = views_of(journal.clone(), &|_| ()).await?.now().await?;
    let seconds = begun.elapsed().as_secs_f64();
    let documents = rebuilt.keys().await?.len();
    let digest = digest(rebuilt.as_ref()).await?;
    if !verb.check {
        if verb.json {
            return output.json(&json!({ "position": rebuilt.position(), "documents": documents, "digest": digest, "seconds": seconds }));
        }
        output.line(format!("已重建 rebuilt: {documents} documents in {seconds:.2} s, {digest}"));
        return Ok(());
    }
    let live = app::empty_views();
    // Not further than the rebuilt views: a writer may be at work meanwhile.
    Runner::with_batch(journal, live.clone(), LIVE_BATCH).catch_up_to(rebuilt.position()).await?;
    let live = live.snapshot().await?;
    let check = check_rebuild(live.as_ref(), rebuilt.as_ref()).await?;
    let equal = check.differences.is_empty();
    if verb.json {
        let differences: Vec<_> = check.differences.iter().map(|d| json!({ "key": key(&d.key), "what": d.what })).collect();
        output.json(&json!({
            "equal": equal, "position": check.position, "documents": check.documents, "bytes": check.bytes,
            "digest": digest, "seconds": seconds, "differences": differences,
        }))?;
    } else if equal {
        output.line(format!("一致 equal: {} documents, {} bytes, {digest}", check.documents, check.bytes));
    } else {
        for difference in &check.differences {
            output.line(format!("{}: {}", key(&difference.key), difference.what));
        }
    }
    if equal {
        Ok(())
    } else {
        Err(Failed(format!("{0}处视图不一致，请报告此错误 / views differ in {0} documents, please report it", check.differences.len())))
    }
}

fn key(key: &projections::Key) -> String {
    format!("{}/{}/{}", key.channel, key.register, key.code)
}
