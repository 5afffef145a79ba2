//! Two drafts of policy side by side: which rules differ, whom each would find, what work that makes for which village. Over
//! a past day also how many of those that each would have found were confirmed since. Nothing is stored.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use facts::{HOUSEHOLD, Only, Pass};
use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::policies::{Pack, find_pack_on, preview_draft};
use store::{BuiltSql, Ctx, Session};

use super::compare::{Difference, asked, count, differences, engine};
use super::past::Facts;
use super::rows::SHOWN;
use super::trial::township;
use crate::screening::book::{Book, Bound};
use crate::screening::rule::{Level, Rule};
use crate::screening::{queries, time};

/// Which two are compared: drafts, or for none of them policy as it is published; and over the facts of which day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sides {
    /// On the left.
    pub one: Option<DraftId>,
    /// On the right.
    pub other: Option<DraftId>,
    /// The day of the facts; today without one.
    pub day: Option<Day>,
}

/// What one side finds by the rules that differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Side {
    /// Households.
    pub households: i64,
    /// Those of them that have no live lead: each would become one. Of a past day all of them.
    pub new_leads: i64,
    /// Of a past day: those that were confirmed as a risk since.
    pub confirmed: i64,
}

/// What both sides find in one place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaceOfBoth {
    /// 12-digit code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Found on the left only.
    pub only_one: i64,
    /// Found on the right only.
    pub only_other: i64,
    /// New leads on the left.
    pub leads_one: i64,
    /// New leads on the right.
    pub leads_other: i64,
}

/// A household that the two sides tell apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apart {
    /// Its id.
    pub household: String,
    /// 户编号.
    pub number: String,
    /// The head.
    pub name: String,
    /// The village.
    pub village: String,
    /// Ids of the rules that hit on the left.
    pub one: Vec<String>,
    /// Ids of the rules that hit on the right.
    pub other: Vec<String>,
}

/// Two drafts side by side.
#[derive(Debug, Clone)]
pub struct Compared {
    /// The titles; none for policy as it is published.
    pub titles: [Option<String>; 2],
    /// The day on which the facts stand.
    pub day: Day,
    /// The day is past: what was confirmed since is counted.
    pub past: bool,
    /// The rules that differ; counts before and after are those of the left and the right.
    pub rules: Vec<Difference>,
    /// What the left finds.
    pub one: Side,
    /// What the right finds.
    pub other: Side,
    /// Households that only the left finds, only the right, both (perhaps by other rules).
    pub households: (i64, i64, i64),
    /// Townships, then villages, in which they differ, in the order of their codes.
    pub places: (Vec<PlaceOfBoth>, Vec<PlaceOfBoth>),
    /// The first that the two tell apart, in the order of the villages.
    pub apart: Vec<Apart>,
    /// How many the two tell apart.
    pub all_apart: i64,
}

fn side(
    ctx: &Ctx,
    session: &mut Session,
    draft: Option<DraftId>,
) -> Result<(Option<String>, Pack, Day)> {
    let Some(id) = draft else {
        let pack = find_pack_on(session, ctx.today)?;
        let pack = pack.ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
        return Ok((None, pack, ctx.today));
    };
    let preview = preview_draft(ctx, id)?;
    let pack = preview.after.map_err(|_| {
        let refusal = Refusal::invalid("screening.draft_unsound");
        Error::from(refusal.arg("title", &preview.draft.title))
    })?;
    let day = preview.draft.valid_from.max(ctx.today);
    Ok((Some(preview.draft.title), pack, day))
}

/// Compares two drafts. Each is asked as it will hold on its first day, over the facts of the day that was chosen.
///
/// # Errors
/// Refused without `policy.manage` and `rule.run`, for a day to come, and for a draft that makes no readable pack.
pub fn compare_drafts(ctx: &Ctx, sides: Sides) -> Result<Compared> {
    ctx.permit(Permission::PolicyManage)?;
    let permit = ctx.permit(Permission::RuleRun)?;
    let day = sides.day.unwrap_or(ctx.today);
    if day > ctx.today {
        return Err(Refusal::invalid("screening.day_to_come").arg("day", day).into());
    }
    let mut session = ctx.read()?;
    let county = queries::find_county(&mut session)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    let (one_title, one, one_day) = side(ctx, &mut session, sides.one)?;
    let (other_title, other, other_day) = side(ctx, &mut session, sides.other)?;
    let facts = Facts::of(ctx, &mut session, day)?;
    let mut rows = facts.read(ctx)?;
    // parameters as they will hold, facts as they stood
    let mut bind = |pack: Pack, on: Day| -> Result<Bound> {
        let book = Arc::new(Book::of(pack, county, on)?);
        Bound::checked(&mut rows, book, (facts.coverage.clone(), facts.day), String::new())
    };
    let (one, other) = (bind(one, one_day)?, bind(other, other_day)?);
    let mut rules = differences(&one, &other);
    count(&mut rows, (&one, &other), &mut rules, time::OF_A_RULE)?;
    let sound: Vec<&str> = rules
        .iter()
        .filter(|rule| rule.stopped.is_none() && rule.level == Level::Household)
        .map(|rule| rule.rule.as_str())
        .collect();
    let left = hits(&mut rows, &one, &sound)?;
    let right = hits(&mut rows, &other, &sound)?;
    let subjects: BTreeSet<String> = left.keys().chain(right.keys()).cloned().collect();
    let (mut live, mut confirmed) = (BTreeSet::new(), BTreeSet::new());
    if facts.is_past() {
        confirmed = queries::what_if::confirmed_after(&mut session, day)?;
    } else {
        live = queries::what_if::live_among(&mut session, &subjects)?;
    }
    let of = |found: &BTreeMap<String, Hit>| Side {
        households: len(found.len()),
        new_leads: len(found.keys().filter(|key| !live.contains(*key)).count()),
        confirmed: len(found.keys().filter(|key| confirmed.contains(*key)).count()),
    };
    let both = len(left.keys().filter(|key| right.contains_key(*key)).count());
    let (villages, mut apart) = tell_apart((&left, &right), &live);
    let all_apart = len(apart.len());
    apart.sort_by(|a, b| (&a.village, &a.household).cmp(&(&b.village, &b.household)));
    apart.truncate(SHOWN);
    let ids: Vec<&str> = apart.iter().map(|one| one.household.as_str()).collect();
    let heads = queries::what_if::heads(&mut session, &permit, &ids)?;
    apart.retain(|one| heads.contains_key(&one.household));
    let places = named(&mut session, villages, &mut apart)?;
    for one in &mut apart {
        let (number, name) = heads.get(&one.household).cloned().unwrap_or_default();
        one.name = name.unwrap_or_else(|| number.clone());
        one.number = number;
    }
    Ok(Compared {
        titles: [one_title, other_title],
        day: facts.day,
        past: facts.is_past(),
        one: of(&left),
        other: of(&right),
        households: (len(left.len()) - both, len(right.len()) - both, both),
        rules,
        places,
        apart,
        all_apart,
    })
}

