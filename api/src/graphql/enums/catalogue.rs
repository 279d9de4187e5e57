//! The code lists of the openness catalogue (Art. 5(3)).

use async_graphql::Enum;

/// Where information is published 公开渠道和载体.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::Carrier")]
pub enum Carrier {
    /// 政府网站
    Website,
    /// 政府公报
    Gazette,
    /// 两微一端
    SocialMedia,
    /// 发布会/听证会
    Conference,
    /// 广播电视
    Broadcast,
    /// 纸质媒体
    Print,
    /// 公开查阅点
    ReadingPoint,
    /// 政务服务中心
    ServiceCentre,
    /// 便民服务站
    ServiceStation,
    /// 入户/现场
    OnSite,
    /// 社区/企事业单位/村公示栏（电子屏）
    NoticeBoard,
    /// 精准推送
    Push,
    /// 其他
    Other,
}

/// Whom information is meant for 公开对象.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::Reach")]
pub enum Reach {
    /// 全社会
    Everyone,
    /// 特定群体
    Groups,
}

/// How information is made public 公开方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::Manner")]
pub enum Manner {
    /// 主动
    Active,
    /// 依申请
    OnRequest,
}

/// How soon information is published, where no time is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::Pace")]
pub enum Pace {
    /// 实时
    RealTime,
    /// 及时
    Prompt,
    /// 长期
    Lasting,
}

/// From when the time runs within which information is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::value::Since")]
pub enum Since {
    /// 信息形成或者变更之日 (Art. 8(2))
    FormedOrChanged,
    /// 决定、批准、印发之日
    Decided,
    /// Another day, which the text names.
    Other,
}
