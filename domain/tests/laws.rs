//! Laws that hold for every history and every command.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod common;

use common::*;
use domain::{
    codec::{RegisterEvent, Registered, decode, encode},
    decider::Decider,
    diff::changes,
    entry::{Adopt, Command, Entry, Event, Repeal, Source, Stage},
    register::{Content, Duty, Item},
    value::{Hash, ItemType, LegalBasis, Level, Openness, parse_legal_bases, text},
};
use proptest::{collection::vec, option, prelude::*};

fn words() -> impl Strategy<Value = String> {
    prop_oneof!["[甲乙丙丁]{0,4}", "[a-z《》【】（）第条：\n\"\\\\ ]{0,12}", any::<String>().prop_map(|s| s.chars().take(20).collect())]
}

fn items() -> impl Strategy<Value = Item> {
    let bases =
        vec(words(), 0..3).prop_map(|titles| titles.into_iter().map(|title| LegalBasis { title, ..LegalBasis::default() }).collect());
    let duties = vec(words(), 0..3).prop_map(|all| all.into_iter().map(|content| Duty { content, ..Duty::default() }).collect());
    let types = (0..ItemType::ALL.len()).prop_map(|i| ItemType::ALL[i]);
    let levels = option::of((0..Level::ALL.len()).prop_map(|i| Level::ALL[i]));
    (words(), types, levels, bases, duties, option::of(words()), any::<bool>()).prop_map(
        |(name, t, level, legal_bases, duties, remark, plain)| {
            let openness = if plain { Openness::default() } else { Openness { reason: remark.clone(), ..Openness::default() } };
            Item { level, legal_bases, duties, remark, openness, ..Item::new(name, t, "A1".parse().unwrap()) }
        },
    )
}

fn commands() -> impl Strategy<Value = Command<Item>> {
    let day = || option::of((1_u32..28).prop_map(noon));
    let adopts = (items(), option::of(2024..2027_i32), day()).prop_map(|(content, edition, effective_from)| {
        let source = Source { edition: edition.map(|e| e.to_string()), file: "f".into(), ..Source::default() };
        Command::from(Adopt { content, source, effective_from })
    });
    let repeals = (words(), day()).prop_map(|(reason, effective_from)| {
        Command::from(Repeal { effective_from, reason, document: None, replaced_by: None, reform: None })
    });
    prop_oneof![4 => adopts, 1 => repeals]
}

fn events_of(commands: Vec<(Command<Item>, u32)>) -> Vec<Event<Item>> {
    let mut history = Vec::new();
    for (command, day) in commands {
        let state = Entry::fold(&history);
        if let Ok(events) = Entry::decide(&state, command, &circumstances(day)) {
            history.extend(events);
        }
    }
    history
}

/// A basis as lists write it, and the parts of it that must be found again.
fn written_bases() -> impl Strategy<Value = (String, Vec<String>)> {
    let tag = prop::sample::select(vec!["", "【法律】", "[法规]", "〔规章〕", "规范性文件：", "【法律】【法规】", "法律】"]);
    let body = prop::sample::select(vec!["", "自治区财政厅、乙委员会", "2017年3月1日国务院令第676号"]);
    let title = prop::sample::select(vec!["水法", "甲省实施〈水法〉办法", "关于印发《乙规定》的通知", "丁条例"]);
    let bracket =
        prop::sample::select(vec!["", "（2016年7月修订）", "(丙发〔2003〕1号)", "（（2010年公布）", "（试行）（国务院令第7号）", "（附件"]);
    let article =
        prop::sample::select(vec!["", "第七条", "第七条、八条和第九条", "第五章、第六章", "第三条第一款、第二款", "第十条（三）项"]);
    let words = prop::sample::select(vec![
        "",
        "。",
        "；",
        "：依照《戊法》第三十条的规定处罚。",
        " 见“己。《庚法》第一条：辛”；",
        "：壬\n（一）《许可证》（副本）；\n第二款：癸",
        "）",
    ]);
    (tag, body, title, bracket, article, words).prop_map(|(tag, body, title, bracket, article, words)| {
        // Who issued it is told only behind a tag.
        let body = if tag.is_empty() { "" } else { body };
        let parts = [tag, body, title, bracket, article, words].map(str::to_owned);
        (format!("{tag}{body}《{title}》{bracket}{article}{words}"), parts.into())
    })
}

fn hanzi(text: &str) -> Vec<char> {
    text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c) || c.is_ascii_digit()).collect()
}

