//! Exports of portals by other names than those of the real set.
#![expect(clippy::unwrap_used, reason = "what helps a test may fail like a test")]

mod support;

use domain::{
    register::{AgencyNature, HandlingArea, HandlingForm, MaterialForm, Necessity, OnlineDepth, OutcomeKind, Register},
    value::{ItemType, Level},
};
use exchange::{ProposedContent, ReadOptions};
use support::{guide, item, outcomes, read, read_with, rows};

#[test]
fn the_national_element_names_are_read() {
    let text = r#"[{
        "row_guid": "x", "task_code": "11440000006939756B3442017001000", "task_name": "居民身份证换领", "task_type": "20", "use_level": "3",
        "dept_name": "东海市公安局", "dept_code": "11440000006939756B", "anticipate_day": 60, "anticipate_type": "工作日", "promise_day": 20,
        "promise_type": "1", "server_type": "1,2", "limit_scene_num": 1, "is_express": "1", "transact_addr": "某路1号政务大厅3号窗口",
        "link_way": "12345", "supervise_way": "12389", "is_fee": "0", "project_type": "2", "flavour": "sweet",
        "material_list": [{"material_name": "户口簿", "is_need": "3", "material_format": "3", "page_num": 2}]
    }]"#;
    let readings = read("export.json", text.as_bytes()).unwrap();
    assert_eq!(outcomes(&readings), [(1, "ok")]);
    let guide = guide(rows(&readings)[0]);
    assert_eq!(guide.statutory_limit.unwrap().amount, 60);
    // What unit number 1 is, sources do not agree on.
    assert_eq!((guide.promised_limit, guide.promised_note.as_deref()), (None, Some("20")));
    assert_eq!(guide.audience.len(), 2);
    assert_eq!(guide.places[0].window.as_deref(), Some("3号窗口"));
    let material = &guide.materials[0];
    assert_eq!(
        (material.necessity, material.forms.clone(), material.copies),
        (Necessity::Later, vec![MaterialForm::Paper, MaterialForm::Electronic], Some(2))
    );
    let ProposedContent::Item(item) = &readings[0].along.iter().find(|p| p.content.register() == Register::Item).unwrap().content else {
        panic!()
    };
    assert_eq!((item.item_type, item.level), (ItemType::PublicService, Some(Level::City)));
    assert!(readings[0].findings.iter().any(|f| f.code == "HEADING_UNKNOWN" && f.path == "flavour"));
}

