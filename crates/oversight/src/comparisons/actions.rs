//! What a person can ask: the two days, the rows behind a difference, one household.

use std::collections::BTreeMap;
use std::sync::Arc;

use facts::{Column, FactRow, Scalar};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::permission::Permission;
use registry::past::Past;
use store::Ctx;

use super::causes::{Both, Cause};
use super::model::{Comparison, Item, Way};
use super::queries::{self, LeadThen};
use super::read::{line_of, read};

/// The same person on the two days.
#[derive(Clone)]
pub struct Sides {
    /// On the first.
    pub from: Ctx,
    /// On the second.
    pub to: Ctx,
    /// The laid out states stay as long as somebody reads them.
    pub held: (Option<Arc<Past>>, Option<Arc<Past>>),
}

/// The two days over all that the person sees.
///
/// # Errors
/// Refused without `household.see`.
pub fn compare(sides: &Sides) -> Result<Comparison> {
    read((&sides.from, &sides.to), None)
}

/// A value on the two days.
#[derive(Clone, Debug, PartialEq)]
pub enum Two {
    /// A fact.
    Fact(Column, Scalar, Scalar),
    /// The village in which it stood: none where it was not there.
    Village(Option<String>, Option<String>),
    /// Whether the person lived there.
    Lives(bool, bool),
    /// The state of the lead; none where there was none.
    Lead(Option<String>, Option<String>),
}

/// A household behind a difference.
#[derive(Clone, Debug)]
pub struct RowLine {
    /// Its id; empty where it is a lead about a village.
    pub household: String,
    /// Its number.
    pub number: String,
    /// The person whom it is about, or the head.
    pub name: String,
    /// The lead, where it is about one.
    pub lead: Option<String>,
    /// The village: of the second day, or of the first where it is gone.
    pub village: String,
    /// Old and new.
    pub values: Vec<Two>,
    /// Why.
    pub causes: Vec<Cause>,
}

/// What stands behind a line: the fact it asks, or the person, or the lead.
pub enum About<'c> {
    /// The household itself.
    Household,
    /// People.
    People,
    /// Leads, of one rule or of all.
    Lead(Option<&'c str>),
    /// A fact.
    Fact(&'c str),
    /// The income beside the line.
    Income,
}

/// What a line is about.
#[must_use]
pub fn about(line: &str) -> About<'_> {
    match line.split_once('.') {
        None if line == "people" => About::People,
        Some(("lead", _)) => About::Lead(None),
        Some(("rule", rule)) => About::Lead(Some(rule)),
        Some(("yes" | "fact", column)) => About::Fact(column),
        Some(("class", rest)) => About::Fact(rest.split_once('.').map_or(rest, |(name, _)| name)),
        Some(("income", _)) => About::Income,
        _ => About::Household,
    }
}

/// Names, numbers and values of households on the two days.
struct Known {
    heads: [BTreeMap<String, (String, String, AreaCode)>; 2],
    villages: BTreeMap<String, String>,
    persons: BTreeMap<String, String>,
    values: [BTreeMap<String, FactRow>; 2],
}

impl Known {
    fn load(sides: &Sides, both: &mut Both<'_>, page: &[(Item, Vec<Column>)]) -> Result<Known> {
        let homes = |item: &Item| {
            [&item.from, &item.to].map(|place| place.as_ref().map(|place| place.household.clone()))
        };
        let all: Vec<String> = page.iter().flat_map(|(item, _)| homes(item)).flatten().collect();
        let ids: Vec<&str> = all.iter().map(String::as_str).collect();
        let keys: Vec<&str> = page.iter().map(|(item, _)| item.key.as_str()).collect();
        let keys: Vec<&str> = keys.into_iter().map(|key| key.trim_end_matches('+')).collect();
        let mut columns: Vec<Column> = Vec::new();
        for column in page.iter().flat_map(|(_, columns)| columns) {
            if !columns.iter().any(|known| known.name == column.name) {
                columns.push(*column);
            }
        }
        let permit = sides.to.permit(Permission::HouseholdSee)?;
        let (from, to) = both.sessions();
        let heads = [queries::heads(from, &permit, &ids)?, queries::heads(to, &permit, &ids)?];
        let mut persons = queries::persons(from, &keys)?;
        persons.extend(queries::persons(to, &keys)?);
        let values = [queries::values(from, &columns, &ids)?, queries::values(to, &columns, &ids)?];
        let stood = heads.iter().flat_map(|side| side.values()).map(|(_, _, area)| *area);
        let about = page.iter().flat_map(|(item, _)| item.place()).map(|place| place.village);
        let codes = stood.chain(about).map(|area| area.to_string());
        let villages = queries::area_names(to, &codes.collect::<Vec<_>>())?;
        Ok(Known { heads, villages, persons, values })
    }

