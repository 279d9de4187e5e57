//! Lists of a fictional city, as a portal exports them: every row a guide with its item, and what they refer to.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::json;

/// Agencies of the city. They and the two materials come along with every list.
pub(crate) const AGENCIES: usize = 5;
pub(crate) const MATERIALS: usize = 2;

/// Writes lists with so many rows each into a folder, and returns their paths.
pub(crate) fn write(folder: &Path, lists: usize, rows: usize) -> Vec<PathBuf> {
    fs::create_dir_all(folder).unwrap();
    let one = |list| {
        let lines: Vec<_> = (list * rows..(list + 1) * rows).map(row).collect();
        let path = folder.join(format!("{list:03}.ndjson"));
        fs::write(&path, lines.join("\n")).unwrap();
        path
    };
    (0..lists).map(one).collect()
}

fn row(number: usize) -> String {
    let agency = number % AGENCIES;
    // Basic code: division 99, type 01, department, sequence, no sub-items.
    let basic = format!("9901{number:05}000");
    let row = json!({
        "TASK_CODE": format!("119902000000{agency:05}X2{basic}"),
        "CATAID": basic,
        "CATANAME": format!("第{number}号事项"),
        "TASK_NAME": format!("办理第{number}号事项"),
        "TASK_TYPE_TEXT": "行政许可",
        "DEPT_NAME": format!("东海市第{agency}局"),
        "handle_time": "30(工作日)",
        "handle_time_limit": "7(工作日)",
        "handle_location": format!("政务大厅{}号窗口", number % 40),
        "consult_phone": format!("0990-{number:07}"),
        "visit_number": "1",
        "courier_service": "是",
        "service_object_name": ["自然人", "企业法人"],
        "theme_category": ["其他"],
        "material_intro": ["申请表", "居民身份证"],
    });
    row.to_string()
}
