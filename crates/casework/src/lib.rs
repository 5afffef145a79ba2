//! Wing 2, what the county does about it.
//!
//! The order of the rooms is the order of allowed use: a room may use only those above it.

pub mod screening;
pub mod departments;
pub mod alarms;
pub mod assistance;
pub mod papers;
pub mod cases;
pub mod slips;
pub mod declarations;
pub mod quality;

use store::PastTable;

/// How the tables of this wing are read at a past moment.
pub const PAST_TABLES: &[&[PastTable]] = &[
    screening::PAST_TABLES,
    departments::PAST_TABLES,
    alarms::PAST_TABLES,
    papers::PAST_TABLES,
    cases::PAST_TABLES,
    declarations::PAST_TABLES,
    quality::PAST_TABLES,
    assistance::PAST_TABLES,
];

/// What is then put right, in this order.
pub const PAST_STEPS: &[&[&str]] = &[
    screening::PAST_STEPS,
    departments::PAST_STEPS,
    alarms::PAST_STEPS,
    declarations::PAST_STEPS,
    quality::PAST_STEPS,
];
