//! Queries that find a household, or a person with theirs, by what somebody remembers: a name or its sound, a number or
//! its end, a phone's end.

use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use kernel::name::search_terms;
use kernel::time::Day;
use store::{Ctx, Permit, Row, Session, Value, visible};

use crate::people::{Asked, asked};

macro_rules! by_person {
    ($condition:literal) => {
        by_person!("distinct h.id", $condition)
    };
    ($what:literal, $condition:literal) => {
        concat!(
            "select ",
            $what,
            " from persons p
             join memberships m on m.person_id = p.id and m.valid_to is null
             join households h on h.id = m.household_id
             where ",
            $condition,
            " and ",
            visible!("h.village_code", "h.id"),
            " limit $4"
        )
    };
}

const BY_NUMBER: &str = by_person!(
    "p.id in (select coalesce(q.merged_into, q.id) from persons q where q.id_digest = $3)"
);
const BY_LAST_SIX: &str = by_person!(
    "p.id in (select coalesce(q.merged_into, q.id) from persons q where q.id6_digest = $3)"
);
const BY_PHONE_TAIL: &str = by_person!("p.phone_tail = $3");
const BY_PHONE: &str = by_person!("p.phone_tail = $5 and p.phone_digest = $3");
const BY_HOUSEHOLD_TAIL: &str = concat!(
    "select h.id from households h where h.phone_tail = $3 and ",
    visible!("h.village_code", "h.id"),
    " limit $4"
);
const BY_HOUSEHOLD_NUMBER: &str = concat!(
    "select h.id from households h
     where h.id in (select coalesce(q.merged_into, q.id) from households q where q.number >= $3 and q.number < $5) and ",
    visible!("h.village_code", "h.id"),
    " limit $4"
);
const BY_PERSON_NUMBER: &str =
    by_person!("p.id in (select coalesce(q.merged_into, q.id) from persons q where q.number = $3)");
const BY_NAME: &str = concat!(
    "select distinct h.id from search_keys k join households h on h.id = k.household_id
     where k.key >= $3 and k.key < $5 and k.kind = $6 and k.village_code >= $7 and k.village_code <= $8 and ",
    visible!("h.village_code", "h.id"),
    " limit $4"
);

macro_rules! person {
    ($condition:literal) => {
        by_person!(
            "p.id, p.name, p.birth_day, h.id, h.number, (select a.name from areas a where a.code = h.village_code),
             h.group_name, case when h.head_id = p.id then 1 else 0 end",
            $condition
        )
    };
}

const PERSON_BY_NUMBER: &str =
    person!("p.id in (select coalesce(q.merged_into, q.id) from persons q where q.id_digest = $3)");
const PERSON_BY_LAST_SIX: &str = person!(
    "p.id in (select coalesce(q.merged_into, q.id) from persons q where q.id6_digest = $3)"
);
const PERSON_BY_PHONE_TAIL: &str = person!("p.phone_tail = $3");
const PERSON_BY_PHONE: &str = person!("p.phone_tail = $5 and p.phone_digest = $3");
const PERSON_BY_OWN_NUMBER: &str =
    person!("p.id in (select coalesce(q.merged_into, q.id) from persons q where q.number = $3)");
/// The shortest keys come first: who is called exactly so, then who is called so and more.
const PERSON_BY_NAME: &str = concat!(
    "select p.id, p.name, p.birth_day, h.id, h.number, (select a.name from areas a where a.code = h.village_code),
        h.group_name, case when h.head_id = p.id then 1 else 0 end
     from search_keys k join persons p on p.id = k.person_id join households h on h.id = k.household_id
     where k.key >= $3 and k.key < $5 and k.kind = $6 and k.village_code >= $7 and k.village_code <= $8 and ",
    visible!("h.village_code", "h.id"),
    " order by k.key limit $4"
);

/// A person that a search finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Birthday.
    pub birth_day: Option<Day>,
    /// The household in which the person lives.
    pub household: HouseholdId,
    /// 户编号.
    pub number: String,
    /// Name of the village.
    pub village: String,
    /// Group.
    pub group: Option<String>,
    /// Is this the head of the household?
    pub head: bool,
}

fn person_of(row: &Row) -> Result<Found> {
    Ok(Found {
        person: row.parse(0)?,
        name: row.text(1)?,
        birth_day: row.opt_parse(2)?,
        household: row.parse(3)?,
        number: row.text(4)?,
        village: row.opt_text(5)?.unwrap_or_default(),
        group: row.opt_text(6)?,
        head: row.int(7)? == 1,
    })
}

