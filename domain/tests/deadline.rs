//! Every row of the table of deadlines, and rules that change: given, when, then.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::{num::NonZeroU16, sync::Arc};

use chrono::{DateTime, Utc};
use domain::{
    calendar::{Calendar, CalendarAt, Span},
    deadline::sight::{Known, Sight},
    deadline::{Act, DeadlineRules, Done, Event, Judgement, LayDown, Limit, Occasion, Rule, Ruled, Rules, Status, Trigger, rulebook},
    envelope::Code,
    language::assert_told_in_both_languages,
    scenario::{Given, given},
};

/// A moment by the clocks of China.
fn at(text: &str) -> DateTime<Utc> {
    format!("{text}+08:00").parse::<DateTime<chrono::FixedOffset>>().unwrap().to_utc()
}

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

fn calendar() -> CalendarAt {
    Calendar::shipped().known_at(at("2026-11-01T09:00:00"))
}

/// A case of a rule of the rulebook.
struct Case {
    rule: &'static str,
    trigger: DateTime<Utc>,
    done: Vec<Done>,
}

fn case(rule: &'static str, trigger: &str) -> Case {
    Case { rule, trigger: at(trigger), done: Vec::new() }
}

impl Case {
    fn with(mut self, act: Act, moment: &str) -> Self {
        self.done.push(Done { act, at: at(moment) });
        self
    }

    fn judged(&self, now: &str) -> Judgement {
        let rules = Rules::of_rulebook();
        let judgement = rules.judge(&code(self.rule), self.trigger, &self.done, &calendar(), at(now)).unwrap().judgement;
        assert_told_in_both_languages(&judgement.zh(), &judgement.en());
        judgement
    }

    #[track_caller]
    fn then(self, now: &str, status: Status) -> Self {
        let judgement = self.judged(now);
        assert_eq!(judgement.status, status, "{} {}", judgement.zh(), judgement.en());
        self
    }

    /// The last moment in time, and the first one that is not.
    #[track_caller]
    fn then_due(self, before: &str) -> Self {
        let due = self.judged(before).due.unwrap();
        assert_eq!(due.at, at(before), "{due}");
        self
    }
}

#[test]
fn art_10_2_a_change_is_on_both_channels_within_one_working_day() {
    // Approved on the eve of the National Day week.
    let approved = || case("ART-10-2", "2026-09-30T17:30:00").then_due("2026-10-09T00:00:00");
    approved().then("2026-10-08T23:59:59", Status::Due).then("2026-10-09T00:00:00", Status::Overdue);
    let online = || approved().with(Act::ShownOnline, "2026-09-30T17:30:01");
    online().then("2026-10-08T23:59:59", Status::Due).then("2026-10-09T00:00:00", Status::Overdue);
    assert_eq!(online().judged("2026-10-01T00:00:00").missing, [Act::ShownAtCounter], "one channel is not both");
    online().with(Act::ShownAtCounter, "2026-09-30T17:30:02").then("2026-09-30T17:30:02", Status::FulfilledInTime);
    online().with(Act::ShownAtCounter, "2026-10-08T23:59:59.999999").then("2027-01-01T00:00:00", Status::FulfilledInTime);
    online().with(Act::ShownAtCounter, "2026-10-09T00:00:00").then("2027-01-01T00:00:00", Status::FulfilledLate);
}