    /// Number, head and village of a household, by the later day on which it is seen.
    fn head(&self, household: &str) -> (String, String, String) {
        let [from, to] = &self.heads;
        let found = to.get(household).or_else(|| from.get(household)).cloned();
        found.map_or_else(Default::default, |(number, head, area)| {
            (number, head, self.village(area))
        })
    }

    fn village(&self, area: AreaCode) -> String {
        let code = area.to_string();
        self.villages.get(&code).cloned().unwrap_or(code)
    }

    fn value(&self, side: usize, household: &str, column: &Column) -> Scalar {
        // of who is not seen on a day nothing is told
        let seen = self.heads.get(side).is_some_and(|heads| heads.contains_key(household));
        let rows = self.values.get(side).filter(|_| seen);
        let row = rows.and_then(|rows| rows.get(household));
        row.and_then(|row| row.get(column.name).cloned()).unwrap_or_default()
    }
}

pub(super) fn lines(
    sides: &Sides,
    (of, way): (&str, Way),
    page: &[(Item, Vec<Column>)],
) -> Result<Vec<RowLine>> {
    let mut both = Both::new(&sides.from, &sides.to)?;
    let known = Known::load(sides, &mut both, page)?;
    let limits = match about(of) {
        About::Income => {
            let (from, to) = both.sessions();
            Some((line_of(&sides.from, from)?, line_of(&sides.to, to)?))
        }
        _ => None,
    };
    let mut lines = Vec::new();
    for (item, columns) in page {
        let Some(place) = item.place() else { continue };
        let household = place.household.clone();
        let (number, head, village) = match household.is_empty() {
            true => (String::new(), String::new(), known.village(place.village)),
            false => known.head(&household),
        };
        let mut line = RowLine {
            lead: None,
            name: head,
            number,
            village,
            values: Vec::new(),
            causes: Vec::new(),
            household,
        };
        match about(of) {
            About::Fact(_) | About::Income => {}
            About::Lead(rule) => {
                let ((before, after), causes) = both.of_lead(&item.key, (way, rule))?;
                let state = |lead: Option<LeadThen>| lead.map(|lead| lead.state);
                line.values.push(Two::Lead(state(before), state(after)));
                (line.causes, line.lead) = (causes, Some(item.key.clone()));
            }
            About::People => {
                let name = known.persons.get(item.key.trim_end_matches('+')).cloned();
                line.name = name.unwrap_or(line.name);
                line.values.push(Two::Lives(item.from.is_some(), item.to.is_some()));
                line.causes = both.of_household(&line.household)?;
            }
            About::Household if way != Way::Changed => {
                let name = |place: &Option<super::model::Place>| {
                    place.as_ref().map(|place| known.village(place.village))
                };
                line.values.push(Two::Village(name(&item.from), name(&item.to)));
                line.causes = both.of_household(&line.household)?;
            }
            About::Household => {}
        }
        let facts: Vec<(Column, Scalar, Scalar)> = columns
            .iter()
            .map(|column| {
                let value = |side| known.value(side, &line.household, column);
                (*column, value(0), value(1))
            })
            .collect();
        if !facts.is_empty() {
            for causes in both.of_facts(&line.household, &facts)?.into_values() {
                for cause in causes {
                    if !line.causes.contains(&cause) {
                        line.causes.push(cause);
                    }
                }
            }
            if let Some((Some(old), Some(new))) = &limits {
                let village = place.village.to_string();
                let (old, new) = (old.at(&village), new.at(&village));
                if old != new {
                    line.causes.insert(0, Cause::Line(old, new));
                }
            }
        }
        line.values.extend(facts.into_iter().map(|(column, old, new)| Two::Fact(column, old, new)));
        lines.push(line);
    }
    Ok(lines)
}

