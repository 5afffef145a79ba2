//! Rows of the two sheets of the register, typed for the room that keeps households and people.

use std::cell::RefCell;
use std::collections::HashMap;

use kernel::area::AreaCode;
use kernel::finding::{Finding, Severity};
use kernel::idnumber::{self, IdNumber, Sex};
use kernel::phone::Phone;
use kernel::time::Day;

use super::evidence::AsRead;
use super::matching::Places;
use super::reading::ReadRow;
use crate::circumstances::register::{HouseholdRow, PersonRow};
use crate::circumstances::topics::{
    HouseGrade, LabourSkill, RegisterHousehold, RegisterPerson, disability_level,
};
use crate::households::Kin;
use crate::people::Certificate;

/// A finding at a row of the register.
pub fn at_row(row: &ReadRow, code: &'static str, severity: Severity) -> Finding {
    Finding::new(code, severity)
        .at(kernel::finding::Place::file(&*row.file).sheet(&*row.sheet).row(row.row))
}

fn number(as_read: Option<&AsRead>) -> Option<String> {
    as_read
        .map(AsRead::written_out)
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}

fn phone(as_read: Option<&AsRead>) -> Option<Phone> {
    match as_read? {
        AsRead::Text(text) => Phone::read(text).ok(),
        AsRead::Number(number) => Phone::read_number_cell(*number).ok(),
    }
}

/// How many digits the phone cell held: a short number is a question to the village, not a reason to drop the row.
fn digits(as_read: Option<&AsRead>) -> Option<u8> {
    let written = as_read?.written_out();
    u8::try_from(written.chars().filter(char::is_ascii_digit).count())
        .ok()
        .filter(|count| *count != 11)
}

fn text(row: &ReadRow, field: &str) -> Option<String> {
    row.text(field).map(str::to_owned)
}

fn fen(row: &ReadRow, field: &str) -> Option<i64> {
    row.money(field).map(kernel::money::Money::fen)
}

/// Finds the villages of a register's rows, each spelling once.
pub struct Villages {
    places: Places,
    found: RefCell<HashMap<[Option<String>; 3], Option<AreaCode>>>,
}

impl Villages {
    /// Among these places.
    pub fn new(places: Places) -> Self {
        Villages { places, found: RefCell::default() }
    }

    /// The village that the row names, in the town that it names.
    fn of(&self, row: &ReadRow) -> Option<AreaCode> {
        let evidence = &row.evidence;
        let written = [evidence.town.clone(), evidence.village.clone(), evidence.address.clone()];
        if let Some(found) = self.found.borrow().get(&written) {
            return *found;
        }
        let place = self.places.resolve(
            evidence.town.as_deref(),
            evidence.village.as_deref(),
            evidence.address.as_deref(),
        );
        let found = match place.villages.as_slice() {
            [code] => AreaCode::parse(&code.to_string()).ok(),
            _ => None,
        };
        self.found.borrow_mut().insert(written, found);
        found
    }
}

/// A row of the household sheet, or why it cannot be used.
pub fn household(row: &ReadRow, row_no: i64, villages: &Villages) -> Result<HouseholdRow, Finding> {
    let number = number(row.evidence.household_number.as_ref())
        .ok_or_else(|| at_row(row, "intake.no_household_number", Severity::Error))?;
    let village = villages.of(row).ok_or_else(|| {
        at_row(row, "intake.village_unknown", Severity::Error)
            .arg("village", row.evidence.village.clone().unwrap_or_default())
    })?;
    let risks = row.text("risks").unwrap_or_default();
    let says = RegisterHousehold {
        head_name: text(row, "head_name").or_else(|| row.evidence.name.clone()),
        group: text(row, "group"),
        size: row.int("size"),
        household_type: text(row, "household_type"),
        monitor_type: text(row, "monitor_type"),
        risk_removed: row.yes("risk_removed"),
        identified_on: row.day("identified_on"),
        removed_on: row.day("removed_on"),
        removal_way: text(row, "removal_way"),
        risks: risks
            .split(['、', ',', '，', ';', '；'])
            .map(str::trim)
            .filter(|risk| !risk.is_empty())
            .map(str::to_owned)
            .collect(),
        no_labour: row.yes("no_labour"),
        house_grade: row.text("house_grade").and_then(HouseGrade::from_word),
        water_safe: row.yes("water_safe"),
        relocated: row.yes("relocated"),
        relocation_way: text(row, "relocation_way"),
        relief: text(row, "relief"),
        floor_area: row.int("floor_area"),
        farmland: row.int("farmland"),
        woodland: row.int("woodland"),
        road_kind: text(row, "road_kind"),
        road_distance: row.int("road_distance"),
        fuel: text(row, "fuel"),
        electricity: row.yes("electricity"),
        broadcast: row.yes("broadcast"),
        cooperative: row.yes("cooperative"),
        income_last_year_fen: fen(row, "income_last_year_fen"),
    };
    Ok(HouseholdRow { row_no, number, village, phone: phone(row.evidence.phone.as_ref()), says })
}

