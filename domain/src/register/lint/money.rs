use super::{FEE_INCOMPLETE, PAYMENT_WITHOUT_FEE, RESULT_INCOMPLETE};
use crate::{
    register::{Guide, OnlineService},
    value::Finding,
};

/// Fees, payment, and what the applicant gets for it.
pub(super) fn check(guide: &Guide) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (i, fee) in guide.fees.iter().enumerate() {
        let standard = fee.standard.trim().is_empty() && fee.amount.is_none();
        let basis = fee.basis.as_deref().is_none_or(|basis| basis.trim().is_empty());
        for (missing, field, zh, en) in [(standard, "standard", "收费标准", "standard"), (basis, "basis", "收费依据", "basis")] {
            if missing {
                findings.push(FEE_INCOMPLETE.at(
                    format!("fees[{i}].{field}"),
                    format!("收费项目“{}”缺少{zh}，请补充", fee.name),
                    format!("the fee {:?} has no {en}, please add it", fee.name),
                ));
            }
        }
    }
    let payment = guide.online.as_ref().and_then(|online: &OnlineService| online.payment) == Some(true);
    if payment && guide.fees.is_empty() {
        findings.push(PAYMENT_WITHOUT_FEE.at(
            "online.payment",
            "没有收费项目却支持网上支付；请补充收费项目，或改为不支持",
            "there is online payment and no fee: add the fee, or say that there is no payment",
        ));
    }
    for (i, _) in guide.results.iter().enumerate().filter(|(_, result)| result.name.trim().is_empty()) {
        findings.push(RESULT_INCOMPLETE.at(
            format!("results[{i}].name"),
            format!("第{}项结果缺少名称，请补充", i + 1),
            format!("result {} has no name, please add it", i + 1),
        ));
    }
    if guide.results.is_empty() {
        findings.push(RESULT_INCOMPLETE.at(
            "results",
            "没有写明办理结果及类型，请补充",
            "there is no result, please add its name and type",
        ));
    }
    findings
}
