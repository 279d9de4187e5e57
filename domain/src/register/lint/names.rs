use super::{MATERIAL_NAME_ABOLISHED, MATERIAL_NAME_IN_USE};
use crate::{
    calendar::china::spoken,
    envelope::Code,
    register::{Beside, Content, Material, Moment, Stands},
    value::Finding,
};

/// Whose names a material bears beside its own: by a name a guide asks for it, and of several of one name the abolished one counts (Art. 5(2)).
pub(in crate::register) fn material_beside(material: &Material, code: &Code, beside: &Beside, moment: Moment) -> Vec<Finding> {
    let found = |(place, name): (usize, &str)| {
        let path = place.checked_sub(1).map_or_else(|| "name".to_owned(), |place| format!("otherNames[{place}]"));
        if material.abolished.is_some() {
            in_use(name, path, (code, beside, moment))
        } else {
            abolished(material, name, path, (code, beside, moment))
        }
    };
    material.asks_by_name().into_iter().enumerate().filter_map(found).collect()
}

/// An abolished proof does not come back under another code, nor does another one take its name between the announcement and the day. What the entry
/// itself is called until that day is its own.
fn abolished(material: &Material, name: &str, path: String, (own, beside, moment): (&Code, &Beside, Moment)) -> Option<Finding> {
    if material.rests_on_law() {
        return None;
    }
    let abolition = |(code, material): (&Code, &'_ Stands<Material>)| {
        let of = material.abolition(moment.at()).filter(|of| of.bears(name) && (of.holds(moment.at()) || code != own))?;
        Some((code.clone(), spoken(of.since)))
    };
    let (code, since) = beside.materials_named(name).find_map(abolition)?;
    Some(MATERIAL_NAME_ABOLISHED.at(
        path,
        format!("“{name}”是自北京时间{since}起取消的材料（{code}）的名称；如依法须重新要求提供，请写明法律依据，否则请改名（Art. 5(2)）"),
        format!(
            "{name:?} is a name of the material {code}, which is abolished from {since} China time on: name the law on which asking for it rests, or give it \
             another name (Art. 5(2))"
        ),
    ))
}

/// Who abolishes a proof abolishes no other one with it: guides that ask for that by the name would be told that it is abolished. What bore the
/// name before takes it from nobody, as where another was listed beside it by law.
fn in_use(name: &str, path: String, (code, beside, moment): (&Code, &Beside, Moment)) -> Option<Finding> {
    let key = Material::key(name);
    let bears = |material: &Material| material.keys().any(|of| of == key);
    let own = beside.materials.get(code);
    if own.is_some_and(|own| bears(&own.content) || bears(own.says_at(moment.at()))) {
        return None;
    }
    let (other, _) = beside.materials_named(name).find(|(other, material)| *other != code && is_in_use(material, &bears, moment))?;
    Some(MATERIAL_NAME_IN_USE.at(
        path,
        format!(
            "“{name}”也是仍可要求提供的材料{other}的名称，取消本材料会使按该名称要求提供{other}的办事指南不能办理；请删去该名称，或先将{other}改名、一并取消（Art. 5(2)）"
        ),
        format!(
            "{name:?} is also a name of the material {other}, which may still be asked for, and guides that ask for that by this name would be told that \
             it is abolished: take the name out, or rename or abolish {other} first (Art. 5(2))"
        ),
    ))
}

/// Whether a material may be asked for under a name at the moment or later. Of a draft it is not decided yet from when it holds: it may be meant for
/// after what is announced of the other.
fn is_in_use(material: &Stands<Material>, bears: &impl Fn(&Material) -> bool, moment: Moment) -> bool {
    let is_so = |content: &Material| content.abolished.is_none() && bears(content);
    match moment {
        Moment::Drafted(_) => material.until.is_none() && is_so(&material.content),
        Moment::From(at) | Moment::Held(at) => {
            let later = material.revisions().into_iter().filter(|(from, _)| *from > at);
            !material.has_ceased(at) && (is_so(material.says_at(at)) || later.into_iter().any(|(_, content)| is_so(content)))
        }
    }
}
