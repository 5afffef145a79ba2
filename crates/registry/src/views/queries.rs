//! The SQL of views. Every statement asks for the owner.

use kernel::error::Result;
use kernel::ids::ViewId;
use store::{Row, Session, Tx, params};

use super::model::{NewView, View};

fn view(row: &Row) -> Result<View> {
    Ok(View { id: row.parse(0)?, name: row.text(1)?, path: row.text(2)?, query: row.text(3)? })
}

/// The views of one person, list by list, by name.
pub(super) fn list_views(session: &mut Session, owner: &str) -> Result<Vec<View>> {
    let rows = session.rows(
        "select id, name, path, query from views where account_id = $1 order by path, name",
        params![owner],
    )?;
    rows.iter().map(view).collect()
}

/// Takes away the view of this name on this list.
pub(super) fn delete_named(tx: &mut Tx, owner: &str, new: &NewView) -> Result<usize> {
    tx.exec(
        "delete from views where account_id = $1 and path = $2 and name = $3",
        params![owner, new.path.as_str(), new.name.as_str()],
    )
}

/// Keeps a view.
pub(super) fn insert_view(tx: &mut Tx, owner: &str, id: ViewId, new: &NewView) -> Result<()> {
    let at = tx.now();
    tx.exec(
        "insert into views (id, account_id, name, path, query, kept_at) values ($1, $2, $3, $4, $5, $6)",
        params![id, owner, new.name.as_str(), new.path.as_str(), new.query.as_str(), at],
    )?;
    Ok(())
}

/// Takes a view away; how many there were.
pub(super) fn delete_view(tx: &mut Tx, owner: &str, id: ViewId) -> Result<usize> {
    tx.exec("delete from views where account_id = $1 and id = $2", params![owner, id])
}
