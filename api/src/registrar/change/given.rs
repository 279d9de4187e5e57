//! A content as it is given, read so that what is wrong is told by its place, in both languages: the words of a parser are English, name types of
//! this program, and say of a field that is missing only that something around it is.

use std::fmt::{self, Display};

use serde::{
    Deserializer,
    de::{self, DeserializeSeed, Expected, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor},
    forward_to_deserialize_any,
};
use serde_json::{Map, Value};

/// Longest piece of what was given, or words of a value that has a form of its own, that are passed on, in characters.
const MAX_DETAIL_CHARS: usize = 300;

/// A value that is given.
pub(super) struct Given(pub(super) Value);

/// What is wrong with it: where, and what in Chinese and English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// The place, from the outside in; the empty path is the value itself.
    path: String,
    pub(super) zh: String,
    pub(super) en: String,
}

impl Wrong {
    fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { path: String::new(), zh: zh.into(), en: en.into() }
    }

    /// The place as findings and changes write it: `duties[0].basis`.
    pub(super) fn path(&self) -> &str {
        self.path.strip_prefix('.').unwrap_or(&self.path)
    }

    /// The same, of something that lies below a place.
    fn below(mut self, place: &str) -> Self {
        self.path.insert_str(0, place);
        self
    }
}

impl Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} / {}", self.path(), self.zh, self.en)
    }
}

impl std::error::Error for Wrong {}

impl de::Error for Wrong {
    fn custom<T: Display>(words: T) -> Self {
        let words: String = words.to_string().chars().take(MAX_DETAIL_CHARS).collect();
        // Values that have a form of their own say what it is in both languages.
        let (zh, en) = words.split_once(" / ").unwrap_or((&words, &words));
        Self::new(zh, en)
    }

    fn invalid_type(given: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let ((given_zh, given_en), (zh, en)) = (given_words(given), expected_words(&expected.to_string()));
        Self::new(format!("应为{zh}，不是{given_zh}"), format!("it is to be {en}, not {given_en}"))
    }

    fn invalid_value(given: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(given, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        let (zh, en) = expected_words(&expected.to_string());
        Self::new(format!("应为{zh}，给出了{length}项"), format!("it is to be {en}, and has {length} parts"))
    }

    fn unknown_variant(given: &str, words: &'static [&'static str]) -> Self {
        Self::new(
            format!("没有“{}”这个取值；可用：{}", short(given), words.join("、")),
            format!("there is no {:?} among its words: {}", short(given), words.join(", ")),
        )
    }

