//! Writes `docs/lifecycle.md` to standard output: see `make schema`.

use std::io::Write as _;

#[path = "../tests/common/table.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod table;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(table::markdown().as_bytes())
}
