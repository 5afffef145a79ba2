//! The SQL of questions about the record: what was answered, who lives where, whom a question names.

use std::collections::{BTreeMap, BTreeSet};

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{AnswerId, HouseholdId};
use kernel::time::Instant;
use serde_json::json;
use store::{BuiltSql, Ctx, Permit, Row, Session, Tx, params};

use super::model::Kind;

pub mod past;

/// Of every village: when its facts changed last, and how often somebody answered there.
pub fn stamps(session: &mut Session) -> Result<BTreeMap<String, (i64, i64)>> {
    let rows = session.rows(
        "select village_code, cast(sum(stamp) as bigint), cast(sum(answers) as bigint) from
           (select village_code, stamp, 0 as answers from village_stamps union all
            select village_code, 0, count(*) from check_answers group by village_code) v
         group by village_code",
        &[],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, (row.int(1)?, row.int(2)?)))).collect()
}

/// The answer that holds to a check of a household: its kind and the values it was given to.
pub type Live = BTreeMap<(String, String), (Kind, String)>;

macro_rules! live {
    ($also:literal) => {
        concat!(
            "select coalesce(h.merged_into, a.household_id), a.check_id, a.kind, a.evidence
             from check_answers a join households h on h.id = a.household_id where a.replaced_at is null ",
            $also,
            " order by case when h.merged_into is null then 1 else 0 end, a.answered_at, a.id"
        )
    };
}

/// Answers that hold, of all households or of some. What was said of a household that is held to be another one is said of
/// that one, unless something was said of it itself: an answer holds only to the values to which it was given.
pub fn live(session: &mut Session, households: Option<&BTreeSet<String>>) -> Result<Live> {
    let rows = match households {
        None => session.rows(live!(""), &[])?,
        Some(ids) => session.rows(
            live!(
                "and (a.household_id in (select value from json_each($1)) or a.household_id in
                   (select g.id from households g where g.merged_into in (select value from json_each($1))))"
            ),
            params![json!(ids).to_string()],
        )?,
    };
    let mut live = Live::new();
    for row in rows {
        if let Some(kind) = Kind::of(&row.text(2)?) {
            live.insert((row.text(0)?, row.text(1)?), (kind, row.text(3)?));
        }
    }
    Ok(live)
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The check.
    pub check: String,
    /// What was said.
    pub kind: Kind,
    /// Why it is so: a code of the list; empty for mending.
    pub code: String,
    /// In the person's own words; may be empty.
    pub words: String,
    /// The values it was given to, as JSON.
    pub evidence: String,
    /// The question as it was put, Chinese and English.
    pub question: (String, String),
    /// Who.
    pub by: String,
    /// When.
    pub at: Instant,
    /// A newer answer took its place.
    pub replaced: bool,
    /// The number of the household of which it was said, where that is held to be this one.
    pub merged: Option<String>,
}

/// What was ever answered about a household and about those that are held to be it, the newest first. The caller has loaded the household by its permit.
pub fn answers_of(session: &mut Session, household: HouseholdId) -> Result<Vec<Answered>> {
    let rows = session.rows(
        "select a.check_id, a.kind, a.reason_code, a.words, a.evidence, a.question_zh, a.question_en, a.answered_name,
           a.answered_at, a.replaced_at, case when h.id <> $1 then h.number end
         from check_answers a join households h on h.id = a.household_id
         where h.id in (select id from households where id = $1 or merged_into = $1)
         order by a.answered_at desc, a.id desc",
        params![household],
    )?;
    let answered = |row: &Row| {
        Ok(Answered {
            check: row.text(0)?,
            kind: Kind::of(&row.text(1)?).unwrap_or(Kind::Mending),
            code: row.text(2)?,
            words: row.text(3)?,
            evidence: row.text(4)?,
            question: (row.text(5)?, row.text(6)?),
            by: row.text(7)?,
            at: row.parse(8)?,
            replaced: row.opt_text(9)?.is_some(),
            merged: row.opt_text(10)?,
        })
    };
    rows.iter().map(answered).collect()
}

