use std::collections::{BTreeSet, HashMap};

use super::{
    AUDIENCE_TOPIC_DISAGREE, BASIS_NO_ARTICLE, MATERIAL_TWICE, MATERIAL_UNNAMED, SITUATION_CODE, SITUATION_TWICE, SITUATION_UNKNOWN,
};
use crate::{
    register::{Guide, Material},
    value::{Audience, Finding, Topic, text},
};

/// Topics stand on the list for natural persons or on the one for organisations; whoever a guide serves has to find it on theirs.
pub(super) fn topics(guide: &Guide) -> Vec<Finding> {
    if guide.topics.is_empty() || guide.audience.is_empty() {
        return Vec::new();
    }
    let persons = guide.audience.contains(&Audience::NaturalPerson);
    let organisations = guide.audience.iter().any(|audience| *audience != Audience::NaturalPerson);
    let for_persons = guide.topics.iter().any(Topic::is_for_persons);
    let for_organisations = guide.topics.iter().any(Topic::is_for_organisations);
    let mut findings = Vec::new();
    for (serves, listed, zh, en) in
        [(persons, for_persons, "自然人", "natural persons"), (organisations, for_organisations, "法人和其他组织", "organisations")]
    {
        if serves && !listed {
            findings.push(AUDIENCE_TOPIC_DISAGREE.at(
                "topics",
                format!("服务对象含{zh}，却没有面向其的主题；请核对服务对象与主题分类"),
                format!("it serves {en} and has no topic on their list: check audience and topics"),
            ));
        }
    }
    // A topic that is for nobody whom the guide serves leads them to it in vain.
    for (i, topic) in guide.topics.iter().enumerate() {
        if !(persons && topic.is_for_persons() || organisations && topic.is_for_organisations()) {
            findings.push(AUDIENCE_TOPIC_DISAGREE.at(
                format!("topics[{i}]"),
                format!("主题“{}”所面向的人不在服务对象之内；请核对服务对象与主题分类", topic.name),
                format!("the topic {:?} is for nobody whom the guide serves: check audience and topics", topic.name),
            ));
        }
    }
    findings
}

pub(super) fn check(guide: &Guide) -> Vec<Finding> {
    let mut findings = situation_codes(guide);
    findings.extend(situations_twice(guide));
    findings.extend(unknown_situations(guide));
    findings.extend(twice(guide));
    for (i, material) in guide.materials.iter().enumerate().filter(|(_, material)| text::is_blank(&material.name)) {
        let number = material.material.as_ref().map(|code| format!("（{code}）")).unwrap_or_default();
        findings.push(MATERIAL_UNNAMED.at(
            format!("materials[{i}].name"),
            format!("第{}项材料{number}缺少名称，请补充", i + 1),
            format!("material {} {number} has no name, please add it", i + 1),
        ));
    }
    findings
}

/// By its code a clerk chooses a situation, and a material is of it: two codes that look alike are none.
fn situation_codes(guide: &Guide) -> Vec<Finding> {
    let wrong = guide.situations.iter().enumerate().filter(|(_, situation)| {
        let code = situation.code.as_str();
        text::is_blank(code) || code.contains(char::is_whitespace)
    });
    wrong
        .map(|(i, situation)| {
            SITUATION_CODE.at(
                format!("situations[{i}].code"),
                format!("情形“{}”的编码“{}”为空或含空格；请写不含空格的编码", situation.name, situation.code),
                format!(
                    "the code {:?} of the situation {:?} is empty or has white space: give one without",
                    situation.code, situation.name
                ),
            )
        })
        .collect()
}

/// A material says by the code in which situation it is asked for.
fn situations_twice(guide: &Guide) -> Vec<Finding> {
    let mut first = HashMap::new();
    let mut findings = Vec::new();
    for (i, situation) in guide.situations.iter().enumerate() {
        let place = *first.entry(situation.code.as_str()).or_insert(i);
        if place < i {
            findings.push(SITUATION_TWICE.at(
                format!("situations[{i}].code"),
                format!("情形“{}”的编码“{}”与第{}项相同；请各用一个编码", situation.name, situation.code, place + 1),
                format!("the situation {:?} has the code {:?} of number {}: give each its own", situation.name, situation.code, place + 1),
            ));
        }
    }
    findings
}

fn unknown_situations(guide: &Guide) -> Vec<Finding> {
    let known: BTreeSet<_> = guide.situations.iter().map(|s| s.code.as_str()).collect();
    let mut findings = Vec::new();
    for (i, material) in guide.materials.iter().enumerate() {
        for code in material.situations.iter().filter(|code| !known.contains(code.as_str())) {
            findings.push(SITUATION_UNKNOWN.at(
                format!("materials[{i}].situations"),
                format!("材料“{}”所属情形“{code}”不存在", material.name),
                format!("material {:?} refers to the situation {code:?}, which does not exist", material.name),
            ));
        }
    }
    findings
}

/// A material without situations is asked for in all of them. Each is found once, against the first of its name that meets it.
fn twice(guide: &Guide) -> Vec<Finding> {
    let mut earlier: HashMap<String, Vec<usize>> = HashMap::new();
    let mut findings = Vec::new();
    for (i, material) in guide.materials.iter().enumerate() {
        let name = material.name.trim();
        if text::is_blank(name) {
            continue;
        }
        let of_name = earlier.entry(Material::key(name)).or_default();
        let meet = |other: &&usize| {
            let other = &guide.materials[**other].situations;
            other.is_empty() || material.situations.is_empty() || other.iter().any(|code| material.situations.contains(code))
        };
        if let Some(first) = of_name.iter().find(meet) {
            findings.push(MATERIAL_TWICE.at(
                format!("materials[{i}].name"),
                format!("材料“{name}”与第{}项重复；请合并，或写明各自的情形", first + 1),
                format!(
                    "material {name:?} is there already, as number {}: join them, or say in which situation each is asked for",
                    first + 1
                ),
            ));
        }
        of_name.push(i);
    }
    findings
}

/// A basis that could be taken apart and names no article. One that could not is told by `BASIS_UNPARSED`.
pub(super) fn bases(guide: &Guide) -> Vec<Finding> {
    let without = guide.legal_bases.iter().enumerate().filter(|(_, basis)| basis.is_parsed() && basis.article.is_none());
    without
        .map(|(i, basis)| {
            BASIS_NO_ARTICLE.at(
                format!("legalBases[{i}].article"),
                format!("依据《{}》没有写明条款，请补充", basis.title),
                format!("the basis {:?} names no article, please add it", basis.title),
            )
        })
        .collect()
}