/// People of the scope that a search finds, at most `limit`, the nearest first.
///
/// # Errors
/// What the database refuses.
pub fn find_people(
    ctx: &Ctx,
    session: &mut Session,
    permit: &Permit,
    text: &str,
    limit: i64,
) -> Result<Vec<Found>> {
    let mut found: Vec<Found> = Vec::new();
    for question in asked(text) {
        for (sql, params) in runs(ctx, permit, question, (limit, &OF_PEOPLE)) {
            for row in session.rows(sql, &params)? {
                let one = person_of(&row)?;
                if !found.iter().any(|known| known.person == one.person) {
                    found.push(one);
                }
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}

/// The statements of one kind of search.
struct Texts {
    number: &'static str,
    last_six: &'static str,
    phone_tail: &'static [&'static str],
    phone: &'static str,
    own_number: &'static str,
    household_number: Option<&'static str>,
    name: &'static str,
}

const OF_HOUSEHOLDS: Texts = Texts {
    number: BY_NUMBER,
    last_six: BY_LAST_SIX,
    phone_tail: &[BY_PHONE_TAIL, BY_HOUSEHOLD_TAIL],
    phone: BY_PHONE,
    own_number: BY_PERSON_NUMBER,
    household_number: Some(BY_HOUSEHOLD_NUMBER),
    name: BY_NAME,
};
const OF_PEOPLE: Texts = Texts {
    number: PERSON_BY_NUMBER,
    last_six: PERSON_BY_LAST_SIX,
    phone_tail: &[PERSON_BY_PHONE_TAIL],
    phone: PERSON_BY_PHONE,
    own_number: PERSON_BY_OWN_NUMBER,
    household_number: None,
    name: PERSON_BY_NAME,
};

/// What to ask the database for one reading of what somebody typed.
fn runs(
    ctx: &Ctx,
    permit: &Permit,
    question: Asked,
    (limit, texts): (i64, &Texts),
) -> Vec<(&'static str, Vec<Value>)> {
    let keys = ctx.db.keys();
    let base =
        |key: String| vec![permit.account(), permit.today(), Value::from(key), Value::from(limit)];
    match question {
        Asked::Number(number) => vec![(texts.number, base(keys.digest(number.reveal())))],
        Asked::LastSix(end) => vec![(texts.last_six, base(keys.digest(&end)))],
        Asked::PhoneTail(tail) => {
            texts.phone_tail.iter().map(|sql| (*sql, base(tail.clone()))).collect()
        }
        Asked::Phone(phone) => {
            let mut params = base(keys.digest(phone.reveal()));
            params.push(phone.tail().into());
            vec![(texts.phone, params)]
        }
        Asked::HouseholdNumber(number) => {
            let mut all = vec![(texts.own_number, base(number.clone()))];
            let end = after_prefix(&number);
            let mut params = base(number);
            params.push(end.into());
            all.extend(texts.household_number.map(|sql| (sql, params)));
            all
        }
        Asked::Name(name) => {
            let (low, high) = permit.hull();
            let of_term = |term: kernel::name::SearchKey| {
                let end = after_prefix(&term.text);
                let mut params = base(term.text);
                params.extend([
                    end.into(),
                    term.kind.text().into(),
                    low.to_string().into(),
                    high.to_string().into(),
                ]);
                (texts.name, params)
            };
            search_terms(&name).into_iter().map(of_term).collect()
        }
    }
}

/// The first text after all that begin with `prefix`: one past its last character.
fn after_prefix(prefix: &str) -> String {
    format!("{prefix}\u{10FFFF}")
}

/// Ids of the households of the scope that a search finds, at most `limit`.
///
/// # Errors
/// What the database refuses.
pub fn find_households(
    ctx: &Ctx,
    session: &mut Session,
    permit: &Permit,
    text: &str,
    limit: i64,
) -> Result<Vec<String>> {
    let mut found: Vec<String> = Vec::new();
    for question in asked(text) {
        for (sql, params) in runs(ctx, permit, question, (limit, &OF_HOUSEHOLDS)) {
            for row in session.rows(sql, &params)? {
                let id = row.text(0)?;
                if !found.contains(&id) {
                    found.push(id);
                }
            }
        }
        if !found.is_empty() {
            break;
        }
    }
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(found)
}
