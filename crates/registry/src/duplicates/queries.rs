//! Queries of merges: what was decided about pairs, and the rows that merging writes.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::MergeId;
use kernel::time::Instant;
use kernel::word_list;
use serde_json::Value as Json;
use store::{Permit, Row, Session, Tx, Value, params, visible};

mod hold;
mod rows;
mod sides;

pub(super) use hold::*;
pub(super) use rows::*;
pub(super) use sides::*;

word_list! {
    /// What was recorded twice.
    Kind, "kernel.not_a_word", as_str:
    /// A person.
    Person = "person";
    /// A household.
    Household = "household";
}

word_list! {
    /// How far a merge is.
    MergeState, "kernel.not_a_word", as_str:
    /// A village says so; the township decides.
    Proposed = "proposed";
    /// It was refused.
    Refused = "refused";
    /// It stands.
    Carried = "carried";
    /// It stood and was undone.
    Undone = "undone";
}

/// A merge as it was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merge {
    /// Its id.
    pub id: MergeId,
    /// Person or household.
    pub kind: Kind,
    /// How far it is.
    pub state: MergeState,
    /// The record that goes.
    pub goes: String,
    /// The record that stays.
    pub stays: String,
    /// Where the one that goes lived.
    pub goes_home: String,
    /// Where the one that stays lived.
    pub stays_home: String,
    /// The village of the one that stays.
    pub village: AreaCode,
    /// What was chosen, JSON.
    pub body: String,
    /// Account and name of who said it.
    pub by: (String, String),
    /// When.
    pub at: Instant,
    /// Who decided, and when.
    pub decided: Option<(String, Instant)>,
    /// Why.
    pub reason: Option<String>,
    /// Who undid it, and when.
    pub undone: Option<(String, Instant)>,
    /// Name or number of the one that goes, and of the one that stays.
    pub names: (String, String),
    /// Name of the village.
    pub village_name: String,
}

const MERGES: &str = concat!(
    "select m.id, m.kind, m.state, m.goes_id, m.stays_id, m.goes_home, m.stays_home, m.village_code, m.body, m.said_by,
        coalesce(sa.name, m.said_by), m.said_at, coalesce(da.name, m.decided_by), m.decided_at, m.reason,
        coalesce(ua.name, m.undone_by), m.undone_at,
        case when m.kind = 'person' then (select p.name || ' ' || p.number from persons p where p.id = m.goes_id)
             else (select q.number from households q where q.id = m.goes_id) end,
        case when m.kind = 'person' then (select p.name || ' ' || p.number from persons p where p.id = m.stays_id)
             else (select q.number from households q where q.id = m.stays_id) end,
        (select a.name from areas a where a.code = m.village_code)
     from merges m join households h on h.id = m.stays_home join households g on g.id = m.goes_home
     left join accounts sa on sa.id = m.said_by left join accounts da on da.id = m.decided_by
     left join accounts ua on ua.id = m.undone_by
     where ",
    visible!("h.village_code", "h.id"),
    " and ",
    visible!("g.village_code", "g.id"),
    " and (cast($3 as text) is null or m.state = $3) and (cast($4 as text) is null or m.id = $4)
     order by m.said_at desc, m.id limit $5"
);

fn merge_of(row: &Row) -> Result<Merge> {
    let at = |who: usize, when: usize| -> Result<Option<(String, Instant)>> {
        Ok(row.opt_text(who)?.zip(row.opt_parse(when)?))
    };
    Ok(Merge {
        id: row.parse(0)?,
        kind: row.parse(1)?,
        state: row.parse(2)?,
        goes: row.text(3)?,
        stays: row.text(4)?,
        goes_home: row.text(5)?,
        stays_home: row.text(6)?,
        village: row.parse(7)?,
        body: row.text(8)?,
        by: (row.text(9)?, row.text(10)?),
        at: row.parse(11)?,
        decided: at(12, 13)?,
        reason: row.opt_text(14)?,
        undone: at(15, 16)?,
        names: (row.opt_text(17)?.unwrap_or_default(), row.opt_text(18)?.unwrap_or_default()),
        village_name: row.opt_text(19)?.unwrap_or_default(),
    })
}

/// Merges of the scope, the latest first: of one state, or one.
pub(super) fn list_merges(
    session: &mut Session,
    permit: &Permit,
    (state, id): (Option<&str>, Option<&str>),
    limit: i64,
) -> Result<Vec<Merge>> {
    let params = [permit.account(), permit.today(), state.into(), id.into(), limit.into()];
    session.rows(MERGES, &params)?.iter().map(merge_of).collect()
}

