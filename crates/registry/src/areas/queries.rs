//! Areas in the database.

use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Refusal, Result};
use kernel::time::{Day, Instant};
use store::{Ctx, Row, Session, Tx, Value, params};

use super::model::{Area, AreaRow, Classes, Successors};
use super::span::Span;

const AREA: &str = "select a.code, a.name, a.official_name, a.level, a.parent_code, a.valid_from, a.valid_to, a.lon, a.lat,
        (select c.class from area_classes c where c.code = a.code and c.valid_to is null)
    from areas a where a.code >= $1 and a.code <= $2 order by a.code";

/// The lowest and highest code in an area; of everything when there is none.
fn reach(within: Option<AreaCode>) -> (String, String) {
    within.map_or_else(
        || ("000000000000".to_owned(), "999999999999".to_owned()),
        |area| (area.range().0.to_string(), area.range().1.to_string()),
    )
}

/// All areas in `within` (all there are without it), ended ones too, with today's class and former names.
///
/// # Errors
/// What the database refuses.
pub fn list_areas(session: &mut Session, within: Option<AreaCode>) -> Result<Vec<Area>> {
    let (low, high) = reach(within);
    let mut areas = Vec::new();
    for row in session.rows(AREA, params![&low, &high])? {
        areas.push(area_of(&row)?);
    }
    let names = session.rows(
        "select code, name from area_names where kind = 'former' and code >= $1 and code <= $2 order by code, name",
        params![&low, &high],
    )?;
    for row in names {
        let code: AreaCode = row.parse(0)?;
        if let Ok(at) = areas.binary_search_by_key(&code, |area: &Area| area.row.code)
            && let Some(area) = areas.get_mut(at)
        {
            area.row.former_names.push(row.text(1)?);
        }
    }
    Ok(areas)
}

fn area_of(row: &Row) -> Result<Area> {
    let code: AreaCode = row.parse(0)?;
    Ok(Area {
        row: AreaRow {
            code,
            name: row.text(1)?,
            official_name: row.text(2)?,
            level: row.parse::<AreaLevel>(3)?,
            parent: row.opt_parse(4)?,
            class: row.opt_text(9)?,
            former_names: Vec::new(),
            point: row.opt_real(7)?.zip(row.opt_real(8)?),
        },
        span: Span { from: row.parse(5)?, to: row.opt_parse(6)? },
    })
}

/// One area by its code.
///
/// # Errors
/// What the database refuses.
pub fn find_area(session: &mut Session, code: AreaCode) -> Result<Option<Area>> {
    session.find(AREA, params![code, code])?.as_ref().map(area_of).transpose()
}

/// The names of an area and of those above it, the widest first: for crumbs and addresses.
///
/// # Errors
/// What the database refuses.
pub fn path_of(session: &mut Session, code: AreaCode) -> Result<Vec<(AreaCode, String)>> {
    let mut path = Vec::new();
    for level in AreaLevel::ALL {
        if let Some(above) = code.at(level)
            && let Some(row) =
                session.find("select name from areas where code = $1", params![above])?
        {
            path.push((above, row.text(0)?));
        }
    }
    path.dedup_by_key(|(code, _)| *code);
    Ok(path)
}

/// Where ended codes live on.
///
/// # Errors
/// What the database refuses.
pub fn load_successors(session: &mut Session) -> Result<Successors> {
    let mut links = Vec::new();
    for row in session.rows("select old_code, new_code, on_day from area_successors", &[])? {
        links.push((row.parse(0)?, row.parse(1)?, row.parse(2)?));
    }
    Ok(Successors::new(links))
}

/// The classes of a village over time.
///
/// # Errors
/// What the database refuses.
pub fn load_classes(session: &mut Session, code: AreaCode) -> Result<Classes> {
    let mut rows = Vec::new();
    for row in session.rows(
        "select class, valid_from, valid_to from area_classes where code = $1",
        params![code],
    )? {
        rows.push((row.text(0)?, Span { from: row.parse(1)?, to: row.opt_parse(2)? }));
    }
    Ok(Classes::new(rows))
}

/// Households and people standing today in each village of `within`.
///
/// # Errors
/// What the database refuses.
pub fn count_people(session: &mut Session, within: AreaCode) -> Result<Vec<(AreaCode, i64, i64)>> {
    let key = format!("people by village {} {within}", session.people_version()?);
    session.remembered(key, |session| counted(session, within))
}

