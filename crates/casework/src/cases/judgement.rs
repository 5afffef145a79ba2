//! The judgement is of four things together: income, spending that cannot be avoided, guarantees, what the family can do
//! itself. The program computes and explains each; a person decides and writes why.

use facts::{FactRow, Scalar};
use serde_json::{Map, Value};

use super::book::CaseBook;
use super::classes::ClassDef;

/// One of the four things and the facts that speak of it.
pub struct Thing {
    /// Its name in the locales.
    pub id: &'static str,
    /// Columns of the household.
    pub columns: &'static [&'static str],
}

/// The four things.
pub const THINGS: [Thing; 4] = [
    Thing {
        id: "income",
        columns: &[
            "income_pc",
            "income_pc_prev",
            "income_12m",
            "wage_12m",
            "business_net_12m",
            "property_12m",
            "transfer_12m",
            "income_last_on",
        ],
    },
    Thing {
        id: "spending",
        columns: &["income_reference_pc", "oop_12m", "oop_max_stay", "edu_cost", "disaster_loss"],
    },
    Thing {
        id: "guarantees",
        columns: &[
            "insurance_ok",
            "schooling_ok",
            "housing_ok",
            "water_safe",
            "food_ok",
            "clothing_ok",
        ],
    },
    Thing {
        id: "capacity",
        columns: &[
            "persons",
            "labour",
            "labour_weak",
            "workers",
            "jobless_count",
            "dibao",
            "tekun",
            "loan_overdue",
        ],
    },
];

/// The parameter against which income is held.
pub const LINE: &str = "monitoring_line";

/// What a decision rests on, as JSON: the columns of the four things and the line in force.
pub fn kept(facts: &FactRow, book: &CaseBook) -> String {
    let columns = THINGS.iter().flat_map(|thing| thing.columns);
    let mut kept: Map<String, Value> =
        columns.filter_map(|name| Some(((*name).to_owned(), json(facts.get(*name)?)))).collect();
    if let Some(line) = book.params.get(LINE).and_then(facts::Param::only_value) {
        kept.insert(format!(":{LINE}"), json(line));
    }
    Value::Object(kept).to_string()
}

fn json(value: &Scalar) -> Value {
    match value {
        Scalar::Null => Value::Null,
        Scalar::Int(number) => (*number).into(),
        Scalar::Real(number) => (*number).into(),
        Scalar::Text(text) => text.as_str().into(),
    }
}

/// What the program would call the household, and by which of the two reasons; a person decides.
pub fn suggested<'a>(
    facts: &FactRow,
    book: &'a CaseBook,
    village: &str,
) -> Option<(&'static str, &'a ClassDef)> {
    let lifted =
        matches!(facts.get("hh_type"), Some(Scalar::Text(kind)) if kind.starts_with("脱贫"));
    let line = book.params.get(LINE).map(|line| line.at(village));
    let trigger = match (facts.get("income_pc"), line) {
        (Some(Scalar::Int(income)), Some(Scalar::Int(line))) if *income > line => "sudden",
        (Some(Scalar::Int(_)), Some(Scalar::Int(_))) => "income",
        _ => return None,
    };
    Some((trigger, book.classes.suggest(lifted, trigger)?))
}