#[test]
fn art_10_2_what_a_wrong_clock_dates_is_neither_in_time_nor_late_unless_a_right_one_says_it() {
    let (trigger, due) = (at("2026-03-03T10:00:00"), at("2026-03-05T00:00:00"));
    let both = |moment: &str, by| [Act::ShownOnline, Act::ShownAtCounter].map(|act| (Done { act, at: at(moment) }, by));
    let rule = rulebook().into_iter().find(|rule| rule.code.as_str() == "ART-10-2").unwrap();
    let judged = |done: &[(Done, Known)]| {
        let judgement = rule.judge_in_sight(&Sight::always(trigger), done, &calendar(), at("2026-06-01T00:00:00"));
        assert_eq!(judgement.due.unwrap().at, due);
        assert!(!judgement.zh().is_empty() && !judgement.en().is_empty());
        (judgement.status, judgement.doubted)
    };
    let (begun, late) = ("2026-03-03T10:00:00", "2026-03-09T10:00:00");
    assert_eq!(judged(&both(begun, Known::Doubted)), (Status::Unknown, true));
    assert_eq!(
        judged(&[both(begun, Known::Doubted), both(begun, Known::Seen)].concat()),
        (Status::FulfilledInTime, false),
        "a right clock says it too"
    );
    assert_eq!(
        judged(&[both(late, Known::Seen), both(begun, Known::Doubted)].concat()),
        (Status::Unknown, true),
        "it may have been shown before"
    );
    assert_eq!(judged(&[both(begun, Known::Seen)[0], both(begun, Known::Doubted)[1]]), (Status::Unknown, true));
    assert_eq!(judged(&both(begun, Known::Doubted)[..1]), (Status::Overdue, false), "one channel is not both");
}

#[test]
fn art_8_2_information_is_published_within_seven_working_days() {
    // From Friday, 25 September (Mid-autumn): 28, 29, 30 September, 8, 9, 10 (make-up Saturday), 12 October.
    let formed = || case("ART-8-2", "2026-09-25T10:00:00").then_due("2026-10-13T00:00:00");
    formed().then("2026-10-12T23:59:59", Status::Due).then("2026-10-13T00:00:00", Status::Overdue);
    formed().with(Act::Published, "2026-10-12T23:59:59").then("2026-10-13T00:00:00", Status::FulfilledInTime);
    formed().with(Act::Published, "2026-10-13T00:00:00").then("2026-10-13T00:00:00", Status::FulfilledLate);
}

#[test]
fn art_7_an_inaccuracy_is_corrected_within_the_working_day_that_is_set() {
    let reported = || case("ART-7", "2026-03-11T10:00:00").then_due("2026-03-13T00:00:00");
    reported().then("2026-03-12T10:00:00", Status::Due).then("2026-03-13T00:00:00", Status::Overdue);
    reported().with(Act::Corrected, "2026-03-11T10:05:00").then("2026-03-20T00:00:00", Status::FulfilledInTime);
}

#[test]
fn art_8_3_each_november_what_is_withheld_is_checked_by_its_last_day() {
    let rules = Rules::of_rulebook();
    let trigger = rules.in_force(&code("ART-8-3"), at("2026-01-01T00:00:00")).unwrap().trigger;
    assert_eq!(trigger.in_year(2026), Some(at("2026-11-01T00:00:00")));
    let november = || case("ART-8-3", "2026-11-01T00:00:00").then_due("2026-12-01T00:00:00");
    november().then("2026-11-30T23:59:59", Status::Due).then("2026-12-01T00:00:00", Status::Overdue);
    november().with(Act::SelfChecked, "2026-11-30T23:59:59").then("2026-12-24T00:00:00", Status::FulfilledInTime);
    // It needs no calendar: a year that nobody announced is no matter.
    case("ART-8-3", "2031-11-01T00:00:00").then_due("2031-12-01T00:00:00");
}

#[test]
fn art_17_a_policy_is_interpreted_with_links_both_ways_within_three_working_days() {
    let published = || case("ART-17", "2026-03-11T10:00:00").then_due("2026-03-17T00:00:00");
    let interpreted = || published().with(Act::InterpretationPublished, "2026-03-12T10:00:00");
    let linked = || interpreted().with(Act::LinkedToInterpretation, "2026-03-12T10:00:00");
    linked().then("2026-03-16T23:59:59", Status::Due).then("2026-03-17T00:00:00", Status::Overdue);
    assert_eq!(linked().judged("2026-03-17T00:00:00").missing, [Act::LinkedToPolicy], "a link of one way is none");
    linked().with(Act::LinkedToPolicy, "2026-03-16T10:00:00").then("2026-03-17T00:00:00", Status::FulfilledInTime);
    linked().with(Act::LinkedToPolicy, "2026-03-17T10:00:00").then("2026-03-18T00:00:00", Status::FulfilledLate);
}

