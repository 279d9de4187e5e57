//! Why a row of a sheet is no row of the list.

use domain::value::text;

use crate::{error::why, reading::Why};

/// Words that begin a note, with a colon after them or in a cell of their own.
const NOTES: [&str; 28] = [
    "备注",
    "注",
    "说明",
    "附注",
    "备注说明",
    "填表说明",
    "填报说明",
    "编制说明",
    "有关说明",
    "填表人",
    "填报人",
    "制表人",
    "联系人",
    "审核人",
    "负责人",
    "填表日期",
    "填报日期",
    "制表日期",
    "填表单位",
    "填报单位",
    "制表单位",
    "填表时间",
    "填报时间",
    "联系电话",
    "制表",
    "注释",
    "审核意见",
    "审批意见",
];

/// What stands between the rows of a table.
pub(crate) enum Between {
    /// A note, which may go on in the rows below it.
    Note,
    /// What speaks of the page and says nothing of the rows below it.
    Page,
    /// A sum.
    Sum,
}

impl Between {
    /// Why it is no row of the list.
    pub(crate) fn why(&self) -> Why {
        match self {
            Self::Note | Self::Page => footnote(),
            Self::Sum => why("SUBTOTAL", "合计行，不是事项", "a sum, no entry"),
        }
    }
}

/// A note below or within the table, or a sum: told by the first of its texts and how many there are. `may_be_label`: whether the first
/// stands where a row has its number or its name, and not where it says what it does.
pub(crate) fn note_or_sum(texts: &[&str], may_be_label: bool) -> Option<Between> {
    let first = texts.first().copied().unwrap_or_default();
    if texts.len() == 1 && is_of_the_page(first) {
        return Some(Between::Page);
    }
    let is_note = is_footnote(first, texts.len() == 1) || may_be_label && is_label(first) && texts.len() > 1;
    if texts.len() <= 3 && is_note {
        return Some(Between::Note);
    }
    is_sum(first).then_some(Between::Sum)
}

pub(crate) fn footnote() -> Why {
    why("FOOTNOTE", "脚注或说明，不是事项", "a footnote, no entry")
}

/// Whether the only text of a row below a note, in the column of the note, goes on with it: it is a sentence, or the next number of one
/// that is numbered. `注：1.本表…` and `2.本清单自公布之日起施行` below it.
pub(crate) fn goes_on_with_note(note: &str, only: &str) -> bool {
    let is_next = match (last_number(note), leading_number(only)) {
        (Some(last), Some(next)) => next == last + 1,
        _ => false,
    };
    is_next || text::squash(only).ends_with(['。', '；', ';'])
}

/// The number that a text begins with: `2.甲`, `（3）乙`.
fn leading_number(written: &str) -> Option<u32> {
    let folded = text::fold(written);
    let bare = folded.trim_start_matches(['(', ' ']);
    let digits: String = bare.chars().take_while(char::is_ascii_digit).collect();
    let after = bare[digits.len()..].chars().next();
    digits.parse().ok().filter(|_| digits.len() <= 2 && after.is_some_and(|c| ".、．)，,".contains(c)))
}

/// The number of the last part of a note: its own, or that after the mark of it, `注：1.甲`.
fn last_number(note: &str) -> Option<u32> {
    let after_mark = note.split_once(['：', ':']).map_or(note, |(_, after)| after);
    leading_number(note).or_else(|| leading_number(after_mark))
}

/// A row that counts the columns: `1 2 3 …`, `① ② ③ …`, `A B C …`, `栏次 1 2 …`, `甲 乙 1 2 …`. It counts upwards, and says nothing else.
pub(crate) fn column_numbers(texts: &[&str]) -> Option<Why> {
    let squashed: Vec<String> = texts.iter().map(|text| text::fold(text)).collect();
    let label = squashed.first().is_some_and(|first| ["栏次", "列次", "栏号", "列号", "项次", "栏目", "序号"].contains(&first.as_str()));
    let counted = &squashed[usize::from(label)..];
    let places: Option<Vec<(u8, u32)>> = counted.iter().map(|text| place_in_row(text)).collect();
    // Of the same kind each is greater than the one before; 甲 乙 may stand before 1 2.
    let rises = |places: &[(u8, u32)]| {
        let starts = places.first().is_some_and(|(_, first)| *first <= 2);
        starts && places.windows(2).all(|two| if two[0].0 == two[1].0 { two[0].1 < two[1].1 } else { two[1].1 <= 1 })
    };
    let is_count = counted.len() >= if label { 2 } else { 3 } && places.is_some_and(|places| rises(&places));
    is_count.then(|| why("COLUMN_NUMBERS", "列号行，不是事项", "the columns are numbered here, no entry"))
}

