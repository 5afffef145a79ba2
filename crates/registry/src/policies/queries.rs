//! The SQL of published packs.

use std::collections::BTreeMap;

use kernel::error::{Error, Result};
use kernel::time::Day;
use store::{Row, Session, Tx, Value, params};

use super::pack::{Pack, PackProblem};

/// One published version, without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackVersion {
    /// The pack.
    pub pack_id: String,
    /// Its version.
    pub version: u32,
    /// The first day it holds.
    pub valid_from: Day,
    /// The last day, if any.
    pub valid_to: Option<Day>,
    /// SHA-256 of its files.
    pub hash: String,
    /// UTC instant, as stored.
    pub published_at: String,
    /// Account id.
    pub published_by: String,
}

fn version(row: &Row) -> Result<PackVersion> {
    Ok(PackVersion {
        pack_id: row.text(0)?,
        version: u32::try_from(row.int(1)?).map_err(|why| Error::fault(why.to_string()))?,
        valid_from: row.parse(2)?,
        valid_to: row.opt_parse(3)?,
        hash: row.text(4)?,
        published_at: row.text(5)?,
        published_by: row.text(6)?,
    })
}

/// Every published version, the newest of each pack first.
pub fn list_versions(session: &mut Session) -> Result<Vec<PackVersion>> {
    session
        .rows(
            "select pack_id, version, valid_from, valid_to, hash, published_at, published_by \
             from pack_versions order by pack_id, version desc",
            &[],
        )?
        .iter()
        .map(version)
        .collect()
}

/// The pack of a published version, on top of the newest published version of what it extends. A version that is not
/// there is not found.
pub fn load_version(session: &mut Session, pack_id: &str, version: u32) -> Result<Pack> {
    let pack = files_of(session, pack_id, version)?;
    let Some(base) = pack.head.extends.clone() else { return Ok(pack) };
    let newest = session.row(
        "select coalesce(max(version), 0) from pack_versions where pack_id = $1",
        params![base.as_str()],
    )?;
    let newest = u32::try_from(newest.int(0)?).map_err(|why| Error::fault(why.to_string()))?;
    let base = files_of(session, &base, newest)?;
    pack.over(&base).map_err(|problems| unsound(&problems))
}

fn files_of(session: &mut Session, pack_id: &str, version: u32) -> Result<Pack> {
    let row = session.find(
        "select files from pack_versions where pack_id = $1 and version = $2",
        params![pack_id, version],
    )?;
    let Some(row) = row else {
        let refusal = kernel::error::Refusal::not_found("policies.no_version");
        return Err(refusal.arg("pack", pack_id).arg("version", version).into());
    };
    let files: BTreeMap<String, String> = serde_json::from_str(&row.text(0)?)
        .map_err(|why| Error::fault(format!("pack {pack_id} {version}: {why}")))?;
    Pack::read(files).map_err(|problems| unsound(&problems))
}

fn unsound(problems: &[PackProblem]) -> Error {
    let words: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Error::fault(format!("a published pack is unsound: {}", words.join("; ")))
}

/// The pack that holds on a day, in its newest published version; `None` before any.
pub fn find_pack_on(session: &mut Session, day: Day) -> Result<Option<Pack>> {
    let row = session.find(
        "select pack_id, version from pack_versions where valid_from <= $1 \
         and (valid_to is null or valid_to >= $1) order by valid_from desc, version desc, pack_id limit 1",
        params![day],
    )?;
    let Some(row) = row else { return Ok(None) };
    let number = u32::try_from(row.int(1)?).map_err(|why| Error::fault(why.to_string()))?;
    load_version(session, &row.text(0)?, number).map(Some)
}

/// Version and hash of the newest published version.
pub(super) fn find_newest(session: &mut Session, pack_id: &str) -> Result<Option<(i64, String)>> {
    let row = session.find(
        "select version, hash from pack_versions where pack_id = $1 order by version desc limit 1",
        params![pack_id],
    )?;
    row.map(|row| Ok((row.int(0)?, row.text(1)?))).transpose()
}

pub(super) fn save_version(tx: &mut Tx, pack: &Pack, by: &str) -> Result<()> {
    let files = serde_json::to_string(&pack.files).map_err(|why| Error::fault(why.to_string()))?;
    let head = &pack.head;
    let now = tx.now();
    tx.exec(
        "insert into pack_versions (pack_id, version, valid_from, valid_to, hash, files, published_at, published_by) \
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            Value::from(head.id.as_str()),
            Value::from(head.version),
            Value::from(head.valid_from),
            Value::from(head.valid_to),
            Value::from(pack.hash()),
            Value::from(files),
            Value::from(now),
            Value::from(by),
        ],
    )?;
    Ok(())
}
