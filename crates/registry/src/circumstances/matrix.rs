//! The guarantees of a household (两不愁三保障和饮水安全) as its records show them, each with the record that says so.
//!
//! A guarantee that nobody has spoken of is unknown, never in order.

use kernel::time::Day;

use super::queries::Said;
use super::topics::{
    Clothing, DropoutState, DropoutSuspect, Food, HouseGrade, HouseGradeRow, Housing, Insurance,
    RegisterHousehold, RegisterPerson, Schooling, Water, WaterOutage,
};
use crate::households::Resident;
use crate::policies::school_age;

/// How a guarantee stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// In order.
    Ok,
    /// Not in order.
    Bad,
    /// Nobody has said.
    Unknown,
}

impl Verdict {
    /// The end of its Fluent ids.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Bad => "bad",
            Self::Unknown => "unknown",
        }
    }
}

/// One guarantee.
#[derive(Clone, Debug)]
pub struct Judged {
    /// schooling, insurance, housing, water, food, clothing.
    pub guarantee: &'static str,
    /// How it stands.
    pub verdict: Verdict,
    /// How many of how many it concerns.
    pub counted: (i64, i64),
    /// The record that says so.
    pub said: Option<Said>,
}

/// Judges all six from what was recorded, the latest first, about those who live there on `day`.
#[must_use]
pub fn judge(records: &[Said], residents: &[Resident], day: Day) -> Vec<Judged> {
    vec![
        schooling(records, residents, day),
        insurance(records, residents),
        housing(records),
        water(records),
        plain(records, "food", |said| said.body::<Food>().and_then(|food| food.enough)),
        plain(records, "clothing", |said| {
            said.body::<Clothing>().and_then(|clothing| clothing.enough)
        }),
    ]
}

fn verdict(fine: bool) -> Verdict {
    if fine { Verdict::Ok } else { Verdict::Bad }
}

fn plain(
    records: &[Said],
    guarantee: &'static str,
    says: impl Fn(&Said) -> Option<bool>,
) -> Judged {
    let found = records.iter().find_map(|said| Some((said, says(said)?)));
    Judged {
        guarantee,
        verdict: found.map_or(Verdict::Unknown, |(_, fine)| verdict(fine)),
        counted: (0, 0),
        said: found.map(|(said, _)| said.clone()),
    }
}

/// Counts residents by what was last said about each of them: those for whom it is not in order, those of whom nothing is
/// known, and the record that tells.
fn of_each(
    records: &[Said],
    concerned: &[&Resident],
    guarantee: &'static str,
    says: impl Fn(&Said) -> Option<bool>,
) -> Judged {
    let (mut bad, mut unknown, mut said) = (0, 0, None);
    for resident in concerned {
        let id = resident.stay.person.to_string();
        let own = records.iter().filter(|said| said.person.as_deref() == Some(id.as_str()));
        match own.into_iter().find_map(|said| Some((said, says(said)?))) {
            Some((record, true)) => said = said.or(Some((false, record))),
            Some((record, false)) => {
                bad += 1;
                // a record that tells of something wrong is the one to open
                if said.is_none_or(|(wrong, _)| !wrong) {
                    said = Some((true, record));
                }
            }
            None => unknown += 1,
        }
    }
    let of = i64::try_from(concerned.len()).unwrap_or(0);
    let (verdict, counted) = match (bad, unknown) {
        (1.., _) => (Verdict::Bad, (bad, of)),
        (_, 1..) => (Verdict::Unknown, (unknown, of)),
        _ => (Verdict::Ok, (of, of)),
    };
    Judged { guarantee, verdict, counted, said: said.map(|(_, record)| record.clone()) }
}

fn schooling(records: &[Said], residents: &[Resident], day: Day) -> Judged {
    let of_age = |resident: &&Resident| {
        resident
            .birth_day
            .is_some_and(|birth| school_age(day).contains(&i64::from(birth.age_on(day))))
    };
    let children: Vec<&Resident> = residents.iter().filter(of_age).collect();
    of_each(records, &children, "schooling", |said| {
        if let Some(suspect) = said.body::<DropoutSuspect>() {
            return suspect.state.map(|state| state != DropoutState::Suspected);
        }
        if let Some(schooling) = said.body::<Schooling>() {
            return schooling.at_school.map(|at| at || schooling.out_for_health == Some(true));
        }
        said.body::<RegisterPerson>()
            .map(|person| person.school_state.is_some() || has_finished(&person))
    })
}

