//! A past state of the county in a database of its own: every table as it was known at an instant.
//!
//! The rooms say of each table how it is read ([`PastTable`]); tables whose earlier rows are kept (`kept.rs`) are read from
//! these. Rows that were never changed are not copied where the county's database can be opened beside (the embedded
//! engine): wide tables are views over it. From PostgreSQL everything is copied.

use std::path::Path;

use kernel::error::Result;
use kernel::time::{Day, Instant};

use crate::db::{Db, Engine, Session};
use crate::kept::{columns_of, kept_tables};
use crate::tx::Tx;
use crate::value::BuiltSql;

/// The moment of a past view.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The day whose state is shown.
    pub day: Day,
    /// What was written down later is not known.
    pub known: Instant,
    /// The day on which it is asked: who may see what is that of today.
    pub today: Day,
}

impl Moment {
    /// The last instant of which something that people did is shown: the end of the day, or when it was known.
    #[must_use]
    pub fn done_by(&self) -> Instant {
        Instant::start_of(self.day.add_days(1)).add_millis(-1).min(self.known)
    }

    /// A text with the moment's values in the place of `{day}`, `{known}`, `{done}`, `{done_day}`, `{today}`.
    fn fill(&self, text: &str) -> String {
        let done = self.done_by();
        text.replace("{day}", &format!("'{}'", self.day))
            .replace("{known}", &format!("'{}'", self.known))
            .replace("{done}", &format!("'{done}'"))
            .replace("{done_day}", &format!("'{}'", done.day()))
            .replace("{today}", &format!("'{}'", self.today))
    }
}

/// How a table is read at a past moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It holds nothing there: sessions, the journal, what is worked out anew.
    Nothing,
    /// Its rows as they were known, of which the condition holds (on `t`).
    Known(&'static str),
    /// Its rows as they stood when the day (or what was known) ended, of which the condition holds: what people did.
    Done(&'static str),
    /// As [`Reading::Known`]; so many rows that they are looked at where they are if none was changed since.
    Wide(&'static str),
    /// The columns of this list as they are today, in every request anew where that costs nothing.
    Now(&'static str),
    /// A view over what can be looked at where it is and over what the rooms lay out themselves; where it cannot, the rooms
    /// lay out everything.
    Mended(&'static str),
}

/// A table and how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PastTable {
    /// Its name.
    pub name: &'static str,
    /// How it is read.
    pub reading: Reading,
}

impl PastTable {
    /// A table and how it is read.
    #[must_use]
    pub const fn new(name: &'static str, reading: Reading) -> Self {
        PastTable { name, reading }
    }
}

struct Source<'a> {
    table: &'a PastTable,
    columns: Vec<String>,
    /// The columns of its key, and those of which earlier states are kept, if they are.
    kept: Option<(Vec<String>, Vec<String>)>,
}

impl Source<'_> {
    /// The rows at a moment; `beside` stands before the names of the county's tables.
    fn select(&self, moment: &Moment, beside: &str) -> String {
        let (when, cut) = match self.table.reading {
            Reading::Nothing => ("1 = 0", None),
            Reading::Now(columns) => {
                let name = self.table.name;
                return moment.fill(&columns.replace("{from}", &format!("{beside}{name}")));
            }
            Reading::Mended(view) => return moment.fill(&view.replace("{county}", beside)),
            Reading::Known(when) | Reading::Wide(when) => (when, Some(moment.known)),
            Reading::Done(when) => (when, Some(moment.done_by())),
        };
        let when = moment.fill(when);
        let name = self.table.name;
        let own = self.listed("t", None);
        let (Some((key, kept)), Some(cut)) = (&self.kept, cut) else {
            return format!("select {own} from {beside}{name} t where {when}");
        };
        let same = |a: &str, b: &str| {
            let each = key.iter().map(|column| format!("{a}.{column} = {b}.{column}"));
            each.collect::<Vec<_>>().join(" and ")
        };
        format!(
            "select {own} from {beside}{name} t where {when} and not exists
               (select 1 from {beside}{name}_kept k where {} and k.until > '{cut}')
             union all
             select {} from {beside}{name}_kept t where {when} and t.until =
               (select min(x.until) from {beside}{name}_kept x where {} and x.until > '{cut}')",
            same("k", "t"),
            self.listed("t", Some(kept)),
            same("x", "t"),
        )
    }

    /// What the table holds now, for a view over rows of which none was changed.
    fn plain(&self, moment: &Moment, beside: &str) -> Option<String> {
        let (when, name) = match self.table.reading {
            Reading::Wide(when) => (moment.fill(when), self.table.name),
            Reading::Now(_) | Reading::Mended(_) => return Some(self.select(moment, beside)),
            _ => return None,
        };
        Some(format!("select {} from {beside}{name} t where {when}", self.listed("t", None)))
    }

    fn listed(&self, of: &str, only: Option<&Vec<String>>) -> String {
        let each = self.columns.iter().map(|column| match only {
            Some(only) if !only.contains(column) => "''".to_owned(),
            _ => format!("{of}.{column}"),
        });
        each.collect::<Vec<_>>().join(", ")
    }

    /// Whether a row of which the view would show the present state was changed after the moment.
    fn changed(&self, session: &mut Session, moment: &Moment) -> Result<bool> {
        if self.kept.is_none() || !matches!(self.table.reading, Reading::Wide(_)) {
            return Ok(false);
        }
        let sql = format!(
            "select 1 from {}_kept where until > '{}' limit 1",
            self.table.name, moment.known
        );
        Ok(session.find(&BuiltSql::from_generator(sql), &[])?.is_some())
    }
}

impl Db {
    /// Lays out the tables as they were at a moment, in an embedded database of its own in `folder`. `steps` are statements
    /// that run in it afterwards, with the same words for the moment as the conditions; `prepare` makes tables beside those
    /// of the migrations before the county's are seen. The county's database is opened for reading only.
    ///
    /// # Errors
    /// What the databases refuse.
    pub fn past(
        &self,
        folder: &Path,
        moment: &Moment,
        (tables, steps): (&[PastTable], &[&'static str]),
        prepare: fn(&Db) -> Result<()>,
    ) -> Result<Db> {
        let file = folder.join("past.db");
        let empty = Db::aside(&file, "", self.keys().clone())?;
        prepare(&empty)?;
        let mut county = self.read()?;
        let sources = sources(&mut county, &mut empty.read()?, tables)?;
        drop(empty);
        // what a row refers to may have come to be known later than the row
        let mut before = String::from("pragma foreign_keys = off;");
        let mut copied = Vec::new();
        let beside = if let Some(path) = self.file() {
            before += &format!("attach database '{}' as county;", read_only(path)?);
            "county."
        } else {
            ""
        };
        for source in &sources {
            let plain = source.plain(moment, beside).filter(|_| !beside.is_empty());
            match plain.filter(|_| !source.changed(&mut county, moment).unwrap_or(true)) {
                Some(view) => {
                    before += &format!("create temp view {} as {view};", source.table.name);
                }
                None if matches!(source.table.reading, Reading::Mended(_)) => {}
                None => copied.push(source),
            }
        }
        // without the views first: what fills a table names the table and not a view of it
        let past = Db::aside(&file, &before, self.keys().clone())?;
        let mut tx = Tx::begin(&past, moment.known, moment.day)?;
        for source in copied {
            fill(&mut tx, &mut county, source, (moment, beside))?;
        }
        for step in steps {
            tx.exec(&BuiltSql::from_generator(moment.fill(step)), &[])?;
        }
        tx.commit_unseen()?;
        Ok(past)
    }

    /// What a past state rests on besides the moment: it changes when rows that it looks at where they are were changed.
    ///
    /// # Errors
    /// What the database refuses.
    pub fn past_version(&self, moment: &Moment, tables: &[PastTable]) -> Result<String> {
        let mut session = self.read()?;
        let mut text = String::new();
        for table in kept_tables(&mut session)? {
            if !tables.iter().any(|t| t.name == table && matches!(t.reading, Reading::Wide(_))) {
                continue;
            }
            let sql = format!("select count(*) from {table}_kept where until > '{}'", moment.known);
            text += &format!("{} ", session.row(&BuiltSql::from_generator(sql), &[])?.int(0)?);
        }
        if self.engine() == Engine::Postgres {
            // scopes and accounts are copied from there
            let sql = "select account_id, kind, low, high, target, from_day, to_day from scopes order by 1, 2, 3, 5, 6";
            text += &format!("{:?}", session.rows(sql, &[])?);
        }
        Ok(text)
    }
}

/// The address of a file that is only read, as a text of a statement.
fn read_only(path: &Path) -> Result<String> {
    let mut address = String::from("file:");
    for byte in std::path::absolute(path)?.to_string_lossy().bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                address.push(char::from(byte));
            }
            other => address += &format!("%{other:02x}"),
        }
    }
    Ok(address + "?mode=ro")
}

