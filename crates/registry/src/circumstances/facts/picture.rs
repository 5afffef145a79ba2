//! What is known about each person of the household on the day: the register, and whatever was said or seen later.

use kernel::ids::PersonId;
use kernel::time::Day;

use super::input::{Member, Origin, Turn};
use super::read::{BadBody, Reader, Told};
use crate::circumstances::topics::{
    CertificateChange, Death, DisabilityCertificate, Health, HealthWords, HukouMove, Insurance,
    Labour, LabourSkill, MoveDirection, RegisterPerson, Schooling, Work,
};
use crate::policies::school_age;

/// How somebody stopped being a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Gone {
    pub day: Day,
    pub died: bool,
    pub origin: Option<Origin>,
}

/// Where the values about a person came from.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sources {
    pub register: Option<Origin>,
    pub labour: Option<Origin>,
    pub health: Option<Origin>,
    pub insurance: Option<Origin>,
    pub disability: Option<Origin>,
    pub schooling: Option<Origin>,
    pub work: Option<Origin>,
}

/// One person on the day.
#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub person: PersonId,
    pub kin: String,
    pub sex: Option<String>,
    pub id_state: String,
    pub birth_day: Option<Day>,
    pub age: Option<i64>,
    pub gone: Option<Gone>,
    pub register: RegisterPerson,
    pub labour: Option<LabourSkill>,
    pub chronic: Option<bool>,
    pub severe: Option<bool>,
    /// 0 = no disability.
    pub disability: Option<u8>,
    pub disability_category: Option<String>,
    /// The register has a disability of which the newest certificate has ended.
    pub certificate_ended: bool,
    pub insured: Option<bool>,
    pub both_insured: Option<bool>,
    pub major: Option<bool>,
    pub pension: Option<bool>,
    pub school_state: Option<String>,
    pub at_school: Option<bool>,
    pub work_place: Option<String>,
    pub work_months: Option<i64>,
    pub family_doctor: Option<bool>,
    pub school_age: std::ops::RangeInclusive<i64>,
    pub from: Sources,
}

impl Picture {
    pub(super) fn is_here(&self) -> bool {
        self.gone.is_none()
    }

    pub(super) fn is_head(&self) -> bool {
        self.kin == "head"
    }

    pub(super) fn is_able(&self) -> bool {
        self.labour.is_some_and(LabourSkill::is_able)
    }

    /// Works outside the county: a place is named and it is neither 本县 nor 本乡.
    pub(super) fn works_away(&self) -> bool {
        self.work_place.as_deref().is_some_and(|place| !matches!(place, "本县" | "本乡" | "本村"))
    }

    /// Of the age of compulsory schooling on the day of the picture.
    pub(super) fn is_of_school_age(&self) -> bool {
        self.age.is_some_and(|age| self.school_age.contains(&age))
    }

    pub(super) fn aged(&self, from: i64, below: i64) -> bool {
        self.age.is_some_and(|age| age >= from && age < below)
    }
}

/// Ages at which a fact about a household changes, beside those of compulsory schooling: as the columns name them.
const AGES: [i64; 6] = [16, 18, 20, 60, 70, 80];

/// Everybody who is or was counted in the household.
pub(super) fn pictures(
    members: &[Member],
    reader: &Reader<'_>,
    day: Day,
    turn: &mut Turn,
) -> Result<Vec<Picture>, BadBody> {
    let deaths = reader.all::<Death>()?;
    let moves = reader.all::<HukouMove>()?;
    let mut found: Vec<Picture> = Vec::with_capacity(members.len());
    for stay in stays_on(members, day, turn) {
        let came_in = members
            .iter()
            .filter(|other| other.person == stay.person && other.came_in())
            .filter(|other| other.valid_from <= stay.valid_from)
            .map(|other| other.valid_from)
            .max();
        let gone = gone((stay, came_in), &deaths, &moves, day);
        found.push(picture(stay, reader, gone, day)?);
    }
    for one in found.iter().filter(|one| one.is_here()) {
        if let Some(birth) = one.birth_day {
            let school = school_age(day);
            for age in AGES.into_iter().chain([*school.start(), *school.end() + 1]) {
                turn.on(comes_of_age(birth, age));
            }
        }
    }
    Ok(found)
}