fn counted(session: &mut Session, within: AreaCode) -> Result<Vec<(AreaCode, i64, i64)>> {
    let (low, high) = within.range();
    let mut counts = Vec::new();
    let found = session.rows(
        "select h.village_code, count(distinct h.id), count(m.person_id)
         from households h left join memberships m on m.household_id = h.id and m.valid_to is null
         where h.village_code >= $1 and h.village_code <= $2 and h.closed_on is null
         group by h.village_code order by h.village_code",
        params![low, high],
    )?;
    for row in found {
        counts.push((row.parse(0)?, row.int(1)?, row.int(2)?));
    }
    Ok(counts)
}

pub(super) fn save_area(tx: &mut Tx, row: &AreaRow, from: Day) -> Result<()> {
    tx.exec(
        "insert into areas (code, name, official_name, level, parent_code, valid_from, lon, lat)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (code) do update set name = excluded.name, official_name = excluded.official_name,
             lon = excluded.lon, lat = excluded.lat, valid_to = null",
        &[
            row.code.into(),
            Value::from(&row.name),
            Value::from(&row.official_name),
            row.level.text().into(),
            row.parent.into(),
            from.into(),
            row.point.map(|(lon, _)| lon).into(),
            row.point.map(|(_, lat)| lat).into(),
        ],
    )?;
    save_name(tx, row.code, &row.name, "short", None)?;
    if row.official_name != row.name {
        save_name(tx, row.code, &row.official_name, "official", None)?;
    }
    for name in &row.former_names {
        save_name(tx, row.code, name, "former", Some(from))?;
    }
    Ok(())
}

pub(super) fn save_name(
    tx: &mut Tx,
    code: AreaCode,
    name: &str,
    kind: &'static str,
    to: Option<Day>,
) -> Result<()> {
    tx.exec(
        "insert into area_names (code, name, kind, valid_to) values ($1, $2, $3, $4)
         on conflict (name, code, kind) do update set valid_to = excluded.valid_to",
        params![code, name, kind, to],
    )?;
    Ok(())
}

pub(super) fn save_classes(tx: &mut Tx, code: AreaCode, classes: &Classes) -> Result<()> {
    tx.exec("delete from area_classes where code = $1", params![code])?;
    for (class, span) in classes.rows() {
        tx.exec(
            "insert into area_classes (code, class, valid_from, valid_to) values ($1, $2, $3, $4)",
            params![code, class, span.from, span.to],
        )?;
    }
    Ok(())
}

pub(super) fn end_area(tx: &mut Tx, code: AreaCode, on: Day) -> Result<()> {
    tx.exec("update areas set valid_to = $2 where code = $1", params![code, on])?;
    Ok(())
}

pub(super) fn save_successor(tx: &mut Tx, old: AreaCode, new: AreaCode, on: Day) -> Result<()> {
    tx.exec(
        "insert into area_successors (old_code, new_code, on_day) values ($1, $2, $3)
         on conflict (old_code, new_code) do update set on_day = excluded.on_day",
        params![old, new, on],
    )?;
    Ok(())
}

/// Households of an ended village stand in its successor from `on`.
pub(super) fn move_households(
    tx: &mut Tx,
    old: AreaCode,
    new: AreaCode,
    on: Day,
) -> Result<Vec<String>> {
    let ids = tx.rows("select id from households where village_code = $1", params![old])?;
    let now = tx.now();
    tx.exec(
        "insert into household_places (household_id, village_code, group_name, address, valid_from, valid_to, recorded_at)
         select id, village_code, group_name, address, coalesce(opened_on, '1900-01-01'), $2, $3
         from households where village_code = $1
         on conflict (household_id, valid_to) do nothing",
        params![old, on, now],
    )?;
    tx.exec("update households set village_code = $2 where village_code = $1", params![old, new])?;
    tx.exec("update search_keys set village_code = $2 where village_code = $1", params![old, new])?;
    ids.iter().map(|row| row.text(0)).collect()
}

