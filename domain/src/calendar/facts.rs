//! The notices of 2007 to 2026, written down. Numbers and dates are those that the documents bear; where two notices arranged one year, each has
//! what it said itself, so that what was known between them stays known.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, NaiveDate, Utc};

use super::{Extent, NamedDay, Notice, china};

/// Where the papers of the State Council are.
const LIBRARY: &str = "www.gov.cn/zhengce/zhengceku/";

/// A notice in few words: holidays with the days off and the days worked, `MM-DD` of its year or `YYYY-MM-DD`, single or `first..last`.
struct Fact {
    year: i32,
    extent: Extent,
    document: &'static str,
    published: &'static str,
    paper: &'static str,
    holidays: &'static [(&'static str, &'static str, &'static str)],
}

const fn fact(
    year: i32,
    extent: Extent,
    document: &'static str,
    published: &'static str,
    paper: &'static str,
    holidays: &'static [(&'static str, &'static str, &'static str)],
) -> Fact {
    Fact { year, extent, document, published, paper, holidays }
}

/// The day of publication is that of the paper in the library. Three papers came into the library later: of 2007 it is the date of the document, of
/// 2008 the day on which it was in the news (the document is of 15 December), of 2014 the date of the document, on which it was in the news.
#[rustfmt::skip]
const FACTS: [Fact; 23] = [
    fact(2007, Extent::Year, "国办发明电〔2006〕49号", "2006-12-14", "2008-03/28/content_1761.htm", &[
        ("元旦", "01-01..01-03", "2006-12-30..2006-12-31"),
        ("春节", "02-18..02-24", "02-17 02-25"),
        ("“五一”", "05-01..05-07", "04-28..04-29"),
        ("“十一”", "10-01..10-07", "09-29..09-30"),
    ]),
    fact(2008, Extent::Year, "国办发明电〔2007〕52号", "2007-12-18", "2008-03/28/content_1645.htm", &[
        ("元旦", "2007-12-30..01-01", "2007-12-29"),
        ("春节", "02-06..02-12", "02-02..02-03"),
        ("清明节", "04-04..04-06", ""),
        ("“五一”国际劳动节", "05-01..05-03", "05-04"),
        ("端午节", "06-07..06-09", ""),
        ("中秋节", "09-13..09-15", ""),
        ("国庆节", "09-29..10-05", "09-27..09-28"),
    ]),
    fact(2009, Extent::Year, "国办发明电〔2008〕42号", "2008-12-10", "2008-12/10/content_1572.htm", &[
        ("元旦", "01-01..01-03", "01-04"),
        ("春节", "01-25..01-31", "01-24 02-01"),
        ("清明节", "04-04..04-06", ""),
        ("劳动节", "05-01..05-03", ""),
        ("端午节", "05-28..05-30", "05-31"),
        ("国庆节、中秋节", "10-01..10-08", "09-27 10-10"),
    ]),
    fact(2010, Extent::Year, "国办发明电〔2009〕27号", "2009-12-08", "2009-12/08/content_1476.htm", &[
        ("元旦", "01-01..01-03", ""),
        ("春节", "02-13..02-19", "02-20..02-21"),
        ("清明节", "04-03..04-05", ""),
        ("劳动节", "05-01..05-03", ""),
        ("端午节", "06-14..06-16", "06-12..06-13"),
        ("中秋节", "09-22..09-24", "09-19 09-25"),
        ("国庆节", "10-01..10-07", "09-26 10-09"),
    ]),
    fact(2011, Extent::Year, "国办发明电〔2010〕40号", "2010-12-10", "2010-12/10/content_1423.htm", &[
        ("元旦", "01-01..01-03", ""),
        ("春节", "02-02..02-08", "01-30 02-12"),
        ("清明节", "04-03..04-05", "04-02"),
        ("劳动节", "04-30..05-02", ""),
        ("端午节", "06-04..06-06", ""),
        ("中秋节", "09-10..09-12", ""),
        ("国庆节", "10-01..10-07", "10-08..10-09"),
    ]),
    fact(2012, Extent::Year, "国办发明电〔2011〕45号", "2011-12-06", "2011-12/06/content_1411.htm", &[
        ("元旦", "01-01..01-03", "2011-12-31"),
        ("春节", "01-22..01-28", "01-21 01-29"),
        ("清明节", "04-02..04-04", "03-31..04-01"),
        ("劳动节", "04-29..05-01", "04-28"),
        ("端午节", "06-22..06-24", ""),
        ("中秋节、国庆节", "09-30..10-07", "09-29"),
    ]),
    fact(2013, Extent::Year, "国办发明电〔2012〕33号", "2012-12-10", "2012-12/10/content_1353.htm", &[
        ("元旦", "01-01..01-03", "01-05..01-06"),
        ("春节", "02-09..02-15", "02-16..02-17"),
        ("清明节", "04-04..04-06", "04-07"),
        ("劳动节", "04-29..05-01", "04-27..04-28"),
        ("端午节", "06-10..06-12", "06-08..06-09"),
        ("中秋节", "09-19..09-21", "09-22"),
        ("国庆节", "10-01..10-07", "09-29 10-12"),
    ]),
    fact(2014, Extent::Year, "国办发明电〔2013〕28号", "2013-12-11", "2014-01/02/content_1194.htm", &[
        ("元旦", "01-01", ""),
        ("春节", "01-31..02-06", "01-26 02-08"),
        ("清明节", "04-05 04-07", ""),
        ("劳动节", "05-01..05-03", "05-04"),
        ("端午节", "06-02", ""),
        ("中秋节", "09-08", ""),
        ("国庆节", "10-01..10-07", "09-28 10-11"),
    ]),
    fact(2015, Extent::Year, "国办发明电〔2014〕28号", "2014-12-16", "2014-12/16/content_9302.htm", &[
        ("元旦", "01-01..01-03", "01-04"),
        ("春节", "02-18..02-24", "02-15 02-28"),
        ("清明节", "04-05..04-06", ""),
        ("劳动节", "05-01", ""),
        ("端午节", "06-20 06-22", ""),
        ("中秋节", "09-27", ""),
        ("国庆节", "10-01..10-07", "10-10"),
    ]),
    fact(2015, Extent::Changes, "国发明电〔2015〕1号", "2015-05-13", "2015-05/13/content_9742.htm", &[
        ("抗日战争暨世界反法西斯战争胜利70周年纪念日", "09-03..09-05", "09-06"),
    ]),
    fact(2016, Extent::Year, "国办发明电〔2015〕18号", "2015-12-10", "2015-12/10/content_10394.htm", &[
        ("元旦", "01-01", ""),
        ("春节", "02-07..02-13", "02-06 02-14"),
        ("清明节", "04-04", ""),
        ("劳动节", "05-01..05-02", ""),
        ("端午节", "06-09..06-11", "06-12"),
        ("中秋节", "09-15..09-17", "09-18"),
        ("国庆节", "10-01..10-07", "10-08..10-09"),
    ]),
    fact(2017, Extent::Year, "国办发明电〔2016〕17号", "2016-12-01", "2016-12/01/content_5141603.htm", &[
        ("元旦", "01-01..01-02", ""),
        ("春节", "01-27..02-02", "01-22 02-04"),
        ("清明节", "04-02..04-04", "04-01"),
        ("劳动节", "05-01", ""),
        ("端午节", "05-28..05-30", "05-27"),
        ("中秋节、国庆节", "10-01..10-08", "09-30"),
    ]),
    fact(2018, Extent::Year, "国办发明电〔2017〕12号", "2017-11-30", "2017-11/30/content_5243579.htm", &[
        ("元旦", "01-01", ""),
        ("春节", "02-15..02-21", "02-11 02-24"),
        ("清明节", "04-05..04-07", "04-08"),
        ("劳动节", "04-29..05-01", "04-28"),
        ("端午节", "06-18", ""),
        ("中秋节", "09-24", ""),
        ("国庆节", "10-01..10-07", "09-29..09-30"),
    ]),
    fact(2019, Extent::Year, "国办发明电〔2018〕15号", "2018-12-06", "2018-12/06/content_5346276.htm", &[
        ("元旦", "2018-12-30..01-01", "2018-12-29"),
        ("春节", "02-04..02-10", "02-02..02-03"),
        ("清明节", "04-05", ""),
        ("劳动节", "05-01", ""),
        ("端午节", "06-07", ""),
        ("中秋节", "09-13", ""),
        ("国庆节", "10-01..10-07", "09-29 10-12"),
    ]),
    fact(2019, Extent::Changes, "国办发明电〔2019〕3号", "2019-03-22", "2019-03/22/content_5375877.htm", &[
        ("劳动节", "05-01..05-04", "04-28 05-05"),
    ]),
    fact(2020, Extent::Year, "国办发明电〔2019〕16号", "2019-11-21", "2019-11/21/content_5454164.htm", &[
        ("元旦", "01-01", ""),
        ("春节", "01-24..01-30", "01-19 02-01"),
        ("清明节", "04-04..04-06", ""),
        ("劳动节", "05-01..05-05", "04-26 05-09"),
        ("端午节", "06-25..06-27", "06-28"),
        ("国庆节、中秋节", "10-01..10-08", "09-27 10-10"),
    ]),
    fact(2020, Extent::Changes, "国办发明电〔2020〕1号", "2020-01-27", "2020-01/27/content_5472352.htm", &[
        ("春节", "01-31..02-02", "02-03"),
    ]),
    fact(2021, Extent::Year, "国办发明电〔2020〕27号", "2020-11-25", "2020-11/25/content_5564127.htm", &[
        ("元旦", "01-01..01-03", ""),
        ("春节", "02-11..02-17", "02-07 02-20"),
        ("清明节", "04-03..04-05", ""),
        ("劳动节", "05-01..05-05", "04-25 05-08"),
        ("端午节", "06-12..06-14", ""),
        ("中秋节", "09-19..09-21", "09-18"),
        ("国庆节", "10-01..10-07", "09-26 10-09"),
    ]),
    fact(2022, Extent::Year, "国办发明电〔2021〕11号", "2021-10-25", "2021-10/25/content_5644835.htm", &[
        ("元旦", "01-01..01-03", ""),
        ("春节", "01-31..02-06", "01-29..01-30"),
        ("清明节", "04-03..04-05", "04-02"),
        ("劳动节", "04-30..05-04", "04-24 05-07"),
        ("端午节", "06-03..06-05", ""),
        ("中秋节", "09-10..09-12", ""),
        ("国庆节", "10-01..10-07", "10-08..10-09"),
    ]),
    fact(2023, Extent::Year, "国办发明电〔2022〕16号", "2022-12-08", "2022-12/08/content_5730844.htm", &[
        ("元旦", "2022-12-31..01-02", ""),
        ("春节", "01-21..01-27", "01-28..01-29"),
        ("清明节", "04-05", ""),
        ("劳动节", "04-29..05-03", "04-23 05-06"),
        ("端午节", "06-22..06-24", "06-25"),
        ("中秋节、国庆节", "09-29..10-06", "10-07..10-08"),
    ]),
    fact(2024, Extent::Year, "国办发明电〔2023〕7号", "2023-10-25", "202310/content_6911528.htm", &[
        ("元旦", "01-01", ""),
        ("春节", "02-10..02-17", "02-04 02-18"),
        ("清明节", "04-04..04-06", "04-07"),
        ("劳动节", "05-01..05-05", "04-28 05-11"),
        ("端午节", "06-10", ""),
        ("中秋节", "09-15..09-17", "09-14"),
        ("国庆节", "10-01..10-07", "09-29 10-12"),
    ]),
    fact(2025, Extent::Year, "国办发明电〔2024〕12号", "2024-11-12", "202411/content_6986383.htm", &[
        ("元旦", "01-01", ""),
        ("春节", "01-28..02-04", "01-26 02-08"),
        ("清明节", "04-04..04-06", ""),
        ("劳动节", "05-01..05-05", "04-27"),
        ("端午节", "05-31..06-02", ""),
        ("国庆节、中秋节", "10-01..10-08", "09-28 10-11"),
    ]),
    fact(2026, Extent::Year, "国办发明电〔2025〕7号", "2025-11-04", "202511/content_7047091.htm", &[
        ("元旦", "01-01..01-03", "01-04"),
        ("春节", "02-15..02-23", "02-14 02-28"),
        ("清明节", "04-04..04-06", ""),
        ("劳动节", "05-01..05-05", "05-09"),
        ("端午节", "06-19..06-21", ""),
        ("国庆节", "10-01..10-07", "09-20 10-10"),
        ("中秋节", "09-25..09-27", ""),
    ]),
];

