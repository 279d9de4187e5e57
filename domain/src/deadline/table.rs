//! The deadlines of the rulebook, as it stands. A city changes them by an event, and with them what is due from then on.

use std::num::NonZeroU16;

use super::{Act, Limit, Occasion, Rule, Trigger};
use crate::{calendar::Span, envelope::Code};

fn span(unit: fn(NonZeroU16) -> Span, number: u16) -> Span {
    unit(NonZeroU16::new(number).unwrap_or(NonZeroU16::MIN))
}

fn within(unit: fn(NonZeroU16) -> Span, number: u16) -> Limit {
    Limit::Within(span(unit, number))
}

fn rule(code: &str, article: &str, (name, name_en): (&str, &str), trigger: Trigger, limit: Limit, acts: &[Act]) -> Option<Rule> {
    let code: Code = code.parse().ok()?;
    let (article, name, name_en) = (article.to_owned(), name.to_owned(), name_en.to_owned());
    Some(Rule { code, article, name, name_en, trigger, aim: None, limit, acts: acts.to_vec() })
}

/// All rules, in the order of the articles.
#[expect(clippy::too_many_lines, reason = "a table, row by row")]
pub fn rulebook() -> Vec<Rule> {
    use Span::{CalendarDays, Hours, WorkingDays};
    let on = Trigger::On;
    let mut rules: Vec<_> = [
        rule(
            "ART-6-5",
            "Art. 6(5)",
            ("决算批准后20日内公开", "final accounts are published within 20 days of their approval"),
            on(Occasion::FinalAccountsApproved),
            within(CalendarDays, 20),
            &[Act::Published],
        ),
        // 及时: without delay. The rulebook gives no number; one working day is what a city begins with.
        rule(
            "ART-7",
            "Art. 7",
            ("发现公开信息不准确的及时更正", "what is public and not right is corrected without delay"),
            on(Occasion::InaccuracyReported),
            within(WorkingDays, 1),
            &[Act::Corrected],
        ),
        rule(
            "ART-8-2",
            "Art. 8(2)",
            ("信息形成或者变更之日起7个工作日内公开", "information is published within 7 working days of its forming or change"),
            on(Occasion::InformationChanged),
            within(WorkingDays, 7),
            &[Act::Published],
        ),
        rule(
            "ART-8-3",
            "Art. 8(3)",
            ("每年11月自查不予公开和依申请公开的信息", "each November what is withheld or given on request is self-checked"),
            Trigger::Yearly { month: 11 },
            Limit::DayOfYear { month: 11, day: 30 },
            &[Act::SelfChecked],
        ),
        rule(
            "ART-10-2",
            "Art. 10(2)",
            ("审批后1个工作日内线上线下公开变更", "a change is shown online and at the counters within 1 working day of its approval"),
            on(Occasion::RevisionApproved),
            within(WorkingDays, 1),
            &[Act::ShownOnline, Act::ShownAtCounter],
        ),
        rule(
            "ART-17",
            "Art. 17",
            ("政策文件公开后3个工作日内发布解读并相互链接", "a policy is interpreted, with links both ways, within 3 working days"),
            on(Occasion::PolicyPublished),
            within(WorkingDays, 3),
            &[Act::InterpretationPublished, Act::LinkedToInterpretation, Act::LinkedToPolicy],
        ),
        rule(
            "ART-21-INFORMATION",
            "Art. 21",
            (
                "重大突发事件力争3小时内、最迟5小时发布权威信息",
                "of a major emergency information is released within 5 hours, 3 if possible",
            ),
            on(Occasion::EmergencyOccurred),
            within(Hours, 5),
            &[Act::InformationReleased],
        )
        .map(|rule| Rule { aim: Some(span(Hours, 3)), ..rule }),
        rule(
            "ART-21-CONFERENCE",
            "Art. 21",
            ("重大突发事件24小时内举行新闻发布会", "of a major emergency a press conference is held within 24 hours"),
            on(Occasion::EmergencyOccurred),
            within(Hours, 24),
            &[Act::PressConferenceHeld],
        ),
        rule(
            "ART-29",
            "Art. 29",
            ("规范性文件印发后5个工作日内报送政府公报", "a normative document is sent to the gazette within 5 working days of its issue"),
            on(Occasion::NormativeDocumentIssued),
            within(WorkingDays, 5),
            &[Act::SentToGazette],
        ),
        rule(
            "ART-35-HANDED-ON",
            "Art. 35(2)",
            ("公开申请收件1个工作日内转办", "a request that others handle too is handed on within 1 working day"),
            on(Occasion::RequestReceived),
            within(WorkingDays, 1),
            &[Act::HandedOn],
        ),
        rule(
            "ART-35-OPINION",
            "Art. 35(2)",
            ("协办机关5个工作日内提出拟答复意见", "who handles a request too gives an opinion within 5 working days"),
            on(Occasion::RequestHandedOn),
            within(WorkingDays, 5),
            &[Act::OpinionGiven],
        ),
        rule(
            "ART-35-SUPPLEMENT",
            "Art. 35(3)",
            ("收到申请次日起7个工作日内告知补正", "a supplement is asked for within 7 working days of the receipt of a request"),
            on(Occasion::RequestReceived),
            within(WorkingDays, 7),
            &[Act::SupplementAsked],
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    rules.sort_by(|a, b| a.code.cmp(&b.code));
    rules
}
