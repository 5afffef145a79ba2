//! Facts of a whole list, worked out before it counts and published with it.
//!
//! Deriving tens of thousands of households takes seconds; nobody may wait for the writer that long. So the rows that will
//! differ are derived from a reader as if the batch counted already, and kept beside the fact tables in short pieces. The
//! commit that publishes the batch moves them over with one statement per table, or, where most rows change, puts whole
//! tables in the place of the others ([`super::whole`]). A village in which somebody wrote meanwhile is left out and derived
//! again inside that commit.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{BatchId, RunId};
use kernel::time::{Day, Period};
use store::{Ctx, Session};

use super::around::{self, Around, Cover};
use super::refresh::{self, AT_A_TIME};
use super::rows::{self, Change, Changes};
use super::tables::{Rows, tables};
use super::{View, queries, whole};

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
    pub(super) id: String,
    pub(super) day: Day,
    /// The stamps of the villages when their rows were derived.
    pub(super) stamps: BTreeMap<AreaCode, i64>,
    pub(super) households: Kept,
    pub(super) persons: Kept,
    /// Where most rows change: all of them stand in tables of their own.
    pub(super) whole: Option<whole::Tables>,
    /// So few that the commit derives them itself: household or nothing, and village.
    pub(super) few: Vec<(Option<String>, AreaCode)>,
}

#[derive(Debug, Default)]
pub(super) struct Kept {
    pub(super) rows: usize,
    pub(super) gone: Vec<String>,
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
        whole: None,
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
    if most_change(&mut session, (&view, &affected.households))? {
        made.whole = whole::Tables::hold(ctx, &mut session, &affected.households)?;
    }
    drop(session);
    let mut waiting = Waiting::default();
    let all = made.whole.is_some();
    worked_out(ctx, (&view, all), &affected.households, &mut |worked| {
        for (village, stamp) in worked.stamps {
            let known = made.stamps.entry(village).or_insert(stamp);
            *known = stamp.min(*known);
        }
        match worked.found {
            Found::Changes(changes) => {
                waiting.households.add(changes.households);
                waiting.persons.add(changes.persons);
            }
            Found::All(rows) => waiting.all.add(rows.fresh),
        }
        if waiting.rows() >= ROWS_AT_A_TIME {
            keep_all(ctx, &mut made, std::mem::take(&mut waiting))?;
        }
        Ok(())
    })?;
    keep_all(ctx, &mut made, waiting)?;
    made.whole.iter_mut().try_for_each(|whole| whole.fill(ctx))?;
    Ok(made)
}

/// Whether most of many households change.
fn most_change(
    session: &mut Session,
    (view, affected): (&View, &[(String, AreaCode)]),
) -> Result<bool> {
    let some = whole::sample(session, affected)?;
    if some.is_empty() {
        return Ok(false);
    }
    let mut around = Around::load_for_many(session, view)?;
    let fresh = rows::derived(session, (view, &mut around), &some, &mut |_, _| {})?;
    let changes = rows::compare(session, &some, fresh)?;
    Ok(changes.households.rows() * 2 > some.len())
}

/// Rows that wait to be kept: enough of them go into one transaction that it is worth its place in line.
#[derive(Default)]
struct Waiting {
    households: Change,
    persons: Change,
    all: rows::Fresh,
}

impl Waiting {
    fn rows(&self) -> usize {
        self.households.rows() + self.persons.rows() + self.all.rows()
    }
}

const ROWS_AT_A_TIME: usize = 4_000;

/// Some households worked out, with the stamps of all villages concerned as they stood when these were read.
struct Worked {
    found: Found,
    stamps: Vec<(AreaCode, i64)>,
}

enum Found {
    /// How the kept rows must change.
    Changes(Changes),
    /// The rows, whether they change or not.
    All(whole::Prepared),
}

/// Works households out on as many threads as there are cores, each with a reader of its own; `each` hears the pieces as
/// they come, in no order. A village that is read twice in different states is noticed by its lower stamp.
fn worked_out(
    ctx: &Ctx,
    view: (&View, bool),
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
    (view, all): (&View, bool),
    next: &mut dyn FnMut() -> Option<&'p [(String, AreaCode)]>,
    give: &mut dyn FnMut(Worked) -> bool,
) -> Result<()> {
    let mut session = ctx.read()?;
    let mut around = Around::load_for_many(&mut session, view)?;
    while let Some(piece) = next() {
        let ids: Vec<String> = piece.iter().map(|(id, _)| id.clone()).collect();
        let fresh = rows::derived(&mut session, (view, &mut around), &ids, &mut |_, _| {})?;
        let mut villages: BTreeSet<AreaCode> = piece.iter().map(|(_, village)| *village).collect();
        let found = if all {
            let rows = whole::Prepared::of(&mut session, &ids, fresh)?;
            villages.extend(rows.villages());
            Found::All(rows)
        } else {
            let changes = rows::compare(&mut session, &ids, fresh)?;
            villages.extend(changes.villages.iter().copied());
            Found::Changes(changes)
        };
        let mut stamps = Vec::with_capacity(villages.len());
        for village in villages {
            stamps.push((village, queries::stamp(&mut session, village)?));
        }
        if !give(Worked { found, stamps }) {
            break;
        }
    }
    Ok(())
}

fn keep_all(ctx: &Ctx, made: &mut Prepared, waiting: Waiting) -> Result<()> {
    if let Some(whole) = &mut made.whole {
        return whole.keep(ctx, waiting.all);
    }
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
            ctx.db.keep_unpublished(ctx.begin_piece()?, rows.next, rows.next_columns, waiting)?;
    }
    Ok(())
}
