//! What of a lead a role may read: values of a class that it does not open stay sealed, and the sentences that hold them
//! too. Done where leads are loaded, so that no page, paper or program can forget it.

use facts::{Column, Kind};
use kernel::lang::Lang;
use kernel::permission::FieldClass;
use store::Permit;
use web::L;

use super::actions::{LeadLine, PastAnswer, Reason};
use super::book::Book;
use super::model::Lead;
use super::people::Channel;
use super::queries::returned::Returned;
use super::rule::Rule;

/// How closely the values of a column are kept.
fn class_of(column: &Column) -> FieldClass {
    let list = column.coverage.map_or("", |coverage| coverage.list);
    let health = ["chronic", "severe_ill", "disab"];
    match list {
        "vehicles" => FieldClass::Asset,
        "medical_stays" | "disability_certificates" => FieldClass::Health,
        _ if health.iter().any(|name| column.name.starts_with(name)) => FieldClass::Health,
        _ if column.kind == Kind::Money => FieldClass::Money,
        _ => FieldClass::Basic,
    }
}

/// Whether the person may see the values of a column: by class, or because their own department delivers them.
pub fn opens(permit: &Permit, department: &str, column: &Column) -> bool {
    let class = class_of(column);
    permit.opens(class) || (class != FieldClass::Asset && permit.department() == Some(department))
}

/// The rule, if its sentence holds a value that the person may not see. Of a rule that is no longer in force nothing is
/// known, so nothing of it is shown to a role that does not open everything but assets.
fn sealing<'a>(
    permit: &Permit,
    book: Option<&'a Book>,
    rule: &str,
    department: &str,
) -> Sealing<'a> {
    let whole = permit.opens(FieldClass::Health) && permit.opens(FieldClass::Money);
    if let Some(channel) = Channel::of_rule(rule) {
        return if whole { Sealing::Open } else { Sealing::Channel(channel) };
    }
    match book.and_then(|book| book.rule(rule)) {
        Some((_, rule)) if rule.evidence.iter().all(|column| opens(permit, department, column)) => {
            Sealing::Open
        }
        Some((_, rule)) => Sealing::Title(rule),
        None if whole => Sealing::Open,
        None => Sealing::Nothing,
    }
}

enum Sealing<'a> {
    Open,
    Title(&'a Rule),
    Channel(Channel),
    Nothing,
}

impl Sealing<'_> {
    fn put(&self, rule: &str, zh: &mut String, en: &mut String) {
        match self {
            Self::Open => {}
            Self::Title(rule) => {
                zh.clone_from(&rule.def.title.zh);
                en.clone_from(&rule.def.title.en);
            }
            Self::Channel(channel) => {
                *zh = channel.word(L(Lang::Zh));
                *en = channel.word(L(Lang::En));
            }
            Self::Nothing => {
                rule.clone_into(zh);
                rule.clone_into(en);
            }
        }
    }
}

/// Whether the person may read what people said of their trouble.
pub fn opens_told(permit: &Permit) -> bool {
    permit.opens(FieldClass::Health) && permit.opens(FieldClass::Money)
}

/// Whether the person is told of a reason at all: a bank learns of its borrowers what its own lists show, not that a child
/// left school.
fn told(permit: &Permit, department: &str) -> bool {
    permit.opens(FieldClass::Care) || permit.department() == Some(department)
}

/// Words of an answer may speak of every reason; who is not told all reasons is not told them.
pub fn seal_answers(permit: &Permit, lead: &mut Lead, history: &mut [PastAnswer]) {
    if permit.opens(FieldClass::Care) {
        return;
    }
    if let Some(given) = &mut lead.given {
        (given.answer.reason_code, given.answer.reason) = (None, None);
    }
    for past in history {
        (past.reason_code, past.reason) = (None, None);
    }
}

/// Seals the sentences of a list.
pub fn seal_lines(permit: &Permit, book: Option<&Book>, lines: &mut [LeadLine]) {
    for line in lines {
        line.reasons.retain(|reason| told(permit, &reason.department));
        for reason in &mut line.reasons {
            let sealing = sealing(permit, book, &reason.rule, &reason.department);
            sealing.put(&reason.rule, &mut reason.zh, &mut reason.en);
        }
    }
}

/// Seals the sentences of a lead.
pub fn seal_reasons(permit: &Permit, book: Option<&Book>, reasons: &mut Vec<Reason>) {
    reasons.retain(|reason| told(permit, &reason.department));
    for reason in reasons {
        let sealing = sealing(permit, book, &reason.rule, &reason.department);
        sealing.put(&reason.rule, &mut reason.zh, &mut reason.en);
    }
}

/// Seals the sentences of leads that were returned as wrong.
pub fn seal_returned(permit: &Permit, book: Option<&Book>, leads: &mut [Returned]) {
    for lead in leads {
        let sealing = sealing(permit, book, &lead.rule, &lead.department);
        sealing.put(&lead.rule, &mut lead.zh, &mut lead.en);
    }
}
