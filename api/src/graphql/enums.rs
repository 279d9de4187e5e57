//! Enumerations of the contract: the code lists of the domain, with their words.

mod catalogue;

use async_graphql::Enum;

pub use catalogue::{Carrier, Manner, Pace, Reach, Since};

/// A channel on which the register is shown (Art. 10(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::Channel")]
pub enum Channel {
    /// 线上: the website.
    Online,
    /// 线下(窗口): the counters of the service centre.
    Counter,
}

/// A register 清单/目录.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::Register")]
pub enum Register {
    /// 机构
    Agency,
    /// 事项
    Item,
    /// 办事指南
    Guide,
    /// 材料目录
    Material,
    /// 政务公开事项目录 (Art. 5(3))
    Openness,
}

/// The list that an item stands on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::ItemList")]
pub enum ItemList {
    /// 权力和责任清单
    Power,
    /// 公共服务事项清单
    Service,
}

/// Type of an item 事项类型 by the national code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::ItemType")]
pub enum ItemType {
    /// 01 行政许可
    Permission,
    /// 02 行政处罚
    Penalty,
    /// 03 行政强制
    Coercion,
    /// 04 行政征收
    Levy,
    /// 05 行政给付
    Benefit,
    /// 06 行政检查
    Inspection,
    /// 07 行政确认
    Confirmation,
    /// 08 行政奖励
    Reward,
    /// 09 行政裁决
    Adjudication,
    /// 10 其他行政权力
    OtherPower,
    /// 20 公共服务
    PublicService,
}

/// Level at which a power is exercised 行使层级.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::Level")]
pub enum Level {
    /// 1 国家级
    National,
    /// 2 省级
    Province,
    /// 3 市级
    City,
    /// 4 县级
    County,
    /// 5 镇(乡、街道)级
    Township,
    /// 6 村(社区)级
    Village,
}

/// Openness attribute 公开属性 (Art. 8(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::OpennessAttribute")]
pub enum Openness {
    /// 主动公开: published whole.
    Active,
    /// 部分公开: published without the withheld fields.
    Partial,
    /// 依申请公开: reaches no channel.
    OnRequest,
    /// 不予公开: reaches no channel.
    NotDisclosed,
}

/// Unit of a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::TimeUnit")]
pub enum TimeUnit {
    /// 工作日
    WorkingDay,
    /// 自然日
    CalendarDay,
    /// 小时
    Hour,
    /// 即办; the amount is 0.
    Immediate,
}

/// How a contact is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::ContactKind")]
pub enum ContactKind {
    /// A telephone number.
    Phone,
    /// A web address.
    Web,
    /// An e-mail address.
    Mail,
    /// A window, a letter box, an account.
    Other,
}

/// Whom a guide serves 服务对象.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::Audience")]
pub enum Audience {
    /// 1 自然人
    NaturalPerson,
    /// 2 企业法人
    Enterprise,
    /// 3 事业法人
    PublicInstitution,
    /// 4 社会组织法人
    SocialOrganisation,
    /// 5 非法人企业
    UnincorporatedEnterprise,
    /// 6 行政机关
    AdministrativeOrgan,
    /// 9 其他组织
    OtherOrganisation,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::Severity")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Shown to whoever keeps the entry.
    Warning,
    /// Stops a submission; an adopted list keeps it, marked.
    Error,
}

/// Nature of an implementing body 实施主体性质.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::AgencyNature")]
pub enum AgencyNature {
    /// 1 法定机关
    StatutoryOrgan,
    /// 2 授权组织
    AuthorisedOrganisation,
    /// 3 受委托组织
    EntrustedOrganisation,
}

/// Where a power comes from 权力来源.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::PowerSource")]
pub enum PowerSource {
    /// 1 法定本级行使
    Statutory,
    /// 2 上级下放
    DevolvedFromAbove,
    /// 3 上级授权
    AuthorisedFromAbove,
    /// 4 同级授权
    AuthorisedByPeer,
    /// 5 上级委托
    EntrustedFromAbove,
    /// 6 同级委托
    EntrustedByPeer,
}

/// Instant or promised case 办件类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::CaseKind")]
pub enum CaseKind {
    /// 1 即办件
    Instant,
    /// 2 承诺件
    Promised,
}

/// How an application is handed in 办理形式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::HandlingForm")]
pub enum HandlingForm {
    /// 1 窗口办理
    Window,
    /// 2 网上办理
    Online,
    /// 3 快递申请
    Mail,
}

/// Where an application may be handed in 通办范围.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::HandlingArea")]
pub enum HandlingArea {
    /// 1 全国
    Nation,
    /// 2 全省
    Province,
    /// 3 全市
    City,
    /// 4 全县
    County,
    /// 5 全镇(乡、街道)
    Township,
    /// 6 跨村(社区)
    Villages,
}

/// Whether a material must be there 材料必要性.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::Necessity")]
pub enum Necessity {
    /// 1 必要
    Required,
    /// 2 非必要
    Optional,
    /// 3 容缺后补
    Later,
}

/// Where a material comes from 来源渠道.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::MaterialSource")]
pub enum MaterialSource {
    /// 10 申请人自备
    Applicant,
    /// 20 政府部门核发
    Government,
    /// 99 其他
    Other,
}

/// Kind of a catalogue material 材料类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::MaterialKind")]
pub enum MaterialKind {
    /// 证照
    Certificate,
    /// 证明
    Proof,
    /// 申请表格、文书
    Form,
    /// 其他
    Other,
}

/// Kind of what an applicant gets 审批结果类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::OutcomeKind")]
pub enum OutcomeKind {
    /// 10 证照
    Certificate,
    /// 20 批文
    Approval,
    /// 30 其他
    Other,
}

/// How far a case can be handled online 网上办理深度.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::register::OnlineDepth")]
pub enum OnlineDepth {
    /// 1 互联网咨询
    Consultation,
    /// 2 互联网收件
    Receipt,
    /// 3 互联网预审
    Preview,
    /// 4 互联网受理
    Acceptance,
    /// 5 互联网办理
    Handling,
    /// 6 互联网结果反馈
    Result,
    /// 7 互联网电子证照反馈
    Certificate,
    /// 9 其他
    Other,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::entry::Stage")]
pub enum Stage {
    /// Nothing was published under this code.
    Absent,
    /// It has a published revision, in force or upcoming; also while a repeal of it is announced.
    Published,
    /// It is published and out of sight for a time.
    Suspended,
    /// It was taken off its list.
    Repealed,
}

/// Where a draft stands on its way (Art. 8(1)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::entry::Step")]
pub enum DraftStep {
    /// With who drafts it.
    Draft,
    /// Sent back to who drafts it.
    Returned,
    /// With the openness office.
    Submitted,
    /// With the approver.
    Reviewed,
}
