//! Facts of a whole list, worked out before it counts and published with it.
//!
//! Deriving tens of thousands of households takes seconds; nobody may wait for the writer that long. So the rows that will
//! differ are derived from a reader as if the batch counted already, and kept beside the fact tables in short pieces. The
//! commit that publishes the batch moves them over with one statement per table. A village in which somebody wrote
//! meanwhile is left out and derived again inside that commit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{BatchId, RunId};
use kernel::time::{Day, Period};
use store::{Ctx, Engine, Session, Tx, params};

use super::around::{self, Around, Cover};
use super::refresh::{self, AT_A_TIME};
use super::rows::{self, Change, Changes};
use super::tables::{FORGOTTEN_AT_ONCE, Rows, tables};
use super::{View, queries};

/// What a publication is going to change.
#[derive(Clone, Debug, Default)]
pub struct Swap {
    /// The batch that begins to count.
    pub begins: Option<BatchId>,
    /// The batch that stops counting.
    pub ends: Option<BatchId>,
    /// What the beginning batch covers: list, area, time.
    pub covers: Vec<(String, AreaCode, Period)>,
}

/// Facts that wait for the publication of a batch.
#[derive(Debug)]
pub struct Prepared {
    id: String,
    day: Day,
    /// The stamps of the villages when their rows were derived.
    stamps: BTreeMap<AreaCode, i64>,
    households: Kept,
    persons: Kept,
    /// So few that the commit derives them itself: household or nothing, and village.
    few: Vec<(Option<String>, AreaCode)>,
}

#[derive(Debug, Default)]
struct Kept {
    rows: usize,
    gone: Vec<String>,
}

/// As many households are derived inside a commit without anybody noticing. In tests everything is prepared.
const FEW: usize = 100;

fn is_few(households: usize) -> bool {
    households == 0 || (!cfg!(test) && households <= FEW)
}

/// Derives the facts as they will be after the swap and keeps what differs, unseen.
///
/// # Errors
/// What the database refuses.
pub fn prepare(ctx: &Ctx, swap: &Swap) -> Result<Prepared> {
    let view = view(ctx, swap)?;
    let mut session = ctx.read()?;
    let affected = affected(&mut session, &view)?;
    let mut made = Prepared {
        id: ctx.new_id::<RunId>().to_string(),
        day: ctx.today,
        stamps: BTreeMap::new(),
        households: Kept::default(),
        persons: Kept::default(),
        few: Vec::new(),
    };
    if is_few(affected.households.len()) {
        let whole = affected.villages.into_iter().map(|village| (None, village));
        made.few = whole.collect();
        for (id, village) in affected.households {
            made.few.push((Some(id), village));
        }
        return Ok(made);
    }
    // as of before anything is derived: whoever comes into one of these villages from now on is noticed
    let standing = affected.households.iter().map(|(_, village)| village);
    for village in affected.villages.iter().chain(standing) {
        if !made.stamps.contains_key(village) {
            made.stamps.insert(*village, queries::stamp(&mut session, *village)?);
        }
    }
    drop(session);
    let mut waiting = Waiting::default();
    worked_out(ctx, &view, &affected.households, &mut |worked| {
        for (village, stamp) in worked.stamps {
            let known = made.stamps.entry(village).or_insert(stamp);
            *known = stamp.min(*known);
        }
        waiting.households.add(worked.changes.households);
        waiting.persons.add(worked.changes.persons);
        if waiting.households.rows() + waiting.persons.rows() >= ROWS_AT_A_TIME {
            keep_all(ctx, &mut made, std::mem::take(&mut waiting))?;
        }
        Ok(())
    })?;
    keep_all(ctx, &mut made, waiting)?;
    Ok(made)
}

/// Rows that wait to be kept: enough of them go into one transaction that it is worth its place in line.
#[derive(Default)]
struct Waiting {
    households: Change,
    persons: Change,
}

const ROWS_AT_A_TIME: usize = 4_000;

/// Some households worked out, with the stamps of all villages concerned as they stood when these were read.
struct Worked {
    changes: Changes,
    stamps: Vec<(AreaCode, i64)>,
}

