//! The parts of a guide.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    envelope::Code,
    value::{Money, TimeLimit},
};

/// Instant or promised case 办件类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CaseKind {
    /// 1 即办件
    Instant,
    /// 2 承诺件
    Promised,
}

/// How an application is handed in 办理形式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HandlingForm {
    /// 1 窗口办理
    Window,
    /// 2 网上办理
    Online,
    /// 3 快递申请
    Mail,
}

/// Where an application may be handed in 通办范围.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
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

/// A situation 情形 of the applicant, on which materials depend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Situation {
    /// Short code within the guide, by which materials refer to it.
    pub code: String,
    /// What the clerk asks: `初次申请`, `委托他人办理`.
    pub name: String,
    /// More words where the name does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Whether a material must be there 材料必要性.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Necessity {
    /// 1 必要
    #[default]
    Required,
    /// 2 非必要
    Optional,
    /// 3 容缺后补: may be handed in later.
    Later,
}

/// Form of a material 材料形式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MaterialForm {
    /// 纸质
    Paper,
    /// 电子化
    Electronic,
}

/// Where a material comes from 来源渠道.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MaterialSource {
    /// 10 申请人自备
    Applicant,
    /// 20 政府部门核发
    Government,
    /// 99 其他
    Other,
}

/// A material that the guide asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MaterialRequirement {
    /// Name as the guide writes it.
    pub name: String,
    /// Code of the catalogue material, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub material: Option<Code>,
    /// Whether it must be there.
    pub necessity: Necessity,
    /// Original, copy … 材料类型.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Paper, electronic or both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forms: Vec<MaterialForm>,
    /// Number of paper copies 纸质材料份数.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copies: Option<u32>,
    /// Paper format 纸质材料规格.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
    /// Where it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<MaterialSource>,
    /// More on where it comes from 来源渠道说明.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_note: Option<String>,
    /// On which law asking for it rests 要求提供材料的依据.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// When it is accepted 受理标准.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<String>,
    /// How to fill it in 填报须知.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// Address of the blank form 空白表格.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blank_form: Option<String>,
    /// Address of a sample 示例样表.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
    /// Remark 备注.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Codes of the situations in which it is asked for; empty: in all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub situations: Vec<String>,
}

/// A step 环节 of the handling.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// Name: `受理`, `审查`, `决定`.
    pub name: String,
    /// Who does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Time it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<TimeLimit>,
    /// What is done, by which standard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// What comes out of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

/// A fee 收费项目.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Fee {
    /// Name 收费项目名称.
    pub name: String,
    /// Standard 收费标准, as written.
    pub standard: String,
    /// The standard as an amount, where it is a single one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Basis 收费依据.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Whether it may be reduced 是否允许减免.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reducible: Option<bool>,
    /// On which basis it may be reduced 允许减免依据.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reduction_basis: Option<String>,
    /// Remark 备注.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Kind of what an applicant gets in the end 审批结果类型.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OutcomeKind {
    /// 10 证照
    Certificate,
    /// 20 批文
    Approval,
    /// 30 其他
    Other,
}

/// What an applicant gets in the end 审批结果.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    /// Name 审批结果名称.
    pub name: String,
    /// Kind.
    pub kind: OutcomeKind,
    /// Address of a sample 审批结果样本.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sample: Option<String>,
}

/// A place where an application is handed in 办理地点.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Address, exact to the window or room.
    pub address: String,
    /// Name of the hall.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Window or room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// Hours 办理时间.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<String>,
}

/// How far a case can be handled online 网上办理深度.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
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

/// The online service behind a guide.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OnlineService {
    /// Name of the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// Address for computers 网办地址, 计算机端在线办理跳转地址.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Address for mobile devices 移动端办理地址.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile_url: Option<String>,
    /// How far a case can be handled online.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depth: Option<OnlineDepth>,
    /// Whether the one login of the government platform works on computers 计算机端是否对接单点登录.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub single_sign_on: Option<bool>,
    /// Whether it works on mobile devices 移动端是否对接单点登录.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile_single_sign_on: Option<bool>,
    /// Whether fees can be paid online 是否支持网上支付.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payment: Option<bool>,
    /// Whether an appointment can be made 是否支持预约办理.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment: Option<bool>,
    /// Address of appointments.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub appointment_url: Option<String>,
    /// Whether self-service terminals do it 是否支持终端办理.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminals: Option<bool>,
}

/// A question often asked, with its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Faq {
    /// The question.
    pub question: String,
    /// The answer.
    pub answer: String,
}