    fn unknown_field(given: &str, fields: &'static [&'static str]) -> Self {
        Self::new(
            format!("没有要素“{}”；可用：{}", short(given), fields.join("、")),
            format!("there is no field {:?}, only {}", short(given), fields.join(", ")),
        )
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new("缺少该必填要素，请补充", "it is missing and cannot be done without: add it").below(&format!(".{field}"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::new("该要素写了两次，请只写一次", "it is there twice: give it once").below(&format!(".{field}"))
    }
}

fn short(given: &str) -> String {
    let mut short: String = given.chars().take(MAX_SHOWN_CHARS).collect();
    if short.len() < given.len() {
        short.push('…');
    }
    short
}

/// Longest text of what was given that is told back, in characters.
const MAX_SHOWN_CHARS: usize = 60;

fn given_words(given: Unexpected<'_>) -> (String, String) {
    let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    match given {
        Unexpected::Bool(value) => (format!("逻辑值{value}"), format!("the boolean {value}")),
        Unexpected::Unsigned(number) => (format!("数字{number}"), format!("the number {number}")),
        Unexpected::Signed(number) => (format!("数字{number}"), format!("the number {number}")),
        Unexpected::Float(number) => (format!("数字{number}"), format!("the number {number}")),
        Unexpected::Str(text) => (format!("文字“{}”", short(text)), format!("the text {:?}", short(text))),
        Unexpected::Unit | Unexpected::Option => both("null", "null"),
        Unexpected::Seq => both("数组", "a list"),
        Unexpected::Map | Unexpected::StructVariant => both("对象", "an object"),
        _ => both("其他类型的值", "a value of another type"),
    }
}

/// What a type of ours expects, by the words in which serde has it.
fn expected_words(expected: &str) -> (String, String) {
    let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    match expected {
        "a string" | "string" | "a character" => both("文字", "a text"),
        "a boolean" => both("true或false", "true or false"),
        "u8" => both("0至255的整数", "a whole number from 0 to 255"),
        "u16" => both("0至65535的整数", "a whole number from 0 to 65535"),
        "u32" => both("0至4294967295的整数", "a whole number from 0 to 4294967295"),
        "u64" | "usize" => both("不小于0的整数", "a whole number of 0 or more"),
        "i8" | "i16" | "i32" | "i64" | "isize" => both("整数", "a whole number"),
        "f32" | "f64" => both("数字", "a number"),
        "a sequence" => both("数组", "a list"),
        "a map" => both("对象", "an object"),
        "option" => both("一个值或null", "a value or null"),
        words if words.starts_with("struct ") => both("对象", "an object"),
        words if words.starts_with("enum ") || words == "variant identifier" => both("规定的取值（文字）", "one of its words, as a text"),
        words if words.contains("RFC 3339") || words.contains("date") => both("日期时间（RFC 3339）", "a time as in RFC 3339"),
        words => words.split_once(" / ").map_or_else(|| both("其他形式的值", words), |(zh, en)| both(zh, en)),
    }
}

/// What a value is, as the one that is not expected.
fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => Unexpected::Unsigned(number),
            (None, Some(number)) => Unexpected::Signed(number),
            (None, None) => Unexpected::Float(number.as_f64().unwrap_or(f64::NAN)),
        },
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}

impl<'de> Deserializer<'de> for Given {
    type Error = Wrong;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => visitor.visit_u64(number),
                (None, Some(number)) => visitor.visit_i64(number),
                (None, None) => visitor.visit_f64(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_string(text),
            Value::Array(values) => visitor.visit_seq(Values { values: values.into_iter(), place: 0 }),
            Value::Object(fields) => visitor.visit_map(Fields::of(fields)),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Wrong> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Wrong> {
        visitor.visit_newtype_struct(self)
    }

    /// An object by its fields alone: a list in its place would be read by an order that nobody is told.
    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::Object(fields) => visitor.visit_map(Fields::of(fields)),
            other => Err(de::Error::invalid_type(unexpected(&other), &visitor)),
        }
    }

    /// All choices of contents are words.
    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, words: &'static [&'static str], visitor: V) -> Result<V::Value, Wrong> {
        match self.0 {
            Value::String(word) => visitor.visit_enum(word.into_deserializer()),
            other => {
                let wrong: Wrong = de::Error::invalid_type(unexpected(&other), &visitor);
                let (zh, en) =
                    (format!("{}；可用：{}", wrong.zh, words.join("、")), format!("{}; its words are {}", wrong.en, words.join(", ")));
                Err(Wrong::new(zh, en))
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        identifier ignored_any
    }
}

/// The values of a list.
struct Values {
    values: std::vec::IntoIter<Value>,
    place: usize,
}

impl<'de> SeqAccess<'de> for Values {
    type Error = Wrong;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Wrong> {
        let Some(value) = self.values.next() else { return Ok(None) };
        let place = self.place;
        self.place += 1;
        seed.deserialize(Given(value)).map(Some).map_err(|wrong| wrong.below(&format!("[{place}]")))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

/// The fields of an object.
struct Fields {
    fields: serde_json::map::IntoIter,
    next: Option<(String, Value)>,
}

impl Fields {
    fn of(fields: Map<String, Value>) -> Self {
        Self { fields: fields.into_iter(), next: None }
    }
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Wrong;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Wrong> {
        self.next = self.fields.next();
        let Some((name, _)) = &self.next else { return Ok(None) };
        seed.deserialize(name.as_str().into_deserializer()).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Wrong> {
        let (name, value) = self.next.take().unwrap_or_default();
        seed.deserialize(Given(value)).map_err(|wrong| wrong.below(&format!(".{name}")))
    }
}
