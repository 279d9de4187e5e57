//! Words for bodies of which there are many, one in each place: they name none of them.

use domain::value::text;

/// Words for the bodies of many places: `县（市、区）教育局`, `县级教育局`, `街道办事处`. They name none of them.
pub(crate) fn is_of_many(written: &str) -> bool {
    const MANY: [&str; 17] = [
        "县(市、区)",
        "县(市)区",
        "区(市、县)",
        "区(县、市)",
        "县(区、市)",
        "县(区)",
        "区(县)",
        "县市区",
        "市县区",
        "区县",
        "县区",
        "旗县",
        "市县",
        "县级",
        "乡镇",
        "乡(镇)",
        "镇(街道)",
    ];
    let outside = text::fold(written);
    let first = outside.split(['、', '，', ',', '；', ';']).next().unwrap_or_default();
    // The sign that parts bodies stands within the words as well.
    let goes_on = |rest: &str| rest.chars().next().is_some_and(is_of_a_body) && !rest.starts_with("企业");
    let many = MANY.iter().any(|word| outside.strip_prefix(word).is_some_and(goes_on));
    many || matches!(first, "街道办事处" | "街道办" | "镇人民政府" | "乡人民政府" | "镇街" | "镇政府" | "乡政府" | "街道")
}

/// Whether the name of a body can go on with it after the word of a level.
fn is_of_a_body(c: char) -> bool {
    !"、，,；;(（".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_many_places_are_none() {
        for many in [
            "县（市、区）教育局",
            "县市区农业农村局",
            "区县教育局",
            "县级教育局",
            "旗县教育局",
            "街道办事处",
            "乡镇人民政府",
            "乡（镇）人民政府",
        ] {
            assert!(is_of_many(many), "{many}");
        }
        for one in ["县教育局", "盐都区教育局", "城东街道办事处", "市教育局", "乡村振兴局", "乡镇企业管理局", "县级", "镇江市教育局"]
        {
            assert!(!is_of_many(one), "{one}");
        }
    }
}
