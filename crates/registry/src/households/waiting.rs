//! Queries of proposals as they are read: what waits for the township, what became of it, and in words what it changes.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{HouseholdId, PersonId};
use kernel::time::{Day, Instant};
use store::{Permit, Row, Session, params, visible};
use web::L;

use super::change::Change;

/// A change that waits, or waited, for the township.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Its id.
    pub id: String,
    /// Birth, split …: the end of its Fluent ids.
    pub kind: String,
    /// The household.
    pub household: HouseholdId,
    /// The household's number.
    pub household_number: String,
    /// Name of its head.
    pub head: Option<String>,
    /// Where it stands.
    pub village: AreaCode,
    /// The village's name.
    pub village_name: String,
    /// The day of the event.
    pub on: Day,
    /// The change as JSON.
    pub body: String,
    /// Identity number and phone of a newcomer, sealed.
    pub sealed: Option<String>,
    /// proposed, confirmed, refused.
    pub state: String,
    /// The account that proposed it.
    pub by_account: String,
    /// Its name.
    pub by: String,
    /// The instant at which it was proposed.
    pub proposed_at: Instant,
    /// When (local date and time).
    pub at: String,
    /// Name of the account that decided, and when (local date and time).
    pub decided: Option<(String, String)>,
    /// Why it was refused.
    pub reason: Option<String>,
}

const PROPOSALS: &str = concat!(
    "select c.id, c.kind, c.household_id, h.number, p.name, c.village_code, a.name, c.on_day, c.body, c.sealed, c.state,
        coalesce(acc.name, c.proposed_by), c.proposed_at, c.reason, coalesce(dec.name, c.decided_by), c.decided_at, c.proposed_by
     from proposals c join households h on h.id = c.household_id
     left join persons p on p.id = h.head_id left join areas a on a.code = c.village_code
     left join accounts acc on acc.id = c.proposed_by
     left join accounts dec on dec.id = c.decided_by
     where ",
    visible!("h.village_code", "h.id"),
    " and (cast($3 as text) is null or c.state = $3) and (cast($4 as text) is null or c.id = $4)
      and (cast($5 as text) is null or c.household_id = $5)
     order by c.proposed_at desc, c.id limit $6"
);

/// Proposals of the scope, the latest first: of one state, one id, one household, or all.
///
/// # Errors
/// What the database refuses.
pub fn list_proposals(
    session: &mut Session,
    permit: &Permit,
    state: Option<&str>,
    (id, household): (Option<&str>, Option<&str>),
    limit: i64,
) -> Result<Vec<Proposal>> {
    let params =
        [permit.account(), permit.today(), state.into(), id.into(), household.into(), limit.into()];
    session.rows(PROPOSALS, &params)?.iter().map(proposal_of).collect()
}

fn proposal_of(row: &Row) -> Result<Proposal> {
    let at: Instant = row.parse(12)?;
    let decided: Option<Instant> = row.opt_parse(15)?;
    Ok(Proposal {
        id: row.text(0)?,
        kind: row.text(1)?,
        household: row.parse(2)?,
        household_number: row.text(3)?,
        head: row.opt_text(4)?,
        village: row.parse(5)?,
        village_name: row.opt_text(6)?.unwrap_or_default(),
        on: row.parse(7)?,
        body: row.text(8)?,
        sealed: row.opt_text(9)?,
        state: row.text(10)?,
        by_account: row.text(16)?,
        by: row.text(11)?,
        proposed_at: at,
        at: at.local_text(),
        decided: row.opt_text(14)?.zip(decided.map(|at| at.local_text())),
        reason: row.opt_text(13)?,
    })
}

/// Something that was written down about a household after a change of it was proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaterChange {
    /// When it was written down.
    pub at: Instant,
    /// The end of its Fluent id: `in-birth`, `out-left`, `moved` …
    pub what: String,
    /// Whom it is about; nobody when the household moved.
    pub name: String,
    /// The day on which it happened.
    pub on: Day,
}

