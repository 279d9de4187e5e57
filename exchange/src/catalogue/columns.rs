//! What the headings of catalogues mean.

use domain::value::{Carrier, Level, Manner, text};

use crate::{field::Field as F, headings::plain};

/// The words, by field, as they are compared: without signs.
#[rustfmt::skip]
const WORDS: &[(F, &[&str])] = &[
    (F::Sequence, &["序号", "编号"]),
    (F::OpenFirstTier, &[
        "公开事项一级事项", "一级事项", "一级公开事项", "公开事项一级", "一级目录", "公开类别", "公开事项类别", "一级", "事项类别",
    ]),
    (F::OpenName, &[
        "公开事项", "公开事项名称", "公开事项二级事项", "二级事项", "二级公开事项", "公开事项二级", "二级目录", "二级", "公开事项事项名称",
        "事项名称", "公开事项一级事项二级事项", "信息名称", "公开信息名称",
    ]),
    (F::OpenElements, &["公开内容", "公开内容要素", "内容要素", "公开要素", "公开内容和要素", "公开内容及要素", "公开的内容"]),
    (F::OpenBasis, &["公开依据", "公开的依据", "公开法律依据", "公开法定依据"]),
    (F::OpenLimit, &["公开时限", "公开时间", "公开期限", "公开时限要求", "时限", "公开的时限"]),
    (F::OpenAgency, &["公开主体", "公开责任主体", "责任主体", "公开单位", "公开责任单位", "公开机构", "公开责任部门", "责任单位", "责任部门"]),
    (F::OpenAgencyName, &["公开主体名称"]),
    (F::OpenAgencyCode, &["公开主体编码", "公开主体代码", "公开主体统一社会信用代码"]),
    (F::OpenCarriers, &[
        "公开渠道和载体", "公开渠道与载体", "公开渠道载体", "公开渠道及载体", "公开渠道", "公开载体", "公开载体和渠道", "公开途径",
        "公开平台", "渠道和载体",
    ]),
    (F::OpenTo, &["公开对象", "公开对象范围", "公开范围"]),
    (F::OpenManner, &["公开方式", "公开的方式"]),
    (F::OpenLevel, &["公开层级", "公开层次", "层级", "公开级别"]),
    (F::OpenAttribute, &["公开属性", "信息公开属性", "信息属性"]),
    (F::OpenReason, &["非主动公开理由", "不予公开理由", "不公开理由"]),
    (F::OpenRestriction, &["非主动公开依据", "不予公开依据", "不公开依据", "非主动公开的法律法规依据", "非主动公开法律法规依据"]),
    (F::OpenItem, &["关联事项编码", "事项编码", "权责事项编码", "对应事项编码", "实施编码"]),
    (F::OpenGuide, &["关联办事指南编码", "办事指南编码", "业务办理项编码"]),
    (F::OpenStep, &["产生环节", "环节", "权力运行环节", "运行环节", "服务环节", "所属环节", "办理环节"]),
    (F::OpenTopic, &["公开领域", "领域", "试点领域", "所属领域", "主题"]),
    (F::OpenCode, &["公开事项编码", "条目编码", "公开目录编码"]),
    (F::Remark, &["备注", "说明"]),
];

/// Headings that a catalogue has and no other list: so many make a catalogue.
pub(super) const OWN: [F; 9] =
    [F::OpenName, F::OpenFirstTier, F::OpenElements, F::OpenBasis, F::OpenLimit, F::OpenAgency, F::OpenCarriers, F::OpenTo, F::OpenManner];

/// What a heading means.
pub(super) fn meaning(heading: &str, map: &[(String, F)]) -> Option<F> {
    // Texts below headings are long, and nearly every cell is one.
    if heading.len() > 180 {
        return None;
    }
    let whole = plain(heading);
    if whole.is_empty() {
        return None;
    }
    if let Some((_, field)) = map.iter().find(|(said, _)| plain(said) == whole) {
        return Some(*field);
    }
    let known = |word: &str| WORDS.iter().find(|(_, words)| words.contains(&word)).map(|(field, _)| *field);
    // 公开对象（全社会/特定群体）: the brackets say what may stand below.
    let outside = heading.split(['（', '(', '[', '【']).next().map(plain).unwrap_or_default();
    known(&whole).or_else(|| known(&outside))
}

/// The word of a kind within a group of columns: `全社会` under 公开对象.
pub(super) fn kind_of(group: F, own: &str) -> bool {
    let word = text::squash(own);
    match group {
        F::OpenTo => to_everyone(&word) || to_groups(&word),
        F::OpenManner => Manner::from_name(&word).is_some(),
        F::OpenLevel => Level::from_name(&word).is_some(),
        F::OpenCarriers => Carrier::split(&word).is_some_and(|(_, rest)| rest.is_empty()),
        _ => false,
    }
}

/// Whether a word of a second row is one that stands under a group.
pub(super) fn is_kind(own: &str) -> bool {
    [F::OpenTo, F::OpenManner, F::OpenLevel, F::OpenCarriers].iter().any(|group| kind_of(*group, own))
}

pub(super) fn to_everyone(word: &str) -> bool {
    matches!(word, "全社会" | "社会公众" | "社会" | "全体公众" | "公众")
}

pub(super) fn to_groups(word: &str) -> bool {
    ["特定群体", "特定群众", "特定对象", "特定人群"].iter().any(|groups| word.starts_with(groups))
}
