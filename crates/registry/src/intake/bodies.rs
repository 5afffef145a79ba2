//! A row that has found its person becomes the body of a dated record.

use kernel::error::{Error, Result};
use kernel::finding::{Finding, Severity};
use kernel::time::Day;

use super::own_templates;
use super::period::Said;
use super::reading::ReadRow;
use super::template::Template;
use crate::circumstances::topics::{
    Body, CertificateChange, Complaint, Death, DisabilityCertificate, DisasterLoss, DropoutState,
    DropoutSuspect, HospitalStay, HouseGrade, HouseGradeRow, HouseState, HukouMove, JobChange,
    JobEvent, LoanState, MoveDirection, OldRegister, ReliefKind, SchoolRoll, SocialAssistance,
    Topic, Vehicle, WaterOutage, disability_level,
};

/// What a row says, ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its topic.
    pub topic: Topic,
    /// The body as JSON.
    pub body: String,
    /// The day it speaks of.
    pub day: Day,
}

/// Reads words of a row as official words, and collects those that are not known.
struct Words<'a> {
    row: &'a ReadRow,
    unknown: Vec<Finding>,
}

impl Words<'_> {
    fn text(&self, field: &str) -> Option<String> {
        self.row.text(field).map(str::to_owned)
    }

    fn fen(&self, field: &str) -> Option<i64> {
        self.row.money(field).map(kernel::money::Money::fen)
    }

    fn word<T>(&mut self, field: &str, read: fn(&str) -> Option<T>) -> Option<T> {
        let text = self.row.text(field)?;
        let found = read(text);
        if found.is_none() {
            self.unknown.push(
                Finding::new("intake.word_unknown", Severity::Warning)
                    .at(kernel::finding::Place::file(&*self.row.file)
                        .sheet(&*self.row.sheet)
                        .row(self.row.row))
                    .arg("text", text)
                    .arg("field", field),
            );
        }
        found
    }
}

/// Turns a row into what is stored about its person, with findings for words that are not known.
///
/// # Errors
/// A fault when the template names a topic that no list delivers.
pub fn body_of(
    template: &Template,
    said: &Said,
    row: &ReadRow,
) -> Result<(Statement, Vec<Finding>)> {
    let topic = template
        .topic
        .as_deref()
        .and_then(Topic::parse)
        .ok_or_else(|| Error::fault(format!("template {} has no topic", template.id)))?;
    let mut words = Words { row, unknown: Vec::new() };
    let body = match topic {
        Topic::HospitalStay => stay(&words).to_json(),
        Topic::SchoolRoll => roll(&words, said).to_json(),
        Topic::DropoutSuspect => suspect(&mut words).to_json(),
        Topic::SocialAssistance => assistance(&mut words).to_json(),
        Topic::DisabilityCertificate => certificate(&mut words).to_json(),
        Topic::HouseGrade => house(&mut words).to_json(),
        Topic::WaterOutage => outage(&words).to_json(),
        Topic::JobEvent => job(&mut words).to_json(),
        Topic::DisasterLoss => loss(&words, row).to_json(),
        Topic::LoanState => loan(&words).to_json(),
        Topic::Death => Death { struck_on: row.day("struck_on") }.to_json(),
        Topic::HukouMove => moved(&mut words).to_json(),
        Topic::Vehicle => vehicle(&words).to_json(),
        Topic::Complaint => complaint(&words).to_json(),
        Topic::OldRegister => old_register(&words).to_json(),
        Topic::OwnListRow => own_templates::row(template, row, &mut words.unknown).to_json(),
        other => return Err(Error::fault(format!("no list delivers {}", other.as_str()))),
    }
    .map_err(|why| Error::fault(format!("body: {why}")))?;
    let registered = (topic == Topic::OldRegister).then(|| row.int("registered_year")).flatten();
    let day = registered
        // what was so since a year stands from its first day, not from the day of the list
        .and_then(|year| Day::of(i32::try_from(year).ok()?, 1, 1))
        .or(row.event_date)
        // A roll speaks from the first day of its term on; the last day lies ahead while it is the newest.
        .or_else(|| said.term.as_deref().and_then(first_day_of_term))
        .or_else(|| said.as_of())
        .ok_or_else(|| Error::fault("a row without a day is rejected before"))?;
    Ok((Statement { topic, body, day }, words.unknown))
}

/// The first day of a term `2026-spring` (1 March) or `2026-autumn` (1 September).
pub fn first_day_of_term(term: &str) -> Option<Day> {
    let (year, season) = term.split_once('-')?;
    let month = if season == "spring" { 3 } else { 9 };
    Day::of(year.parse().ok()?, month, 1)
}

