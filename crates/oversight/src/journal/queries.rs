//! Queries of the journal and of the access log.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::time::{Day, Instant};
use store::{Row, Session, params};

/// Which entries are meant.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// By this person: name as written in the entry.
    pub actor: Option<String>,
    /// With this verb.
    pub verb: Option<String>,
    /// About this thing: its id.
    pub about: Option<String>,
    /// In this area.
    pub area: Option<AreaCode>,
    /// On this day.
    pub day: Option<Day>,
    /// Older than this entry.
    pub before: Option<i64>,
}

/// An entry of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryLine {
    /// Its number in the chain.
    pub number: i64,
    /// When.
    pub at: Instant,
    /// Who.
    pub actor: String,
    /// What was done.
    pub verb: String,
    /// Kind of the thing.
    pub about_kind: String,
    /// Its id.
    pub about_id: String,
    /// Name of the account or of the delivered file it is about; empty for anything else.
    pub about_name: String,
    /// Name of the area, or its code.
    pub area: String,
    /// What else must be known, JSON.
    pub detail: String,
    /// The keyed code that ends the chain here.
    pub mac: String,
}

fn entry(row: &Row) -> Result<EntryLine> {
    Ok(EntryLine {
        number: row.int(0)?,
        at: row.parse(1)?,
        actor: row.text(2)?,
        verb: row.text(3)?,
        about_kind: row.text(4)?,
        about_id: row.text(5)?,
        area: row.text(6)?,
        detail: row.text(7)?,
        mac: row.text(8)?,
        about_name: row.opt_text(9)?.unwrap_or_default(),
    })
}

/// Entries, newest first.
pub fn list_entries(session: &mut Session, wanted: &Wanted, limit: i64) -> Result<Vec<EntryLine>> {
    let (low, high) = match wanted.area {
        Some(area) => (Some(area.range().0), Some(area.range().1)),
        None => (None, None),
    };
    let from = wanted.day.map(Instant::start_of);
    let to = wanted.day.map(|day| Instant::start_of(day.add_days(1)));
    session
        .rows(
            "select j.number, j.at, j.actor, j.verb, j.about_kind, j.about_id, coalesce(a.name, j.area_code), j.detail, j.mac,
               coalesce(c.name, b.file_name, h.number)
             from journal j left join areas a on a.code = j.area_code
             left join accounts c on j.about_kind = 'account' and c.id = j.about_id
             left join batches b on j.about_kind = 'batch' and b.id = j.about_id
             left join households h on j.about_kind = 'household' and h.id = j.about_id
             where (cast($1 as text) is null or j.actor = $1) and (cast($2 as text) is null or j.verb = $2)
               and (cast($3 as text) is null or j.about_id = $3)
               and (cast($4 as text) is null or (j.area_code >= $4 and j.area_code <= $5))
               and (cast($6 as text) is null or (j.at >= $6 and j.at < $7))
               and (cast($8 as bigint) is null or j.number < $8)
             order by j.number desc limit $9",
            params![
                wanted.actor.clone(),
                wanted.verb.clone(),
                wanted.about.clone(),
                low,
                high,
                from,
                to,
                wanted.before,
                limit
            ],
        )?
        .iter()
        .map(entry)
        .collect()
}

/// The verbs that the journal holds, with their numbers on a day or ever.
pub fn count_verbs(session: &mut Session, day: Option<Day>) -> Result<Vec<(String, i64)>> {
    let from = day.map(Instant::start_of);
    let to = day.map(|day| Instant::start_of(day.add_days(1)));
    session
        .rows(
            "select verb, count(*) from journal where cast($1 as text) is null or (at >= $1 and at < $2)
             group by verb order by verb",
            params![from, to],
        )?
        .iter()
        .map(|row| Ok((row.text(0)?, row.int(1)?)))
        .collect()
}

/// First and last entry of a day.
pub fn find_ends(session: &mut Session, day: Day) -> Result<Option<(EntryLine, EntryLine)>> {
    let wanted = Wanted { day: Some(day), ..Wanted::default() };
    let Some(last) = list_entries(session, &wanted, 1)?.into_iter().next() else {
        return Ok(None);
    };
    let first = session.row(
        "select j.number, j.at, j.actor, j.verb, j.about_kind, j.about_id, j.area_code, j.detail, j.mac, ''
         from journal j
         where j.at >= $1 and j.at < $2 order by j.number limit 1",
        params![Instant::start_of(day), Instant::start_of(day.add_days(1))],
    )?;
    Ok(Some((entry(&first)?, last)))
}

/// A line of the access log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessLine {
    /// When.
    pub at: Instant,
    /// Whose account: name, or the account itself.
    pub who: String,
    /// `denied`, `not_found`, `reveal`.
    pub kind: String,
    /// What was tried.
    pub verb: String,
    /// On what.
    pub about: String,
    /// Number of the request.
    pub request: String,
}

/// The access log, newest first, before a line (instant and request).
pub fn list_access(
    session: &mut Session,
    kind: Option<&str>,
    before: Option<(&str, &str)>,
    limit: i64,
) -> Result<Vec<AccessLine>> {
    session
        .rows(
            "select l.at, coalesce(a.name, l.account_id), l.kind, l.verb, coalesce(h.number, p.number, l.about), l.request
             from access_log l left join accounts a on a.id = l.account_id
             left join households h on h.id = l.about left join persons p on p.id = l.about
             where (cast($1 as text) is null or l.kind = $1)
               and (cast($2 as text) is null or l.at < $2 or (l.at = $2 and l.request < $3))
             order by l.at desc, l.request desc limit $4",
            params![kind, before.map(|b| b.0), before.map_or("", |b| b.1), limit],
        )?
        .iter()
        .map(|row| {
            Ok(AccessLine {
                at: row.parse(0)?,
                who: row.text(1)?,
                kind: row.text(2)?,
                verb: row.text(3)?,
                about: row.text(4)?,
                request: row.text(5)?,
            })
        })
        .collect()
}
