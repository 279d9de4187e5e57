//! What happened to an entry, in one sentence of each language.

use domain::{
    calendar::china,
    entry::{Event, Repealed, Suspended},
    envelope::Code,
    register::Handover,
};
use serde_json::Value;

/// A sentence in Chinese and in English.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) zh: String,
    pub(super) en: String,
}

impl Words {
    fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// The same with how many fields it changed.
    fn changing(self, count: usize) -> Self {
        let fields = if count == 1 { "field" } else { "fields" };
        Self::new(format!("{}，变更{count}处", self.zh), format!("{}, {count} {fields} changed", self.en))
    }

    /// The same of what follows from a revision before.
    pub(super) fn follows(self) -> Self {
        Self::new(format!("随之调整：{}", self.zh), format!("made anew by what was decided before it: {}", self.en))
    }
}

/// A revision and the one that it follows, as the audience may see them.
pub(super) struct Seen<'s> {
    pub(super) before: Option<&'s Value>,
    pub(super) after: &'s Value,
}

impl Seen<'_> {
    /// What a reform did: from which agency to which, as far as the audience may know of either. An agency may withhold the one above it.
    fn handed_over(&self, from: &Code, to: &Code) -> Words {
        let names = |content: Option<&Value>, code: &Code| {
            ["agency", "parent"].iter().any(|field| content.is_some_and(|content| content.get(field) == Some(&code.as_str().into())))
        };
        match (names(self.before, from), names(Some(self.after), to)) {
            (true, true) => {
                Words::new(format!("机构改革，由{from}划转至{to}"), format!("institutional reform, handed over by {from} to {to}"))
            }
            (false, true) => Words::new(format!("机构改革，划转至{to}"), format!("institutional reform, handed over to {to}")),
            (true, false) => Words::new(format!("机构改革，由{from}划出"), format!("institutional reform, handed over by {from}")),
            (false, false) => Words::new("机构改革", "institutional reform"),
        }
    }
}

/// A draft that was written, or changed; `count`: how many fields of what it is told against, if of anything.
pub(super) fn drafted(again: bool, count: Option<usize>) -> Words {
    let words = if again { Words::new("修改草稿", "the draft was changed") } else { Words::new("起草", "drafted") };
    match count {
        Some(count) => words.changing(count),
        None => words,
    }
}

/// A publication; `revised`: the number of the revision and how much it changed, if it followed another.
pub(super) fn published<C>(event: &Event<C>, seen: &Seen<'_>, revised: Option<(u32, usize)>) -> Words {
    match (event, revised) {
        (Event::Adopted(adopted), revised) => {
            let words = match revised {
                Some((number, count)) => Words::new(
                    format!("按新版清单修订为第{number}版"),
                    format!("revised by a newer edition of the list as revision {number}"),
                )
                .changing(count),
                None => Words::new("承接既有清单", "adopted from a list in force"),
            };
            match &adopted.source.list {
                Some(list) => Words::new(format!("{}（{list}）", words.zh), format!("{} ({list:?})", words.en)),
                None => words,
            }
        }
        (Event::Transferred(transferred), revised) => {
            let words = match &transferred.handover {
                Handover::Agency { from, to } => seen.handed_over(from, to),
                Handover::Names { name: Some(name), .. } => {
                    Words::new(format!("机构改革，更名为{name}"), format!("institutional reform, named {name:?} from then on"))
                }
                Handover::Names { name: None, .. } => Words::new(
                    "机构改革，承接并入机构的名称",
                    "institutional reform, found by the names of the agencies that were merged into it",
                ),
            };
            match revised {
                Some((number, count)) => {
                    Words::new(format!("{}，为第{number}版", words.zh), format!("{}, as revision {number}", words.en)).changing(count)
                }
                None => words,
            }
        }
        (Event::Corrected(_), Some((number, count))) => {
            Words::new(format!("更正为第{number}版"), format!("corrected as revision {number}")).changing(count)
        }
        (Event::Corrected(_), None) => Words::new("更正发布", "corrected and published"),
        (_, Some((number, count))) => {
            Words::new(format!("审签发布第{number}版"), format!("approved and published as revision {number}")).changing(count)
        }
        (_, None) => Words::new("审签发布", "approved and published"),
    }
}

/// That a guide goes with its item.
pub(super) fn gone_with(item: &Code, replaced_by: Option<&Code>) -> Words {
    match replaced_by {
        Some(code) => Words::new(
            format!("所属事项{item}取消（由{code}承接），指南随之取消"),
            format!("its item {item} was repealed, {code} takes the place of that, and the guide goes with it"),
        ),
        None => {
            Words::new(format!("所属事项{item}取消，指南随之取消"), format!("its item {item} was repealed, and the guide goes with it"))
        }
    }
}

/// What happened beside contents; `None`: it is told with its content.
pub(super) fn other<C>(event: &Event<C>) -> Option<Words> {
    Some(match event {
        Event::Adopted(_) | Event::Approved(_) | Event::Corrected(_) | Event::Drafted(_) | Event::Redrafted(_) | Event::Transferred(_) => {
            return None;
        }
        Event::Submitted(_) => Words::new("送政务公开工作机构审查", "submitted to the openness office"),
        Event::Reviewed(reviewed) => match reviewed.revision {
            Some(number) => {
                Words::new(format!("补审第{number}版的更正"), format!("the review of the correction in revision {number} was done"))
            }
            None => Words::new("审查通过", "reviewed"),
        },
        Event::Returned(_) => Words::new("退回", "returned"),
        Event::Withdrawn(_) => Words::new("撤回草稿", "the draft was withdrawn"),
        Event::Suspended(Suspended { until: Some(until), .. }) => {
            let until = china::spoken(*until);
            Words::new(format!("暂停，至北京时间{until}"), format!("suspended until {until} China time"))
        }
        Event::Suspended(_) => Words::new("暂停", "suspended"),
        Event::Resumed(_) => Words::new("恢复", "resumed"),
        Event::Repealed(Repealed { replaced_by: Some(code), .. }) => {
            Words::new(format!("取消，由{code}承接"), format!("repealed, {code} takes its place"))
        }
        Event::Repealed(_) => Words::new("取消", "repealed"),
    })
}
