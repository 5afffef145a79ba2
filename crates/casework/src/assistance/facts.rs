//! The columns of help of one household, worked out from its measures and helpers. Pure.

use kernel::time::Day;
use registry::circumstances::facts::HelpFacts;
use registry::policies::ShippedCodes;

use super::model::{Ending, Measure};

/// Somebody who looks after a household: first and last day.
pub type Stay = (Day, Option<Day>);

/// Groups of measures that count as development, where the measure is of the right kind.
const DEVELOPMENT: [&str; 4] = ["industry", "work", "post", "finance"];

fn group(measure: &Measure) -> Option<String> {
    ShippedCodes::Measures.find(&measure.kind).and_then(|kind| kind.of.clone())
}

/// What the columns hold on a day, and the days after it on which that changes by itself. `None` where nobody has written
/// anything of help about the household: then a case makes it known that there is none ([`no_help`]).
pub fn help(measures: &[Measure], helpers: &[Stay], day: Day) -> (Option<HelpFacts>, Option<Day>) {
    let mut turns: Vec<Day> = Vec::new();
    for one in measures {
        let given = one.delivered.as_ref().filter(|given| given.on <= day);
        turns.extend(given.and_then(|given| given.term).map(|last| last.add_days(1)));
        turns.extend(one.ended.as_ref().map(|(on, _, _)| *on));
        if given.is_none() && one.ended.is_none() {
            turns.push(one.due_on.add_days(1));
        }
    }
    for (from, to) in helpers {
        turns.push(*from);
        turns.extend(to.map(|last| last.add_days(1)));
    }
    let turn = turns.into_iter().filter(|turn| *turn > day).min();
    if measures.is_empty() && helpers.is_empty() {
        return (None, turn);
    }
    let count = |is: &dyn Fn(&Measure) -> bool| {
        i64::try_from(measures.iter().filter(|one| is(one)).count()).ok()
    };
    let withdrawn = |one: &Measure| {
        one.ended.as_ref().is_some_and(|(on, how, _)| *how == Ending::Withdrawn && *on <= day)
    };
    let ended = |one: &Measure| one.ended.as_ref().is_some_and(|(on, _, _)| *on <= day);
    let of = |one: &Measure, groups: &[&str]| {
        !withdrawn(one) && group(one).is_some_and(|group| groups.contains(&group.as_str()))
    };
    let last = measures.iter().filter(|one| !withdrawn(one)).map(|one| {
        let given = one.delivered.as_ref().map(|given| given.on).filter(|on| *on <= day);
        given.map_or(one.promised_on, |on| on.max(one.promised_on))
    });
    let facts = HelpFacts {
        measures_live: count(&|one| one.stands),
        measures_delivered: count(&|one| one.delivered_by(day)),
        measures_overdue: count(&|one| !one.delivered_by(day) && !ended(one) && one.due_on < day),
        development_measures: count(&|one| !withdrawn(one) && one.is("development")),
        development_other: count(&|one| !one.is("development") && of(one, &DEVELOPMENT)),
        measures_schooling: count(&|one| of(one, &["school", "social"])),
        measures_housing: count(&|one| of(one, &["house"])),
        measures_water: count(&|one| {
            of(one, &["water"]) || !withdrawn(one) && one.kind == "house_move"
        }),
        measures_labour_export: count(&|one| !withdrawn(one) && one.kind == "work_abroad"),
        last_measure_on: last.max(),
        helper_named: Some(
            helpers.iter().any(|(from, to)| *from <= day && to.is_none_or(|last| day <= last)),
        ),
    };
    (Some(facts), turn)
}

/// The columns of a household of which it is known that nobody has planned help for it.
pub fn no_help() -> HelpFacts {
    HelpFacts {
        measures_live: Some(0),
        measures_delivered: Some(0),
        measures_overdue: Some(0),
        development_measures: Some(0),
        development_other: Some(0),
        measures_schooling: Some(0),
        measures_housing: Some(0),
        measures_water: Some(0),
        measures_labour_export: Some(0),
        last_measure_on: None,
        helper_named: Some(false),
    }
}
