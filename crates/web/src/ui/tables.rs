//! The head, the foot and the waiting rows of a table.
//!
//! A table is `<div class="sw-table"><table>{{ columns }}<tbody>…</tbody></table>{{ pager }}</div>`; cells carry
//! `data-label` with the column's word (phones show rows as cards), rows `data-href`, number cells `class="sw-num"`.

use askama::Template;

use super::marks::Icon;
use crate::links::Address;
use crate::words::L;

/// One column head.
#[derive(Clone, Debug)]
pub struct Column {
    key: Option<&'static str>,
    label: String,
    number: bool,
}

impl Column {
    /// A column that is only read.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Column {
        Column { key: None, label: label.into(), number: false }
    }

    /// A column the reader may sort by; `key` goes into the address as `sort=key` or `sort=-key`.
    #[must_use]
    pub fn sorted(key: &'static str, label: impl Into<String>) -> Column {
        Column { key: Some(key), label: label.into(), number: false }
    }

    /// Its cells are numbers: set right.
    #[must_use]
    pub fn number(mut self) -> Column {
        self.number = true;
        self
    }
}

struct Head {
    label: String,
    number: bool,
    href: Option<String>,
    order: Option<&'static str>,
}

/// The head of a table. Sorting is a link, so it works without scripts and can be sent to somebody.
#[derive(Template)]
#[template(path = "ui/columns.html")]
pub struct Columns {
    heads: Vec<Head>,
    check: Option<String>,
}

impl Columns {
    /// The columns as seen at `address`.
    #[must_use]
    pub fn new(address: &Address, columns: Vec<Column>) -> Columns {
        let sort = address.get("sort").unwrap_or_default();
        let heads = columns
            .into_iter()
            .map(|Column { key, label, number }| {
                let (href, order) = match key {
                    None => (None, None),
                    Some(key) if sort == key => (Some(format!("-{key}")), Some("ascending")),
                    Some(key) if sort.strip_prefix('-') == Some(key) => {
                        (Some(key.to_owned()), Some("descending"))
                    }
                    Some(key) => (Some(key.to_owned()), None),
                };
                let href =
                    href.map(|sort| address.with("sort", &sort).without("after").to_string());
                Head { label, number, href, order }
            })
            .collect();
        Columns { heads, check: None }
    }

    /// With a box in front that checks every row.
    #[must_use]
    pub fn checks(mut self, l: L) -> Columns {
        self.check = Some(l.t("web-check-all"));
        self
    }
}

/// The foot of a list: how many are shown of how many, back to the start, next page.
#[derive(Template)]
#[template(path = "ui/pager.html")]
pub struct Pager {
    l: L,
    shown: String,
    first: Option<String>,
    next: Option<String>,
}

impl Pager {
    /// `shown` rows on this page at `address`; `after` is the key of the last row if there is more;
    /// `total` is `None` while it is not counted (the page does not wait for it).
    #[must_use]
    pub fn new(
        l: L,
        address: &Address,
        shown: usize,
        after: Option<String>,
        total: Option<i64>,
    ) -> Pager {
        let shown = match total {
            Some(total) => {
                l.t_args("web-shown-of", &[("n", shown.into()), ("total", total.into())])
            }
            None => l.t1("web-shown", "n", shown),
        };
        let first = address.get("after").map(|_| address.without("after").to_string());
        let next = after.map(|key| address.with("after", &key).to_string());
        Pager { l, shown, first, next }
    }
}

/// Grey rows that stand where a fragment is being fetched.
#[derive(Template)]
#[template(
    source = r#"{% for _ in 0..rows %}<tr aria-hidden="true">{% for _ in 0..columns %}<td><span class="sw-bone"></span></td>{% endfor %}</tr>{% endfor %}"#,
    ext = "html"
)]
pub struct Bones {
    /// How many rows.
    pub rows: usize,
    /// How many cells in each.
    pub columns: usize,
}
