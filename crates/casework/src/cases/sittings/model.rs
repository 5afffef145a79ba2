//! A sitting and what it lacks. No database, no clock.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::Refusal;
use kernel::ids::{CaseId, SittingId};
use kernel::time::Day;

use super::super::model::LONGEST;

/// What may come of a household in a sitting.
pub const RESULTS: [&str; 3] = ["agreed", "declined", "put_off"];
/// Most people in a sitting.
const MOST_PRESENT: i64 = 5_000;

/// What came of the step that a result asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing yet, or put off.
    None,
    /// The case took the step.
    Taken,
    /// The case could not; the code of the reason.
    Refused(String),
}

/// A household of a sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: String,
    /// 户编号.
    pub household_number: String,
    /// The head.
    pub head: String,
    /// 组.
    pub group: Option<String>,
    /// To be removed; else to be taken in.
    pub removal: bool,
    /// One of [`RESULTS`]; empty before it is entered.
    pub result: String,
    /// How many were for it.
    pub agreed: i64,
    /// What was said about this household.
    pub words: String,
    /// What came of it.
    pub outcome: Outcome,
}

impl Line {
    /// The step of the case that the result asks for.
    pub fn step(&self) -> Option<&'static str> {
        match (self.removal, self.result.as_str()) {
            (false, "agreed") => Some("review"),
            (false, "declined") => Some("decline"),
            (true, "agreed") => Some("review_removal"),
            (true, "declined") => Some("keep_helping"),
            _ => None,
        }
    }
}

/// What people write down about a sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The day.
    pub on: Day,
    /// Where.
    pub place: String,
    /// Who presided.
    pub presided: String,
    /// Who kept the minutes.
    pub recorder: String,
    /// How many were there.
    pub present: i64,
    /// Their names.
    pub attending: String,
    /// What was said.
    pub minutes: String,
    /// Of each case: result, how many were for it, words.
    pub lines: BTreeMap<CaseId, (String, i64, String)>,
}

impl Entry {
    /// The entry without more than is kept.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        let short = |text: &str, most: usize| text.trim().chars().take(most).collect::<String>();
        self.place = short(&self.place, 200);
        self.presided = short(&self.presided, 60);
        self.recorder = short(&self.recorder, 60);
        self.attending = short(&self.attending, LONGEST);
        self.minutes = short(&self.minutes, 2 * LONGEST);
        self.present = self.present.clamp(0, MOST_PRESENT);
        for (result, agreed, words) in self.lines.values_mut() {
            if !RESULTS.contains(&result.as_str()) {
                result.clear();
            }
            *agreed = (*agreed).clamp(0, MOST_PRESENT);
            *words = short(words, LONGEST);
        }
        self
    }
}

/// A sitting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sitting {
    /// Its id.
    pub id: SittingId,
    /// The village.
    pub village: (AreaCode, String),
    /// `draft`, `held`, `dropped`.
    pub state: String,
    /// What was written down, without the households.
    pub entry: Entry,
    /// Who began it.
    pub by: String,
    /// Who entered it as held.
    pub held_by: Option<String>,
    /// Counts the changes.
    pub version: i64,
    /// The households in their order.
    pub lines: Vec<Line>,
}

impl Sitting {
    /// A draft may be changed.
    pub fn is_draft(&self) -> bool {
        self.state == "draft"
    }

    /// What is missing before it counts as held; the fields are those of its page.
    pub fn lacks(&self, today: Day) -> Option<Refusal> {
        let mut wrong = Refusal::invalid("cases.sitting_incomplete");
        let entry = &self.entry;
        if entry.on > today {
            wrong = wrong.field("on", "cases.day_to_come");
        }
        let texts =
            [("place", &entry.place), ("presided", &entry.presided), ("minutes", &entry.minutes)];
        for (field, _) in texts.iter().filter(|(_, text)| text.is_empty()) {
            wrong = wrong.field(*field, "web.required");
        }
        if entry.present < 1 {
            wrong = wrong.field("present", "web.required");
        }
        for line in &self.lines {
            if line.result.is_empty() {
                wrong = wrong.field(format!("result-{}", line.case), "web.required");
            } else if line.result != "put_off" && line.agreed > entry.present {
                wrong = wrong.field(format!("agreed-{}", line.case), "cases.more_than_present");
            }
        }
        (!wrong.fields.is_empty()).then_some(wrong)
    }
}
