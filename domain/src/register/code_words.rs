//! The Chinese words of the code lists, and which list a field of a content is of.

use serde::{
    Deserialize,
    de::{
        IntoDeserializer,
        value::{Error, StrDeserializer},
    },
};

use super::{
    AgencyNature, CaseKind, HandlingArea, HandlingForm, MaterialForm, MaterialKind, MaterialSource, Necessity, OnlineDepth, OutcomeKind,
    PowerSource, label,
};
use crate::value::{Audience, Carrier, ContactKind, ItemType, Level, Manner, OpennessAttribute, Pace, Reach, Since, TimeUnit};

macro_rules! words {
    ($($list:ident { $($code:ident => $word:literal),+ $(,)? })+) => {$(
        impl $list {
            /// The Chinese word.
            pub fn zh(self) -> &'static str {
                match self {
                    $(Self::$code => $word,)+
                }
            }
        }
    )+};
}

words! {
    AgencyNature { StatutoryOrgan => "法定机关", AuthorisedOrganisation => "授权组织", EntrustedOrganisation => "受委托组织" }
    PowerSource {
        Statutory => "法定本级行使", DevolvedFromAbove => "上级下放", AuthorisedFromAbove => "上级授权", AuthorisedByPeer => "同级授权",
        EntrustedFromAbove => "上级委托", EntrustedByPeer => "同级委托",
    }
    CaseKind { Instant => "即办件", Promised => "承诺件" }
    HandlingForm { Window => "窗口办理", Online => "网上办理", Mail => "快递申请" }
    HandlingArea {
        Nation => "全国", Province => "全省", City => "全市", County => "全县", Township => "全镇(乡、街道)", Villages => "跨村(社区)",
    }
    Necessity { Required => "必要", Optional => "非必要", Later => "容缺后补" }
    MaterialForm { Paper => "纸质", Electronic => "电子化" }
    MaterialSource { Applicant => "申请人自备", Government => "政府部门核发", Other => "其他" }
    MaterialKind { Certificate => "证照", Proof => "证明", Form => "申请表格、文书", Other => "其他" }
    OutcomeKind { Certificate => "证照", Approval => "批文", Other => "其他" }
    OnlineDepth {
        Consultation => "互联网咨询", Receipt => "互联网收件", Preview => "互联网预审", Acceptance => "互联网受理", Handling => "互联网办理",
        Result => "互联网结果反馈", Certificate => "互联网电子证照反馈", Other => "其他",
    }
    ContactKind { Phone => "电话", Web => "网址", Mail => "电子邮箱", Other => "其他" }
    Carrier {
        Website => "政府网站", Gazette => "政府公报", SocialMedia => "两微一端", Conference => "发布会/听证会", Broadcast => "广播电视",
        Print => "纸质媒体", ReadingPoint => "公开查阅点", ServiceCentre => "政务服务中心", ServiceStation => "便民服务站",
        OnSite => "入户/现场", NoticeBoard => "社区/企事业单位/村公示栏（电子屏）", Push => "精准推送", Other => "其他",
    }
    Reach { Everyone => "全社会", Groups => "特定群体" }
    Manner { Active => "主动", OnRequest => "依申请" }
    Pace { RealTime => "实时", Prompt => "及时", Lasting => "长期" }
    Since { FormedOrChanged => "信息形成或者变更之日", Decided => "决定之日", Other => "原文所列之日" }
    OpennessAttribute { Active => "主动公开", Partial => "部分公开", OnRequest => "依申请公开", NotDisclosed => "不予公开" }
}

