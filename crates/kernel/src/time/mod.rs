//! Days, months, periods, instants and the clock.
//!
//! A day is a day in China (+08:00, no summer time). Only [`Clock`] knows what time it is, and
//! `Ctx` carries it; nothing else may ask the machine.

mod civil;
mod clock;
mod day;
mod month;

pub use clock::{Clock, Instant};
pub use day::Day;
pub use month::{Month, Period};

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 86_400_000;
/// How far ahead of UTC the county is, in milliseconds.
pub(crate) const ZONE_MS: i64 = 8 * 3_600_000;

#[cfg(test)]
mod tests;
