//! What headings mean: the words that cities use, each with its field.

use std::{collections::HashMap, sync::LazyLock};

use domain::value::text;

use crate::field::Field as F;

/// The words, by field. Where two words fit, the longer one wins.
const WORDS: &[(F, &[&str])] = &[
    (F::Sequence, &["序号", "编号", "项目序号", "事项序号", "职权序号", "总序号", "no", "no.", "№"]),
    (
        F::Name,
        &[
            "事项名称",
            "职权名称",
            "权力名称",
            "行政职权名称",
            "行政权力名称",
            "权力事项名称",
            "权力事项",
            "职权事项",
            "行政职权事项",
            "权责事项",
            "权责事项名称",
            "权责名称",
            "项目名称",
            "职权项目名称",
            "权力项目名称",
            "事项",
            "名称",
            "服务事项",
            "服务事项名称",
            "公共服务事项",
            "公共服务事项名称",
            "公共服务名称",
            "服务项目",
            "服务项目名称",
            "政务服务事项名称",
            "实施清单名称",
            "业务办理项名称",
            "办理项名称",
            "业务办理项",
            "办事指南名称",
            "指南名称",
            "处罚事项",
            "许可事项",
            "许可事项名称",
            "检查事项",
            "职权",
            "权力项目",
            "项目",
        ],
    ),
    (
        F::SubName,
        &[
            "子项名称",
            "子项",
            "权力子项",
            "职权子项",
            "子项目名称",
            "子项目",
            "子项内容",
            "事项子项",
            "小项",
            "小项名称",
            "分项名称",
            "子事项名称",
            "子事项",
            "办理子项",
            "权力名称子项",
        ],
    ),
    (F::MainName, &["主项名称", "主项", "大项名称", "大项", "一级事项", "主事项名称", "主事项", "事项主项", "项目大项"]),
    (F::CatalogueName, &["目录名称", "基本目录名称", "目录事项名称", "通用事项名称"]),
    (
        F::Type,
        &[
            "权力类型",
            "事项类型",
            "职权类型",
            "职权类别",
            "权力类别",
            "事项类别",
            "行政权力类型",
            "行政职权类型",
            "行政权力类别",
            "行政职权类别",
            "权责类型",
            "权责类别",
            "类型",
            "类别",
            "权力性质",
            "职权性质",
            "事项性质",
            "权力种类",
            "职权种类",
            "服务类型",
            "服务类别",
            "公共服务类型",
            "职权分类",
            "权力分类",
            "事项分类",
            "行政行为类型",
            "执法类别",
            "执法类型",
        ],
    ),
    (F::TypeCode, &["类型代码", "类型编码", "权力类型编码", "事项类型编码", "事项类型代码"]),
    (
        F::Code,
        &[
            "编码",
            "职权编码",
            "事项编码",
            "权力编码",
            "项目编码",
            "实施编码",
            "实施清单编码",
            "业务办理项编码",
            "办理项编码",
            "职权编号",
            "权力编号",
            "事项编号",
            "项目编号",
            "事项代码",
            "职权代码",
            "权力代码",
            "项目代码",
            "代码",
            "唯一编码",
            "统一编码",
            "权责编码",
            "权责编号",
            "服务编码",
            "服务事项编码",
            "行政职权编码",
            "行政权力编码",
            "业务编码",
        ],
    ),
    (F::BasicCode, &["基本编码", "目录编码", "基本目录编码", "国家基本编码", "事项基本编码", "通用编码"]),
    (F::LocalBasicCode, &["地方基本编码"]),
    (F::LocalCode, &["地方实施编码", "本地编码", "地方编码"]),
    (F::ParentCode, &["主项编码", "父项编码", "上级编码"]),
    (
        F::Agency,
        &[
            "行使主体",
            "实施主体",
            "实施机关",
            "实施部门",
            "实施单位",
            "责任主体",
            "责任单位",
            "责任部门",
            "权力主体",
            "职权主体",
            "执法主体",
            "行使机关",
            "行使部门",
            "行政主体",
            "主管部门",
            "部门名称",
            "部门",
            "单位",
            "单位名称",
            "实施主体名称",
            "实施机构",
            "行政机关",
            "行使单位",
            "实施主体全称",
            "主办部门",
            "主体名称",
            "机关名称",
            "服务主体",
            "服务单位",
            "服务部门",
            "服务机构",
            "提供单位",
            "提供主体",
            "办理部门",
            "行权主体",
            "审批部门",
            "审批机关",
            "实施机关名称",
            "所属部门",
            "责任机关",
            "市级主管部门",
            "行业主管部门",
            "牵头部门",
        ],
    ),
    (F::CreditCode, &["统一社会信用代码", "社会信用代码", "信用代码", "实施主体编码", "部门编码", "机构代码", "实施主体代码", "主体代码"]),
    (
        F::Office,
        &[
            "承办机构",
            "承办科室",
            "承办处室",
            "承办单位",
            "承办部门",
            "责任科室",
            "责任处室",
            "内设机构",
            "办理科室",
            "办理处室",
            "具体承办机构",
            "承办机构科室",
            "承办股室",
            "责任股室",
            "实施科室",
            "承办业务科室",
            "具体科室",
            "承办人",
            "科室",
            "处室",
            "经办机构",
            "办理机构",
            "承办主体",
        ],
    ),
    (F::EntrustedBy, &["委托部门", "委托机关", "委托单位", "受委托组织", "受委托单位"]),
    (F::JointAgencies, &["联办机构", "联办部门", "协办部门", "共同实施部门", "共同实施主体", "配合部门"]),
    (
        F::Level,
        &[
            "行使层级",
            "实施层级",
            "权力层级",
            "层级",
            "职权层级",
            "办理层级",
            "审批层级",
            "行政层级",
            "事项层级",
            "权限层级",
            "级别",
            "实施级别",
            "行使级别",
            "监管层级",
        ],
    ),
    (
        F::Authority,
        &[
            "权限",
            "行使权限",
            "实施权限",
            "职权范围",
            "权限划分",
            "权限内容",
            "管理权限",
            "具体权限",
            "层级权限",
            "行使内容",
            "审批权限",
            "分级权限",
        ],
    ),
    (
        F::LevelAuthority,
        &[
            "实施层级及权限",
            "实施层级和权限",
            "行使层级及权限",
            "层级及权限",
            "层级权限划分",
            "行使层级和权限",
            "实施层级与权限",
            "行使层级权限",
            "实施层级权限",
            "分级管理权限",
        ],
    ),
    (F::RegionCode, &["行政区划代码", "区划代码", "行政区划编码"]),
    (F::RegionName, &["行政区划", "所属区划", "所属地区", "区划名称"]),
    (F::PowerSource, &["权力来源", "职权来源", "事项来源"]),
    (
        F::LegalBasis,
        &[
            "实施依据",
            "设定依据",
            "法律依据",
            "职权依据",
            "权力依据",
            "依据",
            "法定依据",
            "行使依据",
            "政策依据",
            "法规依据",
            "设立依据",
            "法律法规依据",
            "设定和实施依据",
            "设定及实施依据",
            "实施依据内容",
            "执法依据",
            "处罚依据",
            "办理依据",
            "服务依据",
            "权力设定依据",
            "法律法规规章依据",
            "法律政策依据",
            "职权依据及内容",
            "主要依据",
            "依据名称",
            "依据文件",
            "行政依据",
            "权责依据",
            "检查依据",
            "许可依据",
            "审批依据",
            "事项依据",
        ],
    ),
    (F::AgencyDuty, &["部门职责", "单位职责", "职责", "部门主要职责", "主要职责", "机构职责", "三定职责", "部门职能", "职能", "职责边界"]),
    (
        F::Duty,
        &[
            "责任事项内容",
            "责任事项",
            "责任内容",
            "具体责任",
            "责任清单",
            "责任",
            "对应责任事项",
            "责任事项具体内容",
            "部门责任事项",
            "对应责任",
            "责任事项及内容",
            "履责方式",
            "责任环节",
            "行政责任",
        ],
    ),
    (F::DutyBasis, &["责任事项依据", "责任依据", "责任设定依据", "履责依据", "责任事项的依据", "责任内容依据", "责任清单依据"]),
    (F::Accountable, &["追责对象范围", "追责对象", "问责对象", "追责范围", "责任追究对象", "追责主体", "追究对象"]),
    (
        F::Accountability,
        &[
            "追责情形",
            "问责情形",
            "追究责任情形",
            "追责情形内容",
            "责任追究情形",
            "问责事项",
            "追责事项",
            "责任追究",
            "追责",
            "问责",
            "追责情形及依据",
            "问责依据",
            "追责依据",
            "追责情形和追责依据",
            "责任追究机制",
            "问责内容",
            "追责内容",
            "追责情形描述",
        ],
    ),
    (F::Remedies, &["救济渠道", "救济途径", "救助渠道", "救济方式", "权利救济", "救济", "行政救济", "法律救济", "投诉及救济渠道"]),
    (
        F::PenaltyMethod,
        &[
            "处罚的行为种类幅度",
            "处罚种类",
            "处罚幅度",
            "处罚种类及幅度",
            "处罚种类和幅度",
            "处罚方式",
            "处罚措施",
            "行政处罚种类",
            "处罚内容",
            "处罚标准",
            "处罚的种类幅度",
        ],
    ),
    (F::LevyKind, &["征收种类", "征收项目", "征收标准"]),
    (F::Remark, &["备注", "说明", "备注说明", "其他说明", "附注", "备考", "调整情况", "调整意见", "变动情况", "变更情况"]),
    (F::State, &["事项状态", "状态", "在用状态"]),
    (F::OtherNames, &["别名", "简称", "事项简称", "俗称", "日常用语"]),
    (
        F::Audience,
        &[
            "服务对象",
            "办理对象",
            "面向对象",
            "行政相对人",
            "服务对象类型",
            "实施对象",
            "申请对象",
            "适用对象",
            "行政相对人类型",
            "检查对象",
        ],
    ),
    (F::Topics, &["主题分类", "主题", "服务主题", "事项主题", "主题类别", "面向自然人主题分类", "面向法人主题分类", "地方特色主题分类"]),
    (F::CaseKind, &["办件类型", "办理类型", "办件类别"]),
    (F::Conditions, &["受理条件", "申请条件", "办理条件", "审批条件", "许可条件", "申办条件", "准予条件"]),
    (
        F::Materials,
        &[
            "申请材料",
            "申报材料",
            "所需材料",
            "办理材料",
            "材料清单",
            "提交材料",
            "材料",
            "材料名称",
            "申请材料名称",
            "申请材料目录",
            "申办材料",
        ],
    ),
    (F::Steps, &["办理流程", "办理程序", "流程", "程序", "服务流程", "审批流程", "工作流程", "办事流程", "办理环节", "流程图"]),
    (F::StatutoryLimit, &["法定办结时限", "法定时限", "法定期限", "法定办理时限", "法定工作日", "法定办结期限"]),
    (F::StatutoryUnit, &["法定办结时限单位", "法定时限单位"]),
    (F::StatutoryNote, &["法定办结时限说明", "法定时限说明"]),
    (
        F::PromisedLimit,
        &["承诺办结时限", "承诺时限", "承诺期限", "办理时限", "办结时限", "承诺办理时限", "承诺工作日", "办理期限", "服务时限"],
    ),
    (F::PromisedUnit, &["承诺办结时限单位", "承诺时限单位"]),
    (F::PromisedNote, &["承诺办结时限说明", "承诺时限说明"]),
    (F::IsFee, &["是否收费", "收费情况"]),
    (F::Fees, &["收费标准", "收费标准及依据", "收费项目", "收费依据及标准", "收费标准和依据", "费用", "收费"]),
    (F::FeeBasis, &["收费依据"]),
    (F::Result, &["审批结果名称", "审批结果", "结果名称", "办理结果", "办结结果", "审批结果类型", "服务结果", "证照名称"]),
    (F::Place, &["办理地点", "办公地点", "办理地址", "受理地点", "办事地点", "服务地点", "办理窗口", "受理窗口", "地址", "服务地址"]),
    (F::Hours, &["办理时间", "办公时间", "工作时间", "服务时间", "受理时间"]),
    (F::Consult, &["咨询方式", "咨询电话", "联系电话", "电话", "服务电话", "联系方式", "办公电话", "咨询途径", "咨询渠道", "咨询服务电话"]),
    (
        F::Complain,
        &[
            "监督投诉方式",
            "监督电话",
            "投诉电话",
            "监督投诉电话",
            "监督方式",
            "投诉方式",
            "投诉渠道",
            "监督渠道",
            "举报电话",
            "投诉监督电话",
            "投诉监督",
            "监督投诉",
        ],
    ),
    (F::Visits, &["到办事现场次数", "到现场次数", "跑动次数", "跑腿次数", "现场次数", "到现场办理次数"]),
    (F::VisitReason, &["必须现场办理原因说明", "必须到现场原因", "现场办理原因", "必须现场办理原因"]),
    (F::Delivery, &["是否支持物流快递", "是否支持快递", "物流快递", "快递服务"]),
    (F::IsOnline, &["是否网办", "是否网上办理", "是否可网办", "是否支持网上办理"]),
    (F::Url, &["网办地址", "在线办理地址", "网址", "办理网址", "在线办理跳转地址", "计算机端在线办理跳转地址", "网上办理地址", "链接"]),
    (F::MobileUrl, &["移动端办理地址", "移动端网址"]),
    (F::Platform, &["网办平台", "办理平台", "所属平台", "办理系统", "业务系统", "承载平台"]),
    (F::Appointment, &["是否支持预约办理", "预约办理", "是否预约"]),
    (F::AppointmentUrl, &["预约地址", "预约网址"]),
    (F::Payment, &["是否支持网上支付", "网上支付"]),
    (F::QuantityLimit, &["数量限制"]),
    (F::SpecialProcedure, &["特别程序", "特殊环节"]),
    (F::Intermediary, &["中介服务", "中介服务事项"]),
    (
        F::Ignored,
        &[
            "记录唯一标识",
            "事项唯一标识",
            "版本号",
            "事项版本",
            "更新时间",
            "发布时间",
            "创建时间",
            "计划生效日期",
            "计划取消日期",
            "流程图地址",
            "二维码",
            "裁量基准",
            "裁量权基准",
            "流程图附件",
            "廉政风险点",
            "风险等级",
            "办理形式",
            "通办范围",
            "是否进驻政务大厅",
        ],
    ),
];