#[test]
fn elements_of_the_extended_part_are_read_and_those_without_a_place_are_told_once() {
    let line = |number: u32, more: &str| {
        format!(
            r#"{{"task_code":"11440000006939756B344201700100{number}","task_name":"居民身份证换领{number}","task_type":"20","dept_name":"东海市公安局",
            "dept_code":"11440000006939756B","server_type":"1","is_online":"1","result_name":"居民身份证",{more}}}"#
        )
        .replace('\n', "")
    };
    let lines = [
        line(
            1,
            r#""dept_type":"1","handle_type":"1,2","handle_area":"3","is_entry_center":"1","is_service_terminals":"0","online_handle_depth":"1,4,5",
            "is_single_login":"1","app_is_single_login":"0","result_type":"10","result_guid":"https://t/1","plan_cancel_date":"2030-01-01","plan_effective_date":null"#,
        ),
        line(
            2,
            r#""dept_type":"2","handle_type":"窗口办理","handle_area":"全省","is_entry_center":"否","online_handle_depth":"互联网咨询","result_type":"批文",
            "handle_flow":"受理","plan_cancel_date":"2031-01-01","town_name":"某镇""#,
        ),
        line(3, r#""handle_area":"到处","online_handle_depth":"9","result_type":"99","plan_cancel_date":"""#),
    ];
    let readings = read("export.ndjson", lines.join("\n").as_bytes()).unwrap();
    assert_eq!(outcomes(&readings), [(1, "ok"), (2, "ok"), (3, "ok")]);
    let all = rows(&readings);
    let (first, second, third) = (guide(all[0]), guide(all[1]), guide(all[2]));
    assert_eq!(first.handling_forms, [HandlingForm::Window, HandlingForm::Online]);
    assert_eq!((first.handling_area, first.in_service_hall), (Some(HandlingArea::City), Some(true)));
    let online = first.online.as_ref().unwrap();
    assert_eq!((online.terminals, online.depth), (Some(false), Some(OnlineDepth::Handling)), "the deepest says how far it goes");
    assert_eq!((online.single_sign_on, online.mobile_single_sign_on), (Some(true), Some(false)));
    assert_eq!((first.results[0].kind, first.results[0].sample.as_deref()), (OutcomeKind::Certificate, Some("https://t/1")));
    assert_eq!((second.handling_area, second.in_service_hall), (Some(HandlingArea::Province), Some(false)));
    assert_eq!(second.online.as_ref().unwrap().depth, Some(OnlineDepth::Consultation));
    assert_eq!(second.results[0].kind, OutcomeKind::Approval, "what is said counts, not the name");
    assert_eq!((third.handling_area, third.online.as_ref().unwrap().depth), (None, Some(OnlineDepth::Other)));
    assert_eq!(third.results[0].kind, OutcomeKind::Certificate, "by its name, where what is said is unknown");
    let unknown: Vec<_> = all[2].findings.iter().filter(|f| f.code == "VALUE_UNKNOWN").map(|f| f.path.as_str()).collect();
    assert_eq!(unknown, ["handlingArea", "results.kind"]);
    // The agency is that of all lines; what the first says of it counts.
    let natures: Vec<_> = readings[0]
        .along
        .iter()
        .filter_map(|proposal| match &proposal.content {
            ProposedContent::Agency(agency) => Some(agency.nature),
            _ => None,
        })
        .collect();
    assert_eq!(natures, [Some(AgencyNature::StatutoryOrgan)]);
    let left_out: Vec<_> = readings[0].findings.iter().filter(|f| f.code == "ELEMENT_NOT_KEPT").map(|f| f.path.as_str()).collect();
    assert_eq!(left_out, ["plan_cancel_date", "town_name"], "with a value, once for the file");
    let options = ReadOptions { map: vec![ReadOptions::parse_map("plan_cancel_date=ignored").unwrap()], ..ReadOptions::default() };
    let readings = read_with("export.ndjson", lines.join("\n").as_bytes(), &options).unwrap();
    assert_eq!(readings[0].findings.iter().filter(|f| f.code == "ELEMENT_NOT_KEPT").count(), 1);
}

fn line(code: &str, name: &str, more: &str) -> String {
    format!(
        r#"{{"TASK_CODE":"{code}","TASK_NAME":"{name}","DEPT_NAME":"东海市教育局","ONLINECHECK":"1","visit_number":"0","courier_service":"是"{more}}}"#
    )
}

