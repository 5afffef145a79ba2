//! The SQL of the comparison with the national register.

use std::collections::BTreeMap;

use kernel::error::Result;
use kernel::ids::CaseId;
use kernel::time::{Day, Instant};
use registry::circumstances::topics::{Body, RegisterHousehold, RegisterPerson};
use serde_json::json;
use store::{Ctx, Row, Session, Tx, params};

use super::model::{Choice, Difference, Field};

/// What the register says of a household: its day, its row, the body.
pub type There = (Day, String, RegisterHousehold);

/// The newest row of the register of each household.
pub fn registered(session: &mut Session, households: &[&str]) -> Result<BTreeMap<String, There>> {
    let rows = session.rows(
        "select r.household_id, r.valid_from, r.batch_id, r.row_no, r.body
         from records r join batches b on b.id = r.batch_id and b.state = 'accepted'
         where r.household_id in (select value from json_each($1)) and r.topic = 'register_household'
           and r.withdrawn_at is null order by r.valid_from desc, r.recorded_at desc, r.batch_id desc",
        params![json!(households).to_string()],
    )?;
    let mut found = BTreeMap::new();
    for row in rows {
        let household = row.text(0)?;
        if found.contains_key(&household) {
            continue;
        }
        let href = format!("/intake/batches/{}/rows/{}", row.text(2)?, row.int(3)?);
        if let Ok(body) = RegisterHousehold::from_json(row.str(4)?) {
            found.insert(household, (row.parse(1)?, href, body));
        }
    }
    Ok(found)
}

/// A person of a household as the national columns have them.
#[derive(Debug, Clone)]
pub struct Member {
    /// The household.
    pub household: String,
    /// The person.
    pub id: String,
    /// 人编号.
    pub number: String,
    /// Name.
    pub name: String,
    /// `male`, `female`.
    pub sex: Option<String>,
    /// Day of birth.
    pub birth_day: Option<Day>,
    /// Relation to the head, as a code.
    pub kin: String,
    /// Citizen number, sealed.
    pub id_sealed: Option<String>,
    /// What follows it on the certificate of a disability.
    pub certificate_tail: String,
    /// Phone, sealed.
    pub phone_sealed: Option<String>,
    /// What the register said last.
    pub there: RegisterPerson,
}

/// Who lives in some households on a day.
pub fn members(session: &mut Session, households: &[&str], day: Day) -> Result<Vec<Member>> {
    let rows = session.rows(
        "select m.household_id, p.id, p.number, p.name, p.sex, p.birth_day, m.kin, p.id_sealed, p.phone_sealed,
           p.certificate_tail
         from memberships m join persons p on p.id = m.person_id
         where m.household_id in (select value from json_each($1)) and m.valid_from <= $2
           and (m.valid_to is null or m.valid_to > $2) and (p.died_on is null or p.died_on > $2)
         order by m.household_id, p.birth_day nulls last, p.number",
        params![json!(households).to_string(), day],
    )?;
    let member = |row: &Row| {
        Ok(Member {
            household: row.text(0)?,
            id: row.text(1)?,
            number: row.text(2)?,
            name: row.text(3)?,
            sex: row.opt_text(4)?,
            birth_day: row.opt_parse(5)?,
            kin: row.text(6)?,
            id_sealed: row.opt_text(7)?,
            phone_sealed: row.opt_text(8)?,
            certificate_tail: row.opt_text(9)?.unwrap_or_default(),
            there: RegisterPerson::default(),
        })
    };
    let mut members: Vec<Member> = rows.iter().map(member).collect::<Result<_>>()?;
    let rows = session.rows(
        "select r.subject_id, r.body from records r join batches b on b.id = r.batch_id and b.state = 'accepted'
         where r.household_id in (select value from json_each($1)) and r.topic = 'register_person'
           and r.withdrawn_at is null order by r.valid_from, r.recorded_at, r.batch_id",
        params![json!(households).to_string()],
    )?;
    let mut said: BTreeMap<String, RegisterPerson> = BTreeMap::new();
    for row in rows {
        if let Ok(body) = RegisterPerson::from_json(row.str(1)?) {
            said.insert(row.text(0)?, body);
        }
    }
    for member in &mut members {
        member.there = said.remove(&member.id).unwrap_or_default();
    }
    Ok(members)
}

/// A difference that was settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Its place among those of the case.
    pub seq: i64,
    /// The case and its number.
    pub case: (CaseId, String),
    /// What.
    pub field: String,
    /// Ours, theirs.
    pub values: (String, String),
    /// `ours`, `theirs`.
    pub choice: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Instant,
}

fn settled(row: &Row) -> Result<Settled> {
    Ok(Settled {
        seq: row.int(0)?,
        case: (row.parse(1)?, row.text(2)?),
        field: row.text(3)?,
        values: (row.text(4)?, row.text(5)?),
        choice: row.text(6)?,
        by: row.text(7)?,
        at: row.parse(8)?,
    })
}

macro_rules! settlement {
    ($rest:literal) => {
        concat!(
            "select n.seq, n.case_id, c.number, n.field, n.ours, n.theirs, n.choice, n.by_name, n.recorded_at
             from case_settlements n join cases c on c.id = n.case_id where n.undone_at is null and ",
            $rest
        )
    };
}

/// What was settled of some cases and holds, the newest first.
pub fn list_settled(session: &mut Session, cases: &[String]) -> Result<Vec<Settled>> {
    let sql = settlement!(
        "n.case_id in (select value from json_each($1)) order by n.recorded_at desc, n.case_id, n.seq desc"
    );
    session.rows(sql, params![json!(cases).to_string()])?.iter().map(settled).collect()
}

/// One settlement that holds.
pub fn find_settled(session: &mut Session, case: CaseId, seq: i64) -> Result<Option<Settled>> {
    let sql = settlement!("n.case_id = $1 and n.seq = $2");
    session.find(sql, params![case, seq])?.as_ref().map(settled).transpose()
}

/// Keeps whose value holds.
pub fn insert_settled(tx: &mut Tx, ctx: &Ctx, (one, choice): (&Difference, Choice)) -> Result<()> {
    let field: Field = one.field;
    tx.exec(
        "insert into case_settlements (case_id, seq, field, ours, theirs, choice, account_id, by_name, recorded_at)
         values ($1, (select coalesce(max(n.seq), 0) + 1 from case_settlements n where n.case_id = $1), $2, $3, $4, $5, $6,
           $7, $8)",
        params![
            one.case.0, field.code(), &one.ours, &one.theirs, choice.code(), &ctx.actor.account, &ctx.actor.name, ctx.now
        ],
    )?;
    Ok(())
}

/// It no longer holds.
pub fn undo_settled(tx: &mut Tx, ctx: &Ctx, (case, seq): (CaseId, i64)) -> Result<bool> {
    let changed = tx.exec(
        "update case_settlements set undone_at = $3, undone_by = $4 where case_id = $1 and seq = $2 and undone_at is null",
        params![case, seq, ctx.now, &ctx.actor.name],
    )?;
    Ok(changed == 1)
}