/// The short name of an area, if there is one with this code.
///
/// # Errors
/// What the database refuses.
pub fn find_name(session: &mut Session, code: AreaCode) -> Result<Option<String>> {
    let row = session.find("select name from areas where code = $1", params![code])?;
    row.map(|row| row.text(0)).transpose()
}

/// Names a group of a village, or renames it.
///
/// # Errors
/// What the database refuses.
pub fn save_group(tx: &mut Tx, village: AreaCode, number: i64, name: &str) -> Result<()> {
    tx.exec(
        "insert into area_groups (village_code, number, name) values ($1, $2, $3)
         on conflict (village_code, number) do update set name = excluded.name",
        params![village, number, name],
    )?;
    Ok(())
}

/// The areas just below one, or the counties and what else stands at the top of what was imported, with their names.
///
/// # Errors
/// What the database refuses.
pub fn list_below(
    session: &mut Session,
    above: Option<AreaCode>,
) -> Result<Vec<(AreaCode, String)>> {
    let rows = match above {
        Some(code) => session.rows(
            "select code, name from areas where parent_code = $1 and valid_to is null order by code",
            params![code],
        )?,
        None => session.rows(
            "select code, name from areas where level = 'county' and valid_to is null order by code",
            &[],
        )?,
    };
    rows.iter().map(|row| Ok((row.parse(0)?, row.text(1)?))).collect()
}

/// A group of a village.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its number; `None` for one that only households name.
    pub number: Option<i64>,
    /// Its name.
    pub name: String,
    /// Households that stand there today.
    pub households: i64,
}

/// The groups of a village: those that were named, by number, then those that only households name.
///
/// # Errors
/// What the database refuses.
pub fn list_groups(session: &mut Session, village: AreaCode) -> Result<Vec<Group>> {
    let rows = session.rows(
        "select g.number, g.name, (select count(*) from households h where h.village_code = g.village_code
              and h.closed_on is null and (h.group_name = g.name or h.group_name = g.number || '组'))
         from area_groups g where g.village_code = $1
         union all
         select null, h.group_name, count(*) from households h
         where h.village_code = $1 and h.closed_on is null and h.group_name <> ''
           and not exists (select 1 from area_groups g where g.village_code = h.village_code
                and (h.group_name = g.name or h.group_name = g.number || '组'))
         group by h.group_name
         order by 1 nulls last, 2",
        params![village],
    )?;
    rows.iter()
        .map(|row| {
            Ok(Group { number: row.opt_int(0)?, name: row.text(1)?, households: row.int(2)? })
        })
        .collect()
}

/// What kind a village was said to be by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidKind {
    /// From which day on.
    pub from: Day,
    /// The kind that counts.
    pub class: String,
    /// All that applies, as JSON.
    pub applies: String,
    /// The document.
    pub document: String,
    /// Who said it.
    pub by: String,
    /// When.
    pub at: Instant,
}

/// What was said by hand about the kind of a village, the newest first.
///
/// # Errors
/// What the database refuses.
pub fn list_said_kinds(session: &mut Session, village: AreaCode) -> Result<Vec<SaidKind>> {
    let rows = session.rows(
        "select from_day, class, applies, document, name, at from village_kinds where village_code = $1
         order by number desc",
        params![village],
    )?;
    rows.iter()
        .map(|row| {
            Ok(SaidKind {
                from: row.parse(0)?,
                class: row.text(1)?,
                applies: row.text(2)?,
                document: row.text(3)?,
                by: row.text(4)?,
                at: row.parse(5)?,
            })
        })
        .collect()
}

pub(super) fn insert_said_kind(
    tx: &mut Tx,
    ctx: &Ctx,
    village: AreaCode,
    (from, class, applies, document): (Day, &str, &[String], &str),
) -> Result<()> {
    let applies = serde_json::json!(applies).to_string();
    let now = tx.now();
    let written = tx.exec(
        "insert into village_kinds (village_code, number, at, from_day, class, applies, document, account_id, name)
         values ($1, (select coalesce(max(number), 0) + 1 from village_kinds where village_code = $1),
           $2, $3, $4, $5, $6, $7, $8) on conflict (village_code, number) do nothing",
        params![village, now, from, class, applies, document, &ctx.actor.account, &ctx.actor.name],
    )?;
    if written == 0 {
        return Err(Refusal::conflict("areas.at_once").into());
    }
    Ok(())
}
