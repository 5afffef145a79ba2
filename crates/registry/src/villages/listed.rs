//! What the county's own lists say about a village, list by list and row by row: the pattern of industry that it works by,
//! what that needs, who shows it to others.

use facts::own::{MOST_MONTHS, OwnField, OwnList, rows_of};
use facts::{Kind, OwnRow, Scalar};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::lang::Lang;
use store::{Ctx, Session};

use super::queries;
use crate::policies;

/// The table in which rows about villages stand.
const TABLE: &str = "village_facts";

/// A list with its rows about a village, the newest first.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The list, as it is published today.
    pub list: OwnList,
    /// Its rows.
    pub rows: Vec<OwnRow>,
    money: bool,
}

/// The own lists that name a village. Columns of money are left out for whom they are closed.
pub(super) fn of_village(
    ctx: &Ctx,
    session: &mut Session,
    (village, money): (AreaCode, bool),
) -> Result<Vec<Listed>> {
    let Some(text) = queries::find_own_rows(session, village)? else { return Ok(Vec::new()) };
    let Some(pack) = policies::find_pack_on(session, ctx.today)? else { return Ok(Vec::new()) };
    let rows = rows_of(&text);
    let mut all = Vec::new();
    for list in pack.own_lists().asked().into_iter().filter(|list| list.of_villages) {
        let column = list.column(TABLE, None, MOST_MONTHS);
        let own = column.own.as_ref().map(|own| own.rows(&rows, ctx.today));
        let mut found: Vec<OwnRow> = own.into_iter().flatten().cloned().collect();
        found.reverse();
        if !found.is_empty() {
            all.push(Listed { list, rows: found, money });
        }
    }
    Ok(all)
}

impl Listed {
    /// Its columns that may be told.
    pub fn columns(&self) -> impl Iterator<Item = &OwnField> {
        self.list.columns.iter().filter(|field| self.money || field.kind != Kind::Money)
    }

    /// The cells of a row under [`Self::columns`]; empty where the row says nothing.
    #[must_use]
    pub fn cells(&self, row: &OwnRow, lang: Lang) -> Vec<String> {
        let cell = |field: &OwnField| {
            let column = self.list.column(TABLE, Some(field), MOST_MONTHS);
            let own = column.own.as_ref();
            let told = own.map(|own| own.told(column.kind, std::slice::from_ref(row), row.day));
            match told.unwrap_or_default() {
                Scalar::Null => String::new(),
                value => column.shown(&value, lang),
            }
        };
        self.columns().map(cell).collect()
    }
}
