use chrono::{DateTime, Utc};

use super::{AGENCY_ABOLISHED, AGENCY_CEASES, AGENCY_NOT_PUBLISHED};
use crate::{
    calendar::china::spoken,
    envelope::Code,
    register::{Beside, Content, Item, Moment},
    value::Finding,
};

/// Whether the agency of an item is published and still there: the list is drawn up on the ground of the agencies that are public, and one
/// of them has to answer for each of its lines (Art. 5(1), Art. 8(1)).
pub(in crate::register) fn item_beside(item: &Item, beside: &Beside, moment: Moment) -> Vec<Finding> {
    let (code, at) = (&item.agency, moment.at());
    let Some(agency) = beside.agencies.get(code) else { return vec![not_published(code)] };
    if let Some(until) = agency.until.filter(|_| agency.has_ceased(at)) {
        return vec![AGENCY_ABOLISHED.at(
            "agency",
            format!("机构{code}自北京时间{}起撤销，不能再实施该事项；请改为承接其职能的机构，或取消该事项（Art. 5(1)）", spoken(until)),
            format!(
                "the agency {code} is abolished from {} China time on and answers for nothing: name the one that took its work on, or repeal the item (Art. 5(1))",
                spoken(until)
            ),
        )];
    }
    let begins = if item.openness().reaches_channels() { agency.shown_at(at) } else { Some(agency.from) };
    let mut findings = Vec::new();
    match begins.filter(|_| !agency.is_suspended(at)) {
        None => findings.push(not_published(code)),
        Some(begins) if begins > at => findings.push(not_yet(code, begins)),
        Some(_) => {}
    }
    if let (Moment::Drafted(_), Some(until)) = (moment, agency.until) {
        findings.push(AGENCY_CEASES.at(
            "agency",
            format!("机构{code}将于北京时间{}撤销；此后实施的事项请写承接其职能的机构（Art. 5(1)）", spoken(until)),
            format!(
                "the agency {code} is abolished from {} China time on: what takes effect later names the one that takes its work on (Art. 5(1))",
                spoken(until)
            ),
        ));
    }
    findings
}

fn not_published(code: &Code) -> Finding {
    AGENCY_NOT_PUBLISHED.at(
        "agency",
        format!("机构{code}尚未公开；请核对机构编码，或先公开该机构（Art. 5(1)）"),
        format!("the agency {code} is not published: check its code, or publish the agency first (Art. 5(1))"),
    )
}

fn not_yet(code: &Code, begins: DateTime<Utc>) -> Finding {
    let begins = spoken(begins);
    AGENCY_NOT_PUBLISHED.at(
        "agency",
        format!("机构{code}自北京时间{begins}起设立；该事项宜同时或以后实施（Art. 5(1)）"),
        format!("the agency {code} begins at {begins} China time: let the item take effect then or later (Art. 5(1))"),
    )
}
