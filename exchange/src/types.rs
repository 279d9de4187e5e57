//! The type of an item: in the words of its cell, or in those of what stands around it.

use domain::value::{Finding, ItemType, Level, Severity, TypeScheme, text};

use crate::{brackets::inside_brackets, error::why, field::Field, reading::Why, record::Record, title::is_service};

/// What surrounds a line and speaks where the line itself does not.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings {
    pub scheme: Option<TypeScheme>,
    /// Of the section that it stands in.
    pub section: Option<ItemType>,
    /// Of the name of its sheet.
    pub sheet: Option<ItemType>,
    /// Of the title over its table.
    pub title: Option<ItemType>,
    /// Of the heading over its name.
    pub heading: Option<ItemType>,
    /// Of the list as a whole.
    pub list: Option<ItemType>,
    /// The heading of its section, where that says that it is cancelled.
    pub cancelled: Option<String>,
}

impl Surroundings {
    /// The type that they give, and where from, in both languages.
    pub(crate) fn derived(&self) -> Option<(ItemType, &'static str, &'static str)> {
        let all = [
            (self.section, "分节标题", "its section"),
            (self.sheet, "工作表名称", "the name of its sheet"),
            (self.title, "表格上方的标题", "the title over its table"),
            (self.heading, "名称列的标题", "the heading of its name"),
            (self.list, "清单标题", "the title of the list"),
        ];
        all.into_iter().find_map(|(found, zh, en)| Some((found?, zh, en)))
    }
}

/// Types that lists have beyond the eleven of the national code list, with the one that they count to there.
const MAPPED: [(&str, ItemType); 27] = [
    ("行政备案", ItemType::OtherPower),
    ("备案", ItemType::OtherPower),
    ("行政备案审查", ItemType::OtherPower),
    ("年检", ItemType::OtherPower),
    ("年审", ItemType::OtherPower),
    ("行政年检", ItemType::OtherPower),
    ("行政年审", ItemType::OtherPower),
    ("年检年审", ItemType::OtherPower),
    ("行政年检年审", ItemType::OtherPower),
    ("非行政许可审批", ItemType::OtherPower),
    ("非行政许可", ItemType::OtherPower),
    ("非许可审批", ItemType::OtherPower),
    ("非许可类审批", ItemType::OtherPower),
    ("行政指导", ItemType::OtherPower),
    ("行政规划", ItemType::OtherPower),
    ("行政合同", ItemType::OtherPower),
    ("行政协议", ItemType::OtherPower),
    ("行政调解", ItemType::OtherPower),
    ("行政复议", ItemType::OtherPower),
    ("行政登记", ItemType::OtherPower),
    ("行政审核", ItemType::OtherPower),
    ("审核转报", ItemType::OtherPower),
    ("行政命令", ItemType::OtherPower),
    ("内部审批", ItemType::OtherPower),
    ("税费减免", ItemType::OtherPower),
    ("行政征用", ItemType::Levy),
    ("征用", ItemType::Levy),
];

/// A type in words, and whether it is one beyond the national list that counts to another.
fn of_words(written: &str) -> Option<(ItemType, bool)> {
    let name = written.split(['（', '(']).next().unwrap_or_default();
    let name = name.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十、.．".contains(c));
    let name = name.trim_end_matches(['类', '：', ':']).trim_end_matches("事项");
    let mapped = MAPPED.iter().find(|(word, _)| *word == name).map(|(_, found)| (*found, true));
    mapped.or_else(|| ItemType::from_name(written).map(|found| (found, false)))
}

/// Whether a heading is the word for a type.
pub(crate) fn is_word(heading: &str) -> bool {
    of_words(&text::squash(heading)).is_some()
}

/// Whether a cell is a type, in words or by number.
pub(crate) fn is_type(cell: &str) -> bool {
    let squashed = text::squash(cell);
    let number = crate::parts::narrow(&squashed);
    of_words(&squashed).is_some() || [TypeScheme::National, TypeScheme::Letters].iter().any(|scheme| scheme.item_type(&number).is_some())
}

/// The type that is written where nothing but a type stands: `一、行政处罚（254项）`, `…指导目录（行政许可类）`.
pub(crate) fn of_label(label: &str) -> Option<ItemType> {
    let squashed = text::squash(label);
    let bare = squashed.trim_matches(|c: char| c.is_ascii_digit() || ".、-_".contains(c));
    of_words(bare).map(|(found, _)| found).or_else(|| {
        let bracketed: Vec<_> = inside_brackets(&squashed).iter().filter_map(|part| ItemType::from_name(part)).collect();
        (bracketed.len() == 1).then(|| bracketed[0])
    })
}