fn len(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Village and rules of a household that is hit.
type Hit = (String, Vec<String>);

/// Households that some of the rules hit.
fn hits(session: &mut Session, book: &Bound, rules: &[&str]) -> Result<BTreeMap<String, Hit>> {
    let rules: Vec<&Rule> = rules
        .iter()
        .filter_map(|id| asked(book, id))
        .filter(|rule| rule.def.level == Level::Household)
        .collect();
    let mut found = BTreeMap::new();
    if rules.is_empty() {
        return Ok(found);
    }
    let predicates: Vec<_> = rules.iter().map(|rule| &rule.predicate).collect();
    let pass = Pass { table: &HOUSEHOLD, engine: engine(session), binding: book.binding() };
    let sql = BuiltSql::from_generator(pass.packed(&predicates, Only::All));
    let many = u32::try_from(rules.len()).unwrap_or(1);
    session.within(time::OF_A_RULE.saturating_mul(many), |session| {
        session.each(&sql, &[], |row| {
            let words: Vec<i64> =
                row.0.iter().skip(2).map(|value| value.as_int().unwrap_or(2)).collect();
            let hit = |n: &usize| facts::pass::unpack(&words, *n) == Some(true);
            let places: Vec<usize> = (0..rules.len()).filter(hit).collect();
            if !places.is_empty() {
                let ids = places.iter().filter_map(|n| rules.get(*n));
                let ids = ids.map(|rule| rule.def.id.clone()).collect();
                found.insert(row.text(0)?, (row.opt_text(1)?.unwrap_or_default(), ids));
            }
            Ok(true)
        })
    })?;
    Ok(found)
}

/// What differs by village, and the households that the two tell apart.
fn tell_apart(
    (left, right): (&BTreeMap<String, Hit>, &BTreeMap<String, Hit>),
    live: &BTreeSet<String>,
) -> (BTreeMap<String, PlaceOfBoth>, Vec<Apart>) {
    let mut villages: BTreeMap<String, PlaceOfBoth> = BTreeMap::new();
    let mut apart = Vec::new();
    let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    for key in keys {
        let (one, other) = (left.get(key), right.get(key));
        let Some((village, _)) = one.or(other) else { continue };
        let place = villages.entry(village.clone()).or_default();
        let fresh = !live.contains(key);
        place.only_one += i64::from(one.is_some() && other.is_none());
        place.only_other += i64::from(other.is_some() && one.is_none());
        place.leads_one += i64::from(one.is_some() && fresh);
        place.leads_other += i64::from(other.is_some() && fresh);
        let rules = |hit: Option<&Hit>| hit.map(|(_, rules)| rules.clone()).unwrap_or_default();
        if rules(one) != rules(other) {
            apart.push(Apart {
                household: key.clone(),
                number: String::new(),
                name: String::new(),
                village: village.clone(),
                one: rules(one),
                other: rules(other),
            });
        }
    }
    (villages, apart)
}

/// Townships and villages in which the two differ, with their names; those of the households that differ too.
fn named(
    session: &mut Session,
    villages: BTreeMap<String, PlaceOfBoth>,
    apart: &mut [Apart],
) -> Result<(Vec<PlaceOfBoth>, Vec<PlaceOfBoth>)> {
    let mut towns: BTreeMap<String, PlaceOfBoth> = BTreeMap::new();
    for (code, place) in &villages {
        let above = township(code).map_or_else(|| code.clone(), |above| above.to_string());
        let town = towns.entry(above).or_default();
        town.only_one += place.only_one;
        town.only_other += place.only_other;
        town.leads_one += place.leads_one;
        town.leads_other += place.leads_other;
    }
    let codes: Vec<String> = villages.keys().chain(towns.keys()).cloned().collect();
    let names = queries::what_if::area_names(session, &codes)?;
    let differ = |places: BTreeMap<String, PlaceOfBoth>| {
        let differing = places.into_iter().filter(|(_, place)| {
            place.only_one + place.only_other > 0 || place.leads_one != place.leads_other
        });
        let named = differing.map(|(code, place)| {
            let name = names.get(&code).unwrap_or(&code).clone();
            PlaceOfBoth { code, name, ..place }
        });
        named.collect::<Vec<_>>()
    };
    for one in apart {
        one.village = names.get(&one.village).unwrap_or(&one.village).clone();
    }
    Ok((differ(towns), differ(villages)))
}
