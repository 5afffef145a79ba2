//! The SQL of declarations: what is taken in and placed here, what desks see in [`desk`], what is published in [`out`].

pub mod desk;
pub mod out;
pub mod past;

use std::collections::{BTreeMap, BTreeSet};

use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::ids::{DeclarationId, HouseholdId, LeadId, PersonId};
use kernel::time::{Day, Instant};
use serde_json::json;
use store::{Ctx, Keys, Row, Session, Tx, params};

use super::model::{Mark, State, Writing, marks_of};
use super::take_in::MaybeOf;
use crate::screening::Channel;

/// A declaration that is about to be written.
#[derive(Debug, Clone)]
pub struct New {
    /// The line of the public inbox.
    pub letter: Option<String>,
    /// The way on which it came.
    pub channel: Channel,
    /// It cannot wait.
    pub urgent: bool,
    /// The day on which it was said.
    pub said_on: Day,
    /// When it was written.
    pub said_at: Instant,
    /// What was written.
    pub writing: Writing,
    /// Why somebody should look twice.
    pub marks: Vec<Mark>,
    /// The declaration whose answer it speaks against.
    pub objects_to: Option<DeclarationId>,
}

/// A declaration as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    /// Its id.
    pub id: DeclarationId,
    /// The way on which it came.
    pub channel: Channel,
    /// The kind of trouble.
    pub kind: String,
    /// It cannot wait.
    pub urgent: bool,
    /// The day on which it was said.
    pub said_on: Day,
    /// When it was written.
    pub said_at: Instant,
    /// Where it stands.
    pub village: AreaCode,
    /// The village that was chosen.
    pub said_village: AreaCode,
    sealed: String,
    /// The same for one person.
    pub same_digest: String,
    /// Why somebody should look twice.
    pub marks: Vec<Mark>,
    /// Where it stands.
    pub state: State,
    /// How its household was found, or why it is asked.
    pub reason: String,
    /// Whom it may be about.
    pub maybe: Vec<MaybeOf>,
    /// The household.
    pub household: Option<HouseholdId>,
    /// The person.
    pub person: Option<PersonId>,
    /// The lead of which it is a reason.
    pub lead: Option<LeadId>,
    /// The declaration whose answer it speaks against.
    pub objects_to: Option<DeclarationId>,
    /// Who entered it; empty for the public page.
    pub entered_name: String,
    /// Who decided, and when.
    pub decided: Option<(String, Instant)>,
    /// Why it was put aside.
    pub words: Option<String>,
    /// Goes up with every change.
    pub version: i64,
}

impl Declared {
    /// What was written. Who reads it is to be asked before.
    ///
    /// # Errors
    /// `store.wrong_key`.
    pub fn writing(&self, keys: &Keys) -> Result<Writing> {
        let text = keys.open_text(&self.sealed)?;
        serde_json::from_str(&text).map_err(|why| Error::fault(format!("declaration: {why}")))
    }
}

/// The columns of a declaration in the order in which [`declared`] reads them.
macro_rules! columns {
    () => {
        "d.id, d.channel, d.kind, d.urgent, d.said_on, d.said_at, d.village_code, d.said_village, d.sealed, d.same_digest,
         d.marks, d.state, d.reason, d.candidates, d.household_id, d.person_id, d.lead_id, d.objects_to, d.entered_name,
         d.decided_name, d.decided_at, d.words, d.version"
    };
}
use columns;

fn declared(row: &Row) -> Result<Declared> {
    let marks: Vec<String> = serde_json::from_str(&row.text(10)?).unwrap_or_default();
    let by = row.opt_text(19)?.zip(row.opt_parse::<Instant>(20)?);
    Ok(Declared {
        id: row.parse(0)?,
        channel: row.parse(1)?,
        kind: row.text(2)?,
        urgent: row.flag(3)?,
        said_on: row.parse(4)?,
        said_at: row.parse(5)?,
        village: row.parse(6)?,
        said_village: row.parse(7)?,
        sealed: row.text(8)?,
        same_digest: row.text(9)?,
        marks: marks_of(&marks),
        state: row.parse(11)?,
        reason: row.text(12)?,
        maybe: serde_json::from_str(&row.text(13)?).unwrap_or_default(),
        household: row.opt_parse(14)?,
        person: row.opt_parse(15)?,
        lead: row.opt_parse(16)?,
        objects_to: row.opt_parse(17)?,
        entered_name: row.text(18)?,
        decided: by,
        words: row.opt_text(21)?,
        version: row.int(22)?,
    })
}

/// The lines of the public inbox that were taken in.
pub fn list_letters(session: &mut Session) -> Result<BTreeSet<String>> {
    let rows = session.rows("select letter from declarations where letter is not null", &[])?;
    rows.iter().map(|row| row.text(0)).collect()
}

/// Villages in use with their name and that of their township.
pub fn names_of_villages(session: &mut Session) -> Result<BTreeMap<AreaCode, (String, String)>> {
    let rows = session.rows(
        "select v.code, v.name, coalesce(t.name, '') from areas v left join areas t on t.code = v.parent_code
         where v.level = 'village' and v.valid_to is null",
        &[],
    )?;
    rows.iter().map(|row| Ok((row.parse(0)?, (row.text(1)?, row.text(2)?)))).collect()
}

/// Whether the same person declared on a day or later.
pub fn find_same_since(session: &mut Session, same: &str, since: Day) -> Result<bool> {
    let sql = "select 1 from declarations where same_digest = $1 and said_on >= $2 and state <> 'junk' limit 1";
    Ok(session.find(sql, params![same, since])?.is_some())
}

fn words_of_marks(marks: &[Mark]) -> String {
    json!(marks.iter().map(|mark| mark.code()).collect::<Vec<_>>()).to_string()
}