/// The type that a title gives: that of a label, or the one type that it names before 事项, 清单 or 目录
/// (`某市行政许可事项清单（2022年版）`). A title that names several types, or powers as well as services, gives none.
pub(crate) fn of_title(title: &str) -> Option<ItemType> {
    of_label(title).or_else(|| {
        let squashed = text::squash(title);
        // A note over the table that happens to speak of a type is no title.
        if squashed.contains(['。', '；', '：']) || squashed.chars().count() > 50 {
            return None;
        }
        let end = ["事项", "清单", "目录", "一览表"].iter().filter_map(|word| squashed.rfind(word)).max()?;
        let before = &squashed[..end];
        let named = |found: &ItemType| {
            let word = found.zh();
            before.match_indices(word).any(|(at, _)| !squashed[at + word.len()..].starts_with(['局', '委', '处', '科', '办', '中', '大']))
        };
        let mut all: Vec<ItemType> = ItemType::ALL.into_iter().filter(named).collect();
        // 其他行政权力 is a type; 行政权力 and 权责 are all of them.
        let powers = before.replace("其他行政权力", "");
        if ["权力", "权责", "职权"].iter().any(|word| powers.contains(word)) {
            return None;
        }
        if all.is_empty() && ["行政审批事项", "审批事项", "许可事项"].iter().any(|word| squashed.contains(word)) {
            all.push(ItemType::Permission);
        }
        if all.is_empty() && is_service(&squashed) {
            all.push(ItemType::PublicService);
        }
        (all.len() == 1).then(|| all[0])
    })
}

/// The type that the heading over names gives: `许可事项名称` is of permissions.
pub(crate) fn of_heading(heading: &str) -> Option<ItemType> {
    const WORDS: [(&str, ItemType); 12] = [
        ("许可", ItemType::Permission),
        ("处罚", ItemType::Penalty),
        ("强制", ItemType::Coercion),
        ("征收", ItemType::Levy),
        ("给付", ItemType::Benefit),
        ("检查", ItemType::Inspection),
        ("确认", ItemType::Confirmation),
        ("奖励", ItemType::Reward),
        ("裁决", ItemType::Adjudication),
        ("公共服务", ItemType::PublicService),
        ("服务事项", ItemType::PublicService),
        ("服务项目", ItemType::PublicService),
    ];
    let squashed = text::squash(heading);
    // Government services are powers on application as well as public services.
    if squashed.contains("政务服务") {
        return None;
    }
    let mut found: Vec<ItemType> = WORDS.iter().filter(|(word, _)| squashed.contains(word)).map(|(_, found)| *found).collect();
    found.dedup();
    (found.len() == 1).then(|| found[0])
}

/// The type of a line with the words of the source where they are others: in its own words, by its number, or from what
/// surrounds it.
pub(crate) fn item_type(record: &Record, around: &Surroundings, findings: &mut Vec<Finding>) -> Result<(ItemType, Option<String>), Why> {
    let number = record.first(Field::TypeCode).map(text::squash);
    let by_scheme = |scheme: TypeScheme, number: &str| scheme.item_type(&crate::parts::narrow(number));
    if let Some(written) = record.first(Field::Type) {
        let squashed = text::squash(written);
        let by_number =
            || [TypeScheme::National, TypeScheme::Letters].iter().find_map(|scheme| by_scheme(around.scheme.unwrap_or(*scheme), &squashed));
        let (found, mapped) =
            of_words(&squashed).or_else(|| by_number().map(|found| (found, false))).ok_or_else(|| unknown_type(&squashed))?;
        if mapped {
            findings.push(Finding::warning(
                "TYPE_MAPPED",
                "type",
                format!("“{squashed}”不在国家规定的类型之内，按“{}”采集，原文已保留", found.zh()),
                format!("{squashed:?} is none of the national types; it counts to {}, its words are kept", found.zh()),
            ));
        }
        let said = if squashed == found.zh() { number.filter(|number| number != found.code()) } else { Some(squashed) };
        return Ok((found, said));
    }
    if let Some(number) = number {
        let scheme = around.scheme.unwrap_or(TypeScheme::National);
        // The member may hold a name after all.
        let found = by_scheme(scheme, &number).or_else(|| ItemType::from_name(&number)).ok_or_else(|| unknown_type(&number))?;
        return Ok((found, Some(number).filter(|number| number != found.code() && number != found.zh())));
    }
    let Some((found, zh, en)) = around.derived() else {
        return Err(why(
            "TYPE_MISSING",
            "缺少事项类型，分节标题、工作表名称和清单标题中也没有；请在源表中补齐",
            "the type is missing, and neither its section nor its sheet nor the title of the list gives it; add it in this row",
        ));
    };
    findings.push(Finding::new(
        Severity::Info,
        "TYPE_DERIVED",
        "type",
        format!("该行未写类型，按{zh}取“{}”", found.zh()),
        format!("the row gives no type; {en} says {}", found.zh()),
    ));
    Ok((found, None))
}

