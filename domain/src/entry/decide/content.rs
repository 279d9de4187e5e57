//! What a content has to be before it is kept, and before it is published.

use crate::{
    entry::{Refusal, RefusalKind, refusal::in_content},
    register::{Content, MAX_CONTENT_BYTES, MAX_KEPT_BYTES, on_channel, openness_findings},
    value::{Channel, Finding, Hash, Severity, names_somebody, personal_words, text},
};
use std::sync::Arc;

/// Longest reason, in characters.
const MAX_REASON_CHARS: usize = 2_000;

/// Longest number of a document, in characters.
const MAX_DOCUMENT_CHARS: usize = 200;

/// The must-haves, and a size that everybody can give: what is given now can be corrected later.
pub(super) fn can_be_given<C: Content>(content: &C) -> Result<(), Refusal> {
    content.complete()?;
    on_one_line(content.name())?;
    within(content, MAX_CONTENT_BYTES)
}

/// A name is told on one line, in lists, tables and headings.
fn on_one_line(name: &str) -> Result<(), Refusal> {
    let breaks = |sign: &char| matches!(sign, '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let Some(sign) = name.chars().find(breaks) else { return Ok(()) };
    let sign = u32::from(sign);
    Err(Refusal::new(
        RefusalKind::Invalid,
        Some(&in_content("name")),
        format!("名称应为一行，不含换行符和制表符（U+{sign:04X}）；请删去"),
        format!("a name is one line without line breaks and tabs (U+{sign:04X}): take them out"),
    ))
}

/// The must-haves, and a size that an event can have: of what follows from contents that are kept already.
pub(super) fn can_be_kept<C: Content>(content: &C) -> Result<(), Refusal> {
    content.complete()?;
    within(content, MAX_KEPT_BYTES)
}

/// A size of so many bytes at most.
pub(super) fn within<C: Content>(content: &C, most: usize) -> Result<(), Refusal> {
    let size = serde_json::to_vec(content).map_err(|error| unwritable(&error))?.len();
    if size <= most {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::TooLarge,
        Some("content"),
        format!("内容共{size}字节，超过上限{most}字节；请精简或拆分"),
        format!("the content has {size} bytes, {most} at most; shorten or split it"),
    ))
}

/// The hash of a whole content.
pub(super) fn hash<C: Content>(content: &C) -> Result<Hash, Refusal> {
    Hash::of_content(content).map_err(|error| unwritable(&error))
}

/// Most findings that a refusal tells. The entry tells all of those that are in the content itself.
const MOST_TOLD: usize = 20;

/// Openness as Art. 8(1) asks for it, and no error of a check: in the content, and in what was found beside it. All errors are told
/// at once, so that they can be mended at once; the field is that of the first.
pub(super) fn can_be_published<C: Content>(content: &Arc<C>, content_hash: Hash, beside: Vec<Finding>) -> Result<(), Refusal> {
    openness(content, content_hash)?;
    no_error(&content.check().into_iter().chain(beside).collect::<Vec<_>>())
}

/// No error among what checks found.
pub(super) fn no_error(found: &[Finding]) -> Result<(), Refusal> {
    let errors: Vec<_> = found.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let Some(first) = errors.first() else { return Ok(()) };
    let more = errors.len().saturating_sub(MOST_TOLD);
    let told = |words: fn(&Finding) -> &str, between: &str| {
        let all = errors.iter().take(MOST_TOLD);
        all.map(|error| format!("{}[{}] {}", error.code, error.path, words(error))).collect::<Vec<_>>().join(between)
    };
    let (zh_more, en_more) =
        if more == 0 { (String::new(), String::new()) } else { (format!("；另有{more}项"), format!("; and {more} more")) };
    Err(Refusal::new(
        RefusalKind::ChecksFailed,
        Some(&in_content(&first.path)),
        format!("检查未通过，共{}项：{}{zh_more}", errors.len(), told(|error| &error.zh, "；")),
        format!("checks failed, {} in all: {}{en_more}", errors.len(), told(|error| &error.en, "; ")),
    ))
}

/// Openness as the checks of a content find it, under a code of its own: whoever looks at the draft sees the same.
fn openness<C: Content>(content: &Arc<C>, content_hash: Hash) -> Result<(), Refusal> {
    let found = openness_findings(content.as_ref());
    if let Some(first) = found.first() {
        let told = |words: fn(&Finding) -> &str, between| found.iter().map(words).collect::<Vec<_>>().join(between);
        let (zh, en) = (told(|finding| &finding.zh, "；"), told(|finding| &finding.en, "; "));
        return Err(Refusal::new(RefusalKind::OpennessIncomplete, Some(&in_content(&first.path)), zh, en));
    }
    // What cannot be cut out as it says would never be shown; better to be told now.
    if content.openness().reaches_channels() && on_channel(content, content_hash, Channel::Online).is_none() {
        return Err(Refusal::new(
            RefusalKind::OpennessIncomplete,
            Some(&in_content("openness.withheld")),
            "列明的要素不能一并不公开，请按要素名称核对",
            "the fields that are named cannot be withheld together: check them",
        ));
    }
    Ok(())
}

/// A reason is given, and is no treatise.
pub(super) fn reason(text: &str) -> Result<(), Refusal> {
    words("reason", text, MAX_REASON_CHARS, ("缺少原因，请说明", "the reason is missing, please give it"))
}

/// The number of a document is given.
pub(super) fn document(text: &str) -> Result<(), Refusal> {
    words("documentNumber", text, MAX_DOCUMENT_CHARS, ("缺少文号，请补充", "the number of the document is missing, please add it"))
}

fn words(field: &str, text: &str, most: usize, (zh, en): (&str, &str)) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::new(RefusalKind::Incomplete, Some(field), zh, en));
    }
    if let Some(sign) = text::unprintable(text) {
        let (zh, en) = text::unprintable_words(field, sign);
        return Err(Refusal::new(RefusalKind::Invalid, Some(field), zh, en));
    }
    if names_somebody(text) {
        let (zh, en) = personal_words(if field == "reason" { "原因" } else { "文号" }, field);
        return Err(Refusal::new(RefusalKind::PersonalData, Some(field), zh, en));
    }
    let length = text.chars().count();
    if length > most {
        return Err(Refusal::new(
            RefusalKind::TooLarge,
            Some(field),
            format!("共{length}个字符，最多{most}个；请精简"),
            format!("it has {length} characters, {most} at most; shorten it"),
        ));
    }
    Ok(())
}

/// A content that has no JSON form; none of ours is of that kind, but the type of the encoder allows for it.
fn unwritable(error: &serde_json::Error) -> Refusal {
    Refusal::new(RefusalKind::Incomplete, None, "内容不能写成JSON；请核对各项内容", format!("the content has no JSON form: {error}"))
}
