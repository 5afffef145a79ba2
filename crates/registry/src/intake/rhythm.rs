//! The rhythm of every list: what ships stands in `packs/common/codes/deliveries.toml`, dated and with its source; a list of
//! the county's own brings one of the same form.

use std::sync::OnceLock;

use facts::own::PREFIX;
use kernel::error::{Error, Result};
use kernel::time::Day;
use serde::Deserialize;
use store::Session;

use super::template::Coverage;
use crate::policies::{ListRhythm, find_pack_on, first_days};

static LIST: &str = include_str!("../../../../packs/common/codes/deliveries.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Read {
    list: Vec<ListRhythm>,
}

/// When the lists that ship are due, in the order of the file.
///
/// # Errors
/// A fault when the shipped list cannot be read.
pub fn rhythms() -> Result<&'static [ListRhythm]> {
    static READ: OnceLock<std::result::Result<Vec<ListRhythm>, String>> = OnceLock::new();
    let read = READ.get_or_init(|| {
        toml::from_str::<Read>(LIST).map(|read| read.list).map_err(|why| why.to_string())
    });
    read.as_deref().map_err(|why| Error::fault(format!("deliveries.toml: {why}")))
}

/// When lists are due on a day: those that ship, then those that the county made itself, each with what its deliveries say
/// where no template does.
///
/// # Errors
/// A fault when the shipped list or a published pack cannot be read.
pub fn rhythms_on(session: &mut Session, day: Day) -> Result<Vec<(ListRhythm, Option<Coverage>)>> {
    let mut all: Vec<_> = rhythms()?.iter().map(|one| (one.clone(), None)).collect();
    let own = find_pack_on(session, day)?.map(|pack| pack.own_lists()).unwrap_or_default();
    if own.lists.is_empty() {
        return Ok(all);
    }
    let since = first_days(session, "lists")?;
    for list in own.lists.values() {
        let from = since.get(&format!("lists/{}.toml", list.id)).copied().unwrap_or(day);
        let coverage = if list.adds { Coverage::Events } else { Coverage::Snapshot };
        let rhythm = vec![list.due(from)];
        let (name, department) = (format!("{PREFIX}{}", list.id), list.department.clone());
        all.push((ListRhythm { list: name, department, rhythm }, Some(coverage)));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use kernel::calendar::WorkingCalendar;
    use kernel::time::Period;

    use super::*;
    use crate::intake::Templates;
    use crate::policies::{Every, Rhythm};

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn window(from: &str, to: &str) -> Period {
        Period::new(day(from), day(to)).unwrap()
    }

    fn of(list: &str) -> &'static Rhythm {
        let known = rhythms().unwrap().iter().find(|one| one.list == list).unwrap();
        known.on(day("2026-10-31")).unwrap()
    }

    #[test]
    fn every_list_that_a_template_delivers_has_one_sound_rhythm_and_its_office() {
        let all = rhythms().unwrap();
        for template in Templates::shipped().unwrap().iter() {
            let known: Vec<_> = all.iter().filter(|one| one.list == template.list).collect();
            assert_eq!(known.len(), 1, "{}", template.list);
            assert_eq!(known[0].department, template.department, "{}", template.list);
        }
        for one in all {
            assert!(one.rhythm.iter().all(Rhythm::is_sound), "{}", one.list);
        }
    }

    #[test]
    fn stretches_begin_where_the_county_begins_them() {
        let quarters = of("water_outages").stretches(window("2025-12-01", "2026-06-30"));
        let texts: Vec<String> = quarters.iter().map(ToString::to_string).collect();
        assert_eq!(
            texts,
            ["2025-11-01/2026-01-31", "2026-02-01/2026-04-30", "2026-05-01/2026-07-31"]
        );
        assert_eq!(of("medical_stays").stretches(window("2025-11-01", "2026-10-31")).len(), 12);
        assert_eq!(of("disaster_losses").stretches(window("2025-11-01", "2026-10-31")), []);
    }

    #[test]
    fn a_due_day_on_which_offices_are_closed_moves_to_the_next_working_day() {
        let calendar = WorkingCalendar::new();
        let due = |list: &str, from: &str, to: &str| of(list).due_day(window(from, to), &calendar);
        // 2026-10-10 is a Saturday
        assert_eq!(due("medical_stays", "2026-09-01", "2026-09-30"), Some(day("2026-10-12")));
        assert_eq!(due("school_roll", "2026-08-01", "2027-01-31"), Some(day("2026-09-21")));
        assert_eq!(due("disaster_losses", "2026-08-01", "2026-08-31"), None);
    }

    #[test]
    fn a_later_rhythm_takes_over_from_its_day() {
        let monthly = of("loans").clone();
        let quarterly =
            Rhythm { from: day("2027-01-01"), every: Every::Quarter, ..monthly.clone() };
        let list = ListRhythm {
            list: "loans".into(),
            department: "bank".into(),
            rhythm: vec![monthly, quarterly],
        };
        assert_eq!(list.on(day("2026-12-31")).unwrap().every, Every::Month);
        assert_eq!(list.on(day("2027-01-01")).unwrap().every, Every::Quarter);
        assert_eq!(list.on(day("2020-01-01")).unwrap().every, Every::Month);
        let text = toml::to_string(&list).unwrap();
        assert_eq!(toml::from_str::<ListRhythm>(&text).unwrap(), list, "a county keeps its own");
    }
}