fn sources<'a>(
    county: &mut Session,
    aside: &mut Session,
    tables: &'a [PastTable],
) -> Result<Vec<Source<'a>>> {
    let kept = kept_tables(county)?;
    let mut found = Vec::with_capacity(tables.len());
    for table in tables.iter().filter(|table| table.reading != Reading::Nothing) {
        let columns = columns_of(aside, table.name)?;
        let kept = match kept.iter().any(|name| name == table.name) {
            false => None,
            true => {
                let sql = "select name from pragma_table_info($1) where pk > 0 order by pk";
                let key = aside.rows(sql, &[table.name.into()])?;
                let key = key.iter().map(|row| row.text(0)).collect::<Result<Vec<_>>>()?;
                Some((key, columns_of(aside, &format!("{}_kept", table.name))?))
            }
        };
        found.push(Source { table, columns, kept });
    }
    Ok(found)
}

fn fill(
    tx: &mut Tx,
    county: &mut Session,
    source: &Source<'_>,
    (moment, beside): (&Moment, &str),
) -> Result<()> {
    let (name, columns) = (source.table.name, source.columns.join(", "));
    let select = source.select(moment, beside);
    let whole = BuiltSql::from_generator(format!("delete from main.{name}"));
    tx.exec(&whole, &[])?;
    if !beside.is_empty() {
        let sql = format!("insert into main.{name} ({columns}) {select}");
        tx.exec(&BuiltSql::from_generator(sql), &[])?;
        return Ok(());
    }
    let marks: Vec<String> = (1..=source.columns.len()).map(|at| format!("${at}")).collect();
    let put = format!("insert into main.{name} ({columns}) values ({})", marks.join(", "));
    let (put, select) = (BuiltSql::from_generator(put), BuiltSql::from_generator(select));
    let mut waiting = Vec::new();
    county.each(&select, &[], |row| {
        waiting.push(row.0);
        if waiting.len() >= 2_000 {
            tx.exec_many(&put, std::mem::take(&mut waiting))?;
        }
        Ok(true)
    })?;
    tx.exec_many(&put, waiting)?;
    Ok(())
}