/// Works households out on as many threads as there are cores, each with a reader of its own; `each` hears the pieces as
/// they come, in no order. A village that is read twice in different states is noticed by its lower stamp.
fn worked_out(
    ctx: &Ctx,
    view: &View,
    households: &[(String, AreaCode)],
    each: &mut dyn FnMut(Worked) -> Result<()>,
) -> Result<()> {
    let workers =
        std::thread::available_parallelism().map_or(1, |cores| cores.get().min(MOST_WORKERS));
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let (send, receive) = std::sync::mpsc::sync_channel::<Result<Worked>>(workers);
        for _ in 0..workers {
            let send = send.clone();
            let next = &next;
            scope.spawn(move || {
                let done = work(
                    ctx,
                    view,
                    &mut || households.chunks(AT_A_TIME).nth(next.fetch_add(1, Ordering::Relaxed)),
                    &mut |worked| send.send(Ok(worked)).is_ok(),
                );
                if let Err(why) = done {
                    // nobody listens any more: another piece has failed before
                    let _ = send.send(Err(why));
                }
            });
        }
        drop(send);
        for worked in receive {
            each(worked?)?;
        }
        Ok(())
    })
}

/// More readers than that would be taken from people who look at pages.
const MOST_WORKERS: usize = 3;

fn work<'p>(
    ctx: &Ctx,
    view: &View,
    next: &mut dyn FnMut() -> Option<&'p [(String, AreaCode)]>,
    give: &mut dyn FnMut(Worked) -> bool,
) -> Result<()> {
    let mut session = ctx.read()?;
    let mut around = Around::load(&mut session, view)?;
    while let Some(piece) = next() {
        let ids: Vec<String> = piece.iter().map(|(id, _)| id.clone()).collect();
        let fresh = rows::derived(&mut session, (view, &mut around), &ids, &mut |_, _| {})?;
        let changes = rows::compare(&mut session, &ids, fresh)?;
        let villages: BTreeSet<AreaCode> = piece
            .iter()
            .map(|(_, village)| *village)
            .chain(changes.villages.iter().copied())
            .collect();
        let mut stamps = Vec::with_capacity(villages.len());
        for village in villages {
            stamps.push((village, queries::stamp(&mut session, village)?));
        }
        if !give(Worked { changes, stamps }) {
            break;
        }
    }
    Ok(())
}

fn keep_all(ctx: &Ctx, made: &mut Prepared, waiting: Waiting) -> Result<()> {
    keep(ctx, (&made.id, &tables()?.household), waiting.households, &mut made.households)?;
    keep(ctx, (&made.id, &tables()?.person), waiting.persons, &mut made.persons)
}

fn view(ctx: &Ctx, swap: &Swap) -> Result<View> {
    let mut view = View::of(ctx.today);
    (view.begins, view.ends) = (swap.begins, swap.ends);
    if let Some(batch) = swap.begins {
        view.covers = swap
            .covers
            .iter()
            .map(|(list, area, period)| Cover {
                list: list.clone(),
                area: *area,
                from: period.from,
                to: period.to,
                batch,
                known_on: ctx.today,
            })
            .collect();
    }
    Ok(view)
}

struct Affected {
    /// With the village, in its order.
    households: Vec<(String, AreaCode)>,
    villages: BTreeSet<AreaCode>,
}

/// Every household whose facts the swap may change.
fn affected(session: &mut Session, view: &View) -> Result<Affected> {
    let mut batches: Vec<BatchId> = view.begins.into_iter().chain(view.ends).collect();
    batches.extend(around::shifted(session, &View::of(view.day), view)?);
    let mut ids: BTreeSet<String> =
        queries::households_in(session, &batches)?.into_iter().collect();
    for batch in view.begins.into_iter().chain(view.ends) {
        ids.extend(queries::households_beside_records(session, batch)?);
    }
    let mut villages = BTreeSet::new();
    for village in queries::villages_in(session, &batches)? {
        let village = village.parse()?;
        ids.extend(queries::households_of(session, village)?);
        villages.insert(village);
    }
    let ids = refresh::with_kin(session, ids.into_iter().collect(), view)?;
    let mut households = Vec::with_capacity(ids.len());
    for piece in ids.chunks(5_000) {
        for row in queries::places(session, piece)? {
            households.push((row.text(0)?, row.parse(1)?));
        }
    }
    households.sort_by(|a: &(String, AreaCode), b| (a.1, &a.0).cmp(&(b.1, &b.0)));
    Ok(Affected { households, villages })
}

