//! How much is usual within an hour. What goes beyond is taken in all the same and marked, so that somebody looks before it
//! becomes a lead: a queue, not a lock, for a whole village can sit behind one address.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use kernel::time::Instant;

use super::super::model::Mark;

/// Milliseconds of one window.
const HOUR: i64 = 60 * 60 * 1000;
/// Keys that are counted; when there are more, those of the window begin anew.
const MOST_KEYS: usize = 100_000;

/// What is usual within an hour.
#[derive(Debug)]
pub struct Limits {
    /// From one device.
    pub device: u32,
    /// From one address.
    pub address: u32,
    /// For one village.
    pub village: u32,
    /// Questions for a code from one address.
    pub asked: u32,
    pub(in crate::declarations) counted: Mutex<(i64, HashMap<String, u32>)>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { device: 3, address: 40, village: 40, asked: 600, counted: Mutex::default() }
    }
}

impl Limits {
    fn count(&self, key: String, now: Instant) -> u32 {
        let window = now.millis().div_euclid(HOUR);
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.0 != window || counted.1.len() > MOST_KEYS {
            *counted = (window, HashMap::new());
        }
        let count = counted.1.entry(key).or_insert(0);
        *count = count.saturating_add(1);
        *count
    }

    /// Counts a declaration; what is more than usual about it.
    pub fn marks(&self, (device, address): (&str, &str), village: &str, now: Instant) -> Vec<Mark> {
        let over = [
            (self.count(format!("d {device}"), now) > self.device, Mark::ManyFromDevice),
            (self.count(format!("a {address}"), now) > self.address, Mark::ManyFromAddress),
            (self.count(format!("v {village}"), now) > self.village, Mark::ManyForVillage),
        ];
        over.into_iter().filter(|(over, _)| *over).map(|(_, mark)| mark).collect()
    }

    /// Counts a question for a code; whether it is one too many.
    pub fn asks_too_often(&self, address: &str, now: Instant) -> bool {
        self.count(format!("q {address}"), now) > self.asked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_usual_is_marked_and_the_next_hour_begins_anew() {
        let limits = Limits { device: 2, address: 3, village: 4, ..Limits::default() };
        let now = Instant::parse("2026-11-22T08:10:00.000Z").unwrap();
        let marks = |device: &str, now| limits.marks((device, "10.0.0.1"), "140430203200", now);
        assert_eq!((marks("a", now), marks("a", now)), (vec![], vec![]));
        assert_eq!(marks("a", now), [Mark::ManyFromDevice]);
        assert_eq!(marks("b", now), [Mark::ManyFromAddress]);
        assert_eq!(marks("c", now), [Mark::ManyFromAddress, Mark::ManyForVillage]);
        assert_eq!(marks("a", now.add_millis(HOUR)), []);
    }

    #[test]
    fn a_flood_of_devices_does_not_fill_the_memory() {
        let limits = Limits::default();
        let now = Instant::parse("2026-11-22T08:10:00.000Z").unwrap();
        for device in 0..(MOST_KEYS * 2) {
            limits.count(device.to_string(), now);
        }
        assert!(limits.counted.lock().unwrap().1.len() <= MOST_KEYS + 1);
    }
}
