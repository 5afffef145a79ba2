//! The SQL that finds and keeps up to where, and by which book, the leads of villages are right.

use std::collections::BTreeMap;

use kernel::error::Result;
use kernel::time::Day;
use serde_json::json;
use store::{Row, Session, Tx, params};

/// A village whose leads may be out of date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stale {
    /// Its code.
    pub village: String,
    /// The stamp up to which a run now makes its leads right.
    pub stamp: i64,
    /// The book by which they are right, where no fact has changed since.
    pub right_by: Option<String>,
}

/// Every village with facts or leads: from one to the next in the indexes by village, not through all their rows.
macro_rules! every_village {
    () => {
        "with recursive f (code) as (select min(village_code) from household_facts union all
             select (select min(n.village_code) from household_facts n where n.village_code > f.code) from f where f.code is not null),
           l (code) as (select min(village_code) from leads union all
             select (select min(n.village_code) from leads n where n.village_code > l.code) from l where l.code is not null),
           v (village_code) as (select code from f where code is not null union select code from l where code is not null
             union select village_code from village_facts) "
    };
}

/// Villages whose leads may be out of date.
pub fn stale_villages(session: &mut Session, book: &str) -> Result<Vec<Stale>> {
    let rows = session.rows(
        concat!(
            every_village!(),
            "select v.village_code, coalesce(s.stamp, 0), case when c.stamp >= coalesce(s.stamp, 0) then c.book end from v
             left join village_stamps s on s.village_code = v.village_code
             left join screened_villages c on c.village_code = v.village_code
             where c.village_code is null or c.book <> $1 or c.stamp < coalesce(s.stamp, 0)
             order by v.village_code"
        ),
        params![book],
    )?;
    let stale = |row: &Row| {
        Ok(Stale { village: row.text(0)?, stamp: row.int(1)?, right_by: row.opt_text(2)? })
    };
    rows.iter().map(stale).collect()
}

/// The same of some villages only, as they stand now.
pub fn stale_among(session: &mut Session, book: &str, among: &[Stale]) -> Result<Vec<Stale>> {
    let codes: Vec<&str> = among.iter().map(|stale| stale.village.as_str()).collect();
    let codes = params![json!(codes).to_string()];
    let stamps = session.rows(
        "select village_code, stamp from village_stamps where village_code in (select value from json_each($1))",
        codes,
    )?;
    let stamps: BTreeMap<String, i64> =
        stamps.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect::<Result<_>>()?;
    let screened = session.rows(
        "select village_code, stamp, book from screened_villages where village_code in (select value from json_each($1))",
        codes,
    )?;
    let screened: BTreeMap<String, (i64, String)> = screened
        .iter()
        .map(|row| Ok((row.text(0)?, (row.int(1)?, row.text(2)?))))
        .collect::<Result<_>>()?;
    let now = |stale: &Stale| {
        let stamp = stamps.get(&stale.village).copied().unwrap_or(0);
        let right_by = screened.get(&stale.village).filter(|(until, _)| *until >= stamp);
        let right_by = right_by.map(|(_, book)| book.clone());
        Stale { village: stale.village.clone(), stamp, right_by }
    };
    let stale = |stale: &Stale| stale.right_by.as_deref() != Some(book);
    Ok(among.iter().map(now).filter(stale).collect())
}

/// How many versions were published, and when the last one was.
pub fn last_publication(session: &mut Session) -> Result<String> {
    let sql = "select count(*), coalesce(max(published_at), '') from pack_versions";
    let row = session.row(sql, &[])?;
    Ok(format!("{} {}", row.int(0)?, row.text(1)?))
}

/// Keeps what the rules of a book rest on, on a day; once it says nothing, it stays so. Those of earlier days go.
pub fn save_book(
    tx: &mut Tx,
    (book, day): (&str, Day),
    rules: &str,
    says_nothing: bool,
) -> Result<()> {
    tx.exec("delete from screened_books where day < $1", params![day])?;
    let sql = match says_nothing {
        true => {
            "insert into screened_books (book, day, rules) values ($1, $2, $3)
             on conflict (book) do update set rules = excluded.rules"
        }
        false => {
            "insert into screened_books (book, day, rules) values ($1, $2, $3) on conflict (book) do nothing"
        }
    };
    tx.exec(sql, params![book, day, rules])?;
    Ok(())
}

/// What the rules of a book rested on, if it was asked that day.
pub fn find_book(session: &mut Session, book: &str, day: Day) -> Result<Option<String>> {
    let sql = "select rules from screened_books where book = $1 and day = $2";
    session.find(sql, params![book, day])?.map(|row| row.text(0)).transpose()
}

/// Every village with facts or leads, and its stamp.
pub fn all_villages(session: &mut Session) -> Result<Vec<(String, i64)>> {
    let rows = session.rows(
        concat!(
            every_village!(),
            "select v.village_code, coalesce(s.stamp, 0) from v
             left join village_stamps s on s.village_code = v.village_code order by v.village_code"
        ),
        &[],
    )?;
    rows.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

/// Says that the leads of these villages are right up to these stamps.
pub fn save_screened(tx: &mut Tx, villages: &[(String, i64)], book: &str) -> Result<()> {
    tx.exec_many(
        "insert into screened_villages (village_code, stamp, book) values ($1, $2, $3)
         on conflict (village_code) do update set stamp = excluded.stamp, book = excluded.book",
        villages.iter().map(|(village, stamp)| vec![village.into(), (*stamp).into(), book.into()]),
    )?;
    Ok(())
}

/// Says that the leads of these villages stay right with the entry that is being committed, where they were right before it.
/// On PostgreSQL somebody else may take that number first: then the village is stale, as it was.
pub fn keep_screened(tx: &mut Tx, villages: &[&str], book: &str) -> Result<()> {
    tx.exec(
        "update screened_villages set stamp = (select number + 1 from journal_head where id = 1)
         where village_code in (select value from json_each($1)) and book = $2 and stamp >= coalesce(
           (select s.stamp from village_stamps s where s.village_code = screened_villages.village_code), 0)",
        params![json!(villages).to_string(), book],
    )?;
    Ok(())
}
