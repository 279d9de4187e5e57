//! Chinese labels of fields, for people who read what changed.

/// The label of a field by its path in the content: `materials[2].copies` is `申请材料[3]·纸质份数`, because people count from 1 and paths
/// from 0. A name without a label stands for itself.
pub fn label(path: &str) -> String {
    let mut out = String::new();
    for segment in path.split('.') {
        let mut parts = segment.split('[');
        let name = parts.next().unwrap_or_default();
        if !out.is_empty() {
            out.push('·');
        }
        out.push_str(word(name).unwrap_or(name));
        for index in parts {
            let (place, rest) = index.split_once(']').unwrap_or((index, ""));
            let place = place.parse::<usize>().map_or_else(|_| place.to_owned(), |place| place.saturating_add(1).to_string());
            out.extend(["[", &place, "]", rest]);
        }
    }
    out
}

fn word(name: &str) -> Option<&'static str> {
    let found = WORDS.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(WORDS[found].1)
}

/// In the order of their names.
const WORDS: &[(&str, &str)] = &[
    ("abolished", "已取消"),
    ("acceptance", "受理标准"),
    ("accountability", "追责"),
    ("actor", "办理人"),
    ("address", "地址"),
    ("agency", "实施主体"),
    ("agencyDuty", "部门职责"),
    ("amount", "数额"),
    ("answer", "答案"),
    ("appointment", "是否支持预约办理"),
    ("appointmentUrl", "预约地址"),
    ("article", "条款"),
    ("attribute", "属性"),
    ("audience", "服务对象"),
    ("authority", "权限"),
    ("basicCode", "基本编码"),
    ("basis", "依据"),
    ("blankForm", "空白表格"),
    ("carriers", "公开渠道和载体"),
    ("caseKind", "办件类型"),
    ("category", "类别"),
    ("circumstances", "追责情形"),
    ("clerkNotes", "窗口提示"),
    ("code", "编码"),
    ("complain", "监督投诉方式"),
    ("conditions", "受理条件"),
    ("consult", "咨询方式"),
    ("contacts", "联系方式"),
    ("content", "内容"),
    ("copies", "纸质份数"),
    ("creditCode", "统一社会信用代码"),
    ("delivery", "是否支持物流快递"),
    ("depth", "网上办理深度"),
    ("description", "说明"),
    ("document", "文号"),
    ("documentNumber", "文号"),
    ("duties", "责任事项"),
    ("dutyBases", "责任事项依据"),
    ("effectiveFrom", "实施时间"),
    ("elements", "公开内容（要素）"),
    ("entrustedBy", "委托部门"),
    ("exercisedBy", "行使主体"),
    ("faqs", "常见问题"),
    ("fees", "收费"),
    ("fen", "金额（分）"),
    ("firstTier", "一级事项"),
    ("formerNames", "曾用名"),
    ("forms", "材料形式"),
    ("groups", "特定群体"),
    ("guide", "办事指南"),
    ("handlingArea", "通办范围"),
    ("handlingCode", "业务办理项编码"),
    ("handlingForms", "办理形式"),
    ("hours", "办理时间"),
    ("implementationCode", "实施编码"),
    ("inServiceHall", "是否进驻政务大厅"),
    ("instructions", "填报须知"),
    ("intermediaryServices", "中介服务"),
    ("issuer", "开具单位"),
    ("item", "事项"),
    ("jointAgencies", "联办机构"),
    ("kind", "类型"),
    ("legalBases", "设定依据"),
    ("level", "行使层级"),
    ("levels", "公开层级"),
    ("levy", "征收"),
    ("limit", "时限"),
    ("local", "地方特色"),
    ("localBasicCode", "地方基本编码"),
    ("localImplementationCode", "地方实施编码"),
    ("mainName", "主项名称"),
    ("manner", "公开方式"),
    ("material", "目录材料"),
    ("materials", "申请材料"),
    ("method", "方式"),
    ("mobileSingleSignOn", "移动端是否对接单点登录"),
    ("mobileUrl", "移动端办理地址"),
    ("name", "名称"),
    ("nature", "实施主体性质"),
    ("necessity", "材料必要性"),
    ("note", "备注"),
    ("online", "网上办理"),
    ("openTo", "公开对象"),
    ("openness", "公开属性"),
    ("organisations", "面向法人"),
    ("otherCarriers", "其他渠道和载体"),
    ("otherNames", "别名"),
    ("pace", "时效"),
    ("paper", "纸质规格"),
    ("parent", "上级"),
    ("payment", "是否支持网上支付"),
    ("penalty", "处罚的行为、种类、幅度"),
    ("per", "计费单位"),
    ("places", "办理地点"),
    ("platform", "办理平台"),
    ("powerSource", "权力来源"),
    ("promisedLimit", "承诺办结时限"),
    ("promisedNote", "承诺办结时限说明"),
    ("promulgation", "发布情况"),
    ("publishedBy", "公开主体"),
    ("quantityLimit", "数量限制"),
    ("question", "问题"),
    ("reason", "理由"),
    ("reducible", "是否允许减免"),
    ("reductionBasis", "减免依据"),
    ("region", "行政区划"),
    ("remark", "备注"),
    ("remedies", "救济渠道"),
    ("replacedBy", "承接事项"),
    ("restrictionBases", "非主动公开依据"),
    ("restrictionReason", "非主动公开理由"),
    ("result", "结果"),
    ("results", "审批结果"),
    ("sample", "样本"),
    ("sequence", "序号"),
    ("sharedByExchange", "是否数据共享"),
    ("shortNames", "简称"),
    ("since", "起算之日"),
    ("singleSignOn", "计算机端是否对接单点登录"),
    ("situations", "情形"),
    ("source", "来源渠道"),
    ("sourceNote", "来源渠道说明"),
    ("specialProcedure", "特别程序"),
    ("stage", "环节"),
    ("standard", "收费标准"),
    ("statutoryLimit", "法定办结时限"),
    ("statutoryNote", "法定办结时限说明"),
    ("step", "产生环节"),
    ("steps", "办理流程"),
    ("subjects", "追责对象范围"),
    ("terminals", "是否支持终端办理"),
    ("text", "内容"),
    ("timeLimit", "公开时限"),
    ("title", "名称"),
    ("topic", "公开领域"),
    ("topics", "主题分类"),
    ("type", "事项类型"),
    ("typeAsWritten", "原列类型"),
    ("undertakingOffice", "承办机构"),
    ("unit", "单位"),
    ("url", "网办地址"),
    ("value", "号码或地址"),
    ("visitReason", "必须现场办理原因"),
    ("visits", "到办事现场次数"),
    ("window", "窗口"),
    ("withheld", "不公开的要素"),
    ("within", "期限"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_in_order() {
        assert!(WORDS.is_sorted_by_key(|(name, _)| name));
    }

    #[test]
    fn a_path_is_told_in_chinese() {
        assert_eq!(label("materials[2].copies"), "申请材料[3]·纸质份数");
        assert_eq!(label("faqs[0]"), "常见问题[1]");
        assert_eq!(label("unheardOf"), "unheardOf");
    }
}