/// The first day on which somebody is `age` years old.
pub(super) fn comes_of_age(birth: Day, age: i64) -> Day {
    let day = birth.add_years(age);
    if i64::from(birth.age_on(day)) < age { day.add_days(1) } else { day }
}

/// For each person the stay that speaks on the day: the present one, or the one that ended with death or leaving.
fn stays_on<'m>(members: &'m [Member], day: Day, turn: &mut Turn) -> Vec<&'m Member> {
    let mut chosen: Vec<&Member> = Vec::with_capacity(members.len());
    for stay in members {
        turn.on(stay.valid_from);
        stay.valid_to.into_iter().for_each(|end| turn.on(end));
        let begun = stay.from_register() || stay.valid_from <= day;
        let ended = stay.valid_to.is_some_and(|end| end <= day);
        let counted_out = matches!(stay.how_out.as_deref(), Some("death" | "left"));
        if !begun || (ended && !counted_out) {
            continue;
        }
        match chosen.iter_mut().find(|other| other.person == stay.person) {
            Some(other) if later(stay, other) => *other = stay,
            Some(_) => {}
            None => chosen.push(stay),
        }
    }
    chosen
}

fn later(stay: &Member, than: &Member) -> bool {
    let key = |one: &Member| (one.valid_to.is_none(), one.valid_from);
    key(stay) > key(than)
}

/// How the person of a stay stopped being a member. A move out is past once the person has come in again (`came_in`), and
/// who had left before dying did not die here.
fn gone(
    (stay, came_in): (&Member, Option<Day>),
    deaths: &[Told<Death>],
    moves: &[Told<HukouMove>],
    day: Day,
) -> Option<Gone> {
    let of = Some(stay.person);
    if let Some(death) =
        deaths.iter().filter(|told| told.person == of).min_by_key(|told| told.order)
    {
        return Some(Gone { day: death.day, died: true, origin: Some(death.origin) });
    }
    let here = |on: &Day| *on <= day && stay.valid_to.is_none_or(|to| *on <= to);
    if let Some(died_on) = stay.died_on.filter(here) {
        return Some(Gone { day: died_on, died: true, origin: None });
    }
    let last_move = moves
        .iter()
        .filter(|told| told.person == of && came_in.is_none_or(|since| told.day >= since))
        .max_by_key(|told| told.order);
    if let Some(left) = last_move.filter(|told| told.body.direction == Some(MoveDirection::Out)) {
        return Some(Gone { day: left.day, died: false, origin: Some(left.origin) });
    }
    let end = stay.valid_to.filter(|end| *end <= day)?;
    Some(Gone { day: end, died: stay.how_out.as_deref() == Some("death"), origin: None })
}

fn picture(
    stay: &Member,
    reader: &Reader<'_>,
    gone: Option<Gone>,
    day: Day,
) -> Result<Picture, BadBody> {
    let of = Some(stay.person);
    let told = reader.register::<RegisterPerson>(of)?;
    let known = told.as_ref().map(|told| told.order);
    let origin = told.as_ref().map(|told| told.origin);
    let register = told.map(|told| told.body).unwrap_or_default();
    let health = register.health.as_deref().and_then(HealthWords::from_cell);
    let birth_day = stay.birth_day.or(register.birth_day);
    let either = |a: Option<bool>, b: Option<bool>| match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    };
    let mut one = Picture {
        person: stay.person,
        kin: stay.kin.clone(),
        sex: stay.sex.clone().or_else(|| sex_of(register.sex.as_deref())),
        id_state: stay.id_state.clone(),
        birth_day,
        age: birth_day.map(|birth| i64::from(birth.age_on(day))),
        gone,
        labour: register.labour,
        chronic: health.map(|words| words.chronic),
        severe: health.map(|words| words.severe),
        // the sheet has two columns for it; both empty beside a filled state of health means none
        disability: register.disability_level.or(health.map(|_| 0)),
        disability_category: register.disability_category.clone(),
        certificate_ended: false,
        insured: either(register.resident_insurance, register.employee_insurance),
        both_insured: register
            .resident_insurance
            .zip(register.employee_insurance)
            .map(|(a, b)| a && b),
        major: register.major_insurance,
        pension: either(register.resident_pension, register.employee_pension),
        school_state: register.school_state.clone(),
        at_school: None,
        work_place: register.work_place.clone(),
        work_months: register.work_months,
        family_doctor: None,
        school_age: school_age(day),
        from: Sources {
            register: origin,
            labour: origin,
            health: origin,
            insurance: origin,
            disability: origin,
            schooling: origin,
            work: origin,
        },
        register,
    };
    lay_over(&mut one, reader, known)?;
    Ok(one)
}

