//! What members of exported objects mean: the national element names, and the names that portals give them.

use std::{collections::HashMap, sync::LazyLock};

use domain::value::text;

use crate::{field::Field as F, headings};

/// The names, by field; where an object has several for one field, the earlier one counts and the others fill in.
const NAMES: &[(F, &[&str])] = &[
    (F::Name, &["task_name", "matter_name", "item_name", "service_name", "name"]),
    (F::CatalogueName, &["sub_catalog_name", "catalog_name"]),
    (F::MainName, &["cata_name", "parent_catalog_name", "main_item", "main_name"]),
    (F::Type, &["task_type_text", "task_type_name", "matter_type", "item_type_name", "type_name"]),
    (F::TypeCode, &["task_type", "item_type", "type"]),
    (F::Code, &["task_handle_item", "task_code", "implement_code", "item_code", "code"]),
    (F::BasicCode, &["cata_id", "catalog_code", "basic_code"]),
    (F::LocalBasicCode, &["local_catalog_code"]),
    (F::LocalCode, &["local_task_code"]),
    (F::ParentCode, &["parent_catalog_id", "parent_catalog_code"]),
    (F::Agency, &["dept_name", "department_name", "department", "agency_name", "org_name"]),
    (F::CreditCode, &["dept_code", "credit_code", "tyshxydm"]),
    (F::Office, &["undertake_dept", "handle_dept", "office"]),
    (F::EntrustedBy, &["entrust_name"]),
    (F::JointAgencies, &["co_department", "other_dept"]),
    (F::Level, &["use_level", "matter_level", "district"]),
    (F::RegionCode, &["area_code", "region_code", "ad_code"]),
    (F::RegionName, &["area_code_text", "area_name", "region_name"]),
    (F::PowerSource, &["power_source"]),
    (F::LegalBasis, &["by_law", "legal_basis"]),
    (F::PenaltyMethod, &["punishment_method"]),
    (F::LevyKind, &["collect_type"]),
    (F::Remark, &["remark"]),
    (F::State, &["task_state"]),
    (F::OtherNames, &["matter_short", "matter_daily", "matter_code"]),
    (F::Audience, &["server_type", "service_object_name", "service_object"]),
    (F::Topics, &["theme_category", "user_topic_type", "corp_topic_type", "user_character_topic_type", "corp_character_topic_type"]),
    (F::CaseKind, &["project_type"]),
    (F::Conditions, &["accept_condition", "accept_standard"]),
    (F::Materials, &["material_intro", "material_list", "materials", "material_info"]),
    (F::Steps, &["handle_flow"]),
    (F::StatutoryLimit, &["anticipate_day", "handle_time"]),
    (F::StatutoryUnit, &["anticipate_type"]),
    (F::StatutoryNote, &["anticipate_explain"]),
    (F::PromisedLimit, &["promise_day", "handle_time_limit"]),
    (F::PromisedUnit, &["promise_type"]),
    (F::PromisedNote, &["promise_explain"]),
    (F::IsFee, &["is_fee"]),
    (F::Fees, &["fee_stand", "fee_standard"]),
    (F::FeeBasis, &["fee_basis"]),
    (F::Result, &["result_name"]),
    (F::Place, &["transact_addr", "handle_location", "handle_address"]),
    (F::Hours, &["transact_time"]),
    (F::Consult, &["link_way", "consult_phone", "link_phone"]),
    (F::Complain, &["supervise_way", "complain_phone"]),
    (F::Visits, &["limit_scene_num", "visit_number"]),
    (F::VisitReason, &["limit_scene_explain"]),
    (F::Delivery, &["is_express", "courier_service"]),
    (F::IsOnline, &["is_online", "online_check"]),
    (F::Url, &["link_addr", "online_handle_url", "url"]),
    (F::MobileUrl, &["mobile_terminal_url"]),
    (F::Platform, &["bear_platform", "platform"]),
    (F::Appointment, &["is_schedule", "online_book"]),
    (F::AppointmentUrl, &["online_book_addr"]),
    (F::Payment, &["is_pay_online"]),
    (F::QuantityLimit, &["limit_explain"]),
    (F::SpecialProcedure, &["special_procedure"]),
    (F::Intermediary, &["service_type"]),
    (F::HandlingForms, &["handle_type"]),
    (F::HandlingArea, &["handle_area"]),
    (F::InServiceHall, &["is_entry_center"]),
    (F::Terminals, &["is_service_terminals"]),
    (F::OnlineDepth, &["online_handle_depth"]),
    (F::SingleSignOn, &["is_single_login"]),
    (F::MobileSingleSignOn, &["app_is_single_login"]),
    (F::ResultKind, &["result_type"]),
    (F::ResultSample, &["result_guid"]),
    (F::AgencyNature, &["dept_type"]),
    (
        F::Ignored,
        &[
            // The organisation code is part of the credit code; the sub-task is part of the name.
            "_id",
            "id",
            "row_guid",
            "task_guid",
            "task_version",
            "org_code",
            "task_tag",
            "sub_task_name",
            "qrcode",
            "plan_effective_date",
            "plan_cancel_date",
            "town_code",
            "town_name",
            "village_code",
            "village_name",
            "is_permit_reduce",
        ],
    ),
];

