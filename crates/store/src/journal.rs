//! The journal: append-only, one keyed chain per database, written by the commit itself.

use kernel::area::AreaCode;
use kernel::error::Result;

use crate::ctx::Ctx;
use crate::db::{Db, Session};
use crate::tx::Tx;
use crate::value::{Row, Value};

/// What was done, by whom, about what. Holds references, never identity numbers.
#[derive(Debug, Clone)]
pub struct Entry {
    account: String,
    name: String,
    verb: &'static str,
    about_kind: &'static str,
    about_id: String,
    area: Option<AreaCode>,
    request: String,
    detail: String,
}

impl Entry {
    /// An entry by the actor of `ctx`. `verb` is the permission's word: `household.split`.
    pub fn new(ctx: &Ctx, verb: &'static str) -> Self {
        Entry {
            account: ctx.actor.account.clone(),
            name: ctx.actor.name.clone(),
            verb,
            about_kind: "",
            about_id: String::new(),
            area: None,
            request: ctx.request.to_string(),
            detail: String::from("{}"),
        }
    }

    pub(crate) fn verb(&self) -> &'static str {
        self.verb
    }

    /// The thing that changed: `about("household", id)`.
    #[must_use]
    pub fn about(mut self, kind: &'static str, id: impl Into<String>) -> Self {
        self.about_kind = kind;
        self.about_id = id.into();
        self
    }

    /// The area in which it happened.
    #[must_use]
    pub fn area(mut self, area: AreaCode) -> Self {
        self.area = Some(area);
        self
    }

    /// What else must be known to understand it later: references, counts, digests, old and new value.
    #[must_use]
    pub fn detail(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail.to_string();
        self
    }
}

fn chained(number: i64, fields: &[&str]) -> String {
    let mut text = number.to_string();
    for field in fields {
        // The length before each field keeps ("ab","c") apart from ("a","bc").
        text.push('\n');
        text.push_str(&field.len().to_string());
        text.push(':');
        text.push_str(field);
    }
    text
}

pub(crate) fn append(tx: &mut Tx, entry: &Entry) -> Result<i64> {
    let head = tx.row(
        "update journal_head set number = number + 1 where id = 1 returning number, mac",
        &[],
    )?;
    let (number, previous) = (head.int(0)?, head.text(1)?);
    let at = tx.now().to_string();
    let area = entry.area.map(|area| area.to_string()).unwrap_or_default();
    let text = chained(
        number,
        &[
            &at,
            &entry.account,
            &entry.name,
            entry.verb,
            entry.about_kind,
            &entry.about_id,
            &area,
            &entry.request,
            &entry.detail,
        ],
    );
    let mac = tx.db().keys().journal_mac(&previous, &text);
    tx.exec(
        "insert into journal (number, at, account_id, actor, verb, about_kind, about_id, area_code, request, detail, mac)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            number.into(),
            at.into(),
            Value::from(&entry.account),
            Value::from(&entry.name),
            entry.verb.into(),
            entry.about_kind.into(),
            Value::from(&entry.about_id),
            area.into(),
            Value::from(&entry.request),
            Value::from(&entry.detail),
            Value::from(&mac),
        ],
    )?;
    tx.exec("update journal_head set mac = $1 where id = 1", &[mac.into()])?;
    Ok(number)
}

/// Where the chain does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JournalFault {
    /// The entry with this number was changed, or an entry before it was removed.
    Changed(i64),
    /// Numbers are missing before this one.
    Missing(i64),
    /// The sealed head does not agree with the last entry: entries at the end were removed.
    Cut,
}

/// The result of walking the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalReport {
    /// How many entries were walked.
    pub entries: i64,
    /// The code of the last entry, for the daily slip and the backup.
    pub head: String,
    /// The first place where the chain breaks, if it does.
    pub fault: Option<JournalFault>,
}

/// Walks the whole chain with the journal key.
pub fn verify(db: &Db) -> Result<JournalReport> {
    let mut session = db.read()?;
    let mut report = JournalReport { entries: 0, head: String::new(), fault: None };
    session.each(
        "select number, mac, at, account_id, actor, verb, about_kind, about_id, area_code, request, detail
         from journal order by number",
        &[],
        |row| {
            report.fault = check(db, &row, &report)?;
            report.entries = row.int(0)?;
            report.head = row.text(1)?;
            Ok(report.fault.is_none())
        },
    )?;
    if report.fault.is_none() && head(&mut session)? != (report.entries, report.head.clone()) {
        report.fault = Some(JournalFault::Cut);
    }
    Ok(report)
}

fn check(db: &Db, row: &Row, before: &JournalReport) -> Result<Option<JournalFault>> {
    let number = row.int(0)?;
    if number != before.entries + 1 {
        return Ok(Some(JournalFault::Missing(number)));
    }
    let fields: Vec<String> = (2..=10).map(|index| row.text(index)).collect::<Result<_>>()?;
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    let mac = db.keys().journal_mac(&before.head, &chained(number, &fields));
    Ok((mac != row.text(1)?).then_some(JournalFault::Changed(number)))
}

fn head(session: &mut Session) -> Result<(i64, String)> {
    let row = session.row("select number, mac from journal_head where id = 1", &[])?;
    Ok((row.int(0)?, row.text(1)?))
}
