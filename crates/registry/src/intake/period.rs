//! For what time a list speaks, as its titles and names say it.

use kernel::time::{Day, Month, Period};
use serde::{Deserialize, Serialize};

/// What titles, note rows, the sheet's and the file's name say about time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// The period of the list.
    pub period: Option<Period>,
    /// A single day that is no period: of an event [20260722洪涝], or of the state that a list shows [数据日期].
    pub day: Option<Day>,
    /// Of a school term: `2026-spring`, `2026-autumn`.
    pub term: Option<String>,
}

impl Said {
    /// Reads texts in the order of their weight; the first that says something counts. When a sheet was filled in, or
    /// until when was counted, says something only where nothing else does; an example of how to write a date nothing.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let texts: Vec<&str> = texts.into_iter().collect();
        let read_all = |wanted: Weight| {
            let mut said = Self::default();
            for text in &texts {
                for part in parts(text).filter(|part| weight(part) == wanted) {
                    let found = read(part);
                    said.period = said.period.or(found.period);
                    said.day = said.day.or(found.day);
                    said.term = said.term.or(found.term);
                }
            }
            said
        };
        let (said, aside) = (read_all(Weight::Said), read_all(Weight::Aside));
        let until = aside.day.or(said.period.map(|period| period.to));
        let named = || texts.iter().find_map(|text| day_in_quotes(text, until?));
        Self {
            period: said.period.or(aside.period),
            day: said.day.or_else(named).or(aside.day),
            term: said.term.or(aside.term),
        }
    }

    /// The day whose state the list shows: the day it names, else the last day of its period.
    pub fn as_of(&self) -> Option<Day> {
        self.day.or_else(|| self.period.map(|period| period.to))
    }
}

/// What a part of a title is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// It speaks of the list.
    Said,
    /// It speaks of the filling in, or of the day up to which was counted.
    Aside,
    /// It explains how to fill in.
    Nothing,
}

fn weight(part: &str) -> Weight {
    const ASIDE: [&str; 12] = [
        "填报日期",
        "填报时间",
        "填表日期",
        "填表时间",
        "制表日期",
        "制表时间",
        "上报日期",
        "上报时间",
        "报送日期",
        "报送时间",
        "导出",
        "打印",
    ];
    let has = |words: &[&str]| words.iter().any(|word| part.contains(word));
    if has(&["格式", "示例", "例如", "例:", "例：", "填写说明", "填报说明"]) {
        Weight::Nothing
    } else if has(&ASIDE) || has(&["截至", "截止"]) {
        Weight::Aside
    } else {
        Weight::Said
    }
}