/// How sure a meaning is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Sureness {
    /// A known word is part of it.
    Contains,
    /// It is a known word, or the caller said so.
    Exact,
}

static EXACT: LazyLock<HashMap<String, F>> = LazyLock::new(|| {
    let words = WORDS.iter().flat_map(|(field, words)| words.iter().map(|word| (plain(word), *field)));
    // The first field that has a word keeps it.
    let mut map = HashMap::new();
    for (word, field) in words {
        map.entry(word).or_insert(field);
    }
    map
});

/// Headings as they are compared: folded, without signs.
pub(crate) fn plain(heading: &str) -> String {
    text::fold(heading).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A heading without what stands in brackets: `实施主体（责任单位）`.
fn without_brackets(heading: &str) -> String {
    let mut depth = 0_usize;
    let mut out = String::new();
    for c in text::fold(heading).chars() {
        match c {
            '(' | '[' | '【' | '〔' => depth += 1,
            ')' | ']' | '】' | '〕' => depth = depth.saturating_sub(1),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    out
}

/// What a heading means, if a word for it is known.
pub(crate) fn meaning(heading: &str, map: &[(String, F)]) -> Option<(F, Sureness)> {
    let whole = plain(heading);
    if whole.is_empty() || whole.chars().count() > 40 {
        return None;
    }
    if let Some((_, field)) = map.iter().find(|(said, _)| plain(said) == whole) {
        return Some((*field, Sureness::Exact));
    }
    let outside = plain(&without_brackets(heading));
    if let Some(field) = EXACT.get(&whole).or_else(|| EXACT.get(&outside)) {
        return Some((*field, Sureness::Exact));
    }
    // Longer than a heading is: a sentence that happens to hold such a word.
    if outside.chars().count() > 16 {
        return None;
    }
    let part = EXACT.iter().filter(|(word, _)| word.chars().count() >= 3 && outside.contains(word.as_str()));
    let best = part.max_by_key(|(word, field)| (word.chars().count(), outside.rfind(word.as_str()), std::cmp::Reverse(**field)))?;
    Some((*best.1, Sureness::Contains))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(heading: &str) -> Option<F> {
        meaning(heading, &[]).map(|(field, _)| field)
    }

    #[test]
    fn headings_are_known_by_their_meaning() {
        for (heading, expected) in [
            ("事项\n名称", F::Name),
            ("行政职权名称", F::Name),
            ("职权类别", F::Type),
            ("权力类型（十大类）", F::Type),
            ("追责对\n象范围", F::Accountable),
            ("实施机关", F::Agency),
            ("实施主体（责任单位）", F::Agency),
            ("职权编码", F::Code),
            ("设定依据", F::LegalBasis),
            ("责任事项依据", F::DutyBasis),
            ("法定办结时限（工作日）", F::StatutoryLimit),
            ("行政权力事项名称", F::Name),
            ("市级行使层级", F::Level),
            ("统一社会信用代码", F::CreditCode),
            ("救助渠道", F::Remedies),
        ] {
            assert_eq!(field(heading), Some(expected), "{heading}");
        }
    }

    #[test]
    fn sentences_are_no_headings_and_the_caller_may_know_better() {
        assert_eq!(field("对未经批准擅自实施责任事项依据的行为予以行政处罚等"), None);
        assert_eq!(field("2024"), None);
        let map = [("分管领导".to_owned(), F::Ignored), ("备注".to_owned(), F::Level)];
        assert_eq!(meaning("分管 领导", &map), Some((F::Ignored, Sureness::Exact)));
        assert_eq!(meaning("备注", &map), Some((F::Level, Sureness::Exact)));
    }
}