type Order = Option<(Day, kernel::time::Instant)>;

/// What was said, seen or certified after the register was made.
fn lay_over(one: &mut Picture, reader: &Reader<'_>, known: Order) -> Result<(), BadBody> {
    let of = Some(one.person);
    let newer = |order| known.is_none_or(|register| order > register);
    if let Some(told) = reader.newest::<Insurance>(of)?.filter(|told| newer(told.order)) {
        let said = told.body;
        if said.resident.is_some() || said.employee.is_some() {
            let (a, b) = (said.resident == Some(true), said.employee == Some(true));
            let both_said = said.resident.is_some() && said.employee.is_some();
            one.insured = if a || b { Some(true) } else { both_said.then_some(false) };
            one.both_insured = Some(a && b);
            one.from.insurance = Some(told.origin);
        }
        one.major = said.major.or(one.major);
        if said.resident_pension.is_some() || said.employee_pension.is_some() {
            one.pension =
                Some(said.resident_pension == Some(true) || said.employee_pension == Some(true));
        }
    }
    if let Some(told) = reader.newest::<Health>(of)?.filter(|told| newer(told.order)) {
        one.chronic = told.body.chronic.or(one.chronic);
        one.severe = told.body.severe.or(one.severe);
        one.family_doctor = told.body.family_doctor;
        if told.body.disabled == Some(false) {
            one.disability = Some(0);
        }
        one.disability = told.body.disability_level.or(one.disability);
        one.from.health = Some(told.origin);
    }
    let certificate = reader.newest::<DisabilityCertificate>(of)?;
    let ended =
        |told: &Told<DisabilityCertificate>| told.body.change == Some(CertificateChange::Ended);
    one.certificate_ended = certificate.as_ref().is_some_and(ended)
        && one.register.disability_level.is_some_and(|level| level > 0);
    if let Some(told) = certificate.filter(|told| newer(told.order)) {
        let ended = ended(&told);
        one.disability = if ended { Some(0) } else { told.body.level.or(one.disability) };
        one.disability_category = told.body.category.or_else(|| one.disability_category.take());
        one.from.disability = Some(told.origin);
    }
    if let Some(told) = reader.newest::<Labour>(of)?.filter(|told| newer(told.order)) {
        one.labour = told.body.skill.or(one.labour);
        one.from.labour = Some(told.origin);
    }
    if let Some(told) = reader.newest::<Schooling>(of)?.filter(|told| newer(told.order)) {
        one.at_school = told.body.at_school;
        one.school_state = told.body.school_state.or_else(|| one.school_state.take());
        one.from.schooling = Some(told.origin);
    }
    if let Some(told) = reader.newest::<Work>(of)?.filter(|told| newer(told.order)) {
        let idle = told.body.working == Some(false);
        one.work_place =
            if idle { None } else { told.body.place.or_else(|| one.work_place.take()) };
        one.work_months = told.body.months.or(one.work_months).filter(|_| !idle);
        one.from.work = Some(told.origin);
    }
    Ok(())
}

fn sex_of(word: Option<&str>) -> Option<String> {
    match word? {
        "男" => Some("male".to_owned()),
        "女" => Some("female".to_owned()),
        _ => None,
    }
}
