//! Where a text is no JSON: the words of the parser are English, and may hold what was given.

use serde_json::{Error, error::Category};

/// Where a text is no JSON and what to look for there, in Chinese and English.
pub fn not_json(error: &Error) -> (String, String) {
    let (line, column) = (error.line(), error.column());
    with_place(error, (format!("第{line}行第{column}列"), format!("line {line}, column {column}")))
}

/// The same of a text that is one line of a longer one, whose number is told beside it.
pub fn line_not_json(error: &Error) -> (String, String) {
    let column = error.column();
    with_place(error, (format!("第{column}列"), format!("column {column}")))
}

fn with_place(error: &Error, (zh, en): (String, String)) -> (String, String) {
    // Both are told by the words of the parser alone, which hold nothing of what was given.
    let why = error.to_string();
    if why.starts_with("recursion limit") {
        return (
            format!("{zh}处嵌套过深（最多128层）；请减少层次"),
            format!("it is nested too deep at {en}, 128 levels at most: nest it less"),
        );
    }
    if why.contains("surrogate") || why.starts_with("unexpected end of hex escape") {
        return (
            format!("{zh}处的\\u转义只有半个字符（孤立的代理项）；请写出完整的字符"),
            format!("an escape at {en} is half of a character (a lone surrogate): write the whole of it"),
        );
    }
    match error.classify() {
        Category::Eof => (
            format!("{zh}处已到末尾而内容未完；请检查是否截断，引号和括号是否成对"),
            format!(
                "it ends at {en} before it is complete: see whether it was cut off, and whether quotation marks and brackets are closed"
            ),
        ),
        Category::Data => {
            (format!("{zh}处的值不是所要的类型；请核对"), format!("the value at {en} is not of the type that is expected: check it"))
        }
        Category::Syntax | Category::Io => (
            format!("{zh}处有误；请检查此处前后的引号、逗号和括号"),
            format!("it is wrong at {en}: check quotation marks, commas and brackets around that place"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::language::assert_each_in_its_language;

    fn told<T: serde::de::DeserializeOwned + std::fmt::Debug>(text: &str) -> (String, String) {
        let error = serde_json::from_str::<T>(text).unwrap_err();
        let told = not_json(&error);
        assert_each_in_its_language(&told.0, &told.1);
        let of_line = line_not_json(&error);
        assert!(!of_line.0.contains('行') && !of_line.1.contains("line"), "{of_line:?}");
        told
    }

    #[test]
    fn the_place_is_told_and_what_to_look_for_there() {
        let (zh, en) = told::<Value>("{\n  \"a\": 1,,\n}");
        assert!(zh.starts_with("第2行第10列处有误") && en.starts_with("it is wrong at line 2, column 10"), "{zh} {en}");
        let (zh, en) = told::<Value>("{\"密码\": \"秘密");
        assert!(zh.contains("未完") && en.contains("cut off") && !zh.contains("秘密") && !en.contains("秘密"), "{zh} {en}");
        assert!(told::<Vec<u8>>("[\"a\"]").1.contains("not of the type"));
        assert!(told::<Value>(&"[".repeat(200)).1.contains("too deep"));
        for half in ["\"\\ud800\"", "\"\\udc00x\"", "\"\\ud800\\u0041\""] {
            let (zh, en) = told::<Value>(half);
            assert!(zh.contains("半个字符") && en.contains("surrogate"), "{half}: {zh} {en}");
        }
    }
}