proptest! {
    #[test]
    fn nothing_of_a_cell_of_bases_is_lost(
        bases in vec(written_bases(), 1..5),
        numbering in prop::sample::select(vec![["", "", "", ""], ["1.", "2.", "3.", "4."], ["（一）", "（二）", "（三）", "（四）"], ["①", "②", "③", "④"]]),
        between in prop::sample::select(vec!["\n", "；", "。", "、", " ", "，\n", ""]),
    ) {
        let cell: Vec<_> = bases.iter().zip(numbering).map(|((cell, _), number)| format!("{number}{cell}")).collect();
        let cell = cell.join(between);
        let parse = parse_legal_bases(&cell, "b");
        let kept: String = parse.bases.iter().flat_map(|b| {
            let fields = [&b.category, &b.promulgation, &Some(b.title.clone()), &b.article, &b.text];
            fields.map(|field| field.clone().unwrap_or_default())
        }).collect::<Vec<_>>().join("|");
        // In the order of the parts, each run of words is found again whole but for the signs in it.
        let bare: String = hanzi(&kept).into_iter().collect();
        for part in bases.iter().flat_map(|(_, parts)| parts) {
            for run in part.split(|c: char| hanzi(&c.to_string()).is_empty()).filter(|run| !run.is_empty()) {
                prop_assert!(bare.contains(run), "{run} of {cell:?} is lost: {kept}");
            }
        }
    }

    #[test]
    fn an_accepted_command_repeated_changes_nothing(commands in vec((commands(), 1_u32..28), 1..12)) {
        let mut history: Vec<Event<Item>> = Vec::new();
        for (command, day) in commands {
            let state = Entry::fold(&history);
            let Ok(events) = Entry::decide(&state, command.clone(), &circumstances(day)) else { continue };
            history.extend(events);
            let again = Entry::decide(&Entry::fold(&history), command, &circumstances(day));
            prop_assert_eq!(again, Ok(vec![]));
        }
    }

    #[test]
    fn revisions_are_numbered_from_one_without_gaps_and_never_go_back_in_time(commands in vec((commands(), 1_u32..28), 1..12)) {
        let history = events_of(commands);
        let mut last: Option<(u32, _)> = None;
        let mut over = false;
        for event in &history {
            prop_assert!(!over, "nothing happens after a repeal");
            match event {
                Event::Adopted(adopted) => {
                    prop_assert_eq!(adopted.revision, last.map_or(1, |(number, _)| number + 1));
                    prop_assert!(last.is_none_or(|(_, from)| adopted.effective_from >= from));
                    prop_assert_eq!(adopted.content_hash, Hash::of_content(adopted.content.as_ref()).unwrap());
                    last = Some((adopted.revision, adopted.effective_from));
                }
                Event::Repealed(repealed) => {
                    prop_assert!(last.is_some_and(|(_, from)| repealed.effective_from >= from));
                    over = true;
                }
                other => prop_assert!(false, "no list leads to {}", other.verb()),
            }
        }
        prop_assert_eq!(Entry::fold(&history).stage() == Stage::Repealed, over);
    }

    #[test]
    fn what_is_written_is_read_back(commands in vec((commands(), 1_u32..28), 1..6)) {
        for event in events_of(commands) {
            let stored = encode(&event).unwrap();
            let read = decode(&stored.kind, stored.schema, &stored.payload).unwrap();
            prop_assert_eq!(&read, &RegisterEvent::Item(event.clone()));
            prop_assert_eq!(Item::unwrap(read), Some(event));
        }
    }

    #[test]
    fn a_content_has_no_changes_against_itself_and_some_against_another(a in items(), b in items()) {
        let value = |item: &Item| serde_json::to_value(item).unwrap();
        prop_assert!(changes(&value(&a), &value(&a)).is_empty());
        prop_assert_eq!(changes(&value(&a), &value(&b)).is_empty(), value(&a) == value(&b));
    }

    #[test]
    fn checks_and_readers_of_text_never_panic_and_lose_nothing(cell in ".{0,80}", item in items()) {
        let parse = parse_legal_bases(&cell, "b");
        let kept = format!("{:?}", parse.bases);
        for hanzi in text::squash(&cell).chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)) {
            prop_assert!(kept.contains(hanzi) || text::something(cell.trim()).is_none(), "{hanzi} of {cell:?} is lost: {kept}");
        }
        let _ = ItemType::from_name(&cell);
        let _ = Level::split(&cell);
        let _ = domain::value::TimeLimit::parse_with_note(&cell);
        let _ = Level::several(&cell);
        let (_, unknown) = domain::value::Audience::parse_all(&cell);
        prop_assert!(unknown.iter().all(|word| text::squash(&cell).contains(word.as_str())));
        let _ = domain::value::Money::parse(&cell);
        let _ = domain::value::Contact::parse_all(&cell);
        let _ = item.check();
    }
}
