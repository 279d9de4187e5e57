//! Imports that are killed and given again.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    process::Output,
};

use serde_json::{Value, json};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

use crate::{DEADLINE, kills::Random, node::tongyuan};

const LISTS: usize = 20;
const ROWS: usize = 12;
const AGENCIES: usize = 3;

/// Writes lists of a fictional city, as a portal exports them; returns their paths.
pub fn lists(folder: &Path) -> Vec<PathBuf> {
    fs::create_dir_all(folder).unwrap();
    let one = |list| {
        let path = folder.join(format!("{list}.ndjson"));
        fs::write(&path, (list * ROWS..(list + 1) * ROWS).map(row).collect::<Vec<_>>().join("\n")).unwrap();
        path
    };
    (0..LISTS).map(one).collect()
}

fn row(number: usize) -> String {
    let agency = number % AGENCIES;
    let basic = format!("9901{number:05}000");
    json!({
        "TASK_CODE": format!("119902000000{agency:05}X2{basic}"),
        "CATAID": basic,
        "CATANAME": format!("第{number}号事项"),
        "TASK_NAME": format!("办理第{number}号事项"),
        "TASK_TYPE_TEXT": "行政许可",
        "DEPT_NAME": format!("西海市第{agency}局"),
        "material_intro": ["申请表"],
    })
    .to_string()
}

/// How imports went.
#[derive(Debug, Default)]
pub struct Imports {
    done: usize,
    pub killed: usize,
    /// The store was away for longer than they wait.
    failed: usize,
}

impl fmt::Display for Imports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { done, killed, failed } = self;
        write!(f, "{done} of {LISTS} lists imported, {killed} imports killed, {failed} failed")
    }
}

/// Imports one list after the other until told to stop; some are killed at any moment, and the same list is begun again.
pub async fn killed_again_and_again(url: String, lists: Vec<PathBuf>, mut random: Random, stop: watch::Receiver<bool>) -> Imports {
    let mut imports = Imports::default();
    for list in &lists {
        sleep(random.milliseconds(200, 1_500)).await;
        while !*stop.borrow() {
            let mut command = tongyuan();
            command.args(["import", "--journal", &url, "--json", "--quiet"]).arg(list);
            let child = command.spawn().unwrap();
            // Dropped it is killed.
            let span = if random.below(3) > 0 { random.milliseconds(20, 400) } else { DEADLINE };
            match timeout(span, child.wait_with_output()).await {
                Err(_) => imports.killed += 1,
                Ok(output) if output.as_ref().unwrap().status.success() => {
                    imports.done += 1;
                    break;
                }
                Ok(_) => imports.failed += 1,
            }
        }
    }
    imports
}

/// The same lists again complete what was cut off; a second time there is nothing left to do.
pub async fn completes(url: &str, lists: &[PathBuf]) {
    let rows = (LISTS * ROWS) as u64;
    for again in [false, true] {
        let account = account(&["--journal", url], lists).await;
        let number = |name: &str| account[name].as_u64().unwrap();
        assert_eq!(number("adopted") + number("unchanged"), rows, "{account}");
        assert!(!again || number("unchanged") == rows, "{account}");
    }
}

/// Imports into a place and returns what it tells.
pub async fn account(place: &[&str], lists: &[PathBuf]) -> Value {
    let mut command = tongyuan();
    command.arg("import").args(place).args(["--json", "--quiet"]).args(lists).stderr(std::process::Stdio::piped());
    let Output { status, stdout, stderr } = timeout(DEADLINE, command.output()).await.unwrap().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    serde_json::from_str(String::from_utf8_lossy(&stdout).lines().next_back().unwrap()).unwrap()
}
