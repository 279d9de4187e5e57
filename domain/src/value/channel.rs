use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A channel on which the register is shown (Art. 10(2): online and at the counter, from the same source).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    /// 线上: the website.
    Online,
    /// 线下(窗口): the counters of the service centre.
    Counter,
}

impl Channel {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Online, Self::Counter];

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Online => "线上",
            Self::Counter => "窗口",
        }
    }

    /// The word in keys, addresses and logs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Online => "online",
            Self::Counter => "counter",
        }
    }
}

impl std::fmt::Display for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}
