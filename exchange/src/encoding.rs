//! Text in the encodings that lists come in. One bad byte costs its line and not the file.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::{error::why, reading::Why};

/// What stands for bytes that are no text: a sign that no text holds.
pub(crate) const UNREADABLE: char = '\u{FFFF}';

/// Unicode with a mark, UTF-8, GB18030 (with GBK and GB2312 within it), two-byte Unicode. Bytes of UTF-8 and GB18030 texts that are
/// none, and every NUL, become [`UNREADABLE`]: whoever takes the text apart leaves out what holds it.
///
/// In both encodings no byte of a longer sign is a line feed, a comma or a quotation mark, so a bad byte never reaches beyond its line.
pub(crate) fn decode(bytes: &[u8]) -> Result<String, Why> {
    let told = match Encoding::for_bom(bytes) {
        // The mark is as good as a line.
        Some((encoding, mark)) if encoding == UTF_8 => utf8(&bytes[mark..], 1),
        Some((encoding, mark)) => whole(encoding, &bytes[mark..]),
        None => utf8(bytes, 0).or_else(|| gb18030(bytes)).or_else(|| two_bytes(bytes)),
    };
    told.filter(|text| is_text(text)).ok_or_else(unknown)
}

/// UTF-8, if at least as many of its lines with Chinese signs are whole as there are bad ones. GB18030 hardly ever looks like such a
/// line by accident.
fn utf8(bytes: &[u8], marked: usize) -> Option<String> {
    let (text, good, bad) = by_lines(bytes, utf8_line);
    (bad == 0 || good > 0 && good + marked >= bad).then_some(text)
}

fn utf8_line(line: &[u8]) -> Line {
    let mut out = String::with_capacity(line.len());
    for chunk in line.utf8_chunks() {
        out.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            out.push(UNREADABLE);
        }
    }
    // Two-byte signs may be halves of others.
    let is_sure = out.chars().any(|c| c >= '\u{800}' && c != UNREADABLE);
    (out, is_sure)
}

/// GB18030, if most of its lines are whole.
fn gb18030(bytes: &[u8]) -> Option<String> {
    let (text, good, bad) = by_lines(bytes, gb18030_line);
    (bad == 0 || good > bad).then_some(text)
}

fn gb18030_line(line: &[u8]) -> Line {
    let (text, failed) = GB18030.decode_without_bom_handling(line);
    let is_sure = !text.is_ascii();
    if !failed {
        return (text.into_owned(), is_sure);
    }
    (text.replace(char::REPLACEMENT_CHARACTER, UNREADABLE.encode_utf8(&mut [0; 4])), is_sure)
}

/// A line with its bad bytes marked, and whether it speaks for its encoding where it has none.
type Line = (String, bool);

/// A text line by line, with how many lines speak for the encoding and how many hold what is none of it.
fn by_lines(bytes: &[u8], read: impl Fn(&[u8]) -> Line) -> (String, usize, usize) {
    let (mut text, mut good, mut bad) = (String::with_capacity(bytes.len()), 0, 0);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let (mut line, is_sure) = read(line);
        if line.contains('\0') {
            line = line.replace('\0', UNREADABLE.encode_utf8(&mut [0; 4]));
        }
        let is_bad = line.contains(UNREADABLE);
        bad += usize::from(is_bad);
        good += usize::from(!is_bad && is_sure);
        text.push_str(&line);
    }
    (text, good, bad)
}

/// Two-byte Unicode without a mark has a NUL in every other place of what is ASCII.
fn two_bytes(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(4_096)];
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match (even, odd) {
        (0, 0) => None,
        (even, odd) if odd > even => whole(UTF_16LE, bytes),
        _ => whole(UTF_16BE, bytes),
    }
}

fn whole(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}

/// Whether it is text and not bytes that happen to be signs.
fn is_text(text: &str) -> bool {
    text.chars().take(4_096).filter(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')).count() <= 8
}

pub(crate) fn unknown() -> Why {
    why(
        "ENCODING_UNKNOWN",
        "既不是可识别的工作簿，也不是UTF-8或GB18030文本；请另存为.xlsx或UTF-8编码的CSV",
        "neither a workbook nor text in UTF-8 or GB18030; save it as .xlsx, or as CSV in UTF-8",
    )
}

/// Why a line with such bytes is not read.
pub(crate) fn line_unreadable() -> Why {
    why(
        "LINE_UNREADABLE",
        "该行含有无法识别的字节（不是该文件编码的文字，或为空字符NUL），未导入；请在源系统中重新导出该行",
        "the line holds bytes that are no text in the encoding of the file, or a NUL, and is not imported; export the line again",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "序号,事项名称\n1,城市低保\n2,联通\n";

    fn gb(text: &str) -> Vec<u8> {
        GB18030.encode(text).0.into_owned()
    }

    fn two(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    }

    #[test]
    fn whole_texts_are_read_in_every_encoding() {
        let mark = [&[0xEF, 0xBB, 0xBF], TEXT.as_bytes()].concat();
        let marked = |big, mark: &[u8]| [mark, &two(TEXT, big)].concat();
        let all =
            [TEXT.into(), mark, gb(TEXT), two(TEXT, false), two(TEXT, true), marked(false, &[0xFF, 0xFE]), marked(true, &[0xFE, 0xFF])];
        for (i, bytes) in all.iter().enumerate() {
            assert_eq!(decode(bytes).as_deref(), Ok(TEXT), "{i}");
        }
    }

    #[test]
    fn a_bad_byte_or_a_nul_marks_its_line_only() {
        for noise in [&b"\xFF"[..], b"\0", b"\xE5\x9F", b"\x80\0"] {
            for (bytes, mark) in [(TEXT.as_bytes().to_vec(), &[][..]), (TEXT.as_bytes().to_vec(), &[0xEF, 0xBB, 0xBF]), (gb(TEXT), &[])] {
                let at = bytes.windows(2).position(|w| w == b"1,").unwrap() + 2;
                let broken = [mark, &bytes[..at], noise, &bytes[at..]].concat();
                let text = decode(&broken).unwrap();
                let lines: Vec<&str> = text.lines().collect();
                assert_eq!((lines[0], lines[2], lines.len()), ("序号,事项名称", "2,联通", 3), "{noise:?} {text:?}");
                let is_marked = lines[1].contains(UNREADABLE);
                // Half a sign of GB18030 and the sign behind it may make two others: that nobody can tell.
                assert!(is_marked || bytes.len() < TEXT.len() && noise[0] == 0xE5, "{noise:?} {text:?}");
            }
        }
    }

    #[test]
    fn what_is_bad_for_the_most_part_is_no_text() {
        assert!(decode(b"\x80\x81,\xFF\xFF\x01\x02\x03\x04").is_err());
        assert!(decode("序号,事项名称\n\u{1}\u{2}\u{3}\u{4}\u{5}\u{6}\u{7}\u{8}\u{e}\n".as_bytes()).is_err());
    }
}