/// Writes a declaration that waits; `false` when its line was taken in before.
pub fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    (id, new): (DeclarationId, &New),
    (same, reason, maybe): (&str, &str, &[MaybeOf]),
) -> Result<bool> {
    let text = serde_json::to_string(&new.writing)
        .map_err(|why| Error::fault(format!("declaration: {why}")))?;
    let sealed = ctx.db.keys().seal_text(&text)?;
    let (now, village) = (tx.now(), new.writing.village);
    let candidates =
        serde_json::to_string(maybe).map_err(|why| Error::fault(format!("candidates: {why}")))?;
    let (by, name) = match new.letter {
        Some(_) => ("", ""),
        None => (ctx.actor.account.as_str(), ctx.actor.name.as_str()),
    };
    let written = tx.exec(
        "insert into declarations (id, letter, channel, kind, urgent, said_on, said_at, taken_at, village_code,
           said_village, sealed, same_digest, marks, state, reason, candidates, objects_to, entered_by, entered_name, version)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10, $11, $12, 'waiting', $13, $14, $15, $16, $17, 1)
         on conflict (letter) do nothing",
        &[
            id.into(),
            new.letter.as_deref().into(),
            new.channel.code().into(),
            new.writing.kind.as_str().into(),
            i64::from(new.urgent).into(),
            new.said_on.into(),
            new.said_at.into(),
            now.into(),
            village.into(),
            sealed.into(),
            same.into(),
            words_of_marks(&new.marks).into(),
            reason.into(),
            candidates.into(),
            new.objects_to.into(),
            by.into(),
            name.into(),
        ],
    )?;
    Ok(written > 0)
}

/// A household that stands, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// The household, the one that stays of a merge.
    pub household: HouseholdId,
    /// Its village.
    pub village: AreaCode,
}

/// The household as it stands today, of one held to be another the one that stays.
pub fn find_standing(session: &mut Session, household: HouseholdId) -> Result<Option<Standing>> {
    let row = session.find(
        "select s.id, s.village_code from households h join households s on s.id = coalesce(h.merged_into, h.id)
         where h.id = $1 and s.village_code is not null and s.closed_on is null",
        params![household],
    )?;
    row.map(|row| Ok(Standing { household: row.parse(0)?, village: row.parse(1)? })).transpose()
}

/// A declaration as it stands.
pub fn load(session: &mut Session, id: DeclarationId) -> Result<Declared> {
    const ONE: &str = concat!("select ", columns!(), " from declarations d where d.id = $1");
    declared(&session.row(ONE, params![id])?)
}

/// The declaration of a line of the public inbox.
pub fn find_by_letter(session: &mut Session, letter: &str) -> Result<Option<Declared>> {
    const ONE: &str = concat!("select ", columns!(), " from declarations d where d.letter = $1");
    session.find(ONE, params![letter])?.as_ref().map(declared).transpose()
}

/// The lead of the latest objection to a declaration, else its own.
pub fn find_lead_that_counts(session: &mut Session, id: DeclarationId) -> Result<Option<LeadId>> {
    let row = session.row(
        "select coalesce((select o.lead_id from declarations o where o.objects_to = d.id and o.lead_id is not null
           order by o.said_at desc, o.id desc limit 1), d.lead_id) from declarations d where d.id = $1",
        params![id],
    )?;
    row.opt_parse(0)
}

/// Other declarations of the same person that wait.
pub fn list_same_waiting(
    session: &mut Session,
    (same, not): (&str, DeclarationId),
) -> Result<Vec<DeclarationId>> {
    let sql = "select id from declarations where same_digest = $1 and state = 'waiting' and id <> $2 order by said_at, id";
    session.rows(sql, params![same, not])?.iter().map(|row| row.parse(0)).collect()
}

/// Writes whose lead a declaration is a reason of.
pub fn save_placed(
    tx: &mut Tx,
    ctx: &Ctx,
    (id, person, stands): (DeclarationId, Option<PersonId>, &Standing),
    (lead, marks): (LeadId, &[Mark]),
) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "update declarations set state = 'placed', household_id = $2, person_id = $3, lead_id = $4, village_code = $5,
           marks = $6, decided_by = $7, decided_name = $8, decided_at = $9, words = null, version = version + 1
         where id = $1",
        &[
            id.into(),
            stands.household.into(),
            person.into(),
            lead.into(),
            stands.village.into(),
            words_of_marks(marks).into(),
            ctx.actor.account.as_str().into(),
            ctx.actor.name.as_str().into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// Puts a declaration aside; `false` when somebody was first.
pub fn save_aside(
    tx: &mut Tx,
    ctx: &Ctx,
    (id, version): (DeclarationId, i64),
    (state, words): (State, &str),
) -> Result<bool> {
    let now = tx.now();
    let changed = tx.exec(
        "update declarations set state = $3, words = $4, decided_by = $5, decided_name = $6, decided_at = $7,
           version = version + 1 where id = $1 and version = $2 and state <> 'placed'",
        &[
            id.into(),
            version.into(),
            state.code().into(),
            words.into(),
            ctx.actor.account.as_str().into(),
            ctx.actor.name.as_str().into(),
            now.into(),
        ],
    )?;
    Ok(changed > 0)
}

/// Says whom applicants of a township call.
pub fn save_phone(tx: &mut Tx, ctx: &Ctx, (area, phone): (AreaCode, &str)) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into declaration_phones (area_code, phone, said_by, said_at) values ($1, $2, $3, $4)
         on conflict (area_code) do update set phone = excluded.phone, said_by = excluded.said_by,
           said_at = excluded.said_at",
        params![area, phone, &ctx.actor.account, now],
    )?;
    Ok(())
}
