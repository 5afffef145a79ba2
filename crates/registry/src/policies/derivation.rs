//! Parameters by which facts are derived, whatever pack holds: ages of compulsory schooling, days for which a list may be on
//! its way. They ship with the program in `packs/common/parameters`, dated and with their source like those of a pack.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use facts::Scalar;
use include_dir::{Dir, include_dir};
use kernel::time::Day;

use super::pack::PackProblem;
use super::parameter::{Parameter, read_parameter};

static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../../packs/common/parameters");

fn read() -> (BTreeMap<String, Parameter>, Vec<PackProblem>) {
    let mut found = BTreeMap::new();
    let mut problems = Vec::new();
    for file in FILES.files() {
        let name = file.path().to_string_lossy();
        match read_parameter(&name, file.contents_utf8().unwrap_or_default()) {
            Ok(parameter) => drop(found.insert(parameter.id.clone(), parameter)),
            Err(faults) => problems.extend(faults),
        }
    }
    (found, problems)
}

/// The whole number that a parameter has on a day; its first one before that. A test proves that each is there.
fn number(id: &str, day: Day) -> i64 {
    static READ: OnceLock<BTreeMap<String, Parameter>> = OnceLock::new();
    let Some(parameter) = READ.get_or_init(|| read().0).get(id) else { return 0 };
    let holds =
        |value: &&super::DatedValue| value.from <= day && value.to.is_none_or(|to| day <= to);
    let value = parameter.values.iter().find(holds).or(parameter.values.first());
    match value.map(|value| &value.value) {
        Some(Scalar::Int(number)) => *number,
        _ => 0,
    }
}

/// Ages of compulsory schooling on a day, in full years.
#[must_use]
pub fn school_age(day: Day) -> RangeInclusive<i64> {
    number("school_age_first", day)..=number("school_age_last", day)
}

/// How long after the end of its time a list may still be on its way.
#[must_use]
pub fn days_on_its_way(day: Day) -> i64 {
    number("list_on_its_way", day)
}

/// The longest time for which a list may be outstanding because its own time has not ended.
#[must_use]
pub fn longest_turn_days(day: Day) -> i64 {
    number("list_longest_turn", day)
}

/// Working days in which a department answers a question.
#[must_use]
pub fn question_days(day: Day) -> i64 {
    number("question_days", day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_parameter_is_sound_and_each_function_finds_its_own() {
        let (found, problems) = read();
        assert_eq!(problems, []);
        assert_eq!(found.len(), 5);
        let day: Day = "2026-10-31".parse().unwrap();
        assert_eq!(school_age(day), 6..=15);
        assert_eq!((days_on_its_way(day), longest_turn_days(day)), (31, 92));
        assert_eq!(question_days(day), 5);
        assert_eq!(school_age("1980-01-01".parse().unwrap()), 6..=15);
    }
}
