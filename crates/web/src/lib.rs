//! The web interface that all rooms share: the frame of pages, their parts, forms, errors, words, files.
//!
//! A room makes a page in three steps: a handler takes a [`Desk`] (who looks, in which language, at which
//! address), gets its data with [`blocking`], and gives a [`Shell`] and a body to [`page`].
//!
//! ```
//! use askama::Template;
//! use web::{Act, Answer, Desk, L, page, ui};
//!
//! #[derive(Template)]
//! #[template(ext = "html", source = r#"
//! <div class="sw-table"><table>{{ columns }}<tbody>
//! {% for name in names %}<tr data-href="/households/{{ name }}"><td><a href="/households/{{ name }}">{{ name }}</a></td></tr>{% endfor %}
//! </tbody></table>{{ pager }}</div>"#)]
//! struct List {
//!     l: L,
//!     names: Vec<String>,
//!     columns: ui::Columns,
//!     pager: ui::Pager,
//! }
//!
//! async fn list(desk: Desk) -> Answer {
//!     let l = desk.l;
//!     let names = web::blocking(|| Ok(vec!["张三".to_owned()])).await?;
//!     let columns = ui::Columns::new(&desk.address, vec![ui::Column::sorted("name", l.t("nav-households"))]);
//!     let pager = ui::Pager::new(l, &desk.address, names.len(), None, None);
//!     let shell = desk.untitled().title(l.t("nav-households")).nav("households").wide()
//!         .act(Act::new(l.t("web-export"), "/households/export").icon("export"));
//!     page(&shell, List { l, names, columns, pager })
//! }
//! ```
//!
//! **Words** stand in `locales/{zh-CN,en}/<room>.ftl`; `desk.shell("households-list")` takes title and lead from
//! `households-list-title` and `-lead`. **Parts** are in [`ui`] and print themselves: `{{ clock }}`. **Errors** are
//! returned with `?`; [`Failure`] becomes a page, a fragment or problem+json in one place. **Forms** are read as
//! [`Fields`], checked with [`Checks`], shown again with [`ui::Field`] and [`ui::Errors`] (status 422 by
//! `Refusal`); each that posts carries `{{ csrf }}` ([`ui::Csrf`]`(desk.csrf.clone())`). **Filters** live in the
//! address: [`Address`]. After a change, [`done`] leads on and says so once.
//!
//! **CSS**: Tabler's `card card-header card-body btn btn-primary btn-sm form-control form-select`, its spacing
//! classes, and ours, all beginning with `sw-`: layout `sw-stack sw-row sw-cols (is-side)`, `sw-facts` for a list
//! of label and value, `sw-list` for rows with hairlines, `sw-num` for number cells, `sw-muted`, `sw-small`.
//! **Script hooks**: `tr[data-href]` opens on click, `data-key="N"` is pressed by the key, `form[data-guard]`
//! asks before leaving, `form[data-draft="id"]` keeps a draft, `input[data-all]` checks all rows,
//! `select[data-submit]` sends its form, `button[data-print]` prints, `div[data-chart="bars|stack|line"]` around a
//! table draws it.
//!
//! The binary wraps the routers of the rooms: `outside(inside(rooms).layer(session))`, with [`Nav`], [`Viewer`]
//! and, when the process clock is set, [`SetClock`] as extensions.

mod answer;
mod assets;
mod back;
mod csrf;
mod ctx;
mod desk;
mod embedded;
mod figures;
mod forms;
mod layers;
mod links;
pub mod past;
pub mod session;
mod shell;
mod turns;
#[cfg(test)]
mod tests;
pub mod ui;
mod view;
mod words;
#[cfg(test)]
mod words_tests;

pub use answer::{Answer, Failure, word_of, words_of_refusal};
pub use assets::{all_assets, asset};
pub use csrf::{FORM_LIMIT, Secret};
pub use ctx::CtxOf;
pub use desk::{Desk, Nav, NavItem, SetClock, Viewer, lang_of};
pub use figures::{grouped, yuan};
pub use forms::{Checks, Fields};
pub use layers::{Reference, inside, outside};
pub use links::{Address, is_local};
pub use shell::{Act, Shell, done, fragment, page, page_of_form, render};
pub use turns::{blocking, hurried};
pub use view::View;
pub use words::{Arg, L};
