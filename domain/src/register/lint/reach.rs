use super::{
    COMPLAIN_MISSING, CONSULT_MISSING, CONTACTS_SAME, HOURS_MISSING, NO_VISIT_NO_OTHER_WAY, PLACE_INEXACT, PLACE_MISSING, PLACE_NO_ADDRESS,
    VISITS_WITHOUT_REASON,
};
use crate::{
    register::{Guide, HandlingForm, Place},
    value::{Contact, ContactKind, Finding, text},
};

/// Words by which an address says the window or room.
const EXACT: [&str; 9] = ["窗口", "号窗", "室", "号房", "房间", "服务台", "柜台", "工位", "前台"];

/// Visits, places and contacts: how a citizen gets it done.
pub(super) fn check(guide: &Guide) -> Vec<Finding> {
    let mut findings: Vec<_> = visits(guide).into_iter().collect();
    findings.extend(places(guide));
    findings.extend(contacts(guide));
    findings
}

fn visits(guide: &Guide) -> Option<Finding> {
    let by_mail = guide.delivery == Some(true) || guide.handling_forms.contains(&HandlingForm::Mail);
    let online = guide.is_online() || guide.handling_forms.contains(&HandlingForm::Online);
    match guide.visits? {
        0 if !online && !by_mail => Some(NO_VISIT_NO_OTHER_WAY.at(
            "visits",
            "到现场次数为0，却没有网上办理，也不能邮寄；请补充办理方式或改次数",
            "no visit is needed, and there is no way online or by mail: add one, or change the number of visits",
        )),
        visits if visits > 0 && guide.visit_reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) => {
            Some(VISITS_WITHOUT_REASON.at(
                "visitReason",
                format!("须到现场{visits}次，没有说明原因，请补充"),
                format!("it takes {visits} visits and no reason is given, please add it"),
            ))
        }
        _ => None,
    }
}

fn places(guide: &Guide) -> Vec<Finding> {
    let has_to_come = guide.visits.is_some_and(|visits| visits > 0) || guide.handling_forms.contains(&HandlingForm::Window);
    if guide.places.is_empty() && has_to_come {
        return vec![PLACE_MISSING.at(
            "places",
            "须到现场或可在窗口办理，却没有办理地点，请补充",
            "who comes is not told where: add the place",
        )];
    }
    let mut findings = Vec::new();
    for (i, place) in guide.places.iter().enumerate() {
        if text::is_blank(&place.address) {
            findings.push(PLACE_NO_ADDRESS.at(
                format!("places[{i}].address"),
                format!("第{}个办理地点没有地址，请补充", i + 1),
                format!("place {} has no address, please add it", i + 1),
            ));
        } else if !is_exact(place) {
            findings.push(PLACE_INEXACT.at(
                format!("places[{i}]"),
                format!("办理地点“{}”没有具体到窗口或房间，请补充", place.address),
                format!("the place {:?} says neither window nor room, please add it", place.address),
            ));
        }
        if place.hours.as_deref().is_none_or(|hours| hours.trim().is_empty()) {
            findings.push(HOURS_MISSING.at(
                format!("places[{i}].hours"),
                format!("办理地点“{}”没有办理时间，请补充", place.address),
                format!("the place {:?} has no hours, please add them", place.address),
            ));
        }
    }
    findings
}

fn is_exact(place: &Place) -> bool {
    let said = place.window.as_deref().is_some_and(|window| !window.trim().is_empty());
    said || EXACT.iter().any(|word| place.address.contains(word))
}

/// By what a contact is told from others: of a telephone its digits, of others the words without width and spaces. Empty if there are none.
fn reached_by(contact: &Contact) -> String {
    let folded = text::fold(&contact.value);
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    if contact.kind == ContactKind::Phone && !digits.is_empty() { digits } else { folded }
}

fn contacts(guide: &Guide) -> Vec<Finding> {
    let mut findings = Vec::new();
    let reached = |all: &[Contact]| all.iter().map(reached_by).filter(|by| !by.is_empty()).collect::<Vec<_>>();
    let (consult, mut complain) = (reached(&guide.consult), reached(&guide.complain));
    if consult.is_empty() {
        findings.push(CONSULT_MISSING.at("consult", "没有咨询方式，请补充", "there is nobody to ask, please add a contact"));
    }
    if complain.is_empty() {
        findings.push(COMPLAIN_MISSING.at("complain", "没有监督投诉方式，请补充", "there is nowhere to complain, please add a contact"));
    }
    let is_there = !consult.is_empty() && !complain.is_empty();
    // Other ways to complain beside a shared one will do.
    complain.retain(|contact| !consult.contains(contact));
    if is_there && complain.is_empty() {
        findings.push(CONTACTS_SAME.at(
            "complain",
            "投诉方式与咨询方式相同；请写明另外的监督投诉方式",
            "complaints go where questions go: give another contact for them",
        ));
    }
    findings
}
