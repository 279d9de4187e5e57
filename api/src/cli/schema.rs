use std::fs;

use super::{Done, Failed, Output, args::SchemaArgs};

/// Prints the GraphQL schema, or writes the schemas of all events.
pub fn run(verb: &SchemaArgs, output: &Output) -> Done {
    let Some(folder) = &verb.events else {
        return output.raw(crate::graphql::sdl().as_bytes());
    };
    let failed = |error: std::io::Error| {
        Failed(format!("{0} 不能写入；请核对路径与权限 / {0} cannot be written: check the path and its mode ({error})", folder.display()))
    };
    fs::create_dir_all(folder).map_err(failed)?;
    for (name, schema) in domain::codec::event_schemas() {
        let text = format!("{}\n", serde_json::to_string_pretty(&schema)?);
        fs::write(folder.join(format!("{name}.json")), text).map_err(failed)?;
    }
    Ok(())
}