/// A title in its parts: wide gaps and marks between sentences part them, a blank within a date does not.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\u{3000}', ';', '；', '。', '\n', '\t', '，'])
        .flat_map(|part| part.split("  "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// `“6·18”风雹`: a day that an event is called after; its year is that of the day up to which was counted.
fn day_in_quotes(text: &str, until: Day) -> Option<Day> {
    let inside = text.split(['“', '"', '「', '‘']).nth(1)?.split(['”', '"', '」', '’']).next()?;
    let (month, day) = inside.split_once(['·', '.', '•', '・', '-'])?;
    let (month, day) = (month.trim().parse().ok()?, day.trim().parse().ok()?);
    let in_year = |year| Day::of(year, month, day).filter(|found| *found <= until);
    in_year(until.year()).or_else(|| in_year(until.year() - 1))
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Token {
    Number(u32, usize),
    Sign(char),
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut digits = String::new();
    let text = sheets::squeeze(text);
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            tokens.push(Token::Number(digits.parse().unwrap_or(u32::MAX), digits.len()));
            digits.clear();
        }
        tokens.push(Token::Sign(c));
    }
    tokens
}

/// Something with a date in it, and where it ends among the tokens.
enum Found {
    Day(Day),
    Months(Month, Month),
    Year(i32),
}

fn read(text: &str) -> Said {
    let tokens = tokens(text);
    let mut said = Said::default();
    let mut at = 0;
    while at < tokens.len() {
        let Some((found, next)) = date_at(&tokens, at) else {
            at += 1;
            continue;
        };
        at = next;
        match found {
            Found::Day(day) => match range_end(&tokens, at, day) {
                Some((last, next)) => {
                    said.period = said.period.or(Period::new(day, last));
                    at = next;
                }
                None => said.day = said.day.or(Some(day)),
            },
            Found::Months(first, last) => {
                let quarter = matches!(
                    (tokens.get(at), tokens.get(at + 1)),
                    (Some(Token::Sign('起')), Some(Token::Sign('季')))
                );
                let last = if quarter && first == last { first.add_months(2) } else { last };
                said.period = said.period.or(Period::new(first.first_day(), last.last_day()));
            }
            Found::Year(year) => {
                let rest: String = tokens
                    .iter()
                    .skip(at)
                    .take(8)
                    .map(|token| match token {
                        Token::Sign(c) => *c,
                        Token::Number(number, _) => char::from_digit(*number, 10).unwrap_or(' '),
                    })
                    .collect();
                part_of_year(&mut said, year, &rest);
            }
        }
    }
    said
}

/// `春季学期`, `秋季`, `第三季度`, `上半年`, `年度` behind a year.
fn part_of_year(said: &mut Said, year: i32, rest: &str) {
    let rest = rest.trim_start_matches(['年', '-', '度', '_']);
    let months = |from: u32, to: u32, years: i32| {
        Some((Month::of(year, from)?.first_day(), Month::of(year + years, to)?.last_day()))
    };
    let school = rest.contains("学期") || rest.contains("季学");
    let span = if school && rest.starts_with('春') {
        said.term = said.term.take().or(Some(format!("{year}-spring")));
        months(2, 7, 0)
    } else if school && rest.starts_with('秋') {
        said.term = said.term.take().or(Some(format!("{year}-autumn")));
        months(8, 1, 1)
    } else if let Some(quarter) = ["一季度", "二季度", "三季度", "四季度"]
        .iter()
        .position(|name| rest.trim_start_matches('第').starts_with(name))
    {
        let first = u32::try_from(quarter).unwrap_or(0) * 3 + 1;
        months(first, first + 2, 0)
    } else if rest.starts_with("上半年") {
        months(1, 6, 0)
    } else if rest.starts_with("下半年") {
        months(7, 12, 0)
    } else {
        None
    };
    if let Some((from, to)) = span {
        said.period = said.period.or(Period::new(from, to));
    }
}

fn number(tokens: &[Token], at: usize, most: usize) -> Option<u32> {
    match tokens.get(at) {
        Some(Token::Number(number, length)) if *length <= most => Some(*number),
        _ => None,
    }
}

fn sign(tokens: &[Token], at: usize, signs: &[char]) -> bool {
    matches!(tokens.get(at), Some(Token::Sign(c)) if signs.contains(c))
}

const TO: [char; 7] = ['-', '至', '到', '~', '—', '–', '～'];

fn date_at(tokens: &[Token], at: usize) -> Option<(Found, usize)> {
    let Some(Token::Number(value, length)) = tokens.get(at) else { return None };
    let year_of = |value: u32| i32::try_from(value).ok().filter(|year| (2000..2100).contains(year));
    match length {
        8 => {
            let day = Day::of(year_of(value / 10_000)?, value / 100 % 100, value % 100)?;
            Some((Found::Day(day), at + 1))
        }
        6 => {
            let month = Month::of(year_of(value / 100)?, value % 100)?;
            Some((Found::Months(month, month), at + 1))
        }
        4 => {
            let year = year_of(*value)?;
            if !sign(tokens, at + 1, &['年', '-', '.', '/']) {
                return Some((Found::Year(year), at + 1));
            }
            let Some(month) = number(tokens, at + 2, 2).and_then(|month| Month::of(year, month))
            else {
                return Some((Found::Year(year), at + 1));
            };
            // 2026年2-4月, 2025年11月-1月
            let gap = if sign(tokens, at + 3, &['月']) { 4 } else { 3 };
            if sign(tokens, at + gap, &TO)
                && let Some(last) = number(tokens, at + gap + 1, 2)
                && sign(tokens, at + gap + 2, &['月'])
                && !matches!(tokens.get(at + gap + 3), Some(Token::Number(..)))
            {
                let years = i32::from(last < month.month());
                let last = Month::of(year + years, last)?;
                return Some((Found::Months(month, last), at + gap + 3));
            }
            if sign(tokens, at + 3, &['月', '-', '.', '/'])
                && let Some(day) = number(tokens, at + 4, 2)
                && let Some(day) = Day::of(year, month.month(), day)
            {
                let end = if sign(tokens, at + 5, &['日', '号']) { at + 6 } else { at + 5 };
                return Some((Found::Day(day), end));
            }
            let end = if sign(tokens, at + 3, &['月']) { at + 4 } else { at + 3 };
            Some((Found::Months(month, month), end))
        }
        _ => None,
    }
}

/// The end of `2025.11.1-11.30`, `2025-11-01至2025-11-30`, `2026年3月1日-31日`.
fn range_end(tokens: &[Token], at: usize, first: Day) -> Option<(Day, usize)> {
    if !sign(tokens, at, &TO) {
        return None;
    }
    if let Some((Found::Day(day), next)) = date_at(tokens, at + 1) {
        return (day >= first).then_some((day, next));
    }
    let one = number(tokens, at + 1, 2)?;
    if sign(tokens, at + 2, &['月', '-', '.', '/'])
        && let Some(two) = number(tokens, at + 3, 2)
    {
        let year = first.year() + i32::from(one < first.month());
        return Some((Day::of(year, one, two)?, at + 4));
    }
    Day::of(first.year(), first.month(), one).filter(|day| *day >= first).map(|day| (day, at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn period(text: &str) -> String {
        Said::of([text]).period.map(|p| format!("{}..{}", p.from, p.to)).unwrap_or_default()
    }

    #[test]
    fn periods_are_read_as_departments_write_them() {
        for (text, expected) in [
            ("填报单位：医保局　金额单位：元　结算期间：2025.11.1-11.30", "2025-11-01..2025-11-30"),
            ("# 期间 2025-11-01 至 2025-11-30 金额单位:元", "2025-11-01..2025-11-30"),
            ("统计时间：2026年9月", "2026-09-01..2026-09-30"),
            ("残联_持证变动_2025年11-1月.xlsx", "2025-11-01..2026-01-31"),
            ("残联_持证变动_2026年2-4月.xlsx", "2026-02-01..2026-04-30"),
            ("水利_村级供水异常_2025年11月起季报.xlsx", "2025-11-01..2026-01-31"),
            ("医保_住院结算_2026-03.xlsx", "2026-03-01..2026-03-31"),
            ("2026-10 死亡注销人员", "2026-10-01..2026-10-31"),
            ("教育_学籍_2026秋季学期.csv", "2026-08-01..2027-01-31"),
            ("2026年第三季度", "2026-07-01..2026-09-30"),
            ("沁县2025年11月住院医疗费用结算明细表", "2025-11-01..2025-11-30"),
            ("附件2", ""),
            ("2026春季排查", ""),
        ] {
            assert_eq!(period(text), expected, "{text}");
        }
    }

    #[test]
    fn days_of_events_and_states_are_read() {
        let day = |text: &str| Said::of([text]).day.map(|day| day.to_string()).unwrap_or_default();
        assert_eq!(day("应急_受灾农户_20260722洪涝.xlsx"), "2026-07-22");
        assert_eq!(day("台账　单位：万元　数据日期：2026-09-30"), "2026-09-30");
        assert_eq!(day("统计截至7月26日18时"), "");
        assert_eq!(
            Said::of(["2026年9月"]).as_of().map(|d| d.to_string()),
            Some("2026-09-30".into())
        );
    }

    #[test]
    fn when_a_sheet_was_filled_in_is_not_what_it_speaks_of() {
        let day = |texts: &[&str]| {
            Said::of(texts.iter().copied()).day.map(|day| day.to_string()).unwrap_or_default()
        };
        for (texts, expected) in [
            (
                &["填报说明：日期格式如2026-01-01", "沁县2026年9月5日地质灾害受灾农户统计表"][..],
                "2026-09-05",
            ),
            (&["统计截至2026年6月22日18时", "沁县“6·18”风雹受灾农户统计表"], "2026-06-18"),
            (&["统计截至2026年1月3日", "“12·30”雪灾受灾农户"], "2025-12-30"),
            (&["统计截至2026年6月22日18时", "受灾农户", "受灾农户_20260618.xlsx"], "2026-06-18"),
            (&["填报日期：2026年10月8日　数据日期：2026-09-30"], "2026-09-30"),
            (&["贷款台账（截至2026年9月30日）"], "2026-09-30"),
        ] {
            assert_eq!(day(texts), expected, "{texts:?}");
        }
        let filled = Said::of(["填报时间：2026年11月3日", "2026年10月死亡注销人员"]);
        assert_eq!(filled.period.map(|p| p.to.to_string()), Some("2026-10-31".into()));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[0-9年月日至.\\-/春秋季学期起第 ]{0,40}") {
            let _ = Said::of([text.as_str()]);
        }
    }
}