/// A merge that stands and in which this record goes, or goes on from there.
pub(super) fn find_standing(
    session: &mut Session,
    kind: Kind,
    goes: &str,
) -> Result<Option<(MergeId, String, Instant)>> {
    let row = session.find(
        "select p.merge_id, coalesce(a.name, m.decided_by, m.said_by), p.at
         from merge_pairs p join merges m on m.id = p.merge_id
         left join accounts a on a.id = coalesce(m.decided_by, m.said_by)
         where p.kind = $1 and p.goes_id = $2 and p.undone_at is null",
        params![kind.as_str(), goes],
    )?;
    row.map(|row| Ok((row.parse(0)?, row.text(1)?, row.parse(2)?))).transpose()
}

/// Whether exactly this pair waits for a decision already, in either direction.
pub(super) fn waits(session: &mut Session, (one, other): (&str, &str)) -> Result<bool> {
    let found = session.find(
        "select 1 from merges where state = 'proposed' and (goes_id = $1 and stays_id = $2 or goes_id = $2 and stays_id = $1)",
        params![one, other],
    )?;
    Ok(found.is_some())
}

pub(super) fn insert_merge(tx: &mut Tx, values: &[Value]) -> Result<()> {
    tx.exec(
        "insert into merges (id, kind, state, goes_id, stays_id, goes_home, stays_home, village_code, body, said_by, said_at, reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        values,
    )?;
    Ok(())
}

/// Decides a proposal that still waits; says whether it did.
pub(super) fn decide_merge(
    tx: &mut Tx,
    (id, state): (MergeId, MergeState),
    by: &str,
    reason: Option<&str>,
) -> Result<bool> {
    let now = tx.now();
    let changed = tx.exec(
        "update merges set state = $2, decided_by = $3, decided_at = $4, reason = coalesce($5, reason)
         where id = $1 and state = 'proposed'",
        params![id, state.as_str(), by, now, reason],
    )?;
    Ok(changed == 1)
}

/// Marks a merge as undone; says whether it stood.
pub(super) fn end_merge(tx: &mut Tx, id: MergeId, by: &str, reason: &str) -> Result<bool> {
    let now = tx.now();
    let changed = tx.exec(
        "update merges set state = 'undone', undone_by = $2, undone_at = $3, undo_reason = $4 where id = $1 and state = 'carried'",
        params![id, by, now, reason],
    )?;
    Ok(changed == 1)
}

/// The pairs of a merge hold no more.
pub(super) fn end_pairs(tx: &mut Tx, id: MergeId) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "update merge_pairs set undone_at = $2 where merge_id = $1 and undone_at is null",
        params![id, now],
    )?;
    Ok(())
}

/// Whether two people have the same identity number.
pub(super) fn same_number(session: &mut Session, (one, other): (&str, &str)) -> Result<bool> {
    let found = session.find(
        "select 1 from persons a join persons b on b.id_digest = a.id_digest where a.id = $1 and b.id = $2",
        params![one, other],
    )?;
    Ok(found.is_some())
}

/// Who or what a merge is about, in words.
pub(super) fn name_of(session: &mut Session, id: MergeId) -> Result<String> {
    let row = session.row(
        "select coalesce((select p.name from persons p where p.id = m.goes_id), (select h.number from households h where h.id = m.goes_id), ''),
                coalesce((select p.name from persons p where p.id = m.stays_id), (select h.number from households h where h.id = m.stays_id), '')
         from merges m where m.id = $1",
        params![id],
    )?;
    Ok(format!("{} → {}", row.text(0)?, row.text(1)?))
}

pub(super) fn insert_pair(
    tx: &mut Tx,
    id: MergeId,
    (kind, goes, stays): (Kind, &str, &str),
) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into merge_pairs (merge_id, kind, goes_id, stays_id, at) values ($1, $2, $3, $4, $5)",
        params![id, kind.as_str(), goes, stays, now],
    )?;
    Ok(())
}

/// The pairs of a merge: kind, goes, stays.
pub(super) fn pairs_of(session: &mut Session, id: MergeId) -> Result<Vec<(Kind, String, String)>> {
    let rows = session.rows(
        "select kind, goes_id, stays_id from merge_pairs where merge_id = $1 order by kind, goes_id",
        params![id],
    )?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.text(1)?, row.text(2)?))).collect()
}

/// Somebody said that they are two.
pub(super) fn insert_verdict(
    tx: &mut Tx,
    (kind, one, other): (Kind, &str, &str),
    by: &str,
    reason: &str,
) -> Result<bool> {
    let now = tx.now();
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    let made = tx.exec(
        "insert into duplicate_verdicts (kind, one_id, other_id, said_by, said_at, reason) values ($1, $2, $3, $4, $5, $6)
         on conflict (kind, one_id, other_id) do nothing",
        params![kind.as_str(), low, high, by, now, reason],
    )?;
    Ok(made == 1)
}