/// One household on the two days.
#[derive(Clone, Debug)]
pub struct OneHousehold {
    /// Its number.
    pub number: String,
    /// Its head.
    pub name: String,
    /// The village: of the second day, or of the first where it is gone.
    pub village: String,
    /// Whether it is there, and seen, on the two days.
    pub there: (bool, bool),
    /// Who came and who went.
    pub members: Vec<Cause>,
    /// Every fact that differs: old, new, why.
    pub facts: Vec<(Column, Scalar, Scalar, Vec<Cause>)>,
    /// Leads that were opened or closed: the lead, the states on the two days, why.
    pub leads: Vec<(String, Two, Vec<Cause>)>,
}

/// What differs of one household between the two days.
///
/// # Errors
/// *Not found* for one that is not there, or not seen, on either day.
pub fn of_household(sides: &Sides, id: &str) -> Result<OneHousehold> {
    let found = read((&sides.from, &sides.to), Some(id))?;
    let counts = found.line("households").and_then(|line| found.figures(None).get(line).copied());
    let counts = counts.unwrap_or_default();
    if counts.from + counts.to == 0 {
        return Err(sides.to.not_found("households.not_found", id));
    }
    let mut both = Both::new(&sides.from, &sides.to)?;
    let columns = found.changed.iter().flat_map(|one| &one.columns);
    let columns: Vec<Column> = columns.filter_map(|at| found.columns.get(*at).copied()).collect();
    let village = village_of(&mut both, sides, id)?;
    let at = Some(super::model::Place { household: id.to_owned(), village });
    let item = Item { line: 0, key: id.to_owned(), from: at.clone(), to: at };
    let known = Known::load(sides, &mut both, &[(item, columns.clone())])?;
    let facts: Vec<(Column, Scalar, Scalar)> = columns
        .iter()
        .map(|column| (*column, known.value(0, id, column), known.value(1, id, column)))
        .collect();
    let mut why = both.of_facts(id, &facts)?;
    let mut leads = Vec::new();
    for item in &found.items {
        let line = found.lines.get(item.line).map_or("", String::as_str);
        if let (true, Some(way)) = (line.starts_with("lead."), item.way(None)) {
            let ((before, after), causes) = both.of_lead(&item.key, (way, None))?;
            let state = |lead: Option<LeadThen>| lead.map(|lead| lead.state);
            leads.push((item.key.clone(), Two::Lead(state(before), state(after)), causes));
        }
    }
    let (number, name, village) = known.head(id);
    Ok(OneHousehold {
        number,
        name,
        village,
        there: (counts.from > 0, counts.to > 0),
        members: both.members(id)?,
        facts: facts
            .into_iter()
            .map(|(column, old, new)| {
                let causes = why.remove(column.name).unwrap_or_default();
                (column, old, new, causes)
            })
            .collect(),
        leads,
    })
}

fn village_of(both: &mut Both<'_>, sides: &Sides, id: &str) -> Result<AreaCode> {
    let permit = sides.to.permit(Permission::HouseholdSee)?;
    let (from, to) = both.sessions();
    let found = match queries::heads(to, &permit, &[id])?.remove(id) {
        Some(found) => Some(found),
        None => queries::heads(from, &permit, &[id])?.remove(id),
    };
    let (_, _, village) = found.ok_or_else(|| sides.to.not_found("households.not_found", id))?;
    Ok(village)
}