/// Who left junior school with its certificate has done the nine years, also when not yet sixteen.
fn has_finished(person: &RegisterPerson) -> bool {
    person.education.as_deref().is_some_and(|word| !matches!(word, "文盲或半文盲" | "小学"))
}

fn insurance(records: &[Said], residents: &[Resident]) -> Judged {
    let everybody: Vec<&Resident> = residents.iter().collect();
    let either = |one: Option<bool>, other: Option<bool>| match (one, other) {
        (None, None) => None,
        _ => Some(one == Some(true) || other == Some(true)),
    };
    of_each(records, &everybody, "insurance", |said| {
        if let Some(said) = said.body::<Insurance>() {
            return either(said.resident, said.employee);
        }
        let person = said.body::<RegisterPerson>()?;
        either(person.resident_insurance, person.employee_insurance)
    })
}

fn housing(records: &[Said]) -> Judged {
    let safe = |grade: HouseGrade| matches!(grade, HouseGrade::A | HouseGrade::B);
    plain(records, "housing", |said| {
        if let Some(row) = said.body::<HouseGradeRow>() {
            let open = row.state.is_none_or(|state| state.is_open());
            return row.grade.map(|grade| safe(grade) || !open);
        }
        if let Some(seen) = said.body::<Housing>() {
            return seen.safe.or(seen.grade.map(safe));
        }
        said.body::<RegisterHousehold>().and_then(|household| household.house_grade.map(safe))
    })
}

fn water(records: &[Said]) -> Judged {
    plain(records, "water", |said| {
        if let Some(outage) = said.body::<WaterOutage>() {
            // an outage that has ended says nothing about today
            return if outage.restored_on.is_none() { Some(false) } else { None };
        }
        if let Some(seen) = said.body::<Water>() {
            return seen.safe;
        }
        said.body::<RegisterHousehold>().and_then(|household| household.water_safe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::circumstances::topics::{Body, Topic};

    fn said(topic: Topic, on: &str, body: String) -> Said {
        Said {
            topic,
            person: None,
            on: on.parse().unwrap(),
            source: "register".into(),
            department: "住建".into(),
            period_to: None,
            row: ("b".into(), 1),
            body,
        }
    }

    fn verdict_of(records: &[Said], guarantee: &str) -> Verdict {
        let day = "2026-10-31".parse().unwrap();
        judge(records, &[], day)
            .into_iter()
            .find(|judged| judged.guarantee == guarantee)
            .unwrap()
            .verdict
    }

    #[test]
    fn what_nobody_said_is_unknown_and_never_in_order() {
        for guarantee in ["housing", "water", "food", "clothing"] {
            assert_eq!(verdict_of(&[], guarantee), Verdict::Unknown, "{guarantee}");
        }
    }

    #[test]
    fn the_latest_word_about_the_house_counts_and_a_rebuilt_one_is_safe() {
        let grade = |state: Option<&str>| {
            let body = state.map_or_else(
                || r#"{"g":"D"}"#.to_owned(),
                |state| format!(r#"{{"g":"D","z":"{state}"}}"#),
            );
            said(Topic::HouseGrade, "2026-08-01", body)
        };
        let register =
            RegisterHousehold { house_grade: Some(HouseGrade::A), ..RegisterHousehold::default() };
        let register = said(Topic::RegisterHousehold, "2026-01-01", register.to_json().unwrap());
        assert_eq!(verdict_of(std::slice::from_ref(&register), "housing"), Verdict::Ok);
        assert_eq!(verdict_of(&[grade(None), register.clone()], "housing"), Verdict::Bad);
        assert_eq!(verdict_of(&[grade(Some("rebuilt")), register], "housing"), Verdict::Ok);
    }

    #[test]
    fn an_outage_that_has_ended_leaves_the_register_to_speak() {
        let register = RegisterHousehold { water_safe: Some(true), ..RegisterHousehold::default() };
        let register = said(Topic::RegisterHousehold, "2026-01-01", register.to_json().unwrap());
        let outage = |ended: Option<&str>| {
            let body = WaterOutage {
                restored_on: ended.map(|day| day.parse().unwrap()),
                ..WaterOutage::default()
            };
            said(Topic::WaterOutage, "2026-09-01", body.to_json().unwrap())
        };
        assert_eq!(verdict_of(&[outage(None), register.clone()], "water"), Verdict::Bad);
        assert_eq!(verdict_of(&[outage(Some("2026-09-09")), register], "water"), Verdict::Ok);
    }
}
