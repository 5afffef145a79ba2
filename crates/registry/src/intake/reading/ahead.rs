//! One thread takes a file apart while another reads what its cells mean: a county's register is five million cells.

use std::sync::mpsc::{SyncSender, sync_channel};

use kernel::error::Result;
use sheets::{Row, RowKind, Table};

/// A row as it stands in the file.
pub(super) struct Taken {
    pub(super) row: Row,
    pub(super) kind: RowKind,
    /// Its line holds bytes that are no text.
    pub(super) bad_characters: bool,
}

/// Rows that go from thread to thread at once, and how many such pieces may lie ready.
const ROWS_IN_PIECE: usize = 256;
const PIECES_AHEAD: usize = 4;

/// Gives the rows of a table in their order.
///
/// # Errors
/// What `each` returns, or a refusal when the table is damaged further down.
pub(super) fn rows(table: Table<'_>, each: &mut dyn FnMut(Taken) -> Result<()>) -> Result<()> {
    std::thread::scope(|scope| {
        let (send, receive) = sync_channel(PIECES_AHEAD);
        scope.spawn(move || take_apart(table, &send));
        for piece in receive {
            for taken in piece {
                each(taken?)?;
            }
        }
        Ok(())
    })
}

/// Gives the rows of a table in pieces until it ends, is damaged, or nobody wants more.
fn take_apart(mut table: Table<'_>, to: &SyncSender<Vec<sheets::Result<Taken>>>) {
    let mut piece = Vec::with_capacity(ROWS_IN_PIECE);
    while let Some(item) = table.next() {
        let bad = |row: &Row| table.bad_lines().contains(&row.number);
        piece.push(item.map(|(row, kind)| Taken { bad_characters: bad(&row), row, kind }));
        if piece.len() == ROWS_IN_PIECE {
            let full = std::mem::replace(&mut piece, Vec::with_capacity(ROWS_IN_PIECE));
            if to.send(full).is_err() {
                return;
            }
        }
    }
    // who has stopped listening has what was wanted
    let _ = to.send(piece);
}
