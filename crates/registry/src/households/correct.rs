//! The values of a household that can be put right by hand, as they stand, each with who said so.

use kernel::error::Result;
use kernel::ids::PersonId;
use kernel::time::Day;
use web::L;

use super::change::{Answers, CORRECTABLE};
use super::page_of::source_word;
use super::queries::Household;
use super::residents::Resident;
use super::values::find_value;

/// A value that can be put right, as it stands, with who said so.
pub(super) struct Standing {
    pub(super) key: String,
    pub(super) topic: &'static str,
    pub(super) field: &'static str,
    pub(super) person: Option<(PersonId, String)>,
    pub(super) answers: Answers,
    pub(super) old: serde_json::Value,
    pub(super) said: Option<(String, Day)>,
}

/// The values of a household, or only the one with the key `what`.
pub(super) fn standing(
    session: &mut store::Session,
    household: &Household,
    (present, what): (&[Resident], Option<&str>),
) -> Result<Vec<Standing>> {
    let mut found = Vec::new();
    for (topic, field, of_person, answers) in CORRECTABLE {
        let people =
            present.iter().map(|resident| Some((resident.stay.person, resident.name.clone())));
        let subjects: Vec<_> = if of_person { people.collect() } else { vec![None] };
        for person in subjects {
            let id =
                person.as_ref().map_or_else(|| household.id.to_string(), |(id, _)| id.to_string());
            let key = format!("{topic}.{field}.{id}");
            if what.is_some_and(|what| what != key) {
                continue;
            }
            let value = find_value(session, (topic, &id, field), household.id)?;
            let (old, said) = value
                .map_or((serde_json::Value::Null, None), |(old, source, day)| {
                    (old, Some((source, day)))
                });
            found.push(Standing { key, topic, field, person, answers, old, said });
        }
    }
    Ok(found)
}

/// A value that can be put right, in words.
pub(super) fn value_word(l: L, value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Bool(true) => l.t("households-answer-yes"),
        serde_json::Value::Bool(false) => l.t("households-answer-no"),
        serde_json::Value::String(text) => text.clone(),
        _ => l.t("households-none-known"),
    }
}

pub(super) fn standing_word(l: L, standing: &Standing) -> String {
    let value = value_word(l, &standing.old);
    let what = l.t(&format!("households-value-{}-{}", standing.topic, standing.field));
    let who = standing.person.iter().map(|(_, name)| name.clone());
    let said =
        standing.said.iter().map(|(source, day)| format!("{} {day}", source_word(l, source)));
    who.chain([what, value]).chain(said).collect::<Vec<_>>().join(" · ")
}
