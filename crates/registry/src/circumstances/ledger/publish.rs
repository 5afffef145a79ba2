//! Prepared facts take the place of those that are kept, in the commit that publishes what they rest on.

use std::collections::BTreeSet;

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::RunId;
use store::{Ctx, Engine, Tx, params};

use super::around::Around;
use super::prepare::{Kept, Prepared};
use super::tables::{FORGOTTEN_AT_ONCE, Rows, tables};
use super::{View, queries, refresh, whole};

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
    match &prepared.whole {
        None => move_over(tx, prepared, &mut again)?,
        Some(whole) if prepared.day == tx.today() => again.extend(whole.publish(tx)?),
        // all of them are derived again
        Some(_) => {}
    }
    let view = View::of(tx.today());
    let mut around = Around::load(tx, &view)?;
    for village in prepared.stamps.keys().filter(|village| !again.contains(village)) {
        refresh::village_row(tx, (&view, &mut around), *village)?;
        tx.touch_published(*village);
    }
    again.into_iter().for_each(|village| tx.touch_village(village));
    Ok(())
}

fn move_over(tx: &mut Tx, prepared: &Prepared, again: &mut BTreeSet<AreaCode>) -> Result<()> {
    let left_out = queries::listed(again.iter().map(AreaCode::as_str));
    let households =
        publish(tx, (&tables()?.household, prepared), (&prepared.households, &left_out))?;
    let persons = publish(tx, (&tables()?.person, prepared), (&prepared.persons, &left_out))?;
    let whole = (households, persons) == (prepared.households.rows, prepared.persons.rows);
    if again.is_empty() && !whole {
        // somebody cleared prepared rows away: derive everything here rather than publish a part
        *again = prepared.stamps.keys().copied().collect();
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
    if prepared.whole.is_some() {
        return whole::clear(ctx);
    }
    let pieces = ctx.db.engine() == Engine::Sqlite;
    for rows in [&tables()?.household, &tables()?.person] {
        let sql = if pieces { &rows.forget_some } else { &rows.forget };
        loop {
            let tx = ctx.begin_piece()?;
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
    whole::sweep(ctx)
}
