//! The binary `tongyuan`.

use std::process::ExitCode;

/// The register is many small pieces, and taking and giving back their memory is a good part of a replay.
#[global_allocator]
static ALLOCATOR: api::Allocator = api::Allocator;

fn main() -> ExitCode {
    api::cli::main()
}
