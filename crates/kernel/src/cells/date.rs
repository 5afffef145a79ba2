//! Dates in cells.

use super::{CellProblem, is_empty};
use crate::time::{Day, Month, Period};
use crate::width::tidy;

/// Serial numbers of spreadsheets that are taken for days: 1954-10-03 to 2119-01-10. Below lie
/// counts and amounts, above lie eight-digit dates and amounts.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=80_000;

/// Reads a date: `2026-03-05`, `2026.3.5`, `2026年3月5日`, `2026/3/5`, `20260305`, 二〇二六年三月五日, a spreadsheet's
/// serial number written as text, each also with a time behind it. `None` if the cell is empty.
///
/// # Errors
/// Why it is no date.
pub fn read_day(cell: &str) -> Result<Option<Day>, CellProblem> {
    if is_empty(cell) {
        return Ok(None);
    }
    let text = in_digits(&tidy(cell));
    let text = text.trim_matches(crate::width::is_quote);
    day_of_text(text).and_then(in_range).map(Some)
}

/// Reads a date that leaves out its century or its year [26.3.5, 3月5日] by the period of which the list speaks: the only
/// such day in it, or within two months of it. `None` = there is none, or more than one.
pub fn read_day_within(cell: &str, period: Period) -> Option<Day> {
    /// What is reported late, or ends later than it was reported.
    const AROUND: i64 = 60;
    let text = in_digits(&tidy(cell));
    let date = without_time(text.trim_matches(crate::width::is_quote));
    let parts = parts_of(date);
    let number = |part: &String| part.parse::<u32>().ok().filter(|_| part.len() <= 2);
    let (years, month, day) = match parts.as_slice() {
        [year, month, day] if year.len() == 2 => {
            let year = 2000 + i32::try_from(number(year)?).ok()?;
            (year..=year, number(month)?, number(day)?)
        }
        [month, day] if date.contains('月') => {
            let (from, to) = (period.from.add_days(-AROUND), period.to.add_days(AROUND));
            (from.year()..=to.year(), number(month)?, number(day)?)
        }
        _ => return None,
    };
    let only = |from: Day, to: Day| {
        let mut found = years
            .clone()
            .filter_map(|year| Day::of(year, month, day))
            .filter(|day| (from..=to).contains(day));
        found.next().filter(|_| found.next().is_none())
    };
    only(period.from, period.to)
        .or_else(|| only(period.from.add_days(-AROUND), period.to.add_days(AROUND)))
}

/// 二〇二六年三月五日 in digits; any other text as it is.
fn in_digits(text: &str) -> String {
    let Some((year, rest)) = text.split_once('年') else {
        return day_in_digits(text).unwrap_or_else(|| text.to_owned());
    };
    let year = super::words::year(year).map_or_else(|| year.to_owned(), |year| year.to_string());
    let rest = day_in_digits(rest).unwrap_or_else(|| rest.to_owned());
    format!("{year}年{rest}")
}

/// 三月十五日 in digits.
fn day_in_digits(text: &str) -> Option<String> {
    let (month, rest) = text.split_once('月')?;
    let day = rest.trim_end_matches(['日', '号']);
    let number = |part: &str| super::words::number(part).map(|number| number.to_string());
    let month = number(month).unwrap_or_else(|| month.to_owned());
    Some(match number(day) {
        Some(day) => format!("{month}月{day}日"),
        None => format!("{month}月{rest}"),
    })
}

/// Reads a cell that holds a number: a serial number, or the eight digits of a date.
///
/// # Errors
/// Why it is no date.
pub fn read_day_number(number: f64) -> Result<Day, CellProblem> {
    if !number.is_finite() || !(1.0..1e9).contains(&number) {
        return Err(CellProblem::NotADate);
    }
    if (1e7..1e8).contains(&number) && number.fract() == 0.0 {
        return day_of_text(&format!("{number:.0}")).and_then(in_range);
    }
    day_of_serial(number).ok_or(CellProblem::NotADate)
}

/// The day of a spreadsheet's serial number (1 is 1900-01-01, with the leap day of 1900 that never
/// was); the time of day in its fraction is left off. `None` outside 1954–2119.
pub fn day_of_serial(serial: f64) -> Option<Day> {
    let whole = format!("{:.0}", serial.floor()).parse::<i64>().ok()?;
    let first = Day::of(1899, 12, 30)?;
    SERIALS.contains(&whole).then(|| first.add_days(whole))
}

