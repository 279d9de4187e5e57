//! Lines of what is no longer in force: what a list says by its state, in a name, in a remark, or over a section.

use domain::value::{Finding, text};

use crate::{
    brackets::{inside_brackets, outside_brackets},
    error::why,
    field::Field,
    reading::Why,
    record::Record,
};

/// Words that say so, standing alone as a remark or in brackets after a name.
const CANCELLED: [&str; 10] =
    ["取消", "已取消", "废止", "已废止", "予以取消", "已经取消", "已予取消", "该项取消", "该事项已取消", "此项已取消"];
/// Words and national numbers that say so as a state.
const OUT_OF_USE: [&str; 10] = ["2", "3", "暂停", "已暂停", "停用", "已停用", "暂停实施", "停止实施", "不再实施", "撤销"];
/// Words within a remark, a name or a state that may say so.
const HINTS: [&str; 14] = [
    "已取消",
    "予以取消",
    "拟取消",
    "取消该",
    "取消此",
    "年取消",
    "号取消",
    "不再实施",
    "停止实施",
    "已废止",
    "已停用",
    "暂停实施",
    "停止执行",
    "不再保留",
];
/// A remark of so many characters is about one thing.
const SHORT: usize = 20;

/// Refuses a line that is certainly not in force; where words only may say so, a finding tells it.
pub(crate) fn check(record: &Record, section: Option<&str>, findings: &mut Vec<Finding>) -> Result<(), Why> {
    if let Some(section) = section {
        return Err(cancelled(&format!("分节标题“{section}”"), &format!("the heading of its section, {section:?},")));
    }
    if let Some(state) = record.first(Field::State) {
        let folded = bare(state);
        if says(&CANCELLED, &folded) || says(&OUT_OF_USE, &folded) {
            return Err(cancelled(&format!("状态“{state}”"), &format!("its state, {state:?},")));
        }
        if ["取消", "废止", "停", "撤销"].iter().any(|word| folded.contains(word)) {
            findings.push(hint(Field::State, state));
        }
    }
    for field in [Field::Name, Field::SubName, Field::MainName, Field::CatalogueName] {
        for name in record.all(field) {
            let Some(suffix) = suffix(name) else { continue };
            if says(&CANCELLED, &suffix) {
                return Err(cancelled(&format!("名称“{}”", text::name(name)), &format!("its name, {:?},", text::name(name))));
            }
            if says(&OUT_OF_USE, &suffix) || says_within(&suffix) {
                findings.push(hint(field, name));
            }
        }
    }
    for remark in record.all(Field::Remark) {
        let folded = bare(remark);
        if says(&CANCELLED, &folded) {
            return Err(cancelled(&format!("备注“{}”", text::name(remark)), &format!("its remark, {:?},", text::name(remark))));
        }
        let is_short = folded.chars().count() <= SHORT && (folded.contains("取消") || says(&OUT_OF_USE, &folded));
        if is_short || says_within(&folded) {
            findings.push(hint(Field::Remark, remark));
        }
    }
    Ok(())
}

/// Whether the heading of a section says that what follows is cancelled: `三、取消的事项（5项）`. Words beside it, as in
/// `取消和下放的事项`, leave it open.
pub(crate) fn is_heading(heading: &str) -> bool {
    const ABOUT: [&str; 27] = [
        "的", "行政", "权力", "职权", "权责", "许可", "处罚", "强制", "征收", "给付", "检查", "确认", "奖励", "裁决", "其他", "公共",
        "政务", "服务", "审批", "类", "事项", "项目", "清单", "目录", "部分", "如下", "：",
    ];
    let squashed = text::squash(&outside_brackets(heading));
    let numbered = squashed.strip_prefix('第').unwrap_or(&squashed);
    let unnumbered = numbered.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十、.．".contains(c));
    let said = unnumbered.trim_start_matches("部分").trim_start_matches(['：', '、']);
    let said = ["本次", "决定", "已", "予以"].iter().fold(said, |said, word| said.strip_prefix(word).unwrap_or(said));
    let Some(mut rest) = ["取消", "废止", "停止实施", "不再实施", "停用"].iter().find_map(|word| said.strip_prefix(word))
    else {
        return false;
    };
    while let Some(after) = ABOUT.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = after;
    }
    rest.is_empty()
}

/// How deep a heading stands by its number: 1 for `一、`, 2 for `（一）`, 3 for `1.`, 4 for `（1）`; 0 without one.
pub(crate) fn depth(heading: &str) -> u8 {
    let squashed = text::squash(heading);
    let is_chinese = |rest: &str| rest.trim_start_matches('第').starts_with(|c: char| "一二三四五六七八九十".contains(c));
    match squashed.strip_prefix(['（', '(']) {
        Some(inside) if is_chinese(inside) => 2,
        Some(inside) if inside.starts_with(|c: char| c.is_ascii_digit()) => 4,
        None if is_chinese(&squashed) => 1,
        None if squashed.starts_with(|c: char| c.is_ascii_digit()) => 3,
        _ => 0,
    }
}

/// What stands in brackets at the end of a name.
fn suffix(name: &str) -> Option<String> {
    let name = text::fold(name).replace(['【', '[', '〔'], "(").replace(['】', ']', '〕'], ")");
    name.ends_with([')', '）']).then(|| inside_brackets(&name).pop()).flatten().map(|suffix| bare(&suffix))
}

fn bare(words: &str) -> String {
    text::squash(&text::fold(words)).trim_matches(|c: char| "()（）【】[]。．.；;，,！!*".contains(c)).to_owned()
}

fn says(all: &[&str], words: &str) -> bool {
    all.contains(&words)
}

fn says_within(words: &str) -> bool {
    HINTS.iter().any(|hint| words.contains(hint))
}

fn cancelled(zh: &str, en: &str) -> Why {
    why("CANCELLED", format!("{zh}表明该事项已不再实施，未采集"), format!("{en} says that it is no longer in force"))
}

fn hint(field: Field, words: &str) -> Finding {
    let words: String = text::name(words).chars().take(60).collect();
    Finding::warning(
        "MAYBE_CANCELLED",
        field.name(),
        format!("“{words}”可能表示该事项已取消或暂停，仍按有效采集；如确已取消，请在状态或备注中写“已取消”"),
        format!(
            "{words:?} may say that it is cancelled or suspended; it is taken as in force. If it is not, write 已取消 as its state or remark"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_cancelled_sections_are_told_from_others() {
        for heading in ["三、取消的事项", "（二）取消的行政许可事项（5项）", "已取消事项", "第三部分 废止的职权", "取消类"]
        {
            assert!(is_heading(heading), "{heading}");
        }
        for heading in ["取消和下放的事项", "一、保留的事项", "拟取消的事项", "取消投标资格", "一、行政许可"]
        {
            assert!(!is_heading(heading), "{heading}");
        }
        assert_eq!(["三、取消", "（一）行政许可", "1.甲", "(2)乙", "丙"].map(depth), [1, 2, 3, 4, 0]);
    }
}
