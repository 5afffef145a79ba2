//! The SQL of sittings.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{CaseId, SittingId};
use kernel::time::Day;
use store::{Ctx, Permit, Row, Session, Tx, params};

use super::model::{Entry, Line, Outcome, Sitting};

macro_rules! sitting {
    ($rest:literal) => {
        concat!(
            "select s.id, s.village_code, coalesce(a.name, s.village_code), s.state, s.on_day, s.place, s.presided,
               s.recorder, s.present, s.attending, s.minutes, s.by_name, s.held_by, s.version
             from sittings s left join areas a on a.code = s.village_code where ",
            $rest
        )
    };
}

fn sitting(row: &Row) -> Result<Sitting> {
    Ok(Sitting {
        id: row.parse(0)?,
        village: (row.parse(1)?, row.text(2)?),
        state: row.text(3)?,
        entry: Entry {
            on: row.parse(4)?,
            place: row.text(5)?,
            presided: row.text(6)?,
            recorder: row.text(7)?,
            present: row.int(8)?,
            attending: row.text(9)?,
            minutes: row.text(10)?,
            lines: std::collections::BTreeMap::new(),
        },
        by: row.text(11)?,
        held_by: row.opt_text(12)?,
        version: row.int(13)?,
        lines: Vec::new(),
    })
}

fn line(row: &Row) -> Result<Line> {
    let outcome = match row.str(9)? {
        "taken" => Outcome::Taken,
        "refused" => Outcome::Refused(row.text(10)?),
        _ => Outcome::None,
    };
    Ok(Line {
        case: row.parse(0)?,
        number: row.text(1)?,
        household_number: row.text(2)?,
        head: row.text(3)?,
        group: row.opt_text(4)?,
        removal: row.flag(5)?,
        result: row.text(6)?,
        agreed: row.int(7)?,
        words: row.text(8)?,
        outcome,
    })
}

/// A sitting with its households. Whether its village may be seen is asked by the caller.
pub fn find(session: &mut Session, id: SittingId) -> Result<Option<Sitting>> {
    let Some(row) = session.find(sitting!("s.id = $1"), params![id])? else { return Ok(None) };
    let mut found = sitting(&row)?;
    let rows = session.rows(
        "select l.case_id, c.number, coalesce(h.number, ''), coalesce(p.name, ''), h.group_name, l.removal, l.result,
           l.agreed, l.words, l.outcome, l.refused
         from sitting_lines l join cases c on c.id = l.case_id left join households h on h.id = c.household_id
           left join persons p on p.id = h.head_id
         where l.sitting_id = $1 order by l.position",
        params![id],
    )?;
    found.lines = rows.iter().map(line).collect::<Result<_>>()?;
    Ok(Some(found))
}

/// Sittings of an area that were not dropped, drafts first, then the newest.
pub fn list(
    session: &mut Session,
    permit: &Permit,
    (area, most): (Option<AreaCode>, i64),
) -> Result<Vec<Sitting>> {
    let (mut low, mut high) = (permit.hull().0.to_owned(), permit.hull().1.to_owned());
    if let Some(area) = area {
        let (from, to) = area.range();
        low = low.max(from.to_string());
        high = high.min(to.to_string());
    }
    let rows = session.rows(
        sitting!(
            "s.village_code >= $1 and s.village_code <= $2 and s.state <> 'dropped'
             order by case when s.state = 'draft' then 0 else 1 end, s.on_day desc, s.id desc limit $3"
        ),
        params![low, high, most],
    )?;
    rows.iter().map(sitting).collect()
}

/// Sittings in which a case was: id, day, state, result.
pub fn of_case(
    session: &mut Session,
    case: CaseId,
) -> Result<Vec<(SittingId, Day, String, String)>> {
    let rows = session.rows(
        "select s.id, s.on_day, s.state, l.result from sitting_lines l join sittings s on s.id = l.sitting_id
         where l.case_id = $1 and s.state <> 'dropped' order by s.on_day desc, s.id desc",
        params![case],
    )?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.parse(1)?, row.text(2)?, row.text(3)?))).collect()
}

/// The draft in which a case waits, if one does.
pub fn draft_of(session: &mut Session, case: CaseId) -> Result<Option<SittingId>> {
    let row = session.find(
        "select s.id from sitting_lines l join sittings s on s.id = l.sitting_id
         where l.case_id = $1 and s.state = 'draft'",
        params![case],
    )?;
    row.map(|row| row.parse(0)).transpose()
}

/// Writes a draft.
pub fn insert(tx: &mut Tx, ctx: &Ctx, new: &Sitting) -> Result<()> {
    tx.exec(
        "insert into sittings (id, village_code, state, on_day, account_id, by_name, recorded_at, version)
         values ($1, $2, 'draft', $3, $4, $5, $6, 1)",
        params![new.id, new.village.0, new.entry.on, &ctx.actor.account, &new.by, ctx.now],
    )?;
    for (line, position) in new.lines.iter().zip(1i64..) {
        tx.exec(
            "insert into sitting_lines (sitting_id, case_id, position, removal, recorded_at) values ($1, $2, $3, $4, $5)",
            params![new.id, line.case, position, line.removal, ctx.now],
        )?;
    }
    Ok(())
}

/// Writes what was entered over the version it had; `false` when somebody was first.
pub fn save(tx: &mut Tx, (id, seen): (SittingId, i64), entry: &Entry) -> Result<bool> {
    let changed = tx.exec(
        "update sittings set on_day = $3, place = $4, presided = $5, recorder = $6, present = $7, attending = $8,
           minutes = $9, version = version + 1 where id = $1 and version = $2 and state = 'draft'",
        params![
            id, seen, entry.on, &entry.place, &entry.presided, &entry.recorder, entry.present, &entry.attending,
            &entry.minutes
        ],
    )?;
    for (case, (result, agreed, words)) in &entry.lines {
        tx.exec(
            "update sitting_lines set result = $3, agreed = $4, words = $5 where sitting_id = $1 and case_id = $2",
            params![id, *case, result, *agreed, words],
        )?;
    }
    Ok(changed == 1)
}

/// Closes a draft over the version it had; `false` when somebody was first.
pub fn close(
    tx: &mut Tx,
    ctx: &Ctx,
    ((id, seen), state): ((SittingId, i64), &'static str),
) -> Result<bool> {
    let changed = tx.exec(
        "update sittings set state = $3, held_by = $4, held_at = $5, version = version + 1
         where id = $1 and version = $2 and state = 'draft'",
        params![id, seen, state, &ctx.actor.name, ctx.now],
    )?;
    Ok(changed == 1)
}

/// Keeps what came of a household.
pub fn save_outcome(
    tx: &mut Tx,
    (id, case): (SittingId, CaseId),
    (outcome, refused): (&'static str, &str),
) -> Result<()> {
    tx.exec(
        "update sitting_lines set outcome = $3, refused = $4 where sitting_id = $1 and case_id = $2",
        params![id, case, outcome, refused],
    )?;
    Ok(())
}