/// The Chinese word of a code, by the path of its field in the content: `materials[2].necessity` and `LATER` are `容缺后补`. `None`
/// where the field is of no code list, or the list does not have the code.
pub fn code_word(path: &str, code: &str) -> Option<String> {
    let mut names = path.rsplit('.').map(|name| name.split('[').next().unwrap_or_default());
    let field = names.next().unwrap_or_default();
    let within = names.next().unwrap_or_default();
    let word = match (within, field) {
        (_, "type") => word(code, ItemType::zh),
        (_, "level" | "levels") => word(code, Level::zh),
        (_, "carriers") => word(code, Carrier::zh),
        (_, "openTo") => word(code, Reach::zh),
        (_, "manner") => word(code, Manner::zh),
        ("timeLimit", "pace") => word(code, Pace::zh),
        ("timeLimit", "since") => word(code, Since::zh),
        (_, "nature") => word(code, AgencyNature::zh),
        (_, "powerSource") => word(code, PowerSource::zh),
        (_, "audience") => word(code, Audience::zh),
        (_, "caseKind") => word(code, CaseKind::zh),
        (_, "handlingForms") => word(code, HandlingForm::zh),
        (_, "handlingArea") => word(code, HandlingArea::zh),
        (_, "unit") => word(code, TimeUnit::zh),
        (_, "depth") => word(code, OnlineDepth::zh),
        (_, "attribute") => word(code, OpennessAttribute::zh),
        ("materials", "necessity") => word(code, Necessity::zh),
        ("materials", "forms") => word(code, MaterialForm::zh),
        ("materials", "source") => word(code, MaterialSource::zh),
        ("results", "kind") => word(code, OutcomeKind::zh),
        ("consult" | "complain" | "contacts", "kind") => word(code, ContactKind::zh),
        ("", "kind") => word(code, MaterialKind::zh),
        // Names of fields.
        (_, "withheld") => return Some(label(code)),
        _ => None,
    };
    word.map(str::to_owned)
}

fn word<'de, T: Deserialize<'de>>(code: &'de str, zh: fn(T) -> &'static str) -> Option<&'static str> {
    let code: StrDeserializer<'de, Error> = code.into_deserializer();
    T::deserialize(code).ok().map(zh)
}

#[cfg(test)]
mod tests {
    use schemars::{JsonSchema, SchemaGenerator};
    use serde_json::Value;

    use super::*;
    use crate::register::{Agency, CatalogueEntry, Guide, Item, Material};

    /// Every field below a schema, with its path, and every code that it may hold.
    fn walk(schema: &Value, all: &Value, path: &str, found: &mut Vec<(String, Option<String>)>) {
        if let Some(name) = schema["$ref"].as_str() {
            return walk(&all[name.rsplit('/').next().unwrap()], all, path, found);
        }
        for (name, below) in schema["properties"].as_object().into_iter().flatten() {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            found.push((path.clone(), None));
            walk(below, all, &path, found);
        }
        for part in ["anyOf", "oneOf", "allOf"].iter().flat_map(|word| schema[word].as_array().into_iter().flatten()) {
            walk(part, all, path, found);
        }
        if schema["items"].is_object() {
            walk(&schema["items"], all, &format!("{path}[0]"), found);
        }
        let codes = schema["enum"].as_array().into_iter().flatten().chain(schema.get("const"));
        found.extend(codes.filter_map(Value::as_str).map(|code| (path.to_owned(), Some(code.to_owned()))));
    }

    fn of<C: JsonSchema>() -> Vec<(String, Option<String>)> {
        let mut generator = SchemaGenerator::default();
        let root = serde_json::to_value(generator.root_schema_for::<C>()).unwrap();
        let mut found = Vec::new();
        walk(&root, &root["$defs"], "", &mut found);
        found
    }

    #[test]
    fn every_field_and_every_code_of_every_register_has_a_word() {
        let mut codes = 0;
        for (path, code) in [of::<Agency>(), of::<Item>(), of::<Guide>(), of::<Material>(), of::<CatalogueEntry>()].concat() {
            if let Some(code) = code {
                codes += 1;
                let word = code_word(&path, &code);
                assert!(word.is_some_and(|word| !word.is_ascii()), "{path} {code}");
            } else {
                assert!(!label(&path).split('·').any(str::is_ascii), "{path}: {}", label(&path));
            }
        }
        assert!(codes > 70, "the schemas were walked: {codes}");
    }

    #[test]
    fn what_is_no_code_has_no_word() {
        for (path, text) in [("name", "PERMISSION"), ("materials[0].kind", "原件"), ("type", "UNHEARD_OF"), ("levy.kind", "OTHER")] {
            assert_eq!(code_word(path, text), None, "{path}");
        }
        assert_eq!(code_word("openness.withheld[0]", "authority").as_deref(), Some("权限"));
    }
}
