//! What a file is, by its content: extensions lie (`.xlsx` files that are old workbooks, `.xls` files that are web pages).

use std::io::{Cursor, Read};

use crate::{
    encoding::{self, UNREADABLE},
    error::{damaged, why},
    limits::encrypted,
    reading::Why,
};

/// The kinds of files that are read.
#[derive(Debug)]
pub(crate) enum Kind {
    /// A workbook of Excel 97-2003: its stream of records.
    OldWorkbook(Vec<u8>),
    /// A packed workbook (Office Open XML).
    Workbook,
    /// One JSON object a line.
    JsonLines(String),
    /// A JSON array of objects.
    JsonArray(String),
    /// A table with delimiters.
    Delimited(String),
}

const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const ZIP: &[u8] = b"PK\x03\x04";

/// Tells the kind of a file.
pub(crate) fn sniff(bytes: &[u8]) -> Result<Kind, Why> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(why("FILE_EMPTY", "文件是空的", "the file is empty"));
    }
    if bytes.starts_with(OLE) {
        return compound(bytes);
    }
    if bytes.starts_with(ZIP) || bytes.starts_with(b"PK\x05\x06") {
        return package(bytes);
    }
    if let Some(what) = foreign(bytes) {
        return Err(not_a_list(what));
    }
    text(bytes)
}

fn not_a_list(what: &str) -> Why {
    why(
        "NOT_A_LIST",
        format!("不是清单（{what}）；可读的有：.xls、.xlsx工作簿，CSV/TSV表格，JSON数组或每行一个JSON对象的导出文件"),
        format!(
            "not a list ({what}); what can be read: .xls and .xlsx workbooks, CSV and TSV tables, JSON arrays, and exports with a JSON object a line"
        ),
    )
}

fn unsupported(what: &str) -> Why {
    why(
        "FORMAT_UNSUPPORTED",
        format!("{what}中的合并单元格无法可靠读取；请用表格软件另存为.xlsx"),
        format!("merged cells cannot be read reliably from {what}; save it as .xlsx in a spreadsheet program"),
    )
}

/// Files with a well-known beginning that are no lists.
fn foreign(bytes: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 9] = [
        (b"%PDF", "PDF"),
        (b"\x89PNG", "PNG"),
        (b"\xFF\xD8\xFF", "JPEG"),
        (b"GIF8", "GIF"),
        (b"Rar!", "RAR"),
        (b"7z\xBC\xAF\x27\x1C", "7z"),
        (b"\x1F\x8B", "gzip"),
        (b"{\\rtf", "RTF"),
        (b"\x7FELF", "ELF"),
    ];
    known.into_iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, what)| what)
}

/// A compound file: an old workbook, an encrypted new one, or another document.
fn compound(bytes: &[u8]) -> Result<Kind, Why> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if file.exists("/EncryptedPackage") {
        return Err(encrypted());
    }
    let Some(name) = ["/Workbook", "/Book"].into_iter().find(|name| file.is_stream(name)) else {
        return Err(not_a_list("OLE"));
    };
    let mut stream = Vec::new();
    // A stream is never longer than the file that holds it.
    let bound = bytes.len() as u64;
    file.open_stream(name).and_then(|s| s.take(bound).read_to_end(&mut stream)).map_err(damaged)?;
    Ok(Kind::OldWorkbook(stream))
}

/// A packed file: which one, its parts tell.
fn package(bytes: &[u8]) -> Result<Kind, Why> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let names: Vec<String> = archive.file_names().filter_map(Result::ok).map(|name| name.to_ascii_lowercase()).collect();
    let has = |part: &str| names.iter().any(|name| name.trim_start_matches('/') == part);
    if has("xl/workbook.bin") {
        return Err(unsupported(".xlsb"));
    }
    if has("[content_types].xml") && names.iter().any(|name| name.contains("workbook")) {
        return Ok(Kind::Workbook);
    }
    if has("content.xml") {
        return Err(unsupported("OpenDocument (.ods)"));
    }
    Err(not_a_list("ZIP"))
}

