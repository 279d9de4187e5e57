use super::{Done, Output, Settings};
use crate::app;

/// Creates an empty register.
pub async fn run(settings: &Settings, output: &Output) -> Done {
    let path = app::create_journal(&settings.place).await?;
    output.line(format!("已建立空登记册 created an empty register: {path}"));
    output.line(format!("next: tongyuan import {} PATH…", settings.place.option()));
    Ok(())
}
