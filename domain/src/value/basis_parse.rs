//! Takes apart what lists write in one cell: `【法规】《title》（…）第n条：text`, several of them, tags malformed or missing.

use super::{Finding, LegalBasis, text};

/// The legal bases of one cell, with what was noticed on the way.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct BasisParse {
    /// In the order of the cell. Nothing of the cell is lost: what could not be taken apart is kept whole.
    pub bases: Vec<LegalBasis>,
    /// `BASIS_UNPARSED` and `BASIS_TAG`, each on a path of the form `path[n]`.
    pub findings: Vec<Finding>,
}

/// Longest title of a law that is believed; a longer run between marks is text.
const TITLE_MAX: usize = 120;

/// Takes a cell apart. `path` names the field in findings.
pub fn parse_legal_bases(cell: &str, path: &str) -> BasisParse {
    let cell = text::block(cell);
    let mut out = BasisParse::default();
    for part in split_blocks(&cell) {
        let part = part.trim();
        if text::something(part).is_none() {
            continue;
        }
        let at = format!("{path}[{}]", out.bases.len());
        if let Some((bases, clean)) = parse_block(part) {
            if !clean {
                out.findings.push(Finding::warning(
                    "BASIS_TAG",
                    at,
                    "依据的类别标签或书名号不完整，已按可识别部分拆分，请核对",
                    "the tag or the title marks of the basis are incomplete; read as far as they go, please check",
                ));
            }
            out.bases.extend(bases);
        } else {
            out.findings.push(Finding::warning(
                "BASIS_UNPARSED",
                at,
                "未能识别依据的名称，已整体保留原文；请写成“【类别】《名称》（文号）第n条：内容”",
                "no title was found in the basis, its text is kept whole; write it as 【kind】《title》(number) article: text",
            ));
            out.bases.push(LegalBasis::as_written(part));
        }
    }
    out
}

