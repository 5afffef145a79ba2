//! The same event reported again, in the same file or in next month's.
//!
//! Two rows are one event when the list, whom it is about and the fields that tell events of that list apart agree,
//! each in its normal form (the day as a day, the amount in fen), so that `3,663.48` and `3663.48元` are the same. A
//! list that describes how things stand (a loan book, a school roll, vehicles) says so again each month: there the
//! period belongs to the event, so that next month's line is news and only a second line of the same month is a repeat.
//! A list of events (a discharge, a death, a payment) has no such period: the line that comes again next month is a
//! repeat.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::intake::period::Said;
use crate::intake::reading::{FieldValue, ReadRow};
use crate::intake::template::{Coverage, Template};

/// Where a row stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RowPlace {
    /// File as it was delivered.
    pub file: String,
    /// Sheet; empty for csv.
    pub sheet: String,
    /// Line, counted from one.
    pub row: u32,
}

impl std::fmt::Display for RowPlace {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{}|{}|{}", self.file, self.sheet, self.row)
    }
}

/// The event of a row as one text, the same for every way of writing it. `said` is what the list says about time,
/// `subject` the id of the person, household or village that the row was given to.
pub fn event_key(template: &Template, said: &Said, row: &ReadRow, subject: &str) -> String {
    let mut key = format!("{}\u{1f}{subject}", template.id);
    let mut part = |text: &str| {
        key.push('\u{1f}');
        key.extend(text.chars().filter(|c| !c.is_whitespace()));
    };
    if template.coverage == Coverage::Events {
        part(&row.event_date.map(|day| day.to_string()).unwrap_or_default());
    } else {
        let period = said.period.map(|period| period.to_string());
        part(said.term.as_deref().unwrap_or_default());
        part(&said.day.map(|day| day.to_string()).or(period).unwrap_or_default());
    }
    let told = template.told_apart_by.as_deref();
    // in one order, whatever order the columns of the file have
    let mut fields: Vec<_> = row.fields.iter().collect();
    fields.sort_by(|(one, _), (other, _)| one.cmp(other));
    for (field, value) in fields {
        let tells = told.map_or_else(
            || matches!(value, FieldValue::Day(_) | FieldValue::Money(_)),
            |fields| fields.iter().any(|name| **name == **field),
        );
        if tells {
            part(&format!("{field}={}", value_text(value)));
        }
    }
    key
}

fn value_text(value: &FieldValue) -> String {
    match value {
        FieldValue::Bool(yes) => yes.to_string(),
        FieldValue::Int(number) => number.to_string(),
        FieldValue::Money(money) => money.plain(),
        FieldValue::Day(day) => day.to_string(),
        FieldValue::Text(text) => kernel::name::simplified(text),
    }
}

/// The events seen so far, in one import or, filled from the accepted batches, before it.
#[derive(Debug, Default)]
pub struct Repeats(HashMap<String, RowPlace>);

impl Repeats {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The row that this one repeats, or nothing: then it is remembered as the first. The same row seen again is no
    /// repeat of itself.
    pub fn check(&mut self, event_key: String, here: RowPlace) -> Option<RowPlace> {
        match self.0.entry(event_key) {
            Entry::Occupied(first) => (*first.get() != here).then(|| first.get().clone()),
            Entry::Vacant(free) => {
                free.insert(here);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kernel::money::Money;
    use kernel::time::Day;

    use super::*;
    use crate::intake::Templates;
    use crate::intake::evidence::Evidence;

    fn row(file: &str, number: u32, fields: &[(&str, FieldValue)]) -> ReadRow {
        let day = fields.iter().find_map(|(_, value)| match value {
            FieldValue::Day(day) => Some(*day),
            _ => None,
        });
        ReadRow {
            file: file.into(),
            sheet: "".into(),
            row: number,
            kind: sheets::RowKind::Data,
            evidence: Evidence::default(),
            fields: fields
                .iter()
                .map(|(field, value)| (Arc::from(*field), value.clone()))
                .collect(),
            event_date: day,
            amount: None,
            findings: Vec::new(),
        }
    }

    fn money(yuan: i64) -> FieldValue {
        FieldValue::Money(Money::from_yuan(yuan).unwrap())
    }

    fn said(titles: &str) -> Said {
        Said::of([titles])
    }

    #[test]
    fn next_months_line_of_the_same_discharge_repeats_it() {
        let templates = Templates::shipped().unwrap();
        let stays = templates.get("medical_stays").unwrap();
        let day = FieldValue::Day(Day::parse("2026-02-24").unwrap());
        let mut repeats = Repeats::new();
        let mut check = |file: &str, number: u32, paid: i64, hospital: &str| {
            let hospital = FieldValue::Text(hospital.to_owned());
            let row = row(
                file,
                number,
                &[("hospital", hospital), ("settled_on", day.clone()), ("total_fen", money(paid))],
            );
            let here = RowPlace { file: file.into(), sheet: String::new(), row: number };
            repeats.check(event_key(stays, &said(file), &row, "p1"), here)
        };
        assert_eq!(check("2026-02", 9, 13_108, "开州区中医院"), None);
        let first = RowPlace { file: "2026-02".into(), sheet: String::new(), row: 9 };
        assert_eq!(check("2026-03", 49, 13_108, "区中医院"), Some(first));
        assert_eq!(check("2026-03", 50, 13_109, "区中医院"), None);
    }

    #[test]
    fn the_order_of_the_columns_does_not_tell_events_apart() {
        let templates = Templates::shipped().unwrap();
        let stays = templates.get("medical_stays").unwrap();
        let day = ("settled_on", FieldValue::Day(Day::parse("2026-02-24").unwrap()));
        let (total, own) = (("total_fen", money(900)), ("out_of_pocket_fen", money(70)));
        let one = row("2026-02", 5, &[day.clone(), total.clone(), own.clone()]);
        let other = row("2026-03", 6, &[own, day, total]);
        let key = |row: &ReadRow| event_key(stays, &said("2026-02"), row, "p1");
        assert_eq!(key(&one), key(&other));
    }

    #[test]
    fn a_loan_book_says_the_same_every_month_without_repeating_itself() {
        let templates = Templates::shipped().unwrap();
        let loans = templates.get("loans").unwrap();
        let mut repeats = Repeats::new();
        let mut check = |month: &str, number: u32| {
            let row = row(
                month,
                number,
                &[("loan_number", FieldValue::Text("XD1".into())), ("balance_fen", money(5))],
            );
            let here = RowPlace { file: month.into(), sheet: String::new(), row: number };
            repeats.check(event_key(loans, &said(month), &row, "p1"), here)
        };
        assert_eq!(check("2026-09-30", 3), None);
        assert_eq!(check("2026-10-31", 3), None);
        assert_eq!(check("2026-09-30", 99).map(|first| first.row), Some(3));
    }
}
