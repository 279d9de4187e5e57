//! What is to be said of a file, a sheet and its columns.

use domain::{
    envelope::Code,
    value::{Finding, Severity, text},
};

use crate::{
    body,
    error::why,
    field::Field,
    grid::Grid,
    reading::{ProposedContent, Row, RowOutcome, Why},
    record::Record,
    rows::Table,
    title,
};

/// A list without a year.
pub(crate) fn edition_unknown() -> Finding {
    Finding::warning(
        "EDITION_UNKNOWN",
        "edition",
        "标题和文件名中没有年份，无法判断新旧，也不会提出取消建议；请用--edition指明",
        "neither title nor file name gives a year, so older and newer cannot be told apart and nothing is proposed for repeal; give it with --edition",
    )
}

/// A limit with another unit than the heading over it.
pub(crate) fn unit_differs(heading: &str, cell: &str) -> Finding {
    Finding::warning(
        "UNIT_DIFFERS",
        heading,
        format!("“{cell}”的单位与标题“{heading}”不一致，按单元格所写采集；请核对"),
        format!("{cell:?} has another unit than its heading {heading:?}; it is taken as the cell says, please check"),
    )
}

/// A row whose code is that of a handling item.
pub(crate) fn handling_item(code: &str) -> Finding {
    Finding::new(
        Severity::Info,
        "HANDLING_ITEM",
        "code",
        format!("编码{code}是业务办理项编码（33位），本行按办事指南采集，其事项（前31位）随之采集"),
        format!("code {code} is that of a handling item (33), so the row is a guide; its item (the first 31) comes along with it"),
    )
}

/// A line that describes an item otherwise than the one that brought it.
pub(crate) fn facts_differ(code: &Code) -> Finding {
    Finding::warning(
        "FACTS_DIFFER",
        "item",
        format!("与前面的行对事项{code}的描述不一致，以先出现的为准；请核对"),
        format!("earlier lines describe item {code} otherwise; the first description is kept, please check"),
    )
}

/// What is to be said of a publisher.
pub(crate) fn about_publisher(publisher: Option<&str>) -> Option<Finding> {
    publisher.is_some_and(|name| !body::has_place(name)).then(|| {
        Finding::warning(
            "PUBLISHER_WITHOUT_PLACE",
            "publisher",
            "发布单位名称中没有地名；请用--region或--publisher补全，以免与别处的同名单位混淆",
            "the publisher's name does not say of which place it is; complete it with --region or --publisher",
        )
    })
}

/// Words in the place of an agency that name none.
pub(crate) fn agency_generic(written: &str) -> Finding {
    let words = text::name(written);
    Finding::warning(
        "AGENCY_GENERIC",
        "agency",
        format!("“{words}”不是一个机关的名称，按发布单位采集，原文保留在行使主体中；请写明机关全称"),
        format!(
            "{words:?} names no agency; the publisher is taken and the words are kept in exercisedBy; write the full name of the agency"
        ),
    )
}

/// A title with several bodies before the name of the list.
pub(crate) fn publishers_several(titles: &[String]) -> Option<Finding> {
    let bodies = titles.iter().map(|t| title::publishers(t)).find(|bodies| bodies.len() > 1)?;
    let names = bodies.join("、");
    Some(Finding::warning(
        "PUBLISHER_SEVERAL",
        "publisher",
        format!("标题写明几个单位：{names}，取第一个为发布单位；请用--publisher指明，或在各行写明实施主体"),
        format!("the title names several bodies, {names}; the first is the publisher; say --publisher, or name the agency in every row"),
    ))
}

/// Mappings of the caller for headings that are not there.
pub(crate) fn unused_maps(map: &[(String, Field)], has: impl Fn(&str) -> bool) -> Vec<Finding> {
    let unused = map.iter().filter(|(heading, _)| !has(heading));
    let told = unused.map(|(heading, _)| {
        Finding::warning(
            "MAP_UNUSED",
            heading.clone(),
            format!("--map所指的标题“{heading}”在清单中没有出现；请核对写法"),
            format!("heading {heading:?} of --map does not occur in the list; please check how it is written"),
        )
    });
    told.collect()
}

/// A code that a spreadsheet program has rounded.
pub(crate) fn code_rounded(code: &str) -> Finding {
    Finding::warning(
        "CODE_ROUNDED",
        "code",
        format!("编码“{code}”以数字存储，超过15位的部分已被表格软件改为0，未采用，另行赋码；请将该列设为文本后重新填写"),
        format!(
            "code {code} is stored as a number, of which spreadsheet programs keep 15 digits; it is not used and one is assigned; make the column text and write it again"
        ),
    )
}

/// The elements of guides on a row of powers, which has no place for them: kept in the remark, of materials that are told in detail their names.
pub(crate) fn keep_guide_elements(record: &mut Record) {
    for material in std::mem::take(&mut record.materials) {
        record.add(Field::Materials, &material.name);
    }
    for field in Field::ALL.iter().filter(|field| field.is_of_a_guide()) {
        let mut words = record.take(*field);
        for beside in Field::ALL.iter().filter(|beside| beside.limit_beside() == Some(*field)) {
            words.extend(record.take(*beside));
        }
        let value = text::block(&words.join("\n"));
        if !value.is_empty() {
            record.add(Field::Remark, &format!("{}：{value}", field.zh()));
        }
    }
}