#[test]
fn the_numbers_of_types_are_read_by_the_scheme_that_fits_all_lines() {
    let named = line("11440000006939756B2442001001000", "甲", r#","TASK_TYPE":"20","TASK_TYPE_TEXT":"其他行政权力""#);
    let only_number = line("11440000006939756B2442101001000", "乙", r#","TASK_TYPE":"21""#);
    let readings = read("e.ndjson", format!("{named}\n{only_number}\n").as_bytes()).unwrap();
    let types: Vec<_> = readings[0]
        .along
        .iter()
        .filter_map(|p| match &p.content {
            ProposedContent::Item(item) => Some((item.item_type, item.type_as_written.as_deref())),
            _ => None,
        })
        .collect();
    assert_eq!(types, [(ItemType::OtherPower, Some("20")), (ItemType::PublicService, Some("21"))]);
}

#[test]
fn handling_items_share_their_item_and_its_parent_comes_before_it() {
    let more = |sub: &str| {
        format!(
            r#","TASK_TYPE_TEXT":"行政许可","CATANAME":"办学审批","parentCatalogId":"44010200300Y","CATAID":"440102003001","subCatalogName":"{sub}""#
        )
    };
    let lines = [
        line("11440000006940116U244010200300101", "设立(民办)", &more("设立")),
        line("11440000006940116U244010200300102", "设立(公办)", &more("设立")),
        line("11440000006940116U244010200300103", "设立(其他)", &more("设立学校")),
    ];
    let readings = read("e.ndjson", lines.join("\n").as_bytes()).unwrap();
    let along: Vec<_> = readings[0].along.iter().map(|p| p.code.code(p.content.register(), 0).unwrap().as_str().to_owned()).collect();
    assert_eq!(along, ["11440000006940116U", "11440000006940116U244010200300Y", "11440000006940116U2440102003001"]);
    let findings: Vec<_> = rows(&readings).iter().map(|row| row.findings.iter().any(|f| f.code == "FACTS_DIFFER")).collect();
    assert_eq!(findings, [false, false, true]);
}

#[test]
fn the_caller_may_name_a_member_and_cancelled_items_are_passed_over() {
    let text = r#"{"事项主题":"甲","事项类型":"行政许可","实施主体":"东海市教育局"}
{"事项主题":"乙","事项类型":"行政许可","实施主体":"东海市教育局","事项状态":"取消"}"#;
    assert_eq!(read("e.ndjson", text.as_bytes()).unwrap_err().code, "NO_HEADER");
    let options = ReadOptions { map: vec![ReadOptions::parse_map("事项主题=name").unwrap()], ..ReadOptions::default() };
    assert_eq!(outcomes(&read_with("e.ndjson", text.as_bytes(), &options).unwrap()), [(1, "ok"), (2, "CANCELLED")]);
}

#[test]
fn members_of_another_form_are_told_with_their_line() {
    let text = concat!(
        r#"{"TASK_CODE":{"v":"1"},"TASK_NAME":"甲许可","TASK_TYPE_TEXT":"行政许可","DEPT_NAME":"东海市公安局","IS_FEE":"0","RESULT_NAME":"证","LINK_WAY":["1",{"a":1}],"#,
        r#""MATERIAL_LIST":[{"material_name":"户口簿","page_num":{"n":1}},{"page_num":1}]}"#,
        "\n",
        r#"{"TASK_CODE":null,"TASK_NAME":"乙许可","TASK_TYPE_TEXT":"行政许可","DEPT_NAME":"东海市公安局"}"#,
        "\n",
        r#"{"TASK_NAME":true,"TASK_TYPE_TEXT":"行政许可","DEPT_NAME":"东海市公安局"}"#,
        "\n",
    );
    let readings = read("export.ndjson", text.as_bytes()).unwrap();
    assert_eq!(outcomes(&readings), [(1, "ok"), (2, "ok"), (3, "NAME_MISSING")]);
    let told = |row: usize| -> Vec<&str> {
        let findings = &rows(&readings)[row].findings;
        findings.iter().filter(|f| f.code == "VALUE_TYPE").map(|f| f.path.as_str()).collect()
    };
    assert_eq!(told(0), ["TASK_CODE", "LINK_WAY", "MATERIAL_LIST", "MATERIAL_LIST.page_num"]);
    assert_eq!((told(1), told(2)), (vec![], vec!["TASK_NAME"]));
    let finding = rows(&readings)[0].findings.iter().find(|f| f.path == "TASK_CODE").unwrap();
    assert!(finding.zh.contains("第1行") && finding.en.contains("line 1"), "{finding:?}");
    assert_eq!(guide(rows(&readings)[0]).materials.len(), 1);
}

/// What an export of items says of guides is told once for each member, and kept.
#[test]
fn elements_of_guides_on_an_export_of_items_are_kept_in_the_remark_and_told() {
    let text = concat!(
        r#"{"task_name":"甲许可","task_type_text":"行政许可","dept_name":"东海市公安局","remark":"原注","accept_condition":"年满十八周岁","is_fee":null}"#,
        "\n",
        r#"{"task_name":"乙许可","task_type_text":"行政许可","dept_name":"东海市公安局","anticipate_day":"20","anticipate_type":"工作日"}"#,
        "\n",
    );
    let told = |text: &str, options: &ReadOptions| -> Vec<String> {
        let readings = read_with("export.ndjson", text.as_bytes(), options).unwrap();
        readings[0].findings.iter().filter(|finding| finding.code == "COLUMN_IN_REMARK").map(|finding| finding.path.clone()).collect()
    };
    // A third element that has no value anywhere makes guides of no items, and is not told.
    let two = text.replace(",\"is_fee\":null", "");
    let readings = read("export.ndjson", two.as_bytes()).unwrap();
    let remarks: Vec<_> = rows(&readings).into_iter().map(|row| item(row).remark.clone().unwrap()).collect();
    assert_eq!(remarks, ["原注\n受理条件：年满十八周岁", "法定办结时限：20\n工作日"]);
    assert_eq!(told(&two, &ReadOptions::default()), ["accept_condition", "anticipate_day", "anticipate_type"]);
    let left_out = ReadOptions { map: vec![ReadOptions::parse_map("accept_condition=ignored").unwrap()], ..ReadOptions::default() };
    assert_eq!(told(&two, &left_out), ["anticipate_day", "anticipate_type"], "what the caller leaves out is left out");

    let detailed = r#"[{"task_name":"甲许可","task_type_text":"行政许可","dept_name":"东海市公安局","material_list":[{"material_name":"户口簿","is_need":"1"},{"material_name":"照片"}]}]"#;
    let readings = read("export.json", detailed.as_bytes()).unwrap();
    assert_eq!(item(rows(&readings)[0]).remark.as_deref(), Some("申请材料：户口簿\n照片"));
    assert_eq!(told(detailed, &ReadOptions::default()), ["material_list"]);
    // An export that says nothing of guides is told nothing.
    assert_eq!(
        told(r#"[{"task_name":"甲许可","task_type_text":"行政许可","dept_name":"某局"}]"#, &ReadOptions::default()),
        Vec::<String>::new()
    );
}

/// As of a table: services are published by how they are had.
#[test]
fn an_export_of_public_services_with_any_element_of_guides_is_one_of_guides() {
    let line =
        |name: &str, of: &str| format!(r#"{{"task_name":"{name}",{of},"dept_name":"东海市公安局","accept_condition":"年满十八周岁"}}"#);
    let is_guides = |file: &str, lines: &[String]| {
        let readings = read(file, lines.join("\n").as_bytes()).unwrap();
        let told = readings[0].findings.iter().any(|finding| finding.code == "COLUMN_IN_REMARK");
        let registers: Vec<_> = rows(&readings)
            .into_iter()
            .map(|row| match &row.outcome {
                exchange::RowOutcome::Proposed(proposal) => proposal.content.register(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(told, registers[0] == Register::Item, "{registers:?}");
        assert!(registers.iter().all(|register| *register == registers[0]));
        registers[0] == Register::Guide
    };
    let (service, power) = (r#""task_type_text":"公共服务""#, r#""task_type_text":"行政许可""#);
    assert!(is_guides("export.ndjson", &[line("甲服务", service), line("乙服务", service)]));
    assert!(is_guides("export.ndjson", &[line("甲服务", r#""task_type":"20""#)]));
    assert!(!is_guides("export.ndjson", &[line("甲服务", service), line("乙许可", power)]), "powers and services on one list");
    assert!(!is_guides("export.ndjson", &[line("甲许可", power)]));
    assert!(is_guides("公共服务事项.ndjson", &[line("甲服务", service)]));
}
