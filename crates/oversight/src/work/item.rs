//! Something to do, from any room.

use casework::cases::{Recalled, Turn};
use casework::departments::Question;
use casework::screening::{LeadLine, Severity};
use kernel::time::Day;
use registry::households::Proposal;
use registry::intake::batch::Batch;

/// Something to do.
#[derive(Debug, Clone)]
pub enum Item {
    /// A lead to answer or, when the second is set, to look at again.
    Lead(Box<LeadLine>, bool),
    /// A change to confirm, or one's own that waits.
    Proposal(Box<Proposal>),
    /// The next step of a county that has just begun.
    Step(Step),
    /// Leads of the baseline to give out: how many wait, and how many may go now.
    Release(usize, usize),
    /// Rows of lists that somebody must decide: how many, and the list with most.
    Match(i64, String),
    /// People and households whom the newest register does not name: how many.
    NotListed(i64),
    /// A list that waits to be accepted.
    Batch(Box<Batch>),
    /// Rows of one's own list that must be mended.
    Mend(Box<Batch>),
    /// A question: to be answered by one's office, waiting for it, or answered lately.
    Question(Box<Question>, Asked),
    /// Areas on alarm to which the county has not said anything: how many, and how many past their day.
    Alarms(i64, i64),
    /// Declarations of which somebody must say whom they are about.
    Declared(i64),
    /// Deliveries whose day has passed: how many.
    Late(usize),
    /// What came back to one's office and has no word of it: the office, how many.
    Back(String, usize),
    /// A case in which it is the person's turn.
    Case(Box<Turn>),
    /// There are more of these than are shown: how many in all, what narrows their list, whose turn it is.
    Cases(i64, &'static str, String),
    /// Papers that are still to come after urgent help.
    Papers(Box<Recalled>),
    /// An objection from the public page that waits for an answer.
    Objected(Box<Recalled>),
    /// A household that split off a monitored one and that nobody has looked at.
    Split(Box<Recalled>),
    /// Households of earlier registers that get their cases now: how many of how many have theirs.
    TakenOver(i64, i64),
    /// Help that was promised and is not given: how much, and how much of it is past its day.
    Measures(i64, i64),
    /// Questions of the comparison of cases for one's office: how many.
    Compared(usize),
    /// Questions about the record: how many, where that can be told at once.
    Checks(Option<usize>),
}

/// How a question concerns the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// The person's office has to answer it.
    Mine,
    /// The person has asked it and waits.
    Waits,
    /// The person has asked it, and the answer is there.
    Answered,
}

/// What a county does before anything else, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The statistical code list: townships and villages.
    Areas,
    /// The register of households.
    Register,
    /// The first screening.
    Screen,
}

/// The clock of a case that runs out first.
#[must_use]
pub fn first_of(due: Option<Day>, total: Option<Day>) -> Option<Day> {
    match (due, total) {
        (Some(due), Some(total)) => Some(due.min(total)),
        (due, total) => due.or(total),
    }
}

impl Item {
    /// The day by which the list is sorted: what has no day comes after what has one.
    #[must_use]
    pub fn due(&self) -> Option<Day> {
        match self {
            Item::Lead(line, _) => line.due_on,
            Item::Question(one, Asked::Mine) => Some(one.asked.due_on),
            Item::Case(turn) => first_of(turn.line.due, turn.line.total_due),
            Item::Papers(recalled) | Item::Objected(recalled) => Some(recalled.reminder.day),
            _ => None,
        }
    }

    /// How grave a lead is; `None` for anything else.
    #[must_use]
    pub fn severity(&self) -> Option<Severity> {
        match self {
            Item::Lead(line, _) => Some(line.severity),
            _ => None,
        }
    }
}
