use super::*;

fn one(cell: &str) -> LegalBasis {
    let parse = parse_legal_bases(cell, "legalBases");
    assert_eq!(parse.bases.len(), 1, "{parse:#?}");
    parse.bases.into_iter().next().unwrap()
}

#[test]
fn a_whole_basis_comes_apart() {
    let basis = one("【法规】《乳品质量安全监督管理条例》（2008年10月6日国务院令第536号）\n    第五十四条第一款：生鲜乳收购者…");
    assert_eq!(basis.category.as_deref(), Some("法规"));
    assert_eq!(basis.title, "乳品质量安全监督管理条例");
    assert_eq!(basis.document_number.as_deref(), Some("国务院令第536号"));
    assert_eq!(basis.promulgation.as_deref(), Some("2008年10月6日国务院令第536号"));
    assert_eq!(basis.article.as_deref(), Some("第五十四条第一款"));
    assert_eq!(basis.text.as_deref(), Some("生鲜乳收购者…"));
}

#[test]
fn an_article_without_its_first_word_is_one() {
    let wanted = [("水法", "三十八条", "甲。"), ("水法", "三十九条", "乙"), ("行政许可法", "三十条第一款", "丙")];
    let wanted = wanted.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    for between in ["\n", "。", "\n2."] {
        let cell = format!("《水法》三十八条：甲。\n三十九条：乙{between}《行政许可法》三十条第一款：丙");
        let mut wanted = wanted.clone();
        if between == "。" {
            wanted[1].2.push('。');
        }
        assert_eq!(told(&cell), wanted, "{cell}");
    }
    // No number of an article: all of it stays text.
    assert_eq!(told("《甲意见》十条措施：乙"), [("甲意见".into(), String::new(), "十条措施：乙".into())]);
}

#[test]
fn several_articles_of_several_laws_in_one_cell() {
    let parse = parse_legal_bases(
        "【法律】《中华人民共和国测绘法》（1992年通过）第一条：甲。\n第二条 乙。\n见《附件》。      【规章】《关于印发<某办法>的通知》（新政办发〔2017〕160号）三十八条：丙。",
        "legalBases",
    );
    let got: Vec<_> = parse.bases.iter().map(|b| (b.title.as_str(), b.article.as_deref(), b.text.as_deref())).collect();
    assert_eq!(
        got,
        [
            ("中华人民共和国测绘法", Some("第一条"), Some("甲。")),
            ("中华人民共和国测绘法", Some("第二条"), Some("乙。\n见《附件》。")),
            ("关于印发<某办法>的通知", Some("三十八条"), Some("丙。")),
        ]
    );
    assert_eq!(parse.bases[2].document_number.as_deref(), Some("新政办发〔2017〕160号"));
    assert_eq!(parse.findings, []);
}

#[test]
fn titles_within_titles_stay_together() {
    let basis = one("【法规】《新疆维吾尔自治区实施〈中华人民共和国人民防空法〉办法》第十四条第五、十项 电梯");
    assert_eq!(basis.title, "新疆维吾尔自治区实施〈中华人民共和国人民防空法〉办法");
    assert_eq!(basis.article.as_deref(), Some("第十四条第五、十项"));
    assert_eq!(one("《关于〈《甲》的决定〉修正》第一条").title, "关于〈《甲》的决定〉修正");
    // An inner mark that is never closed: the first closing mark ends the title.
    assert_eq!(one("《关于〈《甲》第一条").title, "关于〈《甲");
}

#[test]
fn malformed_tags_are_read_and_marked() {
    for (cell, category, title) in [
        ("法律】《中华人民共和国测绘法》第一条：甲", "法律", "中华人民共和国测绘法"),
        ("【法律】【法律】《土地管理法》第四条：甲", "法律", "土地管理法"),
        ("【规章】药品经营使用质量监督管理办法》（2023年公布）\n第四十条 甲", "规章", "药品经营使用质量监督管理办法"),
        ("【法规】（禁止使用童工规定》（2002年公布）第四条：甲", "法规", "禁止使用童工规定"),
        ("【部令】 2017年3月1日国务院令第676号《城市市容条例》第三十三条:甲", "部令", "城市市容条例"),
    ] {
        let parse = parse_legal_bases(cell, "b");
        assert_eq!(parse.bases[0].category.as_deref(), Some(category), "{cell}");
        assert_eq!(parse.bases[0].title, title);
        assert_eq!(parse.bases[0].text.as_deref(), Some("甲"), "{cell}");
        assert_eq!(parse.findings.len(), 1, "{cell}");
        assert_eq!(parse.findings[0].code, "BASIS_TAG");
    }
    assert_eq!(one("【 法律】《测绘法》第一条").category.as_deref(), Some("法律"));
}

#[test]
fn an_untagged_basis_is_a_basis() {
    let parse = parse_legal_bases("《社会保险法》第八十四条：甲。\n《社会救助暂行办法》（国务院令第649号）\n第六十八条：乙。", "b");
    assert_eq!(parse.bases.len(), 2);
    assert_eq!(parse.bases[1].document_number.as_deref(), Some("国务院令第649号"));
    assert_eq!(parse.bases[1].text.as_deref(), Some("乙。"));
    assert_eq!(parse.findings, []);
}