fn text(bytes: &[u8]) -> Result<Kind, Why> {
    let text = match (encoding::decode(bytes), json_lines(bytes)) {
        (Ok(text), _) => text,
        // No encoding fits most of it: then at least the lines are read that are text.
        (Err(_), Some(lines)) => return Ok(Kind::JsonLines(lines)),
        (Err(error), None) => return Err(error),
    };
    let start = text.trim_start();
    let lower: String = start.chars().take(400).flat_map(char::to_lowercase).collect();
    if lower.starts_with("<html") || lower.starts_with("<!doctype html") || lower.contains("<table") || lower.contains("<html") {
        return Err(why(
            "HTML_NOT_WORKBOOK",
            "这是网页（HTML），只是扩展名像工作簿；请用表格软件打开后另存为.xlsx",
            "this is a web page under the name of a workbook; open it in a spreadsheet program and save it as .xlsx",
        ));
    }
    if lower.starts_with("<?xml") || lower.starts_with('<') {
        return Err(not_a_list("XML"));
    }
    if start.starts_with('[') {
        // An array is one whole: what is no text in it stands in no line of its own.
        if text.contains(UNREADABLE) {
            return Err(encoding::unknown());
        }
        return Ok(Kind::JsonArray(text));
    }
    if start.starts_with('{') {
        return Ok(Kind::JsonLines(text));
    }
    if text.lines().take(200).any(|line| line.contains([',', '\t', ';', '|'])) {
        return Ok(Kind::Delimited(text));
    }
    Err(not_a_list("TXT"))
}

/// An export with an object a line of which few lines are text, with a mark for each of the others. `None` for every other text.
fn json_lines(bytes: &[u8]) -> Option<String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    let lines = bytes.split(|b| *b == b'\n').map(|line| std::str::from_utf8(line).unwrap_or("\u{FFFF}"));
    Some(lines.collect::<Vec<_>>().join("\n"))
}

#[cfg(test)]
mod tests {
    use encoding_rs::GB18030;

    use super::*;

    fn code(bytes: &[u8]) -> &'static str {
        sniff(bytes).unwrap_err().code
    }

    #[test]
    fn content_decides_and_not_the_name() {
        assert!(matches!(sniff("序号,事项名称\n1,甲".as_bytes()), Ok(Kind::Delimited(_))));
        let (gb, _, _) = GB18030.encode("序号,事项名称\n1,甲");
        assert!(matches!(sniff(&gb), Ok(Kind::Delimited(text)) if text.starts_with("序号")));
        assert!(matches!(sniff(b"\xEF\xBB\xBF{\"a\":1}\n"), Ok(Kind::JsonLines(_))));
        assert!(matches!(sniff(b" [{}]"), Ok(Kind::JsonArray(_))));
        assert!(matches!(sniff(b"\xFF\xFEa\0,\0b\0"), Ok(Kind::Delimited(_))));
        assert!(matches!(sniff(b"a\0,\0b\0\n\0"), Ok(Kind::Delimited(_))));
    }

    #[test]
    fn what_is_no_list_is_told_by_its_kind() {
        assert_eq!(code(b" \n"), "FILE_EMPTY");
        assert_eq!(code(b"%PDF-1.7"), "NOT_A_LIST");
        assert_eq!(code("<html><table>…".as_bytes()), "HTML_NOT_WORKBOOK");
        assert_eq!(code(b"MIT License"), "NOT_A_LIST");
        assert_eq!(code(b"PK\x03\x04 cut off"), "FILE_DAMAGED");
        assert_eq!(code(&[OLE, b"cut off"].concat()), "FILE_DAMAGED");
        assert_eq!(code(b"\x80\x81,\xFF\xFF\x01\x02\x03\x04"), "ENCODING_UNKNOWN");
    }
}
