//! What a column of a table or a member of an exported object can mean.

macro_rules! fields {
    ($($(#[$meta:meta])* $variant:ident = $name:literal, $zh:literal;)*) => {
        /// A meaning, with the name by which `--map` refers to it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Field {
            $($(#[$meta])* $variant,)*
        }

        impl Field {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name for `--map`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The Chinese name.
            pub fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)* }
            }
        }
    };
}

fields! {
    /// 序号
    Sequence = "sequence", "序号";
    /// 事项名称
    Name = "name", "事项名称";
    /// 办理项名称 beside 事项名称: the name of the guide, where that of its item stands in another column.
    GuideName = "guide-name", "办理项名称";
    /// 子项名称
    SubName = "sub-name", "子项名称";
    /// Name of the item in the catalogue, where `name` is that of a handling item.
    CatalogueName = "catalogue-name", "目录事项名称";
    /// 主项名称
    MainName = "main-name", "主项名称";
    /// 事项类型
    Type = "type", "事项类型";
    /// 服务类别 such as 公共教育: a division of services by subject, none of the types.
    Category = "category", "服务类别";
    /// Number of the type, in the scheme of the source.
    TypeCode = "type-code", "事项类型代码";
    /// Any code that the list gives to the item: 职权编码, 事项编码 … What it is, its shape tells.
    Code = "code", "编码";
    /// 基本编码
    BasicCode = "basic-code", "基本编码";
    /// 地方基本编码
    LocalBasicCode = "local-basic-code", "地方基本编码";
    /// 地方实施编码
    LocalCode = "local-code", "地方实施编码";
    /// Basic code of the parent.
    ParentCode = "parent-code", "主项编码";
    /// 实施主体, 行使主体
    Agency = "agency", "实施主体";
    /// 主管部门 beside the agency that exercises the power; kept with its heading.
    OtherAgency = "other-agency", "其他主管部门";
    /// 统一社会信用代码, 实施主体编码
    CreditCode = "credit-code", "实施主体编码";
    /// 承办机构
    Office = "office", "承办机构";
    /// 委托部门
    EntrustedBy = "entrusted-by", "委托部门";
    /// 联办机构
    JointAgencies = "joint-agencies", "联办机构";
    /// 配合单位: bodies that help; kept with its heading, none of them is the agency.
    Cooperating = "cooperating", "配合单位";
    /// 行使层级
    Level = "level", "行使层级";
    /// 权限
    Authority = "authority", "权限";
    /// 实施层级及权限, in one column or two.
    LevelAuthority = "level-authority", "实施层级及权限";
    /// Code of the division.
    RegionCode = "region-code", "行政区划代码";
    /// Name of the division.
    RegionName = "region-name", "行政区划";
    /// 权力来源
    PowerSource = "power-source", "权力来源";
    /// 设定依据, 实施依据
    LegalBasis = "legal-basis", "设定依据";
    /// 部门职责
    AgencyDuty = "agency-duty", "部门职责";
    /// 责任事项
    Duty = "duty", "责任事项";
    /// 责任事项依据
    DutyBasis = "duty-basis", "责任事项依据";
    /// 追责对象范围
    Accountable = "accountable", "追责对象范围";
    /// 追责情形
    Accountability = "accountability", "追责情形";
    /// 追责依据
    AccountabilityBasis = "accountability-basis", "追责依据";
    /// 救济渠道
    Remedies = "remedies", "救济渠道";
    /// 处罚的行为、种类、幅度
    PenaltyMethod = "penalty-method", "处罚的行为、种类、幅度";
    /// 征收种类
    LevyKind = "levy-kind", "征收种类";
    /// 服务内容: what a service consists of; kept with its heading.
    Description = "description", "服务内容";
    /// 备注
    Remark = "remark", "备注";
    /// 事项状态
    State = "state", "事项状态";
    /// 别名
    OtherNames = "other-names", "别名";
    /// 服务对象
    Audience = "audience", "服务对象";
    /// 主题分类
    Topics = "topics", "主题分类";
    /// 办理形式, 服务方式
    HandlingForms = "handling-forms", "办理形式";
    /// 常见问题
    Faqs = "faqs", "常见问题";
    /// 办件类型
    CaseKind = "case-kind", "办件类型";
    /// 受理条件
    Conditions = "conditions", "受理条件";
    /// 申请材料
    Materials = "materials", "申请材料";
    /// 办理流程
    Steps = "steps", "办理流程";
    /// 法定办结时限
    StatutoryLimit = "statutory-limit", "法定办结时限";
    /// 法定办结时限单位
    StatutoryUnit = "statutory-unit", "法定办结时限单位";
    /// 法定办结时限说明
    StatutoryNote = "statutory-note", "法定办结时限说明";
    /// 承诺办结时限
    PromisedLimit = "promised-limit", "承诺办结时限";
    /// 承诺办结时限单位
    PromisedUnit = "promised-unit", "承诺办结时限单位";
    /// 承诺办结时限说明
    PromisedNote = "promised-note", "承诺办结时限说明";
    /// 是否收费
    IsFee = "is-fee", "是否收费";
    /// 收费标准
    Fees = "fees", "收费标准";
    /// 收费依据
    FeeBasis = "fee-basis", "收费依据";
    /// 审批结果名称
    Result = "result", "审批结果";
    /// 办理地点
    Place = "place", "办理地点";
    /// 办理时间
    Hours = "hours", "办理时间";
    /// 咨询方式
    Consult = "consult", "咨询方式";
    /// 监督投诉方式
    Complain = "complain", "监督投诉方式";
    /// 到办事现场次数
    Visits = "visits", "到办事现场次数";
    /// 必须现场办理原因说明
    VisitReason = "visit-reason", "必须现场办理原因说明";
    /// 是否支持物流快递
    Delivery = "delivery", "是否支持物流快递";
    /// 是否网办
    IsOnline = "is-online", "是否网办";
    /// 网办地址
    Url = "url", "网办地址";
    /// 移动端办理地址
    MobileUrl = "mobile-url", "移动端办理地址";
    /// 网办平台
    Platform = "platform", "网办平台";
    /// 是否支持预约办理
    Appointment = "appointment", "是否支持预约办理";
    /// 预约地址
    AppointmentUrl = "appointment-url", "预约地址";
    /// 是否支持网上支付
    Payment = "payment", "是否支持网上支付";
    /// 通办范围
    HandlingArea = "handling-area", "通办范围";
    /// 是否进驻政务大厅
    InServiceHall = "in-service-hall", "是否进驻政务大厅";
    /// 是否支持终端办理
    Terminals = "terminals", "是否支持终端办理";
    /// 网上办理深度
    OnlineDepth = "online-depth", "网上办理深度";
    /// 计算机端是否对接单点登录
    SingleSignOn = "single-sign-on", "计算机端是否对接单点登录";
    /// 移动端是否对接单点登录
    MobileSingleSignOn = "mobile-single-sign-on", "移动端是否对接单点登录";
    /// 审批结果类型
    ResultKind = "result-kind", "审批结果类型";
    /// 审批结果样本
    ResultSample = "result-sample", "审批结果样本";
    /// 实施主体性质
    AgencyNature = "agency-nature", "实施主体性质";
    /// 数量限制
    QuantityLimit = "quantity-limit", "数量限制";
    /// 特别程序
    SpecialProcedure = "special-procedure", "特别程序";
    /// 中介服务
    Intermediary = "intermediary", "中介服务";
    /// 公开事项 of the openness catalogue, of its second tier where it has two.
    OpenName = "open-name", "公开事项";
    /// 一级事项 of the openness catalogue.
    OpenFirstTier = "open-first-tier", "公开事项（一级事项）";
    /// 公开内容（要素）
    OpenElements = "open-elements", "公开内容";
    /// 公开依据
    OpenBasis = "open-basis", "公开依据";
    /// 公开时限
    OpenLimit = "open-limit", "公开时限";
    /// 公开主体
    OpenAgency = "open-agency", "公开主体";
    /// Name of that agency, where 公开主体 says it in other words.
    OpenAgencyName = "open-agency-name", "公开主体名称";
    /// Code of that agency.
    OpenAgencyCode = "open-agency-code", "公开主体编码";
    /// 公开渠道和载体
    OpenCarriers = "open-carriers", "公开渠道和载体";
    /// 公开对象, in one column or one for each kind.
    OpenTo = "open-to", "公开对象";
    /// 公开方式, in one column or one for each.
    OpenManner = "open-manner", "公开方式";
    /// 公开层级, in one column or one for each level.
    OpenLevel = "open-level", "公开层级";
    /// 公开属性 of the information.
    OpenAttribute = "open-attribute", "信息公开属性";
    /// 非主动公开理由
    OpenReason = "open-reason", "非主动公开理由";
    /// 非主动公开依据
    OpenRestriction = "open-restriction", "非主动公开依据";
    /// Code of the item, a step of which produces the information.
    OpenItem = "open-item", "关联事项编码";
    /// Code of the guide, a step of which produces it.
    OpenGuide = "open-guide", "关联办事指南编码";
    /// 产生环节
    OpenStep = "open-step", "产生环节";
    /// 公开领域
    OpenTopic = "open-topic", "公开领域";
    /// Code of the line.
    OpenCode = "open-code", "公开事项编码";
    /// Known, and nothing that the register keeps: identifiers of the exporting system, versions.
    Ignored = "ignored", "不采集";
}

