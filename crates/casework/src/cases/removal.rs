//! When a risk counts as gone: the conditions of the pack, asked of one household and its case.

use std::collections::BTreeMap;

use facts::{
    Binding, Column, FactRow, Kind, Params, Predicate, Scalar, Schema, Scope, Situation, Unit,
    Unknown, compile,
};
use kernel::lang::Lang;
use registry::policies::Words;
use serde::Deserialize;

use super::wrong::{Wrong, line_of};

/// What conditions may ask of the case beside the facts of its household.
pub const COLUMNS: [Column; 4] = [
    Column::household("case_months", Kind::Int)
        .room("cases")
        .unit(Unit::Months)
        .title("认定以来的月数", "Months since it was taken in")
        .sentence("从认定之日起满的月数。", "Full months since the day of identification."),
    Column::household("case_risks_open", Kind::Int)
        .room("cases")
        .unit(Unit::Cases)
        .title("尚未消除的风险", "Risks still there")
        .sentence("本案列明而尚未消除的风险。", "Risks named in the case that are not gone."),
    Column::household("case_leads_open", Kind::Int)
        .room("cases")
        .unit(Unit::Cases)
        .title("在办的线索", "Open leads")
        .sentence("本户在办的线索。", "Leads of the household that are not answered."),
    Column::household("case_delivered", Kind::Int)
        .room("cases")
        .unit(Unit::Cases)
        .title("已落实的针对性措施", "Measures delivered")
        .sentence(
            "针对本案风险、已经落实的帮扶措施。",
            "Measures aimed at the risks of the case that were delivered.",
        ),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[allow(dead_code)]
    basis: String,
    condition: Vec<ConditionDef>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConditionDef {
    id: String,
    title: Words,
    holds: String,
    #[serde(default)]
    evidence: Vec<String>,
}

/// One condition.
#[derive(Debug, Clone)]
pub struct Condition {
    /// What is stored when it is missing.
    pub id: String,
    /// In words.
    pub title: Words,
    /// When it holds.
    holds: Predicate,
    /// What is shown of it.
    evidence: Vec<Column>,
}

/// All of them; every one must hold.
#[derive(Debug, Clone, Default)]
pub struct Removal {
    /// In the order of the file.
    pub conditions: Vec<Condition>,
}

/// How a condition stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// Yes, no, or cannot be told.
    pub holds: Option<bool>,
    /// The values on which that rests.
    pub evidence: Vec<(Column, Scalar)>,
    /// What is not known, where it cannot be told.
    pub unknown: Vec<Unknown>,
}

impl Removal {
    /// Reads and proves the conditions; what is wrong comes beside those that can be asked.
    pub fn read(text: &str, schema: &Schema, params: &Params) -> (Self, Vec<Wrong>) {
        let file: File = match toml::from_str(text) {
            Ok(file) => file,
            Err(why) => return (Self::default(), vec![Wrong::unreadable(text, &why)]),
        };
        let table = facts::HOUSEHOLD.name;
        let (mut conditions, mut wrong) = (Vec::<Condition>::new(), Vec::new());
        for def in file.condition {
            let line = |word: &str| line_of(text, ("condition", &def.id), word);
            if conditions.iter().any(|known| known.id == def.id) {
                wrong.push(Wrong::new(line(""), "twice").arg("what", &def.id));
                continue;
            }
            let found: BTreeMap<&String, Option<&Column>> =
                def.evidence.iter().map(|name| (name, schema.column(table, name))).collect();
            let missing = found.iter().filter(|(_, column)| column.is_none());
            wrong.extend(missing.map(|(name, _)| {
                let at = line(&format!("\"{name}\""));
                Wrong::new(at, "column").arg("what", &def.id).arg("column", *name)
            }));
            let evidence =
                def.evidence.iter().filter_map(|name| schema.column(table, name)).copied();
            let evidence = evidence.collect();
            match compile(&def.holds, Scope { schema, table, params }) {
                Ok(holds) => {
                    conditions.push(Condition { id: def.id, title: def.title, holds, evidence })
                }
                Err(why) => {
                    let one = Wrong::new(line("holds"), "condition").arg("what", &def.id);
                    wrong.push(one.arg("detail", why.to_string()));
                }
            }
        }
        (Self { conditions }, wrong)
    }
}

impl Condition {
    /// How it stands.
    pub(super) fn held(&self, binding: Binding<'_>, situation: &Situation) -> Held {
        let value = |column: &Column| {
            (*column, situation.row.get(column.name).cloned().unwrap_or(Scalar::Null))
        };
        Held {
            holds: self.holds.eval(binding, situation),
            evidence: self.evidence.iter().map(value).collect(),
            unknown: self.holds.unknowns(binding, situation),
        }
    }

    /// The condition in plain words.
    pub fn in_words(&self, params: &Params, lang: Lang) -> String {
        self.holds.explain(params, lang)
    }
}

/// The columns of the case itself, put beside the facts of its household.
pub fn with_case(mut row: FactRow, values: [i64; 4]) -> FactRow {
    for (column, value) in COLUMNS.iter().zip(values) {
        row.insert(column.name.to_owned(), Scalar::Int(value));
    }
    row
}
