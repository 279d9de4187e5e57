use super::super::error::Failure;

/// Longest word of a query that is told again.
const MAX_CHARS: usize = 100;

/// An error as it is told.
pub(super) struct Told {
    pub(super) failure: Failure,
    pub(super) zh: String,
    pub(super) en: String,
    /// The path of the value that it is about.
    pub(super) field: Option<String>,
}

/// What the library says, with `{}` for the words of the query or the schema in it, and how it is told: `{0}` is the first of these. The first that fits
/// counts.
const SAID: [(&str, &str, &str); 42] = [
    (
        "Unknown field \"{}\" on type \"{}\".{}",
        "类型{1}没有字段“{0}”；请对照 schema 核对名称{near}",
        "type {1} has no field \"{0}\": check the name by the schema{near}",
    ),
    (
        "Cannot query field \"{}\" on type \"{}\".",
        "类型{1}没有字段“{0}”；请对照 schema 核对名称",
        "type {1} has no field \"{0}\": check the name by the schema",
    ),
    (
        "Unknown argument \"{}\" on field \"{}\" of type \"{}\".{}",
        "{2}的字段{1}没有参数“{0}”；请对照 schema 核对名称{near}",
        "field {1} of {2} has no argument \"{0}\": check the name by the schema{near}",
    ),
    (
        "Unknown argument \"{}\" on directive \"{}\".{}",
        "指令{1}没有参数“{0}”；请核对名称{near}",
        "directive {1} has no argument \"{0}\": check the name{near}",
    ),
    (
        "Field \"{}\" argument \"{}\" of type \"{}\" is required but not provided",
        "字段{0}须有参数{1}，类型为{2}；请补上",
        "field {0} takes the argument {1} of type {2}: give it",
    ),
    (
        "Directive \"@{}\" argument \"{}\" of type \"{}\" is required but not provided",
        "指令{0}须有参数{1}，类型为{2}；请补上",
        "directive {0} takes the argument {1} of type {2}: give it",
    ),
    (
        "Variable \"{}\" of type \"{}\" used in position expecting type \"{}\"",
        "变量{0}的类型是{1}，此处须为{2}；请改变量的类型",
        "variable {0} is of type {1}, and {2} is expected there: declare it so",
    ),
    (
        "Variable \"${}\" is not defined by operation \"{}\"",
        "操作{1}没有声明变量“{0}”；请声明",
        "operation {1} declares no variable \"{0}\": declare it",
    ),
    ("Variable \"${}\" is not defined", "没有声明变量“{0}”；请声明", "no variable \"{0}\" is declared: declare it"),
    (
        "Variable {} is not defined.",
        "没有声明变量“{0}”，或没有给出它的值；请补上",
        "variable \"{0}\" is not declared, or has no value: give it",
    ),
    (
        "Variable \"${}\" is not used by operation \"{}\"",
        "操作{1}没有用到变量“{0}”；请去掉",
        "operation {1} makes no use of the variable \"{0}\": leave it out",
    ),
    ("Variable \"${}\" is not used", "变量“{0}”没有用到；请去掉", "the variable \"{0}\" is not used: leave it out"),
    (
        "There can only be one variable named \"${}\"",
        "变量“{0}”声明了两次；请只留一个",
        "the variable \"{0}\" is declared twice: leave one",
    ),
    ("There can only be one argument named \"{}\"", "参数“{0}”写了两次；请只留一个", "the argument \"{0}\" is given twice: leave one"),
    (
        "Variable \"{}\" cannot be of non-input type \"{}\"",
        "变量{0}的类型{1}不能作为输入；请对照 schema 核对",
        "variable {0} is of type {1}, which is no input: check it by the schema",
    ),
    (
        "Invalid default value for argument: {}",
        "变量的默认值不合其类型；请对照 schema 核对",
        "the default of a variable is not of its type: check it by the schema",
    ),
    ("Unknown type \"{}\"", "没有类型“{0}”；请对照 schema 核对名称", "there is no type \"{0}\": check the name by the schema"),
    ("Unknown fragment: \"{}\"", "没有片段“{0}”；请核对名称", "there is no fragment \"{0}\": check the name"),
    ("Unknown fragment \"{}\".", "没有片段“{0}”；请核对名称", "there is no fragment \"{0}\": check the name"),
    ("Fragment \"{}\" is never used", "片段“{0}”没有用到；请去掉", "the fragment \"{0}\" is not used: leave it out"),
    ("Cannot spread fragment \"{}\"", "片段“{0}”包含它自己；请去掉循环", "the fragment \"{0}\" holds itself: take the circle out"),
    (
        "Fragment \"{}\" cannot be spread here as objects of type \"{}\" can never be of type \"{}\"",
        "片段“{0}”属于{2}，此处是{1}；请核对",
        "the fragment \"{0}\" is of {2}, and here is {1}: check it",
    ),
    (
        "Fragment cannot be spread here as objects of type \"{}\" can never be of type \"{}\"",
        "片段属于{1}，此处是{0}；请核对",
        "the fragment is of {1}, and here is {0}: check it",
    ),
    (
        "Fragment \"{}\" cannot condition non composite type \"{}\"",
        "片段“{0}”不能用于没有字段的类型{1}；请核对",
        "the fragment \"{0}\" cannot be of {1}, which has no fields: check it",
    ),
    (
        "Fragment cannot condition non composite type \"{}\"",
        "片段不能用于没有字段的类型{0}；请核对",
        "a fragment cannot be of {0}, which has no fields: check it",
    ),
    (
        "Field \"{}\" must not have a selection since type \"{}\" has no subfields",
        "字段{0}的类型{1}没有下级字段；请去掉花括号",
        "field {0} is of {1}, which has no fields: leave its braces out",
    ),
    (
        "Field \"{}\" of type \"{}\" must have a selection of subfields",
        "字段{0}的类型是{1}，须写明要哪些下级字段；请加上花括号",
        "field {0} is of {1}: say in braces which of its fields are wanted",
    ),
    (
        "Fields \"{}\" conflict because {}",
        "字段“{0}”出现多次而含义不同；请用别名区分",
        "the field \"{0}\" stands there more than once and means different things: give them aliases",
    ),
    ("Unknown directive \"{}\"", "没有指令“{0}”；请核对名称", "there is no directive \"{0}\": check the name"),
    ("Directive \"{}\" may not be used on \"{}\"", "指令“{0}”不能用在此处；请移开", "the directive \"{0}\" may not stand there: move it"),
    ("Duplicate directive \"{}\"", "指令“{0}”写了两次；请只留一个", "the directive \"{0}\" is given twice: leave one"),
    (
        "Unknown operation named \"{}\"",
        "查询中没有名为“{0}”的操作；请核对 operationName",
        "the query has no operation \"{0}\": check operationName",
    ),
    (
        "Operation name required in request.",
        "查询有多个操作；请以 operationName 指明一个",
        "the query has several operations: name one by operationName",
    ),
    ("document does not contain an operation", "查询中没有操作；请写明要查询什么", "the query has no operation: say what is asked for"),
    (
        "document contains multiple operations",
        "没有名称的操作只能是唯一的操作；请给每个操作命名",
        "an operation without a name is the only one: give each a name",
    ),
    ("operation {} is defined twice", "操作“{0}”写了两次；请改名", "the operation \"{0}\" stands there twice: give one another name"),
    ("fragment {} is defined twice", "片段“{0}”写了两次；请改名", "the fragment \"{0}\" stands there twice: give one another name"),
    ("Schema is not configured for subscription.", "本接口没有订阅；请定时查询", "there are no subscriptions here: ask from time to time"),
    (
        "Subscriptions are not supported on this transport.",
        "本接口没有订阅；请定时查询",
        "there are no subscriptions here: ask from time to time",
    ),
    (" --> {}", "查询有语法错误；请核对此处的括号、引号和名称", "the query is not well formed: check brackets, quotes and names there"),
    ("Oneof {}", "须给出且只给出其中一项；请核对", "just one of its fields is given: check it"),
    ("recursion limit exceeded.", "查询嵌套过深；请减少层数", "the query is nested too deep: take levels out"),
];

