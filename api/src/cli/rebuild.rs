use std::time::Instant;

use journal::SharedJournal;
use projections::{BuiltBy, RebuildCheck, Runner, check_live, check_rebuild, digest, views_of};
use serde_json::{Value, json};

use super::{Done, Failed, Output, Settings, args::RebuildArgs};
use crate::app::{self, RedisAddress};

/// Examples, and what it does where.
pub const HELP: &str = "Examples:\n  tongyuan rebuild --check --data ./data\n  \
    tongyuan rebuild --check --views redis://127.0.0.1:6379/0\n  \
    tongyuan rebuild --views redis://127.0.0.1:6379/0\n\n\
    Of views that nodes share (--views, TONGYUAN_VIEWS, or views in the file of settings) a new generation is built beside the live one\n\
    and switched in; readers answer all the while. The node that projects does it, or this command where none does.\n\
    Other views are in the memory of their node, which builds them at its start: without --check it is only told how long that takes.";

/// Events of a batch of the views that stand for the live ones: small and odd, so that batches are cut everywhere.
const LIVE_BATCH: usize = 7;

/// Builds the views anew, or compares them: those that nodes share, or else some in memory.
pub async fn run(settings: &Settings, verb: &RebuildArgs, output: &Output) -> Done {
    let journal = app::open_journal_to_read(&settings.place).await?;
    match (&settings.views, verb.check) {
        (Some(views), false) => rebuild_shared(views, journal, verb, output).await,
        (Some(views), true) => check_shared(views, journal, verb, output).await,
        (None, _) => in_memory(journal, verb, output).await,
    }
}

async fn rebuild_shared(views: &RedisAddress, journal: SharedJournal, verb: &RebuildArgs, output: &Output) -> Done {
    let begun = Instant::now();
    let by = app::rebuild_shared(views, journal).await?;
    let live = app::shared_views(views)?.live().await?;
    let position = live.as_ref().and_then(|live| live.position).map(|position| position.to_string());
    let generation = live.map(|live| live.id.to_string());
    let seconds = begun.elapsed().as_secs_f64();
    let (word, zh, en) = match by {
        BuiltBy::Leader => ("leader", "投影节点", "the node that projects"),
        BuiltBy::Here => ("here", "本命令，因无节点投影", "this command, because no node projects"),
    };
    if verb.json {
        return output.json(&json!({ "by": word, "generation": generation, "position": position, "seconds": seconds }));
    }
    let at = position.unwrap_or_default();
    output.line(format!("已重建（{zh}） rebuilt by {en}: live at {at} after {seconds:.2} s"));
    Ok(())
}

async fn check_shared(views: &RedisAddress, journal: SharedJournal, verb: &RebuildArgs, output: &Output) -> Done {
    let begun = Instant::now();
    let check = check_live(journal, &app::shared_views(views)?).await?;
    tell(&check, &json!({ "seconds": begun.elapsed().as_secs_f64() }), verb, output)?;
    let advice = "请用 tongyuan rebuild --views 重建；正在投影的节点若仍写出不同内容，请报告 / \
                  build them anew with `tongyuan rebuild --views`, and report it if they differ again";
    equal(&check, advice)
}

/// Builds views in memory; to compare, twice in different ways.
async fn in_memory(journal: SharedJournal, verb: &RebuildArgs, output: &Output) -> Done {
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
    let check = check_rebuild(live.snapshot().await?.as_ref(), rebuilt.as_ref()).await?;
    tell(&check, &json!({ "digest": digest, "seconds": seconds }), verb, output)?;
    equal(&check, "请报告此错误 / please report it")
}

/// Tells what a comparison found, and what is known beside.
fn tell(check: &RebuildCheck, beside: &Value, verb: &RebuildArgs, output: &Output) -> Done {
    let RebuildCheck { position, documents, bytes, differences } = check;
    if verb.json {
        let differences: Vec<_> = differences.iter().map(|d| json!({ "key": d.place, "what": d.what })).collect();
        let mut told = json!({ "equal": differences.is_empty(), "position": position, "documents": documents, "bytes": bytes });
        if let (Some(told), Some(beside)) = (told.as_object_mut(), beside.as_object()) {
            told.extend(beside.clone());
            told.insert("differences".to_owned(), differences.into());
        }
        return output.json(&told);
    }
    for difference in differences {
        output.line(format!("{}: {}", difference.place, difference.what));
    }
    if differences.is_empty() {
        let digest = beside["digest"].as_str().map(|digest| format!(", {digest}")).unwrap_or_default();
        output.line(format!("一致 equal: {documents} documents, {bytes} bytes{digest}"));
    }
    Ok(())
}

fn equal(check: &RebuildCheck, advice: &str) -> Done {
    let count = check.differences.len();
    if count == 0 {
        return Ok(());
    }
    let (zh, en) = advice.split_once(" / ").unwrap_or((advice, advice));
    Err(Failed(format!("{count}处视图不一致；{zh} / views differ in {count} places: {en}")))
}
