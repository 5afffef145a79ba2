//! The SQL of published packs: those that ship, and over them the county's own changes.

mod documents;
mod drafts;
mod plans;

use std::collections::BTreeMap;

use kernel::error::{Error, Result};
use kernel::time::Day;
use store::{Row, Session, Tx, Value, params};

use super::model::COUNTY;
use super::pack::{Pack, PackProblem, hash_of, is_in};

pub use documents::list_documents;
pub(super) use documents::*;
pub(super) use drafts::*;
pub(super) use plans::*;

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

/// The pack of a published version, on top of the newest published version of what it extends. A version of the county's
/// own pack is what held on its first day. A version that is not there is not found.
pub fn load_version(session: &mut Session, pack_id: &str, version: u32) -> Result<Pack> {
    if pack_id == COUNTY {
        let row = session.find(
            "select valid_from from pack_versions where pack_id = $1 and version = $2",
            params![pack_id, version],
        )?;
        let day = row.ok_or_else(|| no_version(pack_id, version))?.parse(0)?;
        let found = pack_on(session, day, Some(version))?;
        return found.ok_or_else(|| no_version(pack_id, version));
    }
    let pack = read(pack_id, files_of(session, pack_id, version)?)?;
    let Some(base) = pack.head.extends.clone() else { return Ok(pack) };
    let newest = session.row(
        "select coalesce(max(version), 0) from pack_versions where pack_id = $1",
        params![base.as_str()],
    )?;
    let newest = u32::try_from(newest.int(0)?).map_err(|why| Error::fault(why.to_string()))?;
    let base = read(&base, files_of(session, &base, newest)?)?;
    pack.over(&base).map_err(|problems| unsound(&problems))
}

fn no_version(pack_id: &str, version: u32) -> Error {
    let refusal = kernel::error::Refusal::not_found("policies.no_version");
    refusal.arg("pack", pack_id).arg("version", version).into()
}

/// The files of a published version as they were published.
pub(super) fn files_of(
    session: &mut Session,
    pack_id: &str,
    version: u32,
) -> Result<BTreeMap<String, String>> {
    let row = session.find(
        "select files from pack_versions where pack_id = $1 and version = $2",
        params![pack_id, version],
    )?;
    let row = row.ok_or_else(|| no_version(pack_id, version))?;
    serde_json::from_str(&row.text(0)?)
        .map_err(|why| Error::fault(format!("pack {pack_id} {version}: {why}")))
}

fn read(pack_id: &str, files: BTreeMap<String, String>) -> Result<Pack> {
    Pack::read(files)
        .map_err(|problems| Error::fault(format!("pack {pack_id}: {}", words_of(&problems))))
}
fn unsound(problems: &[PackProblem]) -> Error {
    Error::fault(format!("a published pack is unsound: {}", words_of(problems)))
}

