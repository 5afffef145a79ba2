//! Everything derived once more, village by village, while people go on working.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Entry, Session};

use super::around::Around;
use super::refresh::{self, AT_A_TIME};
use super::rows::{self, Change, Changes};
use super::tables::{self, tables};
use super::{View, queries};

/// What a rebuild found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Villages that were derived.
    pub villages: usize,
    /// Households that were derived.
    pub households: usize,
    /// Rows of all tables that were not as they should be, and are now.
    pub changed: usize,
}

/// What one village should look like.
struct Piece {
    village: AreaCode,
    stamp: i64,
    changes: Vec<Changes>,
    own: Change,
    households: usize,
}

impl Piece {
    fn rows(&self) -> usize {
        let of = |changes: &Changes| changes.households.rows() + changes.persons.rows();
        self.changes.iter().map(of).sum::<usize>() + self.own.rows()
    }
}

/// Rows that one transaction may write: short enough that nobody waits.
const ROWS_AT_A_TIME: usize = 4_000;

/// Derives every row again and mends what differs. After any sequence of writes it finds nothing to change. `progress`
/// hears how many villages of how many are done.
///
/// # Errors
/// A refusal to who may not run rules; what the database refuses.
pub fn rebuild(ctx: &Ctx, progress: &mut dyn FnMut(usize, usize)) -> Result<Rebuilt> {
    ctx.permit(Permission::RuleRun)?;
    let view = View::of(ctx.today);
    let mut session = ctx.read()?;
    let villages = queries::villages(&mut session)?;
    let mut found = Rebuilt::default();
    let mut waiting: Vec<Piece> = Vec::new();
    let mut around = Around::load_for_many(&mut session, &view)?;
    for (done, village) in villages.iter().enumerate() {
        let piece = piece(&mut session, (&view, &mut around), village.parse()?)?;
        found.villages += 1;
        found.households += piece.households;
        found.changed += piece.rows();
        if piece.rows() > 0 {
            waiting.push(piece);
        }
        if waiting.iter().map(Piece::rows).sum::<usize>() >= ROWS_AT_A_TIME {
            write(ctx, std::mem::take(&mut waiting))?;
            // see what others wrote in between
            drop(session);
            session = ctx.read()?;
            around = Around::load_for_many(&mut session, &view)?;
        }
        around.forget();
        progress(done + 1, villages.len());
    }
    drop(session);
    write(ctx, waiting)?;
    tables::keep_meaning(&ctx.db)?;
    Ok(found)
}

fn piece(
    session: &mut Session,
    (view, around): (&View, &mut Around),
    village: AreaCode,
) -> Result<Piece> {
    let stamp = queries::stamp(session, village)?;
    let ids = queries::households_of(session, village)?;
    let mut own = around.of(session, village, view)?.1.clone();
    let mut changes = Vec::new();
    let mut households = 0;
    for some in ids.chunks(AT_A_TIME) {
        let fresh = rows::derived(session, (view, around), some, &mut |stands_in, row| {
            if stands_in == village {
                own.add(row);
            }
        })?;
        households += fresh.households.len();
        changes.push(rows::compare(session, some, fresh)?);
    }
    let own = rows::compare_village(session, village, rows::village_row(village, &own))?;
    Ok(Piece { village, stamp, changes, own, households })
}

/// Writes what differs; a village that somebody changed meanwhile is derived again inside the commit instead.
fn write(ctx: &Ctx, pieces: Vec<Piece>) -> Result<()> {
    if pieces.is_empty() {
        return Ok(());
    }
    let mut tx = ctx.begin()?;
    let (villages, changed) = (pieces.len(), pieces.iter().map(Piece::rows).sum::<usize>());
    for piece in pieces {
        if queries::stamp(&mut tx, piece.village)? != piece.stamp {
            tx.touch_village(piece.village);
            continue;
        }
        for changes in piece.changes {
            for other in changes.villages.iter().filter(|other| **other != piece.village) {
                tx.touch_village(*other);
            }
            refresh::keep(&mut tx, changes)?;
        }
        rows::write(&mut tx, &tables()?.village, piece.own)?;
        tx.touch_published(piece.village);
    }
    let entry =
        Entry::new(ctx, "facts.rebuild").detail(json!({ "villages": villages, "rows": changed }));
    tx.commit(entry)?;
    Ok(())
}

/// Households in one transaction of the day's turn.
const HOUSEHOLDS_AT_A_TIME: usize = 300;

/// Refreshes what changes by itself until today: ages, windows, counts of days. Run at every start and by a job after
/// midnight; what was missed while the program was off is caught up. Answers how many households and villages were due.
///
/// # Errors
/// What the database refuses.
pub fn turn_day(ctx: &Ctx) -> Result<usize> {
    ctx.permit(Permission::RuleRun)?;
    let due = queries::due(&mut ctx.read()?, ctx.today)?;
    for piece in due.chunks(HOUSEHOLDS_AT_A_TIME) {
        let mut tx = ctx.begin()?;
        for (household, village) in piece {
            let village = village.parse()?;
            if household.is_empty() {
                tx.touch_village(village);
            } else {
                tx.touch_household(household.as_str(), village);
            }
        }
        tx.commit(Entry::new(ctx, "facts.turn_day").detail(json!({ "due": piece.len() })))?;
    }
    Ok(due.len())
}