#[test]
fn art_29_a_normative_document_is_sent_to_the_gazette_within_five_working_days() {
    case("ART-29", "2026-03-11T10:00:00")
        .then_due("2026-03-19T00:00:00")
        .with(Act::SentToGazette, "2026-03-18T10:00:00")
        .then("2026-03-20T00:00:00", Status::FulfilledInTime);
}

#[test]
fn art_35_a_request_is_handed_on_answered_and_supplemented_within_one_five_and_seven_working_days() {
    let received = "2026-03-11T10:00:00";
    case("ART-35-HANDED-ON", received)
        .then_due("2026-03-13T00:00:00")
        .with(Act::HandedOn, "2026-03-13T09:00:00")
        .then("2026-03-14T00:00:00", Status::FulfilledLate);
    case("ART-35-OPINION", "2026-03-13T09:00:00")
        .then_due("2026-03-21T00:00:00")
        .with(Act::OpinionGiven, "2026-03-20T09:00:00")
        .then("2026-03-21T00:00:00", Status::FulfilledInTime);
    case("ART-35-SUPPLEMENT", received)
        .then_due("2026-03-21T00:00:00")
        .with(Act::HandedOn, "2026-03-12T09:00:00")
        .then("2026-03-21T00:00:00", Status::Overdue);
}

#[test]
fn art_21_of_an_emergency_information_comes_within_five_hours_three_if_possible_and_a_conference_within_a_day() {
    let occurred = || case("ART-21-INFORMATION", "2026-10-01T23:00:00").then_due("2026-10-02T04:00:00");
    assert_eq!(occurred().judged("2026-10-02T00:00:00").aim.unwrap().at, at("2026-10-02T02:00:00"));
    let misses = |case: &Case, now: &str| case.judged(now).misses_aim(at(now));
    assert!(!misses(&occurred(), "2026-10-02T01:59:59") && misses(&occurred(), "2026-10-02T02:00:00"));
    // To miss what is striven for is no breach.
    occurred().then("2026-10-02T03:59:59", Status::Due).then("2026-10-02T04:00:00", Status::Overdue);
    let released = occurred().with(Act::InformationReleased, "2026-10-02T03:00:00").then("2026-10-02T05:00:00", Status::FulfilledInTime);
    assert!(misses(&released, "2026-10-02T05:00:00"));
    let soon = occurred().with(Act::InformationReleased, "2026-10-02T01:00:00");
    assert!(!misses(&soon, "2026-10-05T00:00:00"));
    case("ART-21-CONFERENCE", "2026-10-01T23:00:00")
        .then_due("2026-10-02T23:00:00")
        .with(Act::PressConferenceHeld, "2026-10-02T22:00:00")
        .then("2026-10-03T00:00:00", Status::FulfilledInTime);
}

#[test]
fn art_6_5_final_accounts_are_published_within_twenty_days_whatever_days_they_are() {
    case("ART-6-5", "2026-09-20T10:00:00")
        .then_due("2026-10-11T00:00:00")
        .with(Act::Published, "2026-10-10T23:00:00")
        .then("2026-10-11T00:00:00", Status::FulfilledInTime);
    case("ART-6-5", "2026-12-30T10:00:00").then_due("2027-01-20T00:00:00").then("2027-01-20T00:00:00", Status::Overdue);
}

