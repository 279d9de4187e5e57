use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whom a guide serves 服务对象, by the national code list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Audience {
    /// 1 自然人
    NaturalPerson,
    /// 2 企业法人
    Enterprise,
    /// 3 事业法人
    PublicInstitution,
    /// 4 社会组织法人
    SocialOrganisation,
    /// 5 非法人企业
    UnincorporatedEnterprise,
    /// 6 行政机关
    AdministrativeOrgan,
    /// 9 其他组织
    OtherOrganisation,
}

impl Audience {
    /// All seven, in the order of their codes.
    pub const ALL: [Self; 7] = [
        Self::NaturalPerson,
        Self::Enterprise,
        Self::PublicInstitution,
        Self::SocialOrganisation,
        Self::UnincorporatedEnterprise,
        Self::AdministrativeOrgan,
        Self::OtherOrganisation,
    ];

    /// The Chinese name.
    pub fn zh(self) -> &'static str {
        match self {
            Self::NaturalPerson => "自然人",
            Self::Enterprise => "企业法人",
            Self::PublicInstitution => "事业法人",
            Self::SocialOrganisation => "社会组织法人",
            Self::UnincorporatedEnterprise => "非法人企业",
            Self::AdministrativeOrgan => "行政机关",
            Self::OtherOrganisation => "其他组织",
        }
    }

    /// By its Chinese name, as written in portals and lists.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = super::text::squash(name);
        Self::ALL.into_iter().find(|a| a.zh() == name).or(match name.as_str() {
            "个人" | "公民" | "群众" | "居民" | "公民个人" | "自然人个人" => Some(Self::NaturalPerson),
            "法人" | "企业" => Some(Self::Enterprise),
            "事业单位" | "事业单位法人" => Some(Self::PublicInstitution),
            "社会组织" | "社会团体" => Some(Self::SocialOrganisation),
            "机关" | "行政机关法人" => Some(Self::AdministrativeOrgan),
            "其他" | "组织" | "其它" | "其它组织" | "非法人组织" | "其他社会组织" => Some(Self::OtherOrganisation),
            _ => None,
        })
    }

    /// All that a cell names, in the order of the cell, and the words that name none; nothing is dropped.
    ///
    /// ```
    /// use domain::value::Audience;
    /// let (found, unknown) = Audience::parse_all("自然人/企业、港澳居民");
    /// assert_eq!(found, [Audience::NaturalPerson, Audience::Enterprise]);
    /// assert_eq!(unknown, ["港澳居民"]);
    /// ```
    pub fn parse_all(cell: &str) -> (Vec<Self>, Vec<String>) {
        let (mut found, mut unknown) = (Vec::new(), Vec::new());
        for word in cell.split(|c: char| "、，,；;/／|\\\n\r。".contains(c)) {
            // 法人和其他组织: the whole first, since a name may hold the word itself.
            let whole = super::text::squash(word);
            let parts = if Self::named(&whole).is_some() { vec![whole.as_str()] } else { parted(&whole) };
            for part in parts.into_iter().filter(|part| super::text::something(part).is_some()) {
                match Self::named(part) {
                    Some(all) => found.extend(all.iter().filter(|a| !found.contains(*a)).copied().collect::<Vec<_>>()),
                    None => unknown.push(part.to_owned()),
                }
            }
        }
        (found, unknown)
    }

    /// Whom one word names: a legal person 法人 is any of the three kinds, 所有 everyone.
    fn named(word: &str) -> Option<Vec<Self>> {
        let word = word.trim_matches(['(', ')', '（', '）', '“', '”']);
        let code = match word {
            "9" => Some(Self::OtherOrganisation),
            "1" | "2" | "3" | "4" | "5" | "6" => word.parse::<usize>().ok().and_then(|n| Self::ALL.get(n - 1).copied()),
            _ => None,
        };
        match word {
            "法人" => Some(vec![Self::Enterprise, Self::PublicInstitution, Self::SocialOrganisation]),
            "不限" | "所有" | "全部" => Some(Self::ALL.to_vec()),
            _ => code.or_else(|| Self::from_name(word)).map(|one| vec![one]),
        }
    }
}

/// Cut at the words between two names.
fn parted(words: &str) -> Vec<&str> {
    words.split(['和', '及', '或', '与']).map(|part| part.trim_start_matches('者').trim_end_matches('以')).collect()
}