/// Elements of the national standard among the ignored ones, with their names: whoever exports them learns that they are left out.
const NOT_KEPT: [(&str, &str); 7] = [
    ("plan_effective_date", "计划生效日期"),
    ("plan_cancel_date", "计划取消日期"),
    ("town_code", "所属乡镇(街道)代码"),
    ("town_name", "所属乡镇(街道)名称"),
    ("village_code", "所属村(社区)代码"),
    ("village_name", "所属村(社区)名称"),
    ("is_permit_reduce", "是否允许减免"),
];

/// The Chinese name of an element that is known and has no place in what is imported.
pub(crate) fn not_kept(key: &str) -> Option<&'static str> {
    let whole = plain(key);
    NOT_KEPT.iter().find(|(name, _)| plain(name) == whole).map(|(_, zh)| *zh)
}

static EXACT: LazyLock<HashMap<String, (F, usize)>> = LazyLock::new(|| {
    let all = NAMES.iter().flat_map(|(field, names)| names.iter().enumerate().map(|(i, name)| (plain(name), (*field, i))));
    all.collect()
});

fn plain(name: &str) -> String {
    text::fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What a member means, and its rank among the names of that field. A name with one letter wrong, missing, too many or two
/// changed places (`bear_paltform`) is still known if it is long and close to one name only.
pub(crate) fn meaning(key: &str, map: &[(String, F)]) -> Option<(F, usize)> {
    let whole = plain(key);
    if let Some((_, field)) = map.iter().find(|(said, _)| plain(said) == whole) {
        return Some((*field, 0));
    }
    if let Some(found) = EXACT.get(&whole) {
        return Some(*found);
    }
    if !whole.is_ascii() {
        return headings::meaning(key, map).map(|(field, _)| (field, 0));
    }
    let length = whole.len();
    if length < 8 {
        return None;
    }
    let close = EXACT.iter().filter(|(name, _)| name.len().abs_diff(length) <= 1 && strsim::osa_distance(name, &whole) == 1);
    let mut fields: Vec<_> = close.map(|(_, found)| *found).collect();
    fields.dedup_by_key(|(field, _)| *field);
    (fields.len() == 1).then(|| fields[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_in_any_style_and_with_a_slip() {
        let field = |key| meaning(key, &[]).map(|(field, _)| field);
        assert_eq!(field("TASK_NAME"), Some(F::Name));
        assert_eq!(field("taskName"), Some(F::Name));
        assert_eq!(field("bear_paltform"), Some(F::Platform));
        assert_eq!(field("complain_phnoe"), Some(F::Complain));
        assert_eq!(field("事项名称"), Some(F::Name));
        assert_eq!(field("flavour"), None);
        for (name, _) in NOT_KEPT {
            assert_eq!(field(name), Some(F::Ignored), "{name}");
        }
        assert_eq!((not_kept("PlanCancelDate"), not_kept("row_guid")), (Some("计划取消日期"), None));
        assert_eq!(field("tsak"), None);
    }
}
