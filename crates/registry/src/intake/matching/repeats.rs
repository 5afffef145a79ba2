//! The same event reported again, in the same file or in next month's.
//!
//! Two rows are one event when the list, whom it is about, the kind, the day, the reference and all amounts agree, each
//! in its normal form (the day as a day, the amount in fen), so that `3,663.48` and `3663.48元` are the same. A list
//! that describes how things stand (a loan book, a school roll, vehicles) says so again each month: there the period
//! belongs to the event, so that next month's line is news and only a second line of the same month is a repeat. A list
//! of events (a discharge, a death, a payment) has no such period: the line that comes again next month is a repeat.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

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

/// What makes a row this event and no other. Leave out what the list does not have.
#[derive(Debug, Clone, Default)]
pub struct Event<'a> {
    /// Template and, if it has several, the kind of list.
    pub list: &'a str,
    /// Whom it is about: the id of person, household or village.
    pub subject: &'a str,
    /// What happened [类别, 办理类型, 变动类型].
    pub kind: Option<&'a str>,
    /// The day that the row names, `YYYY-MM-DD`.
    pub day: Option<&'a str>,
    /// Number of ticket, loan or plate [工单号, 借据号, 号牌].
    pub reference: Option<&'a str>,
    /// All amounts of the row in fen, in the order of the template's columns.
    pub amounts: &'a [i64],
    /// Only for lists that describe how things stand: the month, term or day they describe.
    pub period: Option<&'a str>,
}

/// The events seen so far, in one import or, filled from the accepted batches, before it.
#[derive(Debug, Default)]
pub struct Repeats(HashMap<String, RowPlace>);

impl Repeats {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The row that this one repeats, or nothing: then it is remembered as the first.
    pub fn check(&mut self, event: &Event<'_>, here: RowPlace) -> Option<RowPlace> {
        match self.0.entry(event.key()) {
            Entry::Occupied(first) => (*first.get() != here).then(|| first.get().clone()),
            Entry::Vacant(free) => {
                free.insert(here);
                None
            }
        }
    }
}

impl Event<'_> {
    /// The event as one text, the same for every way of writing it.
    pub fn key(&self) -> String {
        let mut key = format!("{}\u{1f}{}", self.list, self.subject);
        for part in [self.kind, self.day, self.reference, self.period] {
            key.push('\u{1f}');
            key.extend(part.unwrap_or_default().chars().filter(|c| !c.is_whitespace()));
        }
        for amount in self.amounts {
            key.push('\u{1f}');
            key.push_str(&amount.to_string());
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(file: &str, row: u32) -> RowPlace {
        RowPlace { file: file.to_owned(), sheet: String::new(), row }
    }

    #[test]
    fn next_months_line_of_the_same_discharge_repeats_it() {
        let mut repeats = Repeats::new();
        let stay = Event {
            list: "hospital",
            subject: "p1",
            day: Some("2026-02-24"),
            amounts: &[1_310_868, 371_514],
            ..Event::default()
        };
        assert_eq!(repeats.check(&stay, at("02", 9)), None);
        assert_eq!(repeats.check(&stay, at("03", 49)), Some(at("02", 9)));
        let other = Event { amounts: &[1_310_868, 371_515], ..stay };
        assert_eq!(repeats.check(&other, at("03", 50)), None);
    }

    #[test]
    fn a_loan_book_says_the_same_every_month_without_repeating_itself() {
        let mut repeats = Repeats::new();
        let loan = Event {
            list: "loans",
            subject: "p1",
            reference: Some("XD1"),
            amounts: &[500],
            period: Some("2026-09-30"),
            ..Event::default()
        };
        assert_eq!(repeats.check(&loan, at("09", 3)), None);
        assert_eq!(
            repeats.check(&Event { period: Some("2026-10-31"), ..loan.clone() }, at("10", 3)),
            None
        );
        assert_eq!(repeats.check(&loan, at("09", 99)), Some(at("09", 3)));
    }
}
