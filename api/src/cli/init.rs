use super::{Done, Output, Settings};
use crate::app;

/// Creates an empty register.
pub fn run(settings: &Settings, output: &Output) -> Done {
    let path = app::create_journal(&settings.data)?;
    output.line(format!("已建立空登记册 created an empty register: {}", path.display()));
    output.line(format!("next: tongyuan import --data {} PATH…", settings.data.display()));
    Ok(())
}
