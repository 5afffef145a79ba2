//! The SQL of papers: the layouts of the county.

use kernel::error::{Error, Result};
use kernel::time::{Day, Instant};
use store::{Ctx, Row, Session, Tx, params};

use super::model::Paper;

pub mod past;

/// A layout of the county.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// 1 and on.
    pub version: i64,
    /// From which day it holds.
    pub from: Day,
    /// Name of the file as it was sent.
    pub name: String,
    /// The version whose layout was taken up again; 0 is the one that ships.
    pub again_of: Option<i64>,
    /// Who sent it.
    pub by: String,
    /// When.
    pub at: Instant,
}

fn version(row: &Row) -> Result<Version> {
    Ok(Version {
        version: row.int(0)?,
        from: row.parse(1)?,
        name: row.text(2)?,
        again_of: row.opt_int(3)?,
        by: row.text(4)?,
        at: row.parse(5)?,
    })
}

/// The layouts of a paper, the newest first.
pub fn list(session: &mut Session, paper: Paper) -> Result<Vec<Version>> {
    let sql = "select version, from_day, name, again_of, by_name, recorded_at from paper_layouts where paper = $1
         order by version desc";
    session.rows(sql, params![paper.code()])?.iter().map(version).collect()
}

/// The layout that holds on a day: of those that have begun the last that was sent.
pub fn find_on(session: &mut Session, paper: Paper, day: Day) -> Result<Option<Version>> {
    let sql = "select version, from_day, name, again_of, by_name, recorded_at from paper_layouts
         where paper = $1 and from_day <= $2 order by version desc limit 1";
    session.find(sql, params![paper.code(), day])?.as_ref().map(version).transpose()
}

/// The file of a version; empty where the one that ships was taken up again.
pub fn content(session: &mut Session, paper: Paper, version: i64) -> Result<Option<Vec<u8>>> {
    let sql = "select content from paper_layouts where paper = $1 and version = $2";
    let row = session.find(sql, params![paper.code(), version])?;
    row.map(|row| unhex(row.str(0)?).ok_or_else(|| Error::fault("a layout that is no file")))
        .transpose()
}

/// Adds a layout.
pub fn insert(
    tx: &mut Tx,
    ctx: &Ctx,
    paper: Paper,
    (new, bytes, digest): (&Version, &[u8], &str),
) -> Result<()> {
    tx.exec(
        "insert into paper_layouts (paper, version, from_day, name, content, digest, again_of, account_id, by_name,
           recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            paper.code(), new.version, new.from, &new.name, hex(bytes), digest, new.again_of, &ctx.actor.account, &new.by,
            new.at
        ],
    )?;
    Ok(())
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().saturating_mul(2));
    for byte in bytes {
        for half in [byte >> 4, byte & 15] {
            out.extend(char::from_digit(u32::from(half), 16));
        }
    }
    out
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok())).collect();
    let (pairs, rest) = digits.as_deref()?.as_chunks::<2>();
    rest.is_empty().then(|| pairs.iter().map(|[high, low]| (high << 4) | low).collect())
}
