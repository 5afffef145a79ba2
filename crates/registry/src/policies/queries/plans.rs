//! The SQL of milestones and of receipts.

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::{DocumentId, MilestoneId};
use kernel::time::{Day, Instant};
use store::{Row, Session, Tx, params};

use crate::policies::plans::{Issue, Milestone, UnitKind};

fn milestone(row: &Row) -> Result<Milestone> {
    Ok(Milestone {
        id: row.parse(0)?,
        document: row.parse(1)?,
        title: row.text(2)?,
        due_on: row.parse(3)?,
        indicator: row.opt_text(4)?,
        area: row.opt_parse(5)?,
        unit: row.text(6)?,
        direction: row.parse(7)?,
        target: row.opt_real(8)?.ok_or_else(|| Error::fault("a milestone without a target"))?,
        value: row.opt_real(9)?.zip(row.opt_parse::<Day>(10)?),
        note: row.text(11)?,
    })
}

/// All milestones, by day.
pub fn list_milestones(session: &mut Session) -> Result<Vec<Milestone>> {
    let rows = session.rows(
        "select id, document_id, title, due_on, indicator, area_code, unit, direction, target, value, value_on, note \
         from policy_milestones order by due_on, id",
        &[],
    )?;
    rows.iter().map(milestone).collect()
}

/// One milestone; one that is not there is not found.
pub fn load_milestone(session: &mut Session, id: MilestoneId) -> Result<Milestone> {
    let row = session.find(
        "select id, document_id, title, due_on, indicator, area_code, unit, direction, target, value, value_on, note \
         from policy_milestones where id = $1",
        params![id],
    )?;
    milestone(&row.ok_or_else(|| Error::from(Refusal::not_found("policies.no_milestone")))?)
}

/// Writes a new milestone.
pub fn insert_milestone(tx: &mut Tx, one: &Milestone, by: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into policy_milestones (id, document_id, title, due_on, indicator, area_code, unit, direction, target, note, \
         set_at, set_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &[
            one.id.into(),
            one.document.into(),
            one.title.as_str().into(),
            one.due_on.into(),
            one.indicator.as_deref().into(),
            one.area.into(),
            one.unit.as_str().into(),
            one.direction.code().into(),
            one.target.into(),
            one.note.as_str().into(),
            now.into(),
            by.into(),
        ],
    )?;
    Ok(())
}

/// Writes the value of a milestone whose recorded value is still the one that was seen; `false` if somebody was faster.
pub fn record_value(
    tx: &mut Tx,
    (seen, value): (&Milestone, f64),
    (on, by, note): (Day, &str, &str),
) -> Result<bool> {
    let before = seen.value.map(|(_, on)| on);
    let touched = tx.exec(
        "update policy_milestones set value = $2, value_on = $3, value_by = $4, note = $5 \
         where id = $1 and coalesce(value_on, '') = coalesce(cast($6 as text), '')",
        params![seen.id, value, on, by, note, before],
    )?;
    Ok(touched == 1)
}

/// To whom a document was sent, offices first, then areas by code.
pub fn list_issues(session: &mut Session, document: DocumentId) -> Result<Vec<Issue>> {
    let rows = session.rows(
        "select i.unit_kind, i.unit, coalesce(a.name, i.unit), i.issued_on, i.received_at, i.received_name \
         from policy_issues i left join areas a on a.code = i.unit where i.document_id = $1 \
         order by i.unit_kind, i.unit",
        params![document],
    )?;
    rows.iter()
        .map(|row| {
            let received = row.opt_parse::<Instant>(4)?.zip(row.opt_text(5)?);
            Ok(Issue {
                kind: row.parse(0)?,
                unit: row.text(1)?,
                name: row.text(2)?,
                issued_on: row.parse(3)?,
                received,
            })
        })
        .collect()
}

/// How many units a document was sent to, and how many have received it, by document.
pub fn count_receipts(session: &mut Session) -> Result<Vec<(DocumentId, i64, i64)>> {
    let rows = session.rows(
        "select document_id, count(*), count(received_at) from policy_issues group by document_id",
        &[],
    )?;
    rows.iter().map(|row| Ok((row.parse(0)?, row.int(1)?, row.int(2)?))).collect()
}

/// Townships or villages in use.
pub fn list_units(session: &mut Session, level: &str) -> Result<Vec<AreaCode>> {
    let rows = session.rows(
        "select code from areas where level = $1 and valid_to is null order by code",
        params![level],
    )?;
    rows.iter().map(|row| row.parse(0)).collect()
}

/// Sends a document to a unit that does not have it yet; `false` if it has.
pub fn insert_issue(
    tx: &mut Tx,
    document: DocumentId,
    (kind, unit): (UnitKind, &str),
    (on, by): (Day, &str),
) -> Result<bool> {
    let made = tx.exec(
        "insert into policy_issues (document_id, unit_kind, unit, issued_on, issued_by) values ($1, $2, $3, $4, $5) \
         on conflict (document_id, unit_kind, unit) do nothing",
        params![document, kind.code(), unit, on, by],
    )?;
    Ok(made == 1)
}

/// Marks a document as received by a unit that has no receipt yet; `false` if it has, or was never sent.
pub fn receive(
    tx: &mut Tx,
    document: DocumentId,
    (kind, unit): (UnitKind, &str),
    (account, name): (&str, &str),
) -> Result<bool> {
    let now = tx.now();
    let touched = tx.exec(
        "update policy_issues set received_at = $4, received_by = $5, received_name = $6 \
         where document_id = $1 and unit_kind = $2 and unit = $3 and received_at is null",
        params![document, kind.code(), unit, now, account, name],
    )?;
    Ok(touched == 1)
}

/// The name of an area; its code where the areas do not know it.
pub fn area_name(session: &mut Session, area: AreaCode) -> Result<String> {
    let code = area.to_string();
    let row = session.find("select name from areas where code = $1", params![code.as_str()])?;
    row.map_or(Ok(code), |row| row.text(0))
}
