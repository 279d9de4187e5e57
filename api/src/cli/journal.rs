use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};
use journal::{
    Budget,
    copy::{Phase, copy as move_events},
};
use serde_json::json;

use super::{Done, Output, args::CopyArgs};
use crate::app;

/// Copies a register to another store.
pub async fn copy(verb: &CopyArgs, output: &Output) -> Done {
    let begun = Instant::now();
    let from = app::open_journal_to_read(&verb.from).await?;
    let (to, created) = app::open_or_begin(&verb.to).await?;
    if created {
        output.note(format!("新建登记册 began a new register: {}", verb.to));
    }
    let bar = if output.interactive && !verb.quiet { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:40} {pos}/{len} {per_sec} 剩余 {eta}") {
        bar.set_style(style);
    }
    let progress = |phase, done, total| {
        bar.set_prefix(match phase {
            Phase::Count => "清点",
            Phase::Compare => "比对",
            Phase::Append => "写入",
            Phase::Verify => "核验",
        });
        bar.set_length(total);
        bar.set_position(done);
    };
    let copied = move_events(from.as_ref(), to.as_ref(), Budget::default(), &progress).await;
    bar.finish_and_clear();
    let copied = copied?;
    let seconds = begun.elapsed().as_secs_f64();
    if verb.json {
        return output.json(&json!({
            "from": verb.from.to_string(), "to": verb.to.to_string(), "events": copied.there + copied.appended, "there": copied.there,
            "appended": copied.appended, "fromPosition": copied.from, "toPosition": copied.to, "verified": true, "seconds": seconds,
        }));
    }
    output.line(format!(
        "已复制并逐条核验 copied and verified: {} events, {} of them were there already, {seconds:.2} s",
        copied.there + copied.appended,
        copied.there
    ));
    output.line(format!("next: tongyuan serve {}", verb.to.option()));
    Ok(())
}