impl Field {
    /// By the name for `--map`, or by the Chinese name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|field| field.name() == name || field.zh() == name)
    }

    /// Whether a row that has it, at its own place, is a row of its own and not more text of the row above.
    pub(crate) fn is_identity(self) -> bool {
        matches!(
            self,
            Self::Name | Self::SubName | Self::MainName | Self::GuideName | Self::Type | Self::Agency | Self::Code | Self::BasicCode
        )
    }

    /// Whether only guides have it.
    pub(crate) fn is_of_a_guide(self) -> bool {
        use Field as F;
        matches!(
            self,
            F::GuideName
                | F::Audience
                | F::Topics
                | F::CaseKind
                | F::HandlingForms
                | F::Faqs
                | F::Conditions
                | F::Materials
                | F::Steps
                | F::StatutoryLimit
                | F::PromisedLimit
                | F::IsFee
                | F::Fees
                | F::FeeBasis
                | F::Result
                | F::Place
                | F::Hours
                | F::Consult
                | F::Complain
                | F::Visits
                | F::VisitReason
                | F::Delivery
                | F::IsOnline
                | F::Url
                | F::MobileUrl
                | F::Platform
                | F::Appointment
                | F::AppointmentUrl
                | F::Payment
                | F::HandlingArea
                | F::InServiceHall
                | F::Terminals
                | F::OnlineDepth
                | F::SingleSignOn
                | F::MobileSingleSignOn
                | F::ResultKind
                | F::ResultSample
                | F::QuantityLimit
                | F::SpecialProcedure
                | F::Intermediary
                | F::JointAgencies
                | F::OtherNames
        )
    }

    /// The limit of a guide beside which it stands, as its unit or a note to it: by itself it makes no list one of guides.
    pub(crate) fn limit_beside(self) -> Option<Field> {
        match self {
            Field::StatutoryUnit | Field::StatutoryNote => Some(Field::StatutoryLimit),
            Field::PromisedUnit | Field::PromisedNote => Some(Field::PromisedLimit),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_found_by_its_names_and_names_are_used_once() {
        for field in Field::ALL {
            assert_eq!(Field::from_name(field.name()), Some(*field));
            assert_eq!(Field::from_name(field.zh()), Some(*field));
        }
    }
}