/// The notices that ship with the program, oldest first, each with the moment since when it is known.
pub(super) fn shipped() -> impl Iterator<Item = (DateTime<Utc>, Arc<Notice>)> {
    static SHIPPED: LazyLock<Vec<(DateTime<Utc>, Arc<Notice>)>> = LazyLock::new(|| FACTS.iter().filter_map(Fact::read).collect());
    SHIPPED.iter().cloned()
}

impl Fact {
    /// The notice; `None` where a date is mistyped, which a test below excludes.
    fn read(&self) -> Option<(DateTime<Utc>, Arc<Notice>)> {
        let published = self.date(self.published)?;
        let mut days = Vec::new();
        for (name, off, worked) in self.holidays {
            for (written, off) in [(off, true), (worked, false)] {
                for token in written.split_whitespace() {
                    let (first, last) = token.split_once("..").unwrap_or((token, token));
                    let (first, last) = (self.date(first)?, self.date(last)?);
                    let dates = first.iter_days().take_while(|date| *date <= last);
                    days.extend(dates.map(|date| NamedDay { date, name: (*name).to_owned(), off }));
                }
            }
        }
        days.sort();
        let notice = Notice {
            year: self.year,
            extent: self.extent,
            document: Some(self.document.to_owned()),
            papers: vec![format!("{}://{LIBRARY}{}", if self.year < 2024 { "http" } else { "https" }, self.paper)],
            published: Some(published),
            days,
        };
        Some((china::first_moment(published), notice.into()))
    }