#[test]
fn a_deadline_into_a_year_that_is_not_announced_is_unknown_and_says_why() {
    let approved = || case("ART-10-2", "2026-12-31T17:00:00");
    let open = approved().then("2026-12-31T18:00:00", Status::Unknown).judged("2027-01-05T00:00:00");
    assert_eq!((open.status, open.due.unwrap_err().year), (Status::Unknown, 2027));
    assert!(open.zh().contains("2027年") && open.en().contains("holidays of 2027"), "{} {}", open.zh(), open.en());
    // The working day after the 31st is the 1st at the earliest: what is done by its end is in time whatever the notice will say.
    let both = |moment: &str| approved().with(Act::ShownOnline, moment).with(Act::ShownAtCounter, moment);
    both("2026-12-31T17:00:01").then("2027-01-05T00:00:00", Status::FulfilledInTime);
    both("2027-01-01T23:59:59").then("2027-01-05T00:00:00", Status::FulfilledInTime);
    both("2027-01-02T00:00:00").then("2027-01-05T00:00:00", Status::Unknown);
}

#[test]
fn an_act_that_lies_ahead_has_not_happened_and_one_from_before_is_done() {
    let reported = || case("ART-7", "2026-03-11T10:00:00");
    reported().with(Act::Corrected, "2026-03-11T12:00:00").then("2026-03-11T11:00:00", Status::Due);
    // Two clocks: the one of the act was behind.
    reported().with(Act::Corrected, "2026-03-11T09:59:59").then("2026-03-11T11:00:00", Status::FulfilledInTime);
    // Done twice: the first counts.
    let twice = reported().with(Act::Corrected, "2026-03-20T12:00:00").with(Act::Corrected, "2026-03-12T12:00:00");
    twice.then("2026-03-21T00:00:00", Status::FulfilledInTime);
}

#[test]
fn the_reason_names_what_is_missing_and_until_when_in_both_languages() {
    let words = |case: &Case, now: &str| (case.judged(now).zh(), case.judged(now).en());
    let approved = case("ART-10-2", "2026-03-11T10:00:00").with(Act::ShownOnline, "2026-03-11T10:00:01");
    let told = [words(&approved, "2026-03-11T11:00:00"), words(&approved, "2026-03-13T00:00:00")];
    assert_eq!(told[0].0, "应于北京时间2026-03-12 24:00前完成，尚未窗口展示");
    assert_eq!(told[0].1, "due before 2026-03-12 24:00 China time, not yet done: shown at the counter");
    assert_eq!(told[1].0, "应于北京时间2026-03-12 24:00前完成，已逾期，仍未窗口展示");
    assert_eq!(told[1].1, "was due before 2026-03-12 24:00 China time, still not done: shown at the counter");
    let late = approved.with(Act::ShownAtCounter, "2026-03-13T09:30:00");
    assert_eq!(words(&late, "2026-03-14T00:00:00").0, "应于北京时间2026-03-12 24:00前完成，北京时间2026-03-13 09:30才完成");
    assert_eq!(
        words(&late, "2026-03-14T00:00:00").1,
        "was due before 2026-03-12 24:00 China time, done only at 2026-03-13 09:30 China time"
    );
}

#[test]
fn the_table_says_all_rows_of_the_rulebook_each_with_its_article() {
    let rules = rulebook();
    let told: Vec<_> = rules.iter().map(|rule| (rule.code.as_str(), rule.article.as_str())).collect();
    assert_eq!(
        told,
        [
            ("ART-10-2", "Art. 10(2)"),
            ("ART-17", "Art. 17"),
            ("ART-21-CONFERENCE", "Art. 21"),
            ("ART-21-INFORMATION", "Art. 21"),
            ("ART-29", "Art. 29"),
            ("ART-35-HANDED-ON", "Art. 35(2)"),
            ("ART-35-OPINION", "Art. 35(2)"),
            ("ART-35-SUPPLEMENT", "Art. 35(3)"),
            ("ART-6-5", "Art. 6(5)"),
            ("ART-7", "Art. 7"),
            ("ART-8-2", "Art. 8(2)"),
            ("ART-8-3", "Art. 8(3)"),
        ]
    );
    for rule in rules {
        let article = rule.article.clone();
        known([]).when(lay_down(Rule { name: format!("{}。", rule.name), ..rule })).then_state();
        assert!(article.starts_with("Art. "));
    }
}