/// The identity number of a person's row, with what follows it on a disability certificate.
fn identity(row: &ReadRow, certificate: Certificate) -> (Option<IdNumber>, Option<String>) {
    let Some(as_read) = row.evidence.id.as_ref().or(row.evidence.certificate.as_ref()) else {
        return (None, None);
    };
    let written = as_read.written_out();
    if certificate == Certificate::Disability
        && let Ok((reading, tail)) = split_certificate(&written)
    {
        return (Some(reading), Some(tail));
    }
    let number = match as_read {
        AsRead::Text(text) => idnumber::read(text).ok().map(|reading| reading.number),
        AsRead::Number(_) => None,
    };
    (number, None)
}

fn split_certificate(written: &str) -> Result<(IdNumber, String), ()> {
    let plain: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    let (head, tail) = plain.split_at_checked(18).ok_or(())?;
    let reading = idnumber::read(head).map_err(|_| ())?;
    Ok((reading.number, tail.to_owned()))
}

/// A row of the person sheet, or why it cannot be used.
pub fn person(row: &ReadRow, row_no: i64) -> Result<PersonRow, Finding> {
    let missing = |code| at_row(row, code, Severity::Error);
    let evidence = &row.evidence;
    let own = number(evidence.person_number.as_ref())
        .ok_or_else(|| missing("intake.no_person_number"))?;
    let household_number = number(evidence.household_number.as_ref())
        .ok_or_else(|| missing("intake.no_household_number"))?;
    let name = evidence.name.clone().ok_or_else(|| missing("intake.no_name"))?;
    let certificate = match row.text("certificate") {
        Some(word) if word.contains("残疾") => Certificate::Disability,
        Some(word) if word.contains("身份证") || word.contains("居民") => Certificate::Citizen,
        Some(_) => Certificate::Other,
        None if evidence.id.is_some() => Certificate::Citizen,
        None => Certificate::None,
    };
    let (id, certificate_tail) = identity(row, certificate);
    let sex = evidence.sex.as_deref().and_then(Sex::read);
    let birth_day = evidence.birth.as_deref().and_then(|text| Day::parse(text).ok());
    let says = RegisterPerson {
        kin: text(row, "kin"),
        sex: evidence.sex.clone(),
        birth_day,
        certificate: text(row, "certificate"),
        number_birth_day: id
            .as_ref()
            .and_then(IdNumber::birth_day)
            .filter(|day| Some(*day) != birth_day),
        number_sex: id
            .as_ref()
            .map(IdNumber::sex)
            .filter(|number| sex.is_some_and(|said| said != *number))
            .map(|number| if number == Sex::Male { "男" } else { "女" }.to_owned()),
        nation: text(row, "nation"),
        party: text(row, "party"),
        education: text(row, "education"),
        school_state: text(row, "school_state"),
        health: text(row, "health"),
        labour: row.text("labour").and_then(LabourSkill::from_word),
        work_place: text(row, "work_place"),
        work_months: row.int("work_months"),
        employer: text(row, "employer"),
        public_post: text(row, "public_post"),
        public_post_months: row.int("public_post_months"),
        resident_insurance: row.yes("resident_insurance"),
        employee_insurance: row.yes("employee_insurance"),
        major_insurance: row.yes("major_insurance"),
        resident_pension: row.yes("resident_pension"),
        employee_pension: row.yes("employee_pension"),
        dibao: row.yes("dibao"),
        tekun: row.yes("tekun"),
        disability_category: text(row, "disability_category"),
        disability_level: row.text("disability_level").and_then(disability_level),
        speaks_mandarin: row.yes("speaks_mandarin"),
        relocated: row.yes("relocated"),
        phone_digits: digits(evidence.phone.as_ref()),
    };
    Ok(PersonRow {
        row_no,
        number: own,
        household_number,
        name,
        sex,
        birth_day,
        certificate,
        id,
        certificate_tail,
        phone: phone(evidence.phone.as_ref()),
        kin: row.text("kin").and_then(Kin::from_official),
        says,
    })
}