    fn date(&self, written: &str) -> Option<NaiveDate> {
        if written.len() == "MM-DD".len() { format!("{}-{written}", self.year).parse().ok() } else { written.parse().ok() }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_fact_is_read_whole() {
        let all: Vec<_> = shipped().collect();
        assert_eq!(all.len(), FACTS.len());
        for (fact, (_, notice)) in FACTS.iter().zip(&all) {
            let tokens: usize =
                fact.holidays.iter().map(|(_, off, worked)| off.split(' ').count() + worked.split_whitespace().count()).sum();
            assert!(notice.days.len() >= tokens && notice.days.windows(2).all(|two| two[0].date < two[1].date), "{}", fact.document);
        }
    }

    #[test]
    fn they_are_in_the_order_of_their_publication_and_none_is_there_twice() {
        let all: Vec<_> = shipped().collect();
        assert!(all.windows(2).all(|two| two[0].0 < two[1].0));
        let documents: BTreeSet<_> = all.iter().map(|(_, notice)| notice.document.clone()).collect();
        assert_eq!(documents.len(), all.len());
        let whole: Vec<_> = all.iter().filter(|(_, notice)| notice.extent == Extent::Year).map(|(_, notice)| notice.year).collect();
        assert_eq!(whole, (2007..=2026).collect::<Vec<_>>());
    }
}