fn words_of(problems: &[PackProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// The pack that holds on a day, in its newest published version with the county's changes of that day in it; `None`
/// before any. With changes it is called `county` and has the number of the newest one.
pub fn find_pack_on(session: &mut Session, day: Day) -> Result<Option<Pack>> {
    pack_on(session, day, None)
}

/// The shipped pack that holds on a day, without the county's changes.
pub fn find_shipped_on(session: &mut Session, day: Day) -> Result<Option<Pack>> {
    let row = session.find(
        "select pack_id, version from pack_versions where pack_id <> $2 and valid_from <= $1 \
         and (valid_to is null or valid_to >= $1) order by valid_from desc, version desc, pack_id limit 1",
        params![day, COUNTY],
    )?;
    let Some(row) = row else { return Ok(None) };
    let number = u32::try_from(row.int(1)?).map_err(|why| Error::fault(why.to_string()))?;
    load_version(session, &row.text(0)?, number).map(Some)
}

/// The pack of a day as it stood when the county's version `upto` was the newest.
pub(super) fn pack_on(session: &mut Session, day: Day, upto: Option<u32>) -> Result<Option<Pack>> {
    let Some(base) = find_shipped_on(session, day)? else { return Ok(None) };
    let newest = upto.map_or(i64::MAX, i64::from);
    let changes = session.rows(
        "select version, files from pack_versions where pack_id = $2 and valid_from <= $1 and version <= $3 \
         order by valid_from, version",
        params![day, COUNTY, newest],
    )?;
    let (mut files, mut last) = (BTreeMap::new(), 0);
    for row in &changes {
        last = last.max(row.int(0)?);
        let changed: BTreeMap<String, String> = serde_json::from_str(&row.text(1)?)
            .map_err(|why| Error::fault(format!("pack county: {why}")))?;
        files.extend(changed);
    }
    if changes.is_empty() {
        return Ok(Some(base));
    }
    let mut pack = base.patched(&files).map_err(|problems| unsound(&problems))?;
    COUNTY.clone_into(&mut pack.head.id);
    pack.head.version = u32::try_from(last).map_err(|why| Error::fault(why.to_string()))?;
    Ok(Some(pack))
}

/// The files of the county's own changes that hold on a day, in one folder; `kept` is asked whether what is known under a
/// name still holds, before anything large is read.
pub fn county_files(
    session: &mut Session,
    (day, folders): (Day, &[&str]),
    kept: &mut dyn FnMut(&str) -> bool,
) -> Result<Option<BTreeMap<String, String>>> {
    let heads = session.rows(
        "select version, hash from pack_versions where pack_id = $2 and valid_from <= $1 order by valid_from, version",
        params![day, COUNTY],
    )?;
    let names: Result<Vec<String>> =
        heads.iter().map(|row| Ok(format!("{} {}", row.int(0)?, row.text(1)?))).collect();
    if kept(&names?.join(" ")) {
        return Ok(None);
    }
    let rows = session.rows(
        "select files from pack_versions where pack_id = $2 and valid_from <= $1 order by valid_from, version",
        params![day, COUNTY],
    )?;
    let mut files = BTreeMap::new();
    for row in &rows {
        let changed: BTreeMap<String, String> = serde_json::from_str(&row.text(0)?)
            .map_err(|why| Error::fault(format!("pack county: {why}")))?;
        files.extend(changed);
    }
    files.retain(|file, text| {
        !text.trim().is_empty() && folders.iter().any(|folder| is_in(file, folder))
    });
    Ok(Some(files))
}

/// Since when the county has each of its own files in a folder.
pub fn first_days(session: &mut Session, folder: &str) -> Result<BTreeMap<String, Day>> {
    let rows = session.rows(
        "select valid_from, files from pack_versions where pack_id = $1 order by valid_from desc, version desc",
        params![COUNTY],
    )?;
    let mut days = BTreeMap::new();
    for row in &rows {
        let from: Day = row.parse(0)?;
        let files: BTreeMap<String, String> = serde_json::from_str(&row.text(1)?)
            .map_err(|why| Error::fault(format!("pack county: {why}")))?;
        let there =
            files.into_iter().filter(|(file, text)| is_in(file, folder) && !text.trim().is_empty());
        days.extend(there.map(|(file, _)| (file, from)));
    }
    Ok(days)
}

/// The number of the county's newest version, 0 before any.
pub(super) fn newest_change(session: &mut Session) -> Result<u32> {
    let row = session.row(
        "select coalesce(max(version), 0) from pack_versions where pack_id = $1",
        params![COUNTY],
    )?;
    u32::try_from(row.int(0)?).map_err(|why| Error::fault(why.to_string()))
}

/// Adds a version to the county's own pack.
pub(super) fn save_change(
    tx: &mut Tx,
    (version, valid_from): (u32, Day),
    files: &BTreeMap<String, String>,
    by: &str,
) -> Result<()> {
    let text = serde_json::to_string(files).map_err(|why| Error::fault(why.to_string()))?;
    let now = tx.now();
    tx.exec(
        "insert into pack_versions (pack_id, version, valid_from, valid_to, hash, files, published_at, published_by) \
         values ($1, $2, $3, null, $4, $5, $6, $7)",
        params![COUNTY, version, valid_from, hash_of(files), text, now, by],
    )?;
    Ok(())
}

/// Files that each of the county's versions after one changes, the oldest first.
pub(super) fn changed_after(
    session: &mut Session,
    version: u32,
) -> Result<Vec<(u32, Vec<String>)>> {
    let rows = session.rows(
        "select version, files from pack_versions where pack_id = $1 and version > $2 order by version",
        params![COUNTY, version],
    )?;
    let of = |row: &Row| {
        let files: BTreeMap<String, String> = serde_json::from_str(&row.text(1)?)
            .map_err(|why| Error::fault(format!("pack county: {why}")))?;
        let number = u32::try_from(row.int(0)?).map_err(|why| Error::fault(why.to_string()))?;
        Ok((number, files.into_keys().collect()))
    };
    rows.iter().map(of).collect()
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