// Rules that change.

/// The rule of Art. 7 with another number of working days.
fn without_delay(days: u16) -> Rule {
    let rule = rulebook().into_iter().find(|rule| rule.code.as_str() == "ART-7").unwrap();
    Rule { limit: Limit::Within(Span::WorkingDays(NonZeroU16::new(days).unwrap())), ..rule }
}

fn lay_down(rule: Rule) -> LayDown {
    LayDown { code: rule.code.clone(), rule: Some(rule), effective_from: None, document: "某政发〔2026〕7号".into() }
}

fn end(rule: &str) -> LayDown {
    LayDown { code: code(rule), rule: None, effective_from: None, document: "某政发〔2026〕8号".into() }
}

fn ruled(command: LayDown, from: &str) -> Event {
    let LayDown { code, rule, document, .. } = command;
    Event::Ruled(Arc::new(Ruled { code, rule, effective_from: at(from), document }))
}

fn known(events: impl IntoIterator<Item = Event>) -> Given<DeadlineRules> {
    given(events).at(at("2026-06-01T09:00:00"))
}

#[test]
fn a_rule_is_changed_from_now_on_or_from_a_moment_to_come() {
    known([]).when(lay_down(without_delay(2))).then([ruled(lay_down(without_delay(2)), "2026-06-01T09:00:00")]);
    let later = LayDown { effective_from: Some(at("2026-07-01T00:00:00")), ..lay_down(without_delay(2)) };
    known([]).when(later).then([ruled(lay_down(without_delay(2)), "2026-07-01T00:00:00")]);
}

#[test]
fn what_holds_already_is_already_so() {
    known([]).when(lay_down(without_delay(1))).then_nothing();
    let changed = ruled(lay_down(without_delay(2)), "2026-05-01T00:00:00");
    known([changed.clone()]).when(lay_down(without_delay(2))).then_nothing();
    known([changed]).when(lay_down(without_delay(1))).then([ruled(lay_down(without_delay(1)), "2026-06-01T09:00:00")]);
    let ended = ruled(end("ART-7"), "2026-05-01T00:00:00");
    known([ended]).when(end("ART-7")).then_nothing();
}

#[test]
fn what_was_due_is_not_changed_afterwards() {
    let back = LayDown { effective_from: Some(at("2026-06-01T08:59:59")), ..lay_down(without_delay(2)) };
    known([]).when(back).then_refused("EFFECTIVE_IN_PAST");
}

#[test]
fn a_rule_that_is_none_is_refused_with_what_is_wrong() {
    let rule = without_delay(2);
    let hours = |n| Span::Hours(NonZeroU16::new(n).unwrap());
    for (wrong, refusal) in [
        (Rule { acts: vec![], ..rule.clone() }, "RULE_INCOMPLETE"),
        (Rule { acts: vec![Act::Corrected, Act::Corrected], ..rule.clone() }, "RULE_INCOMPLETE"),
        (Rule { name: " ".into(), ..rule.clone() }, "RULE_INCOMPLETE"),
        (Rule { article: "长".repeat(301), ..rule.clone() }, "RULE_INCOMPLETE"),
        (Rule { name_en: "a\nb".into(), ..rule.clone() }, "RULE_INCOMPLETE"),
        (Rule { trigger: Trigger::Yearly { month: 13 }, ..rule.clone() }, "RULE_INCOMPLETE"),
        (Rule { limit: Limit::DayOfYear { month: 2, day: 30 }, ..rule.clone() }, "RULE_INCOMPLETE"),
        (Rule { aim: Some(hours(3)), ..rule.clone() }, "RULE_AIM_NOT_SHORTER"),
        (Rule { aim: Some(hours(5)), limit: Limit::Within(hours(5)), ..rule.clone() }, "RULE_AIM_NOT_SHORTER"),
    ] {
        known([]).when(lay_down(wrong)).then_refused(refusal);
    }
    known([]).when(LayDown { code: code("ART-8-2"), ..lay_down(rule.clone()) }).then_refused("RULE_OTHER_CODE");
    known([]).when(LayDown { document: String::new(), ..lay_down(rule) }).then_refused("RULE_INCOMPLETE");
    known([]).when(end("ART-99")).then_refused("RULE_NOT_FOUND");
}