pub(super) fn delete_verdict(tx: &mut Tx, (kind, one, other): (Kind, &str, &str)) -> Result<bool> {
    let (low, high) = if one < other { (one, other) } else { (other, one) };
    let gone = tx.exec(
        "delete from duplicate_verdicts where kind = $1 and one_id = $2 and other_id = $3",
        params![kind.as_str(), low, high],
    )?;
    Ok(gone == 1)
}

/// Two of whom somebody said that they are two: kind, lower id, other id, who, when.
pub(super) type Verdict = (Kind, String, String, String, Instant);

/// Pairs of which somebody said that they are two, with who and when.
pub(super) fn list_verdicts(session: &mut Session) -> Result<Vec<Verdict>> {
    let rows = session.rows(
        "select v.kind, v.one_id, v.other_id, coalesce(a.name, v.said_by), v.said_at
         from duplicate_verdicts v left join accounts a on a.id = v.said_by order by v.said_at desc",
        &[],
    )?;
    rows.iter()
        .map(|row| Ok((row.parse(0)?, row.text(1)?, row.text(2)?, row.text(3)?, row.parse(4)?)))
        .collect()
}

/// One row that a merge wrote.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Changed {
    pub(super) what: String,
    pub(super) key: String,
    pub(super) origin: Option<String>,
    pub(super) before: Option<Json>,
    pub(super) after: Json,
}

/// What a merge wrote, in its order.
pub(super) fn changes_of(session: &mut Session, id: MergeId) -> Result<Vec<Changed>> {
    let rows = session.rows(
        "select what, row_key, origin, before, after from merge_changes where merge_id = $1 and undoes = 0 order by seq",
        params![id],
    )?;
    rows.iter()
        .map(|row| {
            let json = |text: String| serde_json::from_str(&text).unwrap_or(Json::Null);
            Ok(Changed {
                what: row.text(0)?,
                key: row.text(1)?,
                origin: row.opt_text(2)?,
                before: row.opt_text(3)?.map(json),
                after: json(row.text(4)?),
            })
        })
        .collect()
}

pub(super) fn insert_change(
    tx: &mut Tx,
    (id, seq, undoes): (MergeId, i64, bool),
    change: &Changed,
) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into merge_changes (merge_id, seq, what, row_key, origin, before, after, at, undoes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            id, seq, change.what.as_str(), change.key.as_str(), change.origin.as_deref(),
            change.before.as_ref().map(Json::to_string), change.after.to_string(), now, undoes
        ],
    )?;
    Ok(())
}

/// How many rows a merge has written so far.
pub(super) fn count_changes(session: &mut Session, id: MergeId) -> Result<i64> {
    session.row("select count(*) from merge_changes where merge_id = $1", params![id])?.int(0)
}

/// A merge that stands and has written over what this one wrote.
pub(super) fn find_later(session: &mut Session, id: MergeId) -> Result<Option<MergeId>> {
    let row = session.find(
        "select o.merge_id from merge_changes c join merge_changes o on o.what = c.what and o.row_key = c.row_key
           and o.merge_id <> c.merge_id and o.at >= c.at and o.undoes = 0
         join merges m on m.id = o.merge_id and m.state = 'carried' and (m.said_at, m.id) > (select t.said_at, t.id from merges t where t.id = $1)
         where c.merge_id = $1 and c.undoes = 0 order by o.at desc limit 1",
        params![id],
    )?;
    row.map(|row| row.parse(0)).transpose()
}

/// The same pair need not wait any more: somebody who may has merged it.
pub(super) fn close_waiting(tx: &mut Tx, (one, other): (&str, &str), by: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "update merges set state = 'refused', decided_by = $3, decided_at = $4
         where state = 'proposed' and (goes_id = $1 and stays_id = $2 or goes_id = $2 and stays_id = $1)",
        params![one, other, by, now],
    )?;
    Ok(())
}

/// The merge that holds two to be one, if there is one that names just them.
pub(super) fn standing_of(
    session: &mut Session,
    kind: Kind,
    (one, other): (&str, &str),
) -> Result<Option<MergeId>> {
    let row = session.find(
        "select merge_id from merge_pairs where kind = $1 and undone_at is null
           and (goes_id = $2 and stays_id = $3 or goes_id = $3 and stays_id = $2)",
        params![kind.as_str(), one, other],
    )?;
    row.map(|row| row.parse(0)).transpose()
}

/// Which of some people and households the permit opens.
pub(super) fn visible_records(
    session: &mut Session,
    (permit, ids): (&Permit, &str),
) -> Result<std::collections::BTreeSet<String>> {
    let rows = session.rows(
        concat!(
            "select h.id from households h where h.id in (select value from json_each($3)) and ",
            visible!("h.village_code", "h.id"),
            " union select m.person_id from memberships m join households h on h.id = m.household_id
              where m.person_id in (select value from json_each($3)) and ",
            visible!("h.village_code", "h.id")
        ),
        &[permit.account(), permit.today(), ids.into()],
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}