/// A household as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose {
    /// Its id.
    pub id: HouseholdId,
    /// 户编号.
    pub number: String,
    /// The head's name.
    pub head: Option<String>,
    /// Where it stands.
    pub village: AreaCode,
    /// The village's name.
    pub village_name: String,
    /// 组.
    pub group: Option<String>,
}

/// Households by id, of those that the person may see.
pub fn whose(
    session: &mut Session,
    permit: &Permit,
    ids: &[&str],
) -> Result<BTreeMap<String, Whose>> {
    let rows = session.rows(
        concat!(
            "select h.id, h.number, p.name, h.village_code, coalesce(a.name, h.village_code), h.group_name
             from households h left join persons p on p.id = h.head_id left join areas a on a.code = h.village_code
             where h.id in (select value from json_each($3)) and ",
            store::visible!("h.village_code", "h.id")
        ),
        params![permit.account(), permit.today(), json!(ids).to_string()],
    )?;
    let one = |row: &Row| {
        let whose = Whose {
            id: row.parse(0)?,
            number: row.text(1)?,
            head: row.opt_text(2)?,
            village: row.parse(3)?,
            village_name: row.text(4)?,
            group: row.opt_text(5)?,
        };
        Ok((row.text(0)?, whose))
    };
    rows.iter().map(one).collect()
}

/// Every household between the bounds of the permit that the person may see.
pub fn visible(session: &mut Session, permit: &Permit) -> Result<BTreeSet<String>> {
    let (low, high) = permit.hull();
    let rows = session.rows(
        concat!(
            "select h.id from households h where h.village_code >= $3 and h.village_code <= $4 and ",
            store::visible!("h.village_code", "h.id")
        ),
        params![permit.account(), permit.today(), low, high],
    )?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// The members of households: person, household, name.
pub fn members(
    session: &mut Session,
    households: &[&str],
) -> Result<Vec<(String, String, String)>> {
    let rows = session.rows(
        "select f.person_id, f.household_id, p.name from person_facts f join persons p on p.id = f.person_id
         where f.household_id in (select value from json_each($1)) order by f.person_id",
        params![json!(households).to_string()],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?, row.text(2)?))).collect()
}

/// Which of several conditions hold of persons: for each, the places of those that do.
pub fn who(
    session: &mut Session,
    (sql, conditions): (String, usize),
    persons: &[&str],
) -> Result<BTreeMap<String, Vec<usize>>> {
    let mut found = BTreeMap::new();
    let sql = BuiltSql::from_generator(sql);
    session.each(&sql, params![json!(persons).to_string()], |row| {
        let words: Vec<i64> =
            row.0.iter().skip(2).map(|value| value.as_int().unwrap_or(0)).collect();
        let holds = |n: &usize| facts::pass::unpack(&words, *n) == Some(true);
        found.insert(row.text(0)?, (0..conditions).filter(holds).collect());
        Ok(true)
    })?;
    Ok(found)
}

/// An answer to be kept.
pub struct New<'a> {
    /// The household.
    pub household: HouseholdId,
    /// Where it stands.
    pub village: AreaCode,
    /// What is answered; `by` and `at` come from the context.
    pub answer: &'a Answered,
    /// The pack and its version.
    pub pack: (&'a str, u32),
}

/// Keeps an answer in place of the one that held; `false` when somebody else has answered at the same moment.
pub fn save(tx: &mut Tx, ctx: &Ctx, new: &New<'_>) -> Result<bool> {
    let answer = new.answer;
    tx.exec(
        "update check_answers set replaced_at = $3
         where household_id = $1 and check_id = $2 and replaced_at is null",
        params![new.household, &answer.check, ctx.now],
    )?;
    let id: AnswerId = ctx.new_id();
    let written = tx.exec(
        "insert into check_answers (id, check_id, household_id, village_code, kind, reason_code, words, evidence,
           question_zh, question_en, pack_id, pack_version, answered_by, answered_name, answered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict do nothing",
        params![
            id,
            &answer.check,
            new.household,
            new.village,
            answer.kind.code(),
            &answer.code,
            &answer.words,
            &answer.evidence,
            &answer.question.0,
            &answer.question.1,
            new.pack.0,
            new.pack.1,
            &ctx.actor.account,
            &ctx.actor.name,
            ctx.now
        ],
    )?;
    Ok(written == 1)
}
