//! What stands in brackets and what stands outside.

/// A text without what stands in brackets of either width.
pub(crate) fn outside_brackets(name: &str) -> String {
    let mut depth = 0_usize;
    let outside = name.chars().filter(|c| match c {
        '（' | '(' => {
            depth += 1;
            false
        }
        '）' | ')' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    });
    outside.collect()
}

/// What stands in the brackets of a text, part by part.
pub(crate) fn inside_brackets(name: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = name;
    while let Some(open) = rest.find(['（', '(']) {
        rest = rest[open..].trim_start_matches(['（', '(']);
        let close = rest.find(['）', ')']).unwrap_or(rest.len());
        parts.extend(rest[..close].split('、').map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()));
        rest = &rest[close..];
    }
    parts
}