fn keep(
    ctx: &Ctx,
    (id, rows): (&str, &'static Rows),
    change: Change,
    kept: &mut Kept,
) -> Result<()> {
    kept.gone.extend(change.gone);
    let waiting = change.new.into_iter().chain(change.changed).map(|row| {
        let mut values = vec![store::Value::from(id)];
        values.extend(row);
        values
    });
    let mut waiting = waiting.peekable();
    if waiting.peek().is_some() {
        kept.rows +=
            ctx.db.keep_unpublished(ctx.begin()?, rows.next, rows.next_columns, waiting)?;
    }
    Ok(())
}

/// Publishes prepared facts inside the transaction that publishes their batch, after the batch has changed its state.
///
/// # Errors
/// What the database refuses.
pub fn apply(tx: &mut Tx, prepared: &Prepared) -> Result<()> {
    for (household, village) in &prepared.few {
        match household {
            Some(id) => tx.touch_household(id.as_str(), *village),
            None => tx.touch_village(*village),
        }
    }
    if prepared.stamps.is_empty() {
        return Ok(());
    }
    let mut again = BTreeSet::new();
    for (village, stamp) in &prepared.stamps {
        if prepared.day != tx.today() || queries::stamp(tx, *village)? != *stamp {
            again.insert(*village);
        }
    }
    let left_out = queries::listed(again.iter().map(AreaCode::as_str));
    let households =
        publish(tx, (&tables()?.household, prepared), (&prepared.households, &left_out))?;
    let persons = publish(tx, (&tables()?.person, prepared), (&prepared.persons, &left_out))?;
    let whole = (households, persons) == (prepared.households.rows, prepared.persons.rows);
    if again.is_empty() && !whole {
        // somebody cleared prepared rows away: derive everything here rather than publish a part
        again = prepared.stamps.keys().copied().collect();
    }
    let view = View::of(tx.today());
    let mut around = Around::load(tx, &view)?;
    for village in prepared.stamps.keys() {
        if again.contains(village) {
            tx.touch_village(*village);
        } else {
            refresh::village_row(tx, (&view, &mut around), *village)?;
            tx.touch_published(*village);
        }
    }
    Ok(())
}

fn publish(
    tx: &mut Tx,
    (rows, prepared): (&'static Rows, &Prepared),
    (kept, left_out): (&Kept, &str),
) -> Result<usize> {
    if !kept.gone.is_empty() {
        tx.exec(&rows.remove_but, params![queries::listed(&kept.gone), left_out])?;
    }
    if kept.rows == 0 {
        return Ok(0);
    }
    tx.exec(&rows.publish, params![&prepared.id, left_out])
}

/// Clears away what was prepared, published or not. What a program that stopped left behind goes with it.
///
/// # Errors
/// What the database refuses.
pub fn forget(ctx: &Ctx, prepared: &Prepared) -> Result<()> {
    if prepared.stamps.is_empty() {
        return Ok(());
    }
    let pieces = ctx.db.engine() == Engine::Sqlite;
    for rows in [&tables()?.household, &tables()?.person] {
        let sql = if pieces { &rows.forget_some } else { &rows.forget };
        loop {
            let tx = ctx.begin()?;
            let gone = ctx.db.drop_unpublished(tx, rows.next, sql, params![&prepared.id])?;
            if !pieces || gone < FORGOTTEN_AT_ONCE {
                break;
            }
        }
    }
    Ok(())
}

/// Clears away all prepared rows that a program left behind more than a day ago. Run at every start.
///
/// # Errors
/// What the database refuses.
pub fn sweep(ctx: &Ctx) -> Result<()> {
    let before = ctx.now.add_millis(-24 * 60 * 60 * 1000);
    let oldest: RunId = ctx.db.ids().make_at(before);
    for rows in [&tables()?.household, &tables()?.person] {
        ctx.db.drop_unpublished(
            ctx.begin()?,
            rows.next,
            &rows.sweep,
            params![oldest.to_string()],
        )?;
    }
    Ok(())
}
