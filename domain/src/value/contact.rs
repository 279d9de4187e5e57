use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{is_web_address, text};

/// How a contact is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContactKind {
    /// A telephone number, with an extension if there is one.
    Phone,
    /// A web address.
    Web,
    /// An e-mail address.
    Mail,
    /// Anything else: a window, a letter box, an account.
    Other,
}

/// A way to ask or to complain 咨询方式, 监督投诉方式.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// How it is reached.
    pub kind: ContactKind,
    /// The number, address or description.
    pub value: String,
    /// Who or when, e.g. `工作日 9:00-17:00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Contact {
    /// How it is reached as it is shown: what is no address of the web is words, and no page makes a link of it.
    pub fn shown_kind(&self) -> ContactKind {
        if self.kind == ContactKind::Web && !is_web_address(&self.value) { ContactKind::Other } else { self.kind }
    }

    /// Reads the contacts of one cell: several may stand in it, parted by `、`, `；`, `,` or a line break.
    pub fn parse_all(written: &str) -> Vec<Self> {
        text::block(written)
            .split(['\n', ';', '；', '、', ',', '，'])
            .filter_map(text::something)
            .map(|value| Self { kind: kind_of(value), value: value.to_owned(), note: None })
            .collect()
    }
}

fn kind_of(value: &str) -> ContactKind {
    let folded = text::fold(value);
    let digits = folded.chars().filter(char::is_ascii_digit).count();
    let of_a_number = |c: char| c.is_ascii_digit() || "-()+转 /".contains(c);
    if folded.starts_with("http://") || folded.starts_with("https://") || folded.starts_with("www.") {
        ContactKind::Web
    } else if folded.contains('@') && folded.contains('.') {
        ContactKind::Mail
    } else if digits >= 5 && folded.chars().all(of_a_number) {
        ContactKind::Phone
    } else {
        ContactKind::Other
    }
}

#[cfg(test)]
mod tests {
    use super::{
        ContactKind::{Mail, Other, Phone, Web},
        *,
    };

    #[test]
    fn contacts_are_told_apart() {
        let kinds: Vec<_> = Contact::parse_all("020-38356454转1；12345\nhttps://a.example 、b@c.example，三楼窗口、无")
            .into_iter()
            .map(|c| c.kind)
            .collect();
        assert_eq!(kinds, [Phone, Phone, Web, Mail, Other]);
    }
}
