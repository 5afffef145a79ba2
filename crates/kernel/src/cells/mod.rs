//! Amounts and dates as delivered files hold them: the many forms of one value, read into one
//! type, and a typed reason with advice where there is no value in the cell.
//!
//! A reader never guesses: what can be read in two ways is a [`CellProblem`].

mod amount;
mod date;
mod words;

use std::fmt;

pub use amount::{Unit, read_amount, read_amount_number};
pub use date::{day_of_serial, read_day, read_day_number, read_day_within, read_month};

use crate::width::tidy;

/// Why a cell holds no value. [`CellProblem::code`] is the code of the finding, whose advice says
/// what to write instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", self.code())]
pub enum CellProblem {
    /// Words, two numbers, `约500`: no amount.
    NotAnAmount,
    /// Separators that do not group by three: `1,23`.
    WrongGrouping,
    /// More than 92 quadrillion yuan.
    AmountTooLarge,
    /// Nothing that could be a date.
    NotADate,
    /// In the form of a date, but there is no such day: 30 February.
    NoSuchDay,
    /// A year and a month without the day.
    DayMissing,
    /// Two digits for the year, or the day first: it can be read in several ways.
    DateAmbiguous,
    /// A day before 1900 or after 2100.
    YearOutOfRange,
}

impl CellProblem {
    /// Every problem, for the test of the locale files.
    pub const ALL: [CellProblem; 8] = [
        CellProblem::NotAnAmount,
        CellProblem::WrongGrouping,
        CellProblem::AmountTooLarge,
        CellProblem::NotADate,
        CellProblem::NoSuchDay,
        CellProblem::DayMissing,
        CellProblem::DateAmbiguous,
        CellProblem::YearOutOfRange,
    ];

    /// Code of the finding.
    pub const fn code(self) -> &'static str {
        match self {
            CellProblem::NotAnAmount => "cells.not_an_amount",
            CellProblem::WrongGrouping => "cells.wrong_grouping",
            CellProblem::AmountTooLarge => "cells.amount_too_large",
            CellProblem::NotADate => "cells.not_a_date",
            CellProblem::NoSuchDay => "cells.no_such_day",
            CellProblem::DayMissing => "cells.day_missing",
            CellProblem::DateAmbiguous => "cells.date_ambiguous",
            CellProblem::YearOutOfRange => "cells.year_out_of_range",
        }
    }
}

/// Whether the cell says that there is no value: empty, dashes, a slash, 无, 空, N/A.
pub fn is_empty(cell: &str) -> bool {
    let text = tidy(cell);
    text.chars().all(|c| matches!(c, '-' | '–' | '—' | '―' | '/' | '\\' | '_'))
        || matches!(text.as_str(), "无" | "空" | "未填" | "N/A" | "n/a" | "NULL" | "null" | "#N/A")
}

/// Whether a cell says yes or no: 是, 有, 1, √ … `None` if neither.
pub fn read_yes_no(cell: &str) -> Option<bool> {
    match tidy(cell).as_str() {
        "是" | "有" | "对" | "1" | "√" | "✓" | "✔" | "Y" | "y" | "yes" | "Yes" | "true" => {
            Some(true)
        }
        "否" | "无" | "没有" | "不是" | "0" | "×" | "✗" | "N" | "n" | "no" | "No" | "false" => {
            Some(false)
        }
        _ => None,
    }
}

impl CellProblem {
    /// A finding about the cell, of severity error, still without a place.
    pub fn finding(self, cell: impl fmt::Display) -> crate::finding::Finding {
        crate::finding::Finding::new(self.code(), crate::finding::Severity::Error).arg("text", cell)
    }
}

#[cfg(test)]
mod tests;
