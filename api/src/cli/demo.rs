use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::{Done, Output, Settings, args::DemoArgs};
use crate::{
    app::{self, system_clock},
    registrar::sample,
};

/// Creates the sample register, or completes one that was begun.
pub async fn run(settings: &Settings, verb: &DemoArgs, output: &Output) -> Done {
    app::create_folder(&settings.place)?;
    let _turn = app::take_turn(&settings.place)?;
    let (journal, _) = app::open_or_begin(&settings.place).await?;
    let bar = if output.interactive && !verb.json { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("示例 {bar:40} {pos}/{len}") {
        bar.set_style(style);
    }
    let progress = |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    };
    let (acts, done) = sample::make(journal.as_ref(), sample::as_of(system_clock()()), &progress).await?;
    bar.finish_and_clear();
    if verb.json {
        return output.json(&json!({ "data": settings.place.to_string(), "acts": acts, "done": done }));
    }
    let words = if done == 0 {
        "示例登记册已在 the sample register is there".to_owned()
    } else {
        format!("已建立示例登记册 the sample register: {done} of {acts} acts")
    };
    output.line(format!("{words}: {}", settings.place));
    Ok(())
}