/// What was written down about a household since `since`, the latest first. The new kin after a change of the head is part
/// of that change and not named.
///
/// # Errors
/// What the database refuses.
pub fn changed_since(
    session: &mut Session,
    household: HouseholdId,
    since: Instant,
) -> Result<Vec<LaterChange>> {
    let rows = session.rows(
        "select m.recorded_at, 'in-' || m.how_in, p.name, m.valid_from from memberships m join persons p on p.id = m.person_id
           where m.household_id = $1 and m.recorded_at > $2 and m.how_in not in ('head', 'register')
         union all
         select m.ended_at, 'out-' || m.how_out, p.name, m.valid_to from memberships m join persons p on p.id = m.person_id
           where m.household_id = $1 and m.ended_at > $2 and m.how_out <> 'head'
         union all
         select h.recorded_at, 'moved', '', h.valid_to from household_places h
           where h.household_id = $1 and h.recorded_at > $2
         order by 1 desc, 2, 3",
        params![household, since],
    )?;
    let later = |row: &Row| {
        Ok(LaterChange {
            at: row.parse(0)?,
            what: row.text(1)?,
            name: row.text(2)?,
            on: row.parse(3)?,
        })
    };
    rows.iter().map(later).collect()
}

const NUMBER: &str = "select number from households where id = $1";

/// The form with which a proposal was written, the end of its Fluent ids.
#[must_use]
pub fn form_of(proposal: &Proposal) -> String {
    let change = serde_json::from_str::<Change>(&proposal.body);
    change.map_or_else(|_| proposal.kind.clone(), |change| change.form().to_owned())
}

/// Whom and what a proposal changes, for the one who confirms it.
///
/// # Errors
/// What the database refuses.
pub fn detail(l: L, session: &mut Session, proposal: &Proposal) -> Result<String> {
    let Ok(change) = serde_json::from_str::<Change>(&proposal.body) else {
        return Ok(String::new());
    };
    let people = super::residents::list_residents(session, &proposal.household)?;
    let name = |id: &PersonId| {
        let known = people.iter().find(|one| one.stay.person == *id);
        known.map(|one| one.name.clone()).unwrap_or_default()
    };
    let with_head = |text: String, head: &Option<PersonId>| match head {
        Some(head) => {
            format!("{text}{}", l.t1("households-detail-new_head", "name", name(head)))
        }
        None => text,
    };
    Ok(match &change {
        Change::Birth { newcomer } | Change::MarriageIn { newcomer } => {
            format!("{} {}", newcomer.name, newcomer.birth_day)
        }
        Change::MoveIn { name, .. } => l.t1("households-detail-move_in", "name", name),
        Change::Death { person, new_head } | Change::Leave { person, new_head } => {
            with_head(name(person), new_head)
        }
        Change::Return { person, .. } => name(person),
        Change::Split { going, new_head, .. } => {
            let head = going.iter().find(|(_, kin)| *kin == "head").map(|(id, _)| name(id));
            let names: Vec<String> = going.keys().map(name).collect();
            let text = l.t_args(
                "households-detail-split",
                &[
                    ("names", names.join(if l.is_zh() { "、" } else { ", " }).into()),
                    ("head", head.unwrap_or_default().into()),
                ],
            );
            with_head(text, new_head)
        }
        Change::Merge { into, .. } => {
            let found = session.find(NUMBER, params![*into])?;
            let number = found.map(|row| row.text(0)).transpose()?;
            l.t1("households-detail-merge", "number", number.unwrap_or_default())
        }
        Change::Correct { topic, field, person, old, new, .. } => {
            let what = l.t(&format!("households-value-{topic}-{field}"));
            let who = person.as_ref().map(name).unwrap_or_default();
            let from = super::correct::value_word(l, old);
            let to = super::correct::value_word(l, new);
            format!("{who} {what} {from} → {to}").trim().to_owned()
        }
        Change::OldRegister { registered_year, causes, exit_year } => {
            let since = l.t1("households-detail-registered", "year", registered_year.to_string());
            let left = exit_year
                .map(|year| l.t1("circumstances-old_register-exit", "year", year.to_string()));
            std::iter::once(since)
                .chain([causes.join("、")])
                .chain(left)
                .collect::<Vec<_>>()
                .join(" · ")
        }
        Change::Move { village, group, .. } => {
            let area = crate::areas::find_area(session, *village)?;
            let name = area.map(|area| area.row.name).unwrap_or_default();
            let to = format!("{name} {}", group.as_deref().unwrap_or_default());
            l.t1("households-detail-move", "place", to.trim().to_owned())
        }
    })
}
