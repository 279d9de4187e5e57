use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::text;

/// Which list an item stands on (Art. 5(1), 5(2)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ItemList {
    /// 权力和责任清单.
    Power,
    /// 公共服务事项清单.
    Service,
}

/// Type of an item 事项类型, by the national code list (01-10, 20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ItemType {
    /// 01 行政许可
    Permission,
    /// 02 行政处罚
    Penalty,
    /// 03 行政强制
    Coercion,
    /// 04 行政征收
    Levy,
    /// 05 行政给付
    Benefit,
    /// 06 行政检查
    Inspection,
    /// 07 行政确认
    Confirmation,
    /// 08 行政奖励
    Reward,
    /// 09 行政裁决
    Adjudication,
    /// 10 其他行政权力
    OtherPower,
    /// 20 公共服务
    PublicService,
}

impl ItemType {
    /// All eleven, in the order of their codes.
    pub const ALL: [Self; 11] = [
        Self::Permission,
        Self::Penalty,
        Self::Coercion,
        Self::Levy,
        Self::Benefit,
        Self::Inspection,
        Self::Confirmation,
        Self::Reward,
        Self::Adjudication,
        Self::OtherPower,
        Self::PublicService,
    ];

    /// The national code, two digits.
    pub fn code(self) -> &'static str {
        match self {
            Self::Permission => "01",
            Self::Penalty => "02",
            Self::Coercion => "03",
            Self::Levy => "04",
            Self::Benefit => "05",
            Self::Inspection => "06",
            Self::Confirmation => "07",
            Self::Reward => "08",
            Self::Adjudication => "09",
            Self::OtherPower => "10",
            Self::PublicService => "20",
        }
    }

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Permission => "行政许可",
            Self::Penalty => "行政处罚",
            Self::Coercion => "行政强制",
            Self::Levy => "行政征收",
            Self::Benefit => "行政给付",
            Self::Inspection => "行政检查",
            Self::Confirmation => "行政确认",
            Self::Reward => "行政奖励",
            Self::Adjudication => "行政裁决",
            Self::OtherPower => "其他行政权力",
            Self::PublicService => "公共服务",
        }
    }

    /// The list that items of this type stand on.
    pub fn list(self) -> ItemList {
        if self == Self::PublicService { ItemList::Service } else { ItemList::Power }
    }

    /// Reads a name as lists write it: spaces and line breaks inside, `其他类`, `行政许可类`, a trailing count `（11项）`.
    ///
    /// ```
    /// use domain::value::ItemType;
    /// assert_eq!(ItemType::from_name("行政\n处罚 "), Some(ItemType::Penalty));
    /// assert_eq!(ItemType::from_name("其他权力（3项）"), Some(ItemType::OtherPower));
    /// assert_eq!(ItemType::from_name("备注：包括市、区两级"), None);
    /// ```
    pub fn from_name(written: &str) -> Option<Self> {
        let squashed = text::squash(written);
        let name = squashed.split(['（', '(']).next().unwrap_or_default();
        let name = name.trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十、.．".contains(c));
        let name = name.trim_end_matches(['类', '权', '：', ':']).trim_end_matches("事项");
        Self::ALL.into_iter().find(|t| t.zh() == name).or(match name {
            "许可" | "行政审批" | "审批" => Some(Self::Permission),
            "处罚" => Some(Self::Penalty),
            "强制" | "行政强制措施" | "行政强制执行" => Some(Self::Coercion),
            "征收" | "行政征用" | "行政征收征用" => Some(Self::Levy),
            "给付" => Some(Self::Benefit),
            "检查" | "行政监督检查" | "行政监督" | "监督检查" => Some(Self::Inspection),
            "确认" | "行政认定" => Some(Self::Confirmation),
            "奖励" => Some(Self::Reward),
            "裁决" => Some(Self::Adjudication),
            "其他"
            | "其它"
            | "其他行政"
            | "其他权力"
            | "其它权力"
            | "其他行政职权"
            | "其它行政权力"
            | "其它行政职权"
            | "其他职权"
            | "其他行政职"
            | "其它行政职"
            | "其他职"
            | "其他行政权力事项" => Some(Self::OtherPower),
            "服务" | "公共服务事项" | "行政服务" | "政务服务" | "公共服务类" => Some(Self::PublicService),
            _ => None,
        })
    }
}

/// How a source numbers the types: regions differ, the register keeps the national codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TypeScheme {
    /// 01-10 and 20 公共服务.
    National,
    /// Guangdong: 20 其他行政权力, 21 公共服务, else national.
    Guangdong,
    /// An older scheme still met: 03 行政处罚, 04 行政强制 …, 14 公共服务.
    Older,
    /// Letters: XK 行政许可, CF 行政处罚, QZ 行政强制 …
    Letters,
}

impl TypeScheme {
    /// The national type for a code of this scheme; leading zeros may be missing. `None` for a code it does not have.
    pub fn item_type(self, code: &str) -> Option<ItemType> {
        use ItemType as T;
        let padded = if code.len() == 1 { format!("0{code}") } else { code.to_ascii_uppercase() };
        let national = |code: &str| T::ALL.into_iter().find(|t| t.code() == code);
        match (self, padded.as_str()) {
            (Self::Guangdong, "20") => Some(T::OtherPower),
            (Self::Guangdong, "21") => Some(T::PublicService),
            (Self::National | Self::Guangdong, code) => national(code),
            (Self::Older, code) => Some(match code {
                "01" => T::Permission,
                "03" => T::Penalty,
                "04" => T::Coercion,
                "05" => T::Levy,
                "06" => T::Benefit,
                "07" => T::Adjudication,
                "08" => T::Confirmation,
                "09" => T::Reward,
                "10" => T::OtherPower,
                "14" => T::PublicService,
                _ => return None,
            }),
            (Self::Letters, code) => Some(match code {
                "XK" => T::Permission,
                "CF" => T::Penalty,
                "QZ" => T::Coercion,
                "ZS" => T::Levy,
                "JF" => T::Benefit,
                "JC" => T::Inspection,
                "QR" => T::Confirmation,
                "JL" => T::Reward,
                "CJ" => T::Adjudication,
                "QT" => T::OtherPower,
                "FW" => T::PublicService,
                _ => return None,
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_read_from_its_own_name_and_code() {
        for t in ItemType::ALL {
            assert_eq!(ItemType::from_name(t.zh()), Some(t));
            assert_eq!(ItemType::from_name(&format!("一、{}（ 17项）", t.zh())), Some(t));
            assert_eq!(TypeScheme::National.item_type(t.code()), Some(t));
        }
    }

    #[test]
    fn guangdong_numbers_other_powers_and_services_in_its_own_way() {
        assert_eq!(TypeScheme::Guangdong.item_type("20"), Some(ItemType::OtherPower));
        assert_eq!(TypeScheme::Guangdong.item_type("21"), Some(ItemType::PublicService));
        assert_eq!(TypeScheme::Guangdong.item_type("8"), Some(ItemType::Reward));
        assert_eq!(TypeScheme::National.item_type("21"), None);
        assert_eq!(TypeScheme::Older.item_type("03"), Some(ItemType::Penalty));
        assert_eq!(TypeScheme::Letters.item_type("cf"), Some(ItemType::Penalty));
    }
}