/// Reads a month: `2026-03`, `2026.3`, `2026年3月`, `202603`, or any date in it. `None` if empty.
///
/// # Errors
/// Why it is no month.
pub fn read_month(cell: &str) -> Result<Option<Month>, CellProblem> {
    if is_empty(cell) {
        return Ok(None);
    }
    let text = tidy(cell);
    let month = match parts_of(&text).as_slice() {
        [year, month] if year.len() == 4 => month_of(year, month),
        [all] if all.len() == 6 => {
            all.split_at_checked(4).and_then(|(year, month)| month_of(year, month))
        }
        _ => return day_of_text(&text).and_then(in_range).map(|day| Some(day.in_month())),
    };
    month.map(Some).ok_or(CellProblem::NoSuchDay)
}

fn month_of(year: &str, month: &str) -> Option<Month> {
    Month::of(year.parse().ok()?, month.parse().ok()?)
}

fn day_of_text(text: &str) -> Result<Day, CellProblem> {
    let date = without_time(text);
    let parts = parts_of(date);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => day_of_parts(year, month, day),
        [_, _, _] => Err(CellProblem::DateAmbiguous),
        [year, _] if year.len() == 4 && !date.contains('.') => Err(CellProblem::DayMissing),
        [year, month] if year.len() == 4 && month.len() <= 2 => Err(CellProblem::DayMissing),
        [whole, _] if whole.len() == 5 && date.contains('.') => serial_text(whole),
        [digits] if digits.len() == 8 => {
            let (year, rest) = digits.split_at_checked(4).ok_or(CellProblem::NotADate)?;
            let (month, day) = rest.split_at_checked(2).ok_or(CellProblem::NotADate)?;
            day_of_parts(year, month, day)
        }
        [digits] if digits.len() == 5 && *digits == date => serial_text(digits),
        [digits] if digits.len() == 6 && *digits == date => Err(CellProblem::DateAmbiguous),
        [digits] if digits.len() == 4 => Err(CellProblem::DayMissing),
        _ => Err(CellProblem::NotADate),
    }
}

fn serial_text(digits: &str) -> Result<Day, CellProblem> {
    digits.parse().ok().and_then(day_of_serial).ok_or(CellProblem::NotADate)
}

fn day_of_parts(year: &str, month: &str, day: &str) -> Result<Day, CellProblem> {
    if month.len() > 2 || day.len() > 2 {
        return Err(CellProblem::NotADate);
    }
    let number = |part: &str| part.parse::<u32>().ok();
    let year = year.parse::<i32>().ok();
    match (year, number(month), number(day)) {
        (Some(year), Some(month), Some(day)) => {
            Day::of(year, month, day).ok_or(CellProblem::NoSuchDay)
        }
        _ => Err(CellProblem::NotADate),
    }
}

/// The date before a time of day: `2026-03-05 00:00:00`, `2026-03-05T08:30:00Z`, `2026年3月5日8时`.
fn without_time(text: &str) -> &str {
    let end = match text.find(['日', '号']) {
        Some(at) => return text.get(..at).unwrap_or(text),
        None => text.find([' ', 'T']),
    };
    match end {
        Some(at) => {
            let rest = text.get(at..).unwrap_or_default();
            let is_time = rest.chars().filter(|c| *c == ':').count() >= 1
                && rest.chars().all(|c| c.is_ascii_digit() || " T:.Z+-".contains(c));
            if is_time { text.get(..at).unwrap_or(text) } else { text }
        }
        None => text,
    }
}

/// The numbers between separators of one kind; empty if anything else is in it.
fn parts_of(date: &str) -> Vec<String> {
    let date: String = date.chars().filter(|c| *c != ' ').collect();
    let unified = date
        .trim_end_matches(['日', '号', '月'])
        .replace(['年', '月', '/', '.', '。', '\\', '–', '—'], "-");
    let parts: Vec<String> = unified.split('-').map(str::to_owned).collect();
    let fine = |part: &String| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if parts.iter().all(fine) { parts } else { Vec::new() }
}

fn in_range(day: Day) -> Result<Day, CellProblem> {
    if (1900..=2100).contains(&day.year()) { Ok(day) } else { Err(CellProblem::YearOutOfRange) }
}
