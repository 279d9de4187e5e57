//! The guide lint: what a guide has to be before it is submitted (Art. 10(1)), and beside it what a line of the openness catalogue has to be (Art. 5(3)). Each check has a stable code, a severity and the path of
//! the field. An error stops a submission; a warning is shown. What an adopted list breaks is kept and marked.
//!
//! What contradicts itself, or leaves a citizen without a way to do it, is an error. What could be said better is a warning.

mod agency;
mod beside;
pub(super) mod catalogue;
mod limits;
mod money;
mod names;
mod papers;
mod reach;

pub(super) use agency::item_beside;
pub(super) use beside::guide_beside;
pub(super) use names::material_beside;

use super::Guide;
use crate::value::{Finding, Severity};

/// A check: what it is called and how much it weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Check {
    /// Stable code of its findings.
    pub code: &'static str,
    /// Their severity.
    pub severity: Severity,
    /// What holds, in Chinese.
    pub zh: &'static str,
    /// What holds, in English.
    pub en: &'static str,
}

impl Check {
    /// A finding of this check.
    fn at(&self, path: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Finding {
        Finding::new(self.severity, self.code, path, zh, en)
    }
}

macro_rules! checks {
    ($(#[$of:meta])* $all:ident: $($name:ident $severity:ident $zh:literal $en:literal)*) => {
        $(#[doc = $en] static $name: Check = Check { code: stringify!($name), severity: Severity::$severity, zh: $zh, en: $en };)*

        $(#[$of])*
        pub static $all: &[&Check] = &[$(&$name),*];
    };
}
use checks;

checks! {
    /// All checks of guides, in the order in which a guide is read.
    GUIDE_CHECKS:
    AUDIENCE_TOPIC_DISAGREE Warning "服务对象与主题分类一致" "Whom a guide serves agrees with the list its topics stand on."
    PROMISE_OVER_STATUTORY Error "承诺时限不超过法定时限" "The promised limit is no longer than the statutory one."
    STEPS_OVER_PROMISE Error "各环节时限之和不超过承诺时限" "The steps together take no longer than promised."
    STEP_UNNAMED Error "环节有名称" "A step has a name."
    INSTANT_NOT_SAME_DAY Error "即办件承诺当场或当日办结" "An instant case is promised for the same day."
    SAME_DAY_NOT_INSTANT Error "承诺当场或当日办结的是即办件" "What is promised for the same day is an instant case."
    SITUATION_CODE Error "情形有编码，不含空格" "A situation has a code, without white space."
    SITUATION_TWICE Error "情形编码不重复" "Each situation has a code of its own."
    SITUATION_UNKNOWN Error "材料所属情形存在" "The situations of a material exist."
    MATERIAL_TWICE Error "同一情形下材料名称不重复" "The names of materials are unique within a situation."
    MATERIAL_UNNAMED Error "材料有名称" "A material has a name."
    FEE_INCOMPLETE Error "收费有标准和依据" "A fee has a standard and a basis."
    PAYMENT_WITHOUT_FEE Error "不收费则不支持网上支付" "Without a fee there is no online payment."
    RESULT_INCOMPLETE Error "结果有名称和类型" "A result has a name and a type."
    VISITS_WITHOUT_REASON Error "须到现场的说明原因" "A visit has a reason."
    NO_VISIT_NO_OTHER_WAY Error "零跑动须可网办或邮寄" "Without a visit there is a way online or by mail."
    PLACE_MISSING Error "须到现场的写明地点" "Who has to come is told where."
    PLACE_NO_ADDRESS Error "地点有地址" "A place has its address."
    PLACE_INEXACT Warning "地点具体到窗口或房间" "A place is exact to the window or room."
    HOURS_MISSING Error "写明办理时间" "A place has its hours."
    CONSULT_MISSING Error "有咨询方式" "There is somebody to ask."
    COMPLAIN_MISSING Error "有监督投诉方式" "There is somewhere to complain."
    CONTACTS_SAME Error "咨询方式与投诉方式不同" "Whom to ask and where to complain are not the same."
    BASIS_NO_ARTICLE Warning "依据写明条款" "A legal basis names its article."
    ITEM_NOT_IN_FORCE Error "所办事项在册有效" "The item of a guide is in force."
    ITEM_OF_OTHER_AGENCY Error "指南与所办事项同属一个机构" "A guide and its item are of one agency."
    ITEM_NOT_DISCLOSED Error "公开的指南所办事项也公开" "The item of a public guide is public."
    ITEM_UPCOMING Warning "指南不早于所办事项实施" "A guide takes effect no earlier than its item."
    ITEM_SUSPENDED Warning "所办事项未暂停" "The item of a draft is not suspended."
    ITEM_CEASES Warning "所办事项未定将取消" "The item of a draft is not about to cease."
    MATERIAL_UNKNOWN Warning "要求的材料在材料目录中" "A material that is asked for by its code is in the catalogue."
    MATERIAL_ABOLISHED Error "不要求已取消的材料" "No material is asked for that was abolished."
    MATERIAL_ABOLISHED_LATER Warning "要求的材料未定将取消" "No material is asked for that is announced to be abolished."
    MATERIAL_BY_NAME Info "目录中已有的材料按编码引用" "A material that the catalogue has is referred to by its code."
}

checks! {
    /// The checks of an item that look at its agency.
    ITEM_CHECKS:
    AGENCY_NOT_PUBLISHED Warning "实施机构已公开" "The agency of an item is published."
    AGENCY_ABOLISHED Error "实施机构未撤销" "The agency of an item is not abolished."
    AGENCY_CEASES Warning "实施机构未定将撤销" "The agency of a draft is not about to be abolished."
}

checks! {
    /// All checks of what contents of several registers have: codes, openness, bases.
    CONTENT_CHECKS:
    OPENNESS_INCOMPLETE Error "公开属性完整：有理由、依据和不公开的要素" "What is not active says why, and on which basis."
    MATERIAL_ABOLISHED_REASON Error "取消的材料说明原因" "What was abolished says why."
    MATERIAL_ABOLISHED_HIDDEN Error "取消的材料向社会公开" "What was abolished is published."
    MATERIAL_NAME_ABOLISHED Error "已取消材料的名称不再用于无法律依据的材料" "The name of an abolished material is borne by no other without a law."
    MATERIAL_NAME_IN_USE Error "取消的材料不带有其他在用材料的名称" "What is abolished takes no name of another material that may be asked for."
    ITEM_NO_BASIS Warning "权力事项有设定依据" "A power has a legal basis."
    BASIS_UNPARSED Warning "依据有可识别的名称" "A basis has a title that can be read."
    ADDRESS_NOT_WEB Error "网址以http://或https://开头" "An address that is shown as a link is one of the web."
    REGION_CODE Warning "行政区划代码为6、9或12位数字" "The code of a division has 6, 9 or 12 digits."
    CODE_SHAPE Warning "编码符合编码规则" "A code has its shape."
    CODES_DISAGREE Warning "基本编码与实施编码一致" "The codes of an item agree."
    LEVEL_DISAGREES Warning "行使层级与实施编码一致" "The level of an item agrees with its code."
    CREDIT_CODE_LENGTH Warning "统一社会信用代码为18位" "A credit code has 18 characters."
    CREDIT_CODE_CHARACTER Warning "统一社会信用代码只用GB 32100的字符" "A credit code has the characters of GB 32100."
    CREDIT_CODE_CHECK_DIGIT Warning "统一社会信用代码的校验位正确" "The check character of a credit code is right."
}

/// What the lint finds in a guide, in the order of [`GUIDE_CHECKS`]: all that it says by itself.
pub(super) fn guide(guide: &Guide) -> Vec<Finding> {
    let mut findings = papers::topics(guide);
    findings.extend(limits::check(guide));
    findings.extend(papers::check(guide));
    findings.extend(money::check(guide));
    findings.extend(reach::check(guide));
    findings.extend(papers::bases(guide));
    findings
}

#[cfg(test)]
mod beside_tests;
#[cfg(test)]
mod tests;