/// The limits of the library.
const LIMITS: [(&str, &str, &str); 4] = [
    ("Query is too complex.", "查询过于复杂；请减少字段或每页的条数", "the query is too complex: ask for fewer fields, or smaller pages"),
    ("Query is nested too deep.", "查询嵌套过深；请减少层数", "the query is nested too deep: take levels out"),
    (
        "The recursion depth of the query cannot be greater than {}",
        "查询嵌套过深；请减少层数",
        "the query is nested too deep: take levels out",
    ),
    ("The number of directives on the field {}", "一个字段上的指令过多；请减少", "a field has too many directives: take some out"),
];

/// Finds the path of the value that is not of a type; of a number by what it has to lie within.
type Misfit<'m> = dyn Fn(&str, Option<(i64, i64)>) -> Option<String> + 'm;

/// How an error of the library is told.
pub(super) fn told(message: &str, misfit: &Misfit<'_>) -> Told {
    for (said, zh, en) in LIMITS {
        if parts(said, message).is_some() {
            return Told { failure: Failure::LimitExceeded, zh: zh.to_owned(), en: en.to_owned(), field: None };
        }
    }
    if message.starts_with("Data `") {
        let (zh, en) = ("登记册自身出错，已记录".to_owned(), "the register met a fault of its own; it has been noted".to_owned());
        return Told { failure: Failure::Internal, zh, en, field: None };
    }
    let bad = |(zh, en): (String, String), field| Told { failure: Failure::BadRequest, zh, en, field };
    if let Some([path, reason]) = parts("Invalid value for argument \"{}\", {}", message).as_deref() {
        let (words, field) = value(path, reason);
        return bad(words, Some(field));
    }
    if let Some((of, within)) = unread(message) {
        let field = misfit(of, within);
        let (zh_at, en_at) = field.as_ref().map_or_else(|| ("值".to_owned(), "a value".to_owned()), |path| (path.clone(), path.clone()));
        let (zh, en) = form(of, within);
        return bad((format!("{zh_at}应为{zh}；请改正"), format!("{en_at} is to be {en}: correct it")), field);
    }
    for (said, zh, en) in SAID {
        if let Some(words) = parts(said, message) {
            return bad((filled(zh, &words), filled(en, &words)), None);
        }
    }
    let words = ("请求不符合接口约定；请对照 schema 核对", "the request is not what the schema says: check it by the schema");
    bad((words.0.to_owned(), words.1.to_owned()), None)
}