/// A topic under which citizens or organisations look for a guide 主题分类.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Topic {
    /// Whether it stands on the list for organisations (面向法人) and not on the one for natural persons.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub organisations: bool,
    /// Name, e.g. `职业资格`.
    pub name: String,
    /// A topic of the place only (地方特色主题分类).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub local: bool,
}

impl Topic {
    /// A topic for natural persons.
    pub fn person(name: impl Into<String>) -> Self {
        Self { organisations: false, name: name.into(), local: false }
    }

    /// A topic for organisations.
    pub fn organisation(name: impl Into<String>) -> Self {
        Self { organisations: true, name: name.into(), local: false }
    }

    /// Whether natural persons look under it: by its list, or by its name, since portals do not always say which list they mean.
    pub fn is_for_persons(&self) -> bool {
        !self.organisations || FOR_PERSONS.contains(&self.name.as_str())
    }

    /// Whether organisations look under it, by its list or its name.
    pub fn is_for_organisations(&self) -> bool {
        self.organisations || FOR_ORGANISATIONS.contains(&self.name.as_str())
    }
}

/// 面向自然人主题分类: the names of the national list.
#[rustfmt::skip]
const FOR_PERSONS: [&str; 32] = [
    "生育收养", "户籍办理", "民族宗教", "教育科研", "入伍服役", "就业创业", "设立变更", "准营准办", "抵押质押", "职业资格", "纳税缴费",
    "婚姻登记", "优待抚恤", "规划建设", "住房保障", "社会保障（社会保险、社会救助）", "证件办理", "交通出行", "旅游观光", "出境入境",
    "消费维权", "公共安全", "司法公证", "知识产权", "环保绿化", "文化体育", "公用事业", "医疗卫生", "离职退休", "死亡殡葬", "地方特色分类",
    "其他",
];

/// 面向法人主题分类: the names of the national list.
#[rustfmt::skip]
const FOR_ORGANISATIONS: [&str; 35] = [
    "设立变更", "准营准办", "资质认证", "年检年审", "税收财务", "人力资源", "社会保障", "投资审批", "融资信贷", "抵押质押", "商务贸易",
    "招标拍卖", "海关口岸", "涉外服务", "农林牧渔", "国土和规划建设", "交通运输", "环保绿化", "应对气候变化", "水务气象", "医疗卫生",
    "科技创新", "文体教育", "知识产权", "民族宗教", "质量技术", "检验检疫", "安全生产", "公安消防", "司法公证", "公用事业", "法人注销",
    "档案文物", "地方特色分类", "其他",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audiences_are_read_as_portals_write_them() {
        for audience in Audience::ALL {
            assert_eq!(Audience::from_name(audience.zh()), Some(audience));
        }
        assert_eq!(Audience::from_name(" 个人 "), Some(Audience::NaturalPerson));
        assert_eq!(Audience::from_name("外星人"), None);
    }

    #[test]
    fn a_topic_that_stands_on_both_lists_is_for_both() {
        let both = Topic::person("其他");
        assert!(both.is_for_persons() && both.is_for_organisations());
        let persons = Topic::person("婚姻登记");
        assert!(persons.is_for_persons() && !persons.is_for_organisations());
        let organisations = Topic::organisation("招标拍卖");
        assert!(!organisations.is_for_persons() && organisations.is_for_organisations());
    }

    #[test]
    fn a_cell_names_several_and_no_word_of_it_is_dropped() {
        use Audience::{Enterprise, NaturalPerson, OtherOrganisation, PublicInstitution, SocialOrganisation};
        let legal = [Enterprise, PublicInstitution, SocialOrganisation];
        let all = [&[NaturalPerson][..], &legal, &[OtherOrganisation]].concat();
        let known = |cell: &str| {
            let (found, unknown) = Audience::parse_all(cell);
            assert_eq!(unknown, [""; 0], "{cell}");
            found
        };
        assert_eq!(known("公民、法人和其他组织"), all);
        assert_eq!(known("公民，法人或者其他组织"), all);
        assert_eq!(known("自然人/法人"), all[..4]);
        assert_eq!(known("个人,企业"), [NaturalPerson, Enterprise]);
        assert_eq!(known("自然人、企业法人、自然人"), [NaturalPerson, Enterprise]);
        assert_eq!(known("1,9"), [NaturalPerson, OtherOrganisation]);
        assert_eq!(known(" 无 "), []);
        let (found, unknown) = Audience::parse_all("企业以及外星人、个体工商户");
        assert_eq!((found, unknown), (vec![Enterprise], vec!["外星人".to_owned(), "个体工商户".to_owned()]));
    }
}