/// A sign that counts, folded: which kind of sign it is and its place.
fn place_in_row(text: &str) -> Option<(u8, u32)> {
    let bare = text.trim_matches(|c| "()（）[]【】.、栏列第".contains(c));
    if (1..=2).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit()) {
        return Some((0, bare.parse().ok()?));
    }
    let mut signs = bare.chars();
    let (Some(sign), None) = (signs.next(), signs.next()) else { return None };
    let within = |all: &str| all.chars().position(|c| c == sign).and_then(|at| u32::try_from(at + 1).ok());
    let letter = sign.is_ascii_lowercase().then(|| u32::from(sign) - u32::from('a') + 1);
    letter
        .map(|at| (1, at))
        .or_else(|| within("甲乙丙丁戊己庚辛壬癸").map(|at| (2, at)))
        .or_else(|| within("一二三四五六七八九十").map(|at| (3, at)))
}

/// `小计`, `合计：3项`, `共3项`; not `合计算账的检查`.
fn is_sum(first: &str) -> bool {
    let squashed = text::squash(first);
    let counted = squashed.strip_prefix('共').is_some_and(|rest| {
        let number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        number.len() < rest.len() && matches!(number.trim_end_matches('。'), "项" | "条" | "大项" | "小项" | "行")
    });
    let rest = ["合计", "小计", "总计", "共计"].iter().find_map(|word| squashed.strip_prefix(word));
    counted
        || rest.is_some_and(|rest| {
            squashed.chars().count() <= 12
                && rest
                    .chars()
                    .next()
                    .is_none_or(|c| c.is_ascii_digit() || "：:（(共、，,项数为".contains(c) || "一二三四五六七八九十".contains(c))
        })
}

fn is_footnote(written: &str, stands_alone: bool) -> bool {
    let start: String = text::squash(written).chars().take(12).collect();
    NOTES.iter().any(|mark| {
        let after = start.strip_prefix(mark).map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四".contains(c)));
        after.is_some_and(|rest| rest.starts_with(['：', ':', '.', '、']))
    }) || stands_alone && start.starts_with(['※', '*', '★'])
}

/// A word for a note in a cell of its own, what it says in the next one: `备注 | …`, `注1 | …`, `填表说明 | …`.
fn is_label(written: &str) -> bool {
    let squashed = text::squash(written);
    let bare = squashed.trim_matches(|c| "（）()【】[]".contains(c));
    NOTES.contains(&bare.trim_end_matches(|c: char| c.is_ascii_digit()))
}

/// What stands alone and speaks of the page: `续表`, `以下空白`, `（此页无正文）`, `第1页 共2页`.
fn is_of_the_page(written: &str) -> bool {
    const WORDS: [&str; 14] = [
        "续表",
        "续上表",
        "接上表",
        "接上页",
        "续上页",
        "转下页",
        "接下页",
        "下接",
        "以下空白",
        "以下无正文",
        "此页无正文",
        "本页无正文",
        "完",
        "以下无内容",
    ];
    let folded = text::fold(written);
    let bare = folded.trim_matches(|c: char| "()[]【】-—－.。*/".contains(c));
    let of_pages = |text: &str| {
        let text = text.replace(['共', '第', ',', '，', '/'], "");
        text.contains('页') && text.chars().all(|c| c.is_ascii_digit() || c == '页')
    };
    WORDS.contains(&bare.trim_end_matches(|c: char| c.is_ascii_digit())) || of_pages(bare)
}

pub(crate) fn section(only: &str) -> Why {
    why("SECTION", format!("标题或说明行“{}”，不是事项", short(only)), "a heading or note over the table, no entry")
}

pub(crate) fn section_with_type(only: &str) -> Why {
    why(
        "SECTION",
        format!("分节标题“{}”，其下事项按此类型", text::name(only)),
        "the heading of a section; it gives its type to the rows below",
    )
}

pub(crate) fn section_cancelled(only: &str) -> Why {
    why(
        "SECTION",
        format!("分节标题“{}”，其下事项视为已取消", text::name(only)),
        "the heading of a section; the rows below it count as cancelled",
    )
}

pub(crate) fn form() -> Why {
    why(
        "FORM",
        "表格下方的登记表（标题与内容左右相邻），未导入；如需导入，请将其内容写成表格中的一行",
        "a form below the table, with labels beside values; it is not imported: write its entry as a row of the table",
    )
}