/// What is said of a value at a path, and the path of what it is about.
fn value(path: &str, reason: &str) -> ((String, String), String) {
    if let Some([of]) = parts("expected type \"{}\"", reason).as_deref() {
        let (zh, en) = form(of.trim_end_matches('!'), None);
        return ((format!("{path}应为{zh}；请改正"), format!("{path} is to be {en}: correct it")), path.to_owned());
    }
    if let Some([of, given]) = parts("enumeration type \"{}\" does not contain the value \"{}\"", reason).as_deref() {
        let (of, given) = (short(of), short(given));
        let zh = format!("{path}应为{of}的一个值，没有“{given}”；请对照 schema 核对");
        return ((zh, format!("{path} is to be a value of {of}, and \"{given}\" is none: check it by the schema")), path.to_owned());
    }
    if let Some([name, of]) = parts("field \"{}\" of type \"{}\" is required but not provided", reason).as_deref() {
        let path = format!("{path}.{name}");
        return ((format!("缺少{path}，类型为{of}；请补上"), format!("{path} of type {of} is missing: give it")), path);
    }
    if let Some([name, of]) = parts("unknown field \"{}\" of type \"{}\"", reason).as_deref() {
        let path = format!("{path}.{}", short(name));
        let zh = format!("没有{path}：{of}没有这个字段；请对照 schema 核对名称");
        return ((zh, format!("there is no {path}: {of} has no such field, check the name by the schema")), path);
    }
    ((format!("{path}不符合要求；请对照 schema 核对"), format!("{path} is not what it has to be: check it by the schema")), path.to_owned())
}

/// The type that a value is not of, and what a number of it has to lie within, if the library could not read one.
fn unread(message: &str) -> Option<(&str, Option<(i64, i64)>)> {
    // Where it was read is told by our path.
    let message = message.split(" (occurred while parsing ").next().unwrap_or(message);
    if let Some([of, why]) = parts("Failed to parse \"{}\": {}", message).as_deref() {
        let bounds = parts("Only integers from {} to {} {}", why);
        let within = bounds.and_then(|bounds| Some((bounds.first()?.parse().ok()?, bounds.get(1)?.parse().ok()?)));
        // So it says of a negative number where there is none.
        let within = within.or_else(|| (*why == "Invalid number").then_some((0, i64::MAX)));
        return Some((of, within));
    }
    let expected = parts("Expected input type \"{}\", found {}", message)?;
    expected.first().map(|of| (*of, None))
}