/// Cuts a cell before every tag `【法律】` and before every line that begins an untagged basis `《…》（` or `《…》第`.
fn split_blocks(cell: &str) -> Vec<&str> {
    let mut cuts = vec![0];
    for (i, _) in cell.match_indices('【') {
        let repeated = cell[..i].trim_end().ends_with('】') && tag_at(cell[..i].trim_end()).is_some();
        if i > 0 && !repeated && leading_tag(&cell[i..]).is_some() {
            cuts.push(i);
        }
    }
    let mut start = 0;
    for line in cell.split_inclusive('\n') {
        let here = start;
        start += line.len();
        if here == 0 || !line.starts_with('《') {
            continue;
        }
        let Some((title, after)) = title(line) else { continue };
        // What follows the title on its line decides: a quotation within an article goes on as a sentence.
        let follows = after.trim_start();
        let opens = follows.is_empty() || follows.starts_with(['（', '(']) || article(follows).is_some();
        let after_tag = cell[..here].trim_end().ends_with('】');
        if opens && !after_tag && !title.is_empty() {
            cuts.push(here);
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    cuts.push(cell.len());
    cuts.windows(2).map(|pair| &cell[pair[0]..pair[1]]).collect()
}

/// One block into its articles, and whether its marks were whole. `None` if there is no title in it.
fn parse_block(block: &str) -> Option<(Vec<LegalBasis>, bool)> {
    let mut clean = true;
    let mut category = None;
    let mut rest = block;
    while let Some((tag, after)) = leading_tag(rest) {
        clean &= category.is_none() && tag.1;
        category = Some(tag.0);
        rest = after.trim_start();
    }
    let first_line_end = rest.find('\n').unwrap_or(rest.len());
    let (title, before, after) = if let Some((found, after)) = title(rest) {
        (found, "", after)
    } else if let Some(open) = rest[..first_line_end].find('《').filter(|_| category.is_some()) {
        // 【部令】 2017年3月1日国务院令第676号《…》
        clean = false;
        let (found, after) = title(&rest[open..])?;
        (found, rest[..open].trim(), after)
    } else {
        // 【规章】药品…办法》 or （禁止…规定》: the opening mark is missing or wrong.
        let close = rest[..first_line_end].find('》').filter(|_| category.is_some())?;
        clean = false;
        let found = rest[..close].trim_start_matches(['（', '(', '<', '〈']).trim();
        (found.to_owned(), "", &rest[close + '》'.len_utf8()..])
    };
    if title.is_empty() || title.chars().count() > TITLE_MAX {
        return None;
    }
    let (promulgation, after) = bracketed(after.trim_start());
    let promulgation = promulgation.or_else(|| text::something(before).map(str::to_owned));
    let document_number = promulgation.as_deref().and_then(document_number);
    let base = LegalBasis { category, title, document_number, promulgation, article: None, text: None };
    Some((articles(&base, after), clean))
}

/// A basis for every line that begins with an article; one without an article if there is none.
fn articles(base: &LegalBasis, rest: &str) -> Vec<LegalBasis> {
    let mut out: Vec<LegalBasis> = Vec::new();
    for line in rest.trim().lines() {
        let line = line.trim();
        if let Some((number, words)) = article(line) {
            let words = words.trim_start_matches(|c: char| c.is_whitespace() || "：:，,".contains(c));
            let words = (!words.is_empty()).then(|| words.to_owned());
            out.push(LegalBasis { article: Some(number.to_owned()), text: words, ..base.clone() });
        } else if !line.is_empty() {
            if out.is_empty() {
                out.push(base.clone());
            }
            if let Some(last) = out.last_mut() {
                let text = last.text.get_or_insert_default();
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(line);
            }
        }
    }
    if out.is_empty() {
        out.push(base.clone());
    }
    out
}

/// `【法律】` at the start, or `法律】` with its opening mark lost: the tag with whether it was whole, and what follows it.
fn leading_tag(text: &str) -> Option<((String, bool), &str)> {
    let (inner, whole) = match text.strip_prefix('【') {
        Some(inner) => (inner, true),
        None => (text, false),
    };
    let close = inner.find('】').filter(|i| *i <= 48)?;
    let tag = text::squash(&inner[..close]);
    let kind = is_kind_of_law(&tag);
    kind.then(|| ((tag, whole), &inner[close + '】'.len_utf8()..]))
}

/// The tag that ends a text, if one does.
fn tag_at(text: &str) -> Option<String> {
    let open = text.rfind('【')?;
    leading_tag(&text[open..]).filter(|(_, after)| after.is_empty()).map(|((tag, _), _)| tag)
}

fn is_kind_of_law(tag: &str) -> bool {
    let ends = ["法律", "法规", "规章", "文件", "决定", "标准", "令", "条约", "解释", "规定", "办法", "政策", "宪法"];
    tag.chars().count() <= 12 && ends.iter().any(|end| tag.ends_with(end))
}

/// `《…》` at the start, marks within it balanced: the title on one line and what follows it.
fn title(text: &str) -> Option<(String, &str)> {
    let inner = text.strip_prefix('《')?;
    let mut depth = 1;
    for (i, c) in inner.char_indices() {
        match c {
            '《' => depth += 1,
            '》' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let after = &inner[i + c.len_utf8()..];
            // 《报废机动车回收管理办法》》: a mark too many.
            return Some((text::name(&inner[..i]), after.trim_start_matches('》')));
        }
        if i > TITLE_MAX * 4 {
            break;
        }
    }
    // An inner mark was never closed: the first closing mark ends the title.
    let close = inner.find('》')?;
    Some((text::name(&inner[..close]), &inner[close + '》'.len_utf8()..]))
}

/// `（…）` or `(…)` at the start, mixed widths and nesting allowed: what it holds, and what follows it.
fn bracketed(text: &str) -> (Option<String>, &str) {
    if !text.starts_with(['（', '(']) {
        return (None, text);
    }
    let mut depth = 0;
    for (i, c) in text.char_indices() {
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let inner = text::name(&text['（'.len_utf8().min(first_len(text))..i]);
            return (text::something(&inner).map(str::to_owned), text[i + c.len_utf8()..].trim_start());
        }
    }
    (None, text)
}

fn first_len(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

/// `第六条第一款`, `第十四条第五、十项`, `第12条之一` at the start: the article and what follows it.
fn article(text: &str) -> Option<(&str, &str)> {
    let mut end = 0;
    let mut rest = text;
    while let Some(length) = article_part(rest, end == 0) {
        end += length;
        rest = &text[end..];
    }
    (end > 0).then(|| (text[..end].trim_end_matches('、').trim(), rest))
}

/// Length of one `第n条`, `第n款`, `第n项`, `之n` or `、` between two of them.
fn article_part(text: &str, first: bool) -> Option<usize> {
    let numeral = |c: char| c.is_ascii_digit() || "〇零一二三四五六七八九十百千、，,（）() ".contains(c);
    if !first {
        if let Some(after) = text.strip_prefix('之') {
            let digits: usize = after.chars().take_while(|c| "一二三四五六七八九十".contains(*c)).map(char::len_utf8).sum();
            return (digits > 0).then_some('之'.len_utf8() + digits);
        }
        if let Some(after) = text.strip_prefix('、') {
            return article_part(after, true).map(|n| n + '、'.len_utf8());
        }
    }
    let after = text.strip_prefix('第')?;
    let digits: usize = after.chars().take_while(|c| numeral(*c)).map(char::len_utf8).sum();
    if digits == 0 || digits > 60 {
        return None;
    }
    let unit = after[digits..].chars().next().filter(|c| if first { *c == '条' } else { "条款项目".contains(*c) })?;
    Some('第'.len_utf8() + digits + unit.len_utf8())
}

/// `国务院令第364号` out of `2002年10月1日国务院令第364号公布,自…`.
fn document_number(promulgation: &str) -> Option<String> {
    for part in promulgation.split(['，', ',', '；', ';', '。', '、']) {
        let Some(close) = part.find('号') else { continue };
        let mut end = close + '号'.len_utf8();
        if part[end..].starts_with('令') {
            end += '令'.len_utf8();
        }
        let mut start = 0;
        for mark in ["日", "以", "由", "根据", "经", "公布 ", "发布 "] {
            if let Some(i) = part[..close].rfind(mark) {
                start = start.max(i + mark.len());
            }
        }
        let number = part[start..end].trim();
        if number.chars().any(|c| c.is_ascii_digit() || "一二三四五六七八九十".contains(c)) && number.chars().count() > 2 {
            return Some(number.to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
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
                ("关于印发<某办法>的通知", None, Some("三十八条：丙。")),
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
}