pub(crate) fn number_only() -> Why {
    why("NUMBER_ONLY", "只有序号，没有内容", "a number and nothing else")
}

pub(crate) fn repeated() -> Why {
    why("REPEATED_HEADER", "重复的表头", "the header once more")
}

pub(crate) fn name_missing() -> Why {
    why(
        "NAME_MISSING",
        "缺少事项名称；请在源表中补齐该行的名称，或用--map指明名称所在的列",
        "the name is missing; add it in this row, or name its column with --map",
    )
}

pub(crate) fn quote_unclosed() -> Why {
    why(
        "QUOTE_UNCLOSED",
        "该行的引号没有闭合，未导入；从下一行起继续读取，请补上引号",
        "a quotation mark of this line is not closed, so it is not imported; reading goes on with the next line; close the mark",
    )
}

/// A row that says less than it needs, below one that cannot be read and may have said it.
pub(crate) fn below_unreadable(row: u32) -> Why {
    let row = row + 1;
    why(
        "LINE_UNREADABLE",
        format!("该行接续或从属于无法识别的第{row}行，未导入；请在源系统中重新导出第{row}行"),
        format!("the row goes on with or stands under row {row}, which cannot be read, and is not imported; export row {row} again"),
    )
}

fn short(written: &str) -> String {
    let name = text::name(written);
    if name.chars().count() <= 30 { name } else { name.chars().take(30).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_notes_are_told_from_names_that_begin_like_them() {
        let code = |texts: &[&str]| note_or_sum(texts, true).map(|between| between.why().code);
        assert_eq!(code(&["合计：3项"]), Some("SUBTOTAL"));
        assert_eq!(code(&["小计", "2"]), Some("SUBTOTAL"));
        assert_eq!(code(&["合计算账的检查", "行政检查"]), None);
        assert_eq!(code(&["备注：甲"]), Some("FOOTNOTE"));
        assert_eq!(code(&["*带星号的为新增"]), Some("FOOTNOTE"));
        assert_eq!(code(&["*甲的处罚", "行政处罚"]), None);
    }

    #[test]
    fn notes_may_have_their_label_in_a_cell_of_its_own_and_pages_are_no_items() {
        let code = |texts: &[&str]| note_or_sum(texts, true).map(|between| between.why().code);
        for note in [
            &["备注", "本表由市委编办审核"][..],
            &["注 1", "一式两份"],
            &["（填表说明）", "按年调整"],
            &["填表人：甲", "审核人：乙", "联系电话：1"],
            &["制表单位：某局", "制表日期：2025年"],
            &["续表"],
            &["（续表2）"],
            &["以下空白"],
            &["（此页无正文）"],
            &["第1页 共2页"],
        ] {
            assert_eq!(code(note), Some("FOOTNOTE"), "{note:?}");
        }
        assert_eq!(code(&["共 3 项"]), Some("SUBTOTAL"));
        for row in
            [&["1", "备注"][..], &["注册登记", "行政确认"], &["共同管理的许可"], &["说明书备案", "其他行政权力"], &["续表", "行政许可"]]
        {
            assert_eq!(code(row), None, "{row:?}");
        }
        assert!(note_or_sum(&["说明", "说明理由"], false).is_none(), "a duty that is called so");
        assert!(goes_on_with_note("注：1.按年调整", "2.本清单自公布之日起施行") && goes_on_with_note("注：甲", "由某局解释。"));
        assert!(goes_on_with_note("2.本清单自公布之日起施行", "3.其他"));
        for item in ["取水许可", "1.取水许可", "2.河道采砂许可", "（三）转移登记"] {
            assert!(!goes_on_with_note("注：以下事项按年调整", item), "{item}");
        }
    }

    #[test]
    fn a_row_that_counts_the_columns_is_told_from_one_of_numbers() {
        for row in [
            &["1", "2", "3"][..],
            &["①", "②", "③", "⑤"],
            &["A", "B", "C"],
            &["栏次", "A", "B"],
            &["（1）", "（2）", "（3）"],
            &["甲", "乙", "1", "2"],
            &["一", "二", "三"],
        ] {
            assert!(column_numbers(row).is_some(), "{row:?}");
        }
        for row in [&["1", "2"][..], &["3", "2", "1"], &["7", "8", "9"], &["1", "甲许可", "2"], &["栏次", "1"], &["1", "甲", "A局"]]
        {
            assert!(column_numbers(row).is_none(), "{row:?}");
        }
    }
}