/// What a value of a type looks like.
fn form(of: &str, within: Option<(i64, i64)>) -> (String, String) {
    let (zh, en) = match (of, within) {
        ("Int", Some((least, i64::MAX))) => return (format!("不小于{least}的整数"), format!("a whole number from {least} on")),
        ("Int", Some((least, most))) => return (format!("{least}至{most}的整数"), format!("a whole number from {least} to {most}")),
        ("Int", None) => ("整数", "a whole number"),
        ("Float", _) => ("数", "a number"),
        ("Boolean", _) => ("true 或 false", "true or false"),
        ("String", _) => ("文字", "a text"),
        ("ID", _) => ("标识", "an id"),
        ("UUID", _) => ("形如 6f1c0f1e-8a2b-4c3d-9e4f-5a6b7c8d9e0f 的 UUID", "a UUID, e.g. 6f1c0f1e-8a2b-4c3d-9e4f-5a6b7c8d9e0f"),
        ("DateTime", _) => ("带时区的时间，如 2026-09-01T08:00:00+08:00", "a time with its zone, e.g. 2026-09-01T08:00:00+08:00"),
        ("Date", _) => ("日期，如 2026-09-01", "a date, e.g. 2026-09-01"),
        ("Hash", _) => ("sha256: 及其后的64位十六进制数", "sha256: and 64 hexadecimal digits"),
        ("Position", _) => ("本登记册给出的位置标记", "a position that this register has given out"),
        (of, _) => return (format!("类型{}的值", short(of)), format!("a value of type {}", short(of))),
    };
    (zh.to_owned(), en.to_owned())
}

/// The words that stand in a message for the `{}` of a template, if it is of that form.
fn parts<'m>(template: &str, message: &'m str) -> Option<Vec<&'m str>> {
    let mut literals = template.split("{}");
    let mut rest = message.strip_prefix(literals.next()?)?;
    let mut words = Vec::new();
    let mut literals = literals.peekable();
    while let Some(literal) = literals.next() {
        // What ends the template ends the message.
        let (word, after) = match literals.peek() {
            None => (rest.strip_suffix(literal)?, ""),
            Some(_) => rest.split_once(literal)?,
        };
        words.push(word);
        rest = after;
    }
    rest.is_empty().then_some(words)
}

/// A text with the words in the places that it names, and what is spelled nearly so.
fn filled(text: &str, words: &[&str]) -> String {
    let near: Vec<_> = words.last().into_iter().flat_map(|last| last.split('"').skip(1).step_by(2)).take(3).map(short).collect();
    let (zh, en) = if near.is_empty() {
        (String::new(), String::new())
    } else {
        (format!("（近似的有：{}）", near.join("、")), format!(" (near: {})", near.join(", ")))
    };
    let text = text.replace("{near}", if text.is_ascii() { &en } else { &zh });
    words.iter().enumerate().fold(text, |text, (place, word)| text.replace(&format!("{{{place}}}"), &short(word)))
}

/// A word without signs that are not shown as what they are, and of bounded length.
fn short(word: &str) -> String {
    word.chars().filter(|sign| !sign.is_control()).take(MAX_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nowhere(_: &str, _: Option<(i64, i64)>) -> Option<String> {
        None
    }

    #[test]
    fn every_form_of_words_is_found_by_its_own_template_and_filled_whole() {
        for (said, ..) in SAID {
            let message = said.replace("{}", "w0rd");
            let Told { failure, zh, en, .. } = told(&message, &nowhere);
            assert_eq!(failure, Failure::BadRequest, "{message}");
            assert!(!zh.is_ascii() && en.is_ascii() && !zh.contains(['{', '}']) && !en.contains(['{', '}']), "{zh} / {en}");
            assert_ne!(told("?", &nowhere).en, en, "{message}");
        }
        assert!(LIMITS.iter().all(|(said, ..)| told(&said.replace("{}", "9"), &nowhere).failure == Failure::LimitExceeded));
    }

    #[test]
    fn what_is_not_known_is_told_in_general_and_a_fault_of_ours_is_no_fault_of_the_request() {
        let Told { failure, zh, en, .. } = told("thread 'x' panicked at alloc::sync::Arc<Desk>", &nowhere);
        assert!(failure == Failure::BadRequest && !zh.contains("Desk") && !en.contains("panicked"), "{zh} / {en}");
        assert_eq!(told("Data `alloc::sync::Arc<Desk>` does not exist.", &nowhere).failure, Failure::Internal);
    }

    #[test]
    fn words_are_cut_out_of_a_message_of_their_form_alone() {
        assert_eq!(parts("a \"{}\" b {}.", "a \"x\" b y.z."), Some(vec!["x", "y.z"]));
        assert_eq!(parts("a", "a"), Some(vec![]));
        assert_eq!(parts("a \"{}\"", "a \"x\" b"), None);
        assert_eq!(parts("a", "ab"), None);
        assert_eq!(
            unread("Failed to parse \"Int\": Only integers from 1 to 65535 are accepted. (occurred while parsing \"X\")"),
            Some(("Int", Some((1, 65_535))))
        );
    }
}