#[test]
fn what_has_no_title_is_kept_whole_with_a_finding() {
    let parse = parse_legal_bases("第七十八条：采购代理机构…\n【法规】《政府采购法实施条例》第一条：乙", "b");
    assert_eq!(parse.bases[0], LegalBasis::as_written("第七十八条：采购代理机构…"));
    assert_eq!((parse.findings[0].code.as_str(), parse.findings[0].path.as_str()), ("BASIS_UNPARSED", "b[0]"));
    assert_eq!(parse.bases[1].title, "政府采购法实施条例");
    assert_eq!(parse_legal_bases(" 无 \n", "b"), BasisParse::default());
}

#[test]
fn a_year_in_marks_is_no_tag() {
    let basis = one("【规范性文件】《关于规范监督管理的意见》（新金规【2021】1号）：甲");
    assert_eq!(basis.promulgation.as_deref(), Some("新金规【2021】1号"));
}

/// Title, article and text of every basis.
fn told(cell: &str) -> Vec<(String, String, String)> {
    let or_empty = Option::unwrap_or_default;
    parse_legal_bases(cell, "b").bases.into_iter().map(|b| (b.title, or_empty(b.article), or_empty(b.text))).collect()
}

#[test]
fn numbered_bases_come_apart_in_every_form() {
    for cell in [
        "1.《水法》（2016年7月修订）第七条：甲。\n2.《行政许可法》第三十条：乙",
        "一、《水法》第七条：甲。\n二、《行政许可法》第三十条：乙",
        "（1）《水法》第七条：甲。（2）《行政许可法》第三十条：乙",
        "①《水法》第七条：甲。②《行政许可法》第三十条：乙",
        "1、《水法》第七条：甲。 2、《行政许可法》第三十条：乙",
        "1.【法律】《水法》第七条：甲。\n2.【法律】《行政许可法》第三十条：乙",
        "《水法》第七条：甲。《行政许可法》第三十条：乙",
        "法律：《水法》第七条：甲。\n法律：《行政许可法》第三十条：乙",
        "[法律]《水法》第七条：甲。[法律]《行政许可法》第三十条：乙",
        "〔法律〕《水法》第七条 甲。\n〔法律〕《行政许可法》第三十条 乙",
    ] {
        let wanted = [("水法", "第七条", "甲。"), ("行政许可法", "第三十条", "乙")];
        assert_eq!(told(cell), wanted.map(|(a, b, c)| (a.into(), b.into(), c.into())), "{cell}");
        assert_eq!(parse_legal_bases(cell, "b").findings, [], "{cell}");
    }
    assert_eq!(one("行政法规：《甲条例》第一条").category.as_deref(), Some("行政法规"));
    assert_eq!(one("〔法律〕《甲法》第一条").category.as_deref(), Some("法律"));
}

#[test]
fn laws_cited_without_their_words_come_apart_at_any_sign() {
    for between in ["；", "、", "。", "，", "；2.", " ", "；（2）", "。②", "\n二、", "和"] {
        let cell = format!("《水法》第七条{between}《行政许可法》第三十条");
        let wanted = [("水法", "第七条", ""), ("行政许可法", "第三十条", "")];
        assert_eq!(told(&cell), wanted.map(|(a, b, c)| (a.into(), b.into(), c.into())), "{cell}");
    }
    let titles: Vec<_> = told("《水法》、《行政许可法》（主席令第7号）；《甲条例》").into_iter().map(|b| b.0).collect();
    assert_eq!(titles, ["水法", "行政许可法", "甲条例"]);
    let tagged = told("【法律】《水法》第七条、第八条。【行政法规】《取水条例》第三条");
    assert_eq!(tagged[0], ("水法".into(), "第七条、第八条".into(), String::new()));
    assert_eq!(tagged[1].0, "取水条例");
    assert_eq!(told("《水法》第七条和第八条")[0].1, "第七条和第八条");
}

#[test]
fn a_law_mentioned_in_a_sentence_is_no_further_basis() {
    for words in [
        "依照《行政处罚法》第三十条的规定处罚。",
        "甲的，《行政处罚法》第三十条规定的除外。",
        "甲；《行政处罚法》第三十条规定的情形。",
        "甲。《行政处罚法》第三十条的规定适用。",
        "甲、《行政处罚法》第三十条。",
        "违反《水法》第一条、《行政许可法》第二条，处罚。",
        "所称“甲。《行政处罚法》第三十条：乙”是指。",
        "甲（见乙；《行政处罚法》第三十条；丙）。",
        "甲。\n（一）《营业执照》（副本）；\n（二）《许可证》；",
        "甲。\n《行政处罚法》第三十条的规定适用。",
    ] {
        let cell = format!("《水法》第七条：{words}");
        assert_eq!(told(&cell), [("水法".to_owned(), "第七条".to_owned(), words.to_owned())], "{cell}");
    }
}

