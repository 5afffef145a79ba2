//! Queries that find a household by what somebody remembers: a name or its sound, a number or its end, a phone's end.

use kernel::error::Result;
use kernel::name::search_terms;
use store::{Ctx, Permit, Session, Value, visible};

use crate::people::{Asked, asked};

macro_rules! by_person {
    ($condition:literal) => {
        concat!(
            "select distinct h.id from persons p
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

const BY_NUMBER: &str = by_person!("p.id_digest = $3");
const BY_LAST_SIX: &str = by_person!("p.id6_digest = $3");
const BY_PHONE_TAIL: &str = by_person!("p.phone_tail = $3");
const BY_PHONE: &str = by_person!("p.phone_tail = $5 and p.phone_digest = $3");
const BY_HOUSEHOLD_TAIL: &str = concat!(
    "select h.id from households h where h.phone_tail = $3 and ",
    visible!("h.village_code", "h.id"),
    " limit $4"
);
const BY_HOUSEHOLD_NUMBER: &str = concat!(
    "select h.id from households h where h.number >= $3 and h.number < $5 and ",
    visible!("h.village_code", "h.id"),
    " limit $4"
);
const BY_PERSON_NUMBER: &str = by_person!("p.number = $3");
const BY_NAME: &str = concat!(
    "select distinct h.id from search_keys k join households h on h.id = k.household_id
     where k.key >= $3 and k.key < $5 and k.kind = $6 and k.village_code >= $7 and k.village_code <= $8 and ",
    visible!("h.village_code", "h.id"),
    " limit $4"
);

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
    let keys = ctx.db.keys();
    for question in asked(text) {
        let base = |key: String| {
            vec![permit.account(), permit.today(), Value::from(key), Value::from(limit)]
        };
        let mut runs: Vec<(&'static str, Vec<Value>)> = Vec::new();
        match question {
            Asked::Number(number) => runs.push((BY_NUMBER, base(keys.digest(number.reveal())))),
            Asked::LastSix(end) => runs.push((BY_LAST_SIX, base(keys.digest(&end)))),
            Asked::PhoneTail(tail) => {
                runs.push((BY_PHONE_TAIL, base(tail.clone())));
                runs.push((BY_HOUSEHOLD_TAIL, base(tail)));
            }
            Asked::Phone(phone) => {
                let mut params = base(keys.digest(phone.reveal()));
                params.push(phone.tail().into());
                runs.push((BY_PHONE, params));
            }
            Asked::HouseholdNumber(number) => {
                runs.push((BY_PERSON_NUMBER, base(number.clone())));
                let end = after_prefix(&number);
                let mut params = base(number);
                params.push(end.into());
                runs.push((BY_HOUSEHOLD_NUMBER, params));
            }
            Asked::Name(name) => {
                let (low, high) = permit.hull();
                for term in search_terms(&name) {
                    let end = after_prefix(&term.text);
                    let mut params = base(term.text);
                    params.extend([
                        end.into(),
                        term.kind.text().into(),
                        low.to_string().into(),
                        high.to_string().into(),
                    ]);
                    runs.push((BY_NAME, params));
                }
            }
        }
        for (sql, params) in runs {
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