fn stay(words: &Words<'_>) -> HospitalStay {
    HospitalStay {
        total_fen: words.fen("total_fen"),
        basic_fen: words.fen("basic_fen"),
        major_fen: words.fen("major_fen"),
        relief_fen: words.fen("relief_fen"),
        out_of_pocket_fen: words.fen("out_of_pocket_fen"),
        hospital: words.text("hospital"),
        insured_at: words.row.evidence.town.clone(),
        note: words.text("note"),
    }
}

fn roll(words: &Words<'_>, said: &Said) -> SchoolRoll {
    SchoolRoll {
        school: words.text("school"),
        stage: words.text("stage"),
        grade: words.text("grade"),
        term: said.term.clone(),
        boards: words.row.yes("boards"),
        due_fen: words.fen("due_fen"),
        aid_fen: words.fen("aid_fen"),
        own_cost_fen: words.fen("own_cost_fen"),
        state: words.text("state"),
    }
}

fn suspect(words: &mut Words<'_>) -> DropoutSuspect {
    DropoutSuspect {
        state: words.word("state", DropoutState::from_word),
        school: words.text("school"),
        stage: words.text("stage"),
        note: words.text("note"),
    }
}

fn assistance(words: &mut Words<'_>) -> SocialAssistance {
    SocialAssistance {
        kind: words.word("kind", ReliefKind::from_word),
        amount_fen: words.fen("amount_fen"),
        household_size: words.row.int("household_size"),
        covered: words.row.int("covered"),
        reason: words.text("reason"),
        note: words.text("note"),
    }
}

fn certificate(words: &mut Words<'_>) -> DisabilityCertificate {
    DisabilityCertificate {
        change: words.word("change", CertificateChange::from_word),
        category: words.text("category"),
        level: words.word("level", disability_level),
        guardian: words.row.evidence.guardian.clone(),
    }
}

fn house(words: &mut Words<'_>) -> HouseGradeRow {
    HouseGradeRow {
        grade: words.word("grade", HouseGrade::from_word),
        state: words.word("state", HouseState::from_word),
        structure: words.text("structure"),
        area_centiares: words.row.int("area_centiares"),
        note: words.text("note"),
    }
}

fn outage(words: &Words<'_>) -> WaterOutage {
    WaterOutage {
        restored_on: words.row.day("restored_on"),
        cause: words.text("cause"),
        households: words.row.int("households"),
        emergency_supply: words.text("emergency_supply"),
    }
}

fn job(words: &mut Words<'_>) -> JobEvent {
    JobEvent {
        change: words.word("change", JobChange::from_word),
        place: words.text("place"),
        employer: words.text("employer"),
        unpaid_fen: words.fen("unpaid_fen"),
        reemployed: words.row.yes("reemployed"),
        reemployed_on: words.row.day("reemployed_on"),
    }
}

fn loss(words: &Words<'_>, row: &ReadRow) -> DisasterLoss {
    DisasterLoss {
        kind: words.text("kind"),
        event: row.file.rsplit(['/', '\\']).next().map(str::to_owned),
        people: row.int("people"),
        rooms: row.int("rooms"),
        crop_area_centimu: row.int("crop_area_centimu"),
        loss_fen: words.fen("loss_fen"),
        note: words.text("note"),
    }
}

fn loan(words: &Words<'_>) -> LoanState {
    LoanState {
        loan_number: words.text("loan_number"),
        granted_on: words.row.day("granted_on"),
        due_on: words.row.day("due_on"),
        amount_fen: words.fen("amount_fen"),
        balance_fen: words.fen("balance_fen"),
        class: words.text("class"),
        overdue_days: words.row.int("overdue_days"),
        overdue_fen: words.fen("overdue_fen"),
    }
}

fn moved(words: &mut Words<'_>) -> HukouMove {
    HukouMove {
        direction: words.word("direction", MoveDirection::from_word),
        place: words.text("place"),
    }
}

fn vehicle(words: &Words<'_>) -> Vehicle {
    Vehicle {
        plate: words.text("plate"),
        kind: words.text("kind"),
        brand: words.text("brand"),
        price_fen: words.fen("price_fen"),
        registered_on: words.row.day("registered_on"),
    }
}

fn complaint(words: &Words<'_>) -> Complaint {
    Complaint {
        ticket: words.text("ticket"),
        category: words.text("category"),
        text: words.text("text"),
        place: words.row.evidence.address.clone(),
        office: words.text("office"),
        state: words.text("state"),
    }
}

fn old_register(words: &Words<'_>) -> OldRegister {
    let causes = [words.text("causes"), words.text("other_causes")];
    let split = |text: String| -> Vec<String> {
        let parts = text.split(['、', '，', ',', ';', '；', '/']).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    OldRegister {
        registered_year: words.row.int("registered_year"),
        causes: causes.into_iter().flatten().flat_map(split).collect(),
        exit_year: words.row.int("exit_year"),
        exit_kind: words.text("exit_kind"),
        note: words.text("note"),
    }
}
