//! The head, the foot and the waiting rows of a table.
//!
//! A table is `{{ columns.tools() }}<div class="sw-table {{ columns.class() }}"><table>{{ columns }}<tbody>…</tbody></table>
//! {{ pager }}</div>`; cells carry `data-label` with the column's word (phones show rows as cards; the cell without one is
//! the head of the card), rows `data-href`, number cells `class="sw-num"`. A column that is left out is hidden by its place.

use askama::Template;

use super::marks::Icon;
use crate::links::Address;
use crate::view::View;
use crate::words::L;

/// One column head.
#[derive(Clone, Debug)]
pub struct Column {
    id: Option<&'static str>,
    key: Option<&'static str>,
    label: String,
    number: bool,
}

impl Column {
    /// A column that is only read.
    #[must_use]
    pub fn new(label: impl Into<String>) -> Column {
        Column { id: None, key: None, label: label.into(), number: false }
    }

    /// A column the reader may sort by; `key` goes into the address as `sort=key` or `sort=-key`.
    #[must_use]
    pub fn sorted(key: &'static str, label: impl Into<String>) -> Column {
        Column { id: None, key: Some(key), label: label.into(), number: false }
    }

    /// The reader may leave it out; `id` is small letters and `_`.
    #[must_use]
    pub fn id(mut self, id: &'static str) -> Column {
        self.id = Some(id);
        self
    }

    /// Its cells are numbers: set right.
    #[must_use]
    pub fn number(mut self) -> Column {
        self.number = true;
        self
    }
}

#[derive(Clone)]
struct Head {
    id: Option<&'static str>,
    shown: bool,
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
    compact: bool,
    table: &'static str,
    address: Address,
    files: Vec<(String, String)>,
}

/// Above a table: which columns are shown and how close the rows stand, and the files it can be taken as.
#[derive(Template)]
#[template(path = "ui/tools.html")]
pub struct Tools<'a> {
    l: L,
    columns: &'a Columns,
    all: String,
}

impl Columns {
    /// The columns as seen at `address`.
    #[must_use]
    pub fn new(address: &Address, columns: Vec<Column>) -> Columns {
        let sort = address.get("sort").unwrap_or_default();
        let heads = columns
            .into_iter()
            .map(|Column { id, key, label, number }| {
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
                Head { id, shown: true, label, number, href, order }
            })
            .collect();
        let address = address.clone();
        Columns { heads, check: None, compact: false, table: "", address, files: Vec::new() }
    }

    /// As this reader likes the table `table`.
    #[must_use]
    pub fn liked(mut self, view: &View, table: &'static str) -> Columns {
        self.compact = view.compact();
        self.table = table;
        for head in &mut self.heads {
            head.shown = head.id.is_none_or(|id| view.shows(table, id));
        }
        self
    }

    /// The table can be taken along as a file: a word (Excel, CSV) and the address.
    #[must_use]
    pub fn file(mut self, word: impl Into<String>, href: impl Into<String>) -> Columns {
        self.files.push((word.into(), href.into()));
        self
    }

    /// The classes of the table's frame: its density, and the places of the columns left out.
    #[must_use]
    pub fn class(&self) -> String {
        let boxes = usize::from(self.check.is_some());
        let places = self.heads.iter().enumerate().filter(|(_, head)| !head.shown);
        let mut classes: Vec<String> =
            places.map(|(at, _)| format!("sw-no-{}", at + 1 + boxes)).collect();
        if self.compact {
            classes.push("is-compact".to_owned());
        }
        classes.join(" ")
    }

    /// Where the reader's views of this list are, and this one is kept.
    fn views(&self) -> String {
        let here = self.address.without("after").to_string();
        Address::new("/views", "").with("at", &here).to_string()
    }

    /// What stands above the table.
    #[must_use]
    pub fn tools(&self, l: L) -> Tools<'_> {
        let ids: Vec<&str> = self.heads.iter().filter_map(|head| head.id).collect();
        Tools { l, columns: self, all: ids.join(".") }
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