#[test]
fn who_issued_it_is_kept_with_the_number() {
    let basis = one("【规范性文件】自治区发展计划委员会、财政厅《关于收费标准的批复》(新计价房〔2003〕1号)");
    assert_eq!(basis.promulgation.as_deref(), Some("自治区发展计划委员会、财政厅；新计价房〔2003〕1号"));
    assert_eq!(basis.document_number.as_deref(), Some("新计价房〔2003〕1号"));
    assert_eq!(basis.title, "关于收费标准的批复");
}

#[test]
fn several_brackets_and_broken_ones_tell_of_the_promulgation() {
    let promulgation = |cell: &str| one(cell).promulgation.unwrap_or_default();
    assert_eq!(promulgation("《甲条例》((1997年8月11日国务院令第228号发布)第一条：乙"), "1997年8月11日国务院令第228号发布");
    assert_eq!(one("《甲条例》（（1997年国务院令第228号）第一条：乙").text.as_deref(), Some("乙"));
    assert_eq!(promulgation("《甲决定》（乙发〔2013〕1号）（2013年8月26日）\n丙"), "乙发〔2013〕1号；2013年8月26日");
    assert_eq!(promulgation("《甲办法》（试行）（乙发〔2013〕1号）"), "试行；乙发〔2013〕1号");
    assert_eq!(promulgation("《甲办法》（乙发〔2017〕95号\n第一条：丙"), "乙发〔2017〕95号");
    assert_eq!(one("《甲办法》（乙发〔2017〕95号）（一）丙").text.as_deref(), Some("（一）丙"));
}

#[test]
fn a_lone_sign_is_no_text() {
    for (cell, article, text) in [
        ("《甲法》第五章、第六章、第七章。", "第五章、第六章、第七章", None),
        ("《甲法》第一条）", "第一条", None),
        ("《甲决定》第86项：乙", "第86项", Some("乙")),
        ("《甲法》（2020年修订））第一条；", "第一条", None),
        ("《甲法》。\n第五章。", "第五章", None),
        ("《甲法》第三十条、三十二条、第三十四条：乙。", "第三十条、三十二条、第三十四条", Some("乙。")),
        ("《甲法》第一条第一款、第二款：乙", "第一条第一款、第二款", Some("乙")),
    ] {
        let basis = one(cell);
        assert_eq!((basis.article.as_deref(), basis.text.as_deref()), (Some(article), text), "{cell}");
    }
}

#[test]
fn a_tagged_title_is_told_without_its_marks() {
    for cell in [
        "【法规】《甲条例（2007年通过）\n第三十二条：乙",
        "【法规】甲条例（2007年通过）\n第三十二条：乙",
        "【规章】<<甲条例>>(2007年通过)\n第三十二条：乙",
    ] {
        let parse = parse_legal_bases(cell, "b");
        let basis = &parse.bases[0];
        assert_eq!((basis.title.as_str(), basis.promulgation.as_deref()), ("甲条例", Some("2007年通过")), "{cell}");
        assert_eq!((basis.article.as_deref(), basis.text.as_deref()), (Some("第三十二条"), Some("乙")), "{cell}");
        assert_eq!(parse.findings[0].code, "BASIS_TAG");
    }
}

/// Cells of one sign or a few again and again, as long as a cell can be.
fn hostile(signs: &str, characters: usize) -> String {
    signs.chars().cycle().take(characters).collect()
}

#[test]
fn twice_the_cell_is_looked_at_twice_and_no_more() {
    for signs in [
        "(",
        "（",
        "）(",
        "第一条、",
        "《甲》（",
        "《",
        "《甲》第一条、",
        "“",
        "【",
        "】",
        "【法律】",
        "甲【法律】",
        "法律】",
        "。《甲",
        "1.",
        "（一）",
        "，1、",
        "。",
        "甲。",
        "《甲》、",
        "第",
        "第（",
        "一、",
        "\n1.《甲》",
        "甲 ",
        "：",
        "法律：",
        "《甲》(2001年",
    ] {
        let looked_at = |characters| {
            head::LOOKED_AT.set(0);
            let cell = hostile(signs, characters);
            let parse = parse_legal_bases(&cell, "legalBases");
            assert!(!parse.bases.is_empty(), "{signs}");
            (head::LOOKED_AT.get(), cell.len())
        };
        let (half, _) = looked_at(8_000);
        let (whole, bytes) = looked_at(16_000);
        assert!(whole <= half * 2 + 1_500 * 2_000, "{signs}: {half} and {whole} bytes");
        assert!(whole <= bytes * 6_000, "{signs}: {whole} bytes of {bytes}");
    }
}

#[test]
fn a_head_that_every_article_would_repeat_is_kept_whole() {
    let cell = format!("《甲法》（2001年{}）\n{}", "甲".repeat(15_000), "第一条\n".repeat(4_000));
    let parse = parse_legal_bases(&cell, "legalBases");
    assert_eq!(parse.findings.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["BASIS_UNPARSED"]);
    assert_eq!(parse.bases, [LegalBasis::as_written(text::block(&cell).trim())]);
}