/// The types that a cell names, by its words between signs, or anywhere in it.
fn types_in(written: &str) -> Vec<ItemType> {
    let mut parts: Vec<ItemType> = Vec::new();
    for (found, _) in written.split(|c: char| "、，,；;/／|+＋和及与或".contains(c)).filter_map(of_words) {
        if !parts.contains(&found) {
            parts.push(found);
        }
    }
    let mut named: Vec<(usize, ItemType)> = ItemType::ALL.into_iter().filter_map(|t| Some((written.find(t.zh())?, t))).collect();
    named.sort_unstable();
    if parts.len() >= named.len() { parts } else { named.into_iter().map(|(_, found)| found).collect() }
}

fn unknown_type(written: &str) -> Why {
    let shown: String = written.chars().take(40).collect();
    let several: Vec<_> = types_in(written).into_iter().map(ItemType::zh).collect();
    if several.len() > 1 {
        let (number, names) = (several.len(), several.join("、"));
        let quoted = several.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
        return why(
            "TYPE_UNKNOWN",
            format!("一格中有{number}种事项类型：{names}；请在源表中拆成每行一种，或用 --map 列标题=type 指定另一列"),
            format!(
                "the cell names {number} types, {quoted}; write one row for each in the source, or name another column with --map heading=type"
            ),
        );
    }
    why(
        "TYPE_UNKNOWN",
        format!("事项类型“{shown}”不在十一种类型之内；请按行政许可、行政处罚等填写，仅有代码时用--scheme指明编号方式"),
        format!("{shown:?} is none of the eleven types; write \"行政许可\", \"行政处罚\" …, or name the numbering with --scheme"),
    )
}

/// What a column with ticks stands for, by its own word.
pub(crate) fn meaning(own: &str) -> Option<Field> {
    if Level::from_name(own).is_some() {
        return Some(Field::Level);
    }
    is_word(own).then_some(Field::Type)
}

/// Whether a heading is the name of a level or a type: beside the headings of a table it is one of them.
pub(crate) fn is_name(heading: &str) -> bool {
    heading.len() <= 60 && meaning(heading).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_name_their_type_before_the_word_for_a_list() {
        for (title, expected) in [
            ("行政检查（ 17项）", Some(ItemType::Inspection)),
            ("某市人防系统指导目录（行政许可类）  ", Some(ItemType::Permission)),
            ("Sheet1", None),
            ("东海市行政许可事项清单（2022年版）", Some(ItemType::Permission)),
            ("东海市财政局公共服务事项清单", Some(ItemType::PublicService)),
            ("公共服务事项清单", Some(ItemType::PublicService)),
            ("东海市行政审批局权责清单", None),
            ("东海市行政许可、行政处罚事项清单", None),
            ("东海市行政权力和公共服务事项清单", None),
            ("东海市其他行政权力事项目录", Some(ItemType::OtherPower)),
        ] {
            assert_eq!(of_title(title), expected, "{title}");
        }
        assert_eq!(of_heading("许可事项名称"), Some(ItemType::Permission));
        assert_eq!(of_heading("事项名称"), None);
        assert_eq!(of_heading("政务服务事项名称"), None);
    }

    #[test]
    fn a_cell_with_several_types_is_told_with_them_and_with_what_to_do() {
        for (cell, names) in [
            ("行政许可、行政处罚", "行政许可、行政处罚"),
            ("处罚/强制", "行政处罚、行政强制"),
            ("行政许可行政检查", "行政许可、行政检查"),
            ("行政许可和其他行政权力", "行政许可、其他行政权力"),
        ] {
            let told = unknown_type(cell);
            assert_eq!(told.code, "TYPE_UNKNOWN");
            let quoted = names.split('、').map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
            for (words, names) in [(&told.zh, names), (&told.en, &quoted)] {
                assert!(words.contains(names) && words.contains("--map"), "{words}");
            }
            assert!(told.zh.contains("每行一种") && told.en.contains("one row for each"), "{told:?}");
        }
        let one = unknown_type("行政奇想");
        assert!(one.zh.contains("“行政奇想”") && !one.zh.contains("每行一种"), "{one:?}");
    }

    #[test]
    fn types_beyond_the_national_ones_count_to_another() {
        assert_eq!(of_words("行政备案类"), Some((ItemType::OtherPower, true)));
        assert_eq!(of_words("行政征用"), Some((ItemType::Levy, true)));
        assert_eq!(of_words("行政征收"), Some((ItemType::Levy, false)));
        assert_eq!(of_words("公共教育"), None);
    }
}