/// A column under a heading that is not known.
pub(crate) fn heading_unknown(heading: &str) -> Finding {
    Finding::warning(
        "HEADING_UNKNOWN",
        heading,
        format!("不认识的标题“{heading}”，该列未导入；可用--map \"{heading}=字段\"指明，或用--map \"{heading}=ignored\"略过"),
        format!(
            "heading {heading:?} is not known and its column is not imported; say --map \"{heading}=FIELD\" or --map \"{heading}=ignored\""
        ),
    )
}

/// A column without a heading that has texts in so many cells.
pub(crate) fn without_heading(column: u32, cells: usize) -> Finding {
    let letters = letters(column);
    Finding::new(
        Severity::Info,
        "COLUMN_WITHOUT_HEADING",
        letters.clone(),
        format!("{letters}列没有标题，其中{cells}个单元格的内容未导入"),
        format!("column {letters} has no heading; the text of its {cells} cells is not imported"),
    )
}

/// What is to be said of the columns.
pub(crate) fn about_columns(table: &Table, is_guides: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (_, heading) in &table.header.unknown {
        findings.push(heading_unknown(heading));
    }
    for (column, cells) in &table.stray {
        findings.push(without_heading(*column, *cells));
    }
    for heading in &table.categories {
        findings.push(Finding::new(
            Severity::Info,
            "CATEGORY_NO_TYPE",
            heading.clone(),
            format!("“{heading}”列的内容不是事项类型，作为主题或备注保留；类型取自分节标题、标题或工作表名称"),
            format!(
                "{heading:?} holds subjects and no types; it is kept as topic or remark, and the type comes from section, title or sheet"
            ),
        ));
    }
    if table.blocks > 1 {
        findings.push(Finding::new(
            Severity::Info,
            "SIDE_BY_SIDE",
            "sheet",
            format!("同一表头下有{}个并列的表，逐个读取；同一行可能计为几行", table.blocks),
            format!("{} tables stand side by side; each is read, and a row of the sheet may be a row of each", table.blocks),
        ));
    }
    for column in table.header.columns.iter().filter(|c| !is_guides && c.field.is_of_a_guide()) {
        findings.push(in_remark(&column.heading));
    }
    findings
}

/// An element of guides on a list of items, by its heading or member.
pub(crate) fn in_remark(heading: &str) -> Finding {
    Finding::new(
        Severity::Info,
        "COLUMN_IN_REMARK",
        heading,
        format!("“{heading}”是办事指南的要素，事项没有对应的栏目，内容保留在备注中"),
        format!("{heading:?} belongs to guides; an item has no place for it, so its text is kept in the remark"),
    )
}

/// A number of items that a sheet announces and does not hold.
pub(crate) fn count_differs(announced: u32, rows: &[Row]) -> Option<Finding> {
    let entries: Vec<&Row> = rows.iter().filter(|row| !matches!(row.outcome, RowOutcome::Ignored(_))).collect();
    if entries.len() == announced as usize {
        return None;
    }
    let numbers = entries.iter().filter_map(|row| match &row.outcome {
        RowOutcome::Proposed(proposal) => match &proposal.content {
            ProposedContent::Item(item) => item.sequence.clone(),
            _ => None,
        },
        _ => None,
    });
    let mut numbers: Vec<String> = numbers.flat_map(|s| s.split([',', '，', '、']).map(str::to_owned).collect::<Vec<_>>()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let (zh, en) = if numbers.len() == announced as usize {
        ("；按序号计相符（一行可能有几个序号，或几行同一序号）", "; the numbers of its rows do agree")
    } else {
        ("；请核对源表是否缺行", "; please check whether rows are missing")
    };
    Some(Finding::new(
        if numbers.len() == announced as usize { Severity::Info } else { Severity::Warning },
        "COUNT_DIFFERS",
        "sheet",
        format!("名称写明{announced}项，实有{}行{zh}", entries.len()),
        format!("its name announces {announced} items, it holds {} rows{en}", entries.len()),
    ))
}

/// `A`, `B`, …, `AA`.
fn letters(column: u32) -> String {
    let mut out = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        out.insert(0, char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    out
}

/// Lists what was seen, so that whoever reads it can say what it means.
pub(crate) fn no_header(grids: &[&Grid]) -> Why {
    let widest = grids.iter().flat_map(|grid| grid.rows().take(200).map(move |row| (grid, row)));
    let widest = widest.max_by_key(|(grid, row)| (grid.own(*row).count().min(40), std::cmp::Reverse(*row)));
    let seen = widest.map_or_else(String::new, |(grid, row)| {
        let cells = grid.own(row).take(12).map(|(_, text)| text::name(text).chars().take(16).collect::<String>());
        cells.collect::<Vec<_>>().join(" | ")
    });
    // The header may be what cannot be read.
    let bad = grids.iter().flat_map(|grid| grid.unreadable()).map(|row| row + 1).next();
    let (bad_zh, bad_en) = bad.map_or_else(Default::default, |row| {
        (
            format!("；第{row}行含有无法识别的字节，如是表头请重新导出"),
            format!("; row {row} holds bytes that are no text, if that is the header export it again"),
        )
    });
    why(
        "NO_HEADER",
        format!("未找到表头：需要有“事项名称”及至少一个其他已知标题；最宽的一行是：“{seen}”；可用--map \"标题=字段\"指明{bad_zh}"),
        format!(
            "no header was found: a list has \"事项名称\" and one more known heading; the widest row is: {seen:?}; name its headings with --map \"heading=field\"{bad_en}"
        ),
    )
}