#[test]
fn what_was_triggered_before_a_change_is_judged_by_the_rule_before() {
    let Event::Ruled(change) = ruled(lay_down(without_delay(3)), "2026-06-01T09:00:00");
    let rules = Rules::new([(at("2026-06-01T09:00:00"), change)]);
    let due = |trigger: &str| {
        let judged = rules.judge(&code("ART-7"), at(trigger), &[], &calendar(), at("2026-06-30T00:00:00")).unwrap();
        judged.judgement.due.unwrap().at
    };
    // Monday, 1 June: one working day by the rule before, three by the rule from nine o'clock on.
    assert_eq!(due("2026-06-01T08:59:59"), at("2026-06-03T00:00:00"));
    assert_eq!(due("2026-06-01T09:00:00"), at("2026-06-05T00:00:00"));
    // As of the 31st of May nobody knew of the change.
    let before = rules.known_at(at("2026-05-31T00:00:00"));
    assert_eq!(before.in_force(&code("ART-7"), at("2026-06-30T00:00:00")), Some(&without_delay(1)));
}

#[test]
fn a_rule_that_ended_asks_for_nothing_from_then_on() {
    let Event::Ruled(ended) = ruled(end("ART-29"), "2026-06-01T09:00:00");
    let rules = Rules::new([(at("2026-06-01T09:00:00"), ended)]);
    let judged = |trigger: &str| rules.judge(&code("ART-29"), at(trigger), &[], &calendar(), at("2026-06-30T00:00:00"));
    assert_eq!(judged("2026-05-29T10:00:00").unwrap().judgement.status, Status::Overdue);
    assert!(judged("2026-06-01T09:00:00").is_none());
    assert_eq!(rules.all_in_force(at("2026-06-02T00:00:00")).len(), rulebook().len() - 1);
}

#[test]
fn a_city_adds_a_rule_of_its_own() {
    let own = Rule {
        code: code("CITY-1"),
        article: "某政发〔2026〕7号第三条".into(),
        name: "清单调整后3日内告知窗口".into(),
        name_en: "counters are told within 3 days".into(),
        trigger: Trigger::On(Occasion::InformationChanged),
        aim: None,
        limit: Limit::Within(Span::CalendarDays(NonZeroU16::new(3).unwrap())),
        acts: vec![Act::ShownAtCounter],
    };
    known([]).when(lay_down(own.clone())).then([ruled(lay_down(own), "2026-06-01T09:00:00")]);
}

#[test]
fn a_day_that_a_year_has_not_is_the_last_of_its_month_and_one_that_is_past_is_next_years() {
    let leap_day = Limit::DayOfYear { month: 2, day: 29 };
    let last = |limit: Limit, trigger: &str| limit.due(at(trigger), &calendar()).unwrap().last_day.to_string();
    assert_eq!(last(leap_day, "2024-01-01T00:00:00"), "2024-02-29");
    assert_eq!(last(leap_day, "2025-01-01T00:00:00"), "2025-02-28");
    assert_eq!(last(leap_day, "2025-02-28T23:59:59"), "2025-02-28");
    assert_eq!(last(leap_day, "2023-03-01T00:00:00"), "2024-02-29");
}
