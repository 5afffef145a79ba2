//! The frame of a page: top bar, navigation, place, title and lead; and how a body is put into it.

use askama::Template;
use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use kernel::area::AreaCode;
use kernel::error::Refusal;
use kernel::lang::Lang;
use kernel::permission::Permission;

use crate::answer::Answer;
use crate::assets::asset;
use crate::desk::{Desk, NavItem};
use crate::links::is_local;
use crate::past::{AS_OF, KNOWN_AT};
use crate::session;
use crate::ui::Icon;
use crate::words::L;

/// A button in the head of a page.
#[derive(Clone, Debug)]
pub struct Act {
    label: String,
    href: String,
    icon: Option<Icon>,
    primary: bool,
    print: bool,
    looks: bool,
}

impl Act {
    /// An ordinary button.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Act {
        Act {
            label: label.into(),
            href: href.into(),
            icon: None,
            primary: false,
            print: false,
            looks: false,
        }
    }

    /// The one main button of the page.
    #[must_use]
    pub fn primary(mut self) -> Act {
        self.primary = true;
        self
    }

    /// With an icon.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Act {
        self.icon = Some(Icon(name));
        self
    }

    /// It only shows something, also of a past day.
    #[must_use]
    pub fn looks(mut self) -> Act {
        self.looks = true;
        self
    }

    /// Prints the page.
    #[must_use]
    pub fn print(l: L) -> Act {
        Act { print: true, looks: true, ..Act::new(l.t("web-print"), "") }.icon("print")
    }
}

/// The frame of one page. Made by [`Desk::shell`], rendered by [`page`].
#[derive(Clone, Debug)]
pub struct Shell {
    /// Words and number forms: `{{ shell.l.t("…") }}`.
    pub l: L,
    /// Who looks, and where.
    pub desk: Desk,
    title: String,
    lead: String,
    crumbs: Vec<(String, Option<String>)>,
    acts: Vec<Act>,
    nav: &'static str,
    wide: bool,
    bare: bool,
    headless: bool,
    places: Vec<NavItem>,
}

impl Desk {
    /// A page whose title and one-sentence lead are the messages `{id}-title` and `{id}-lead`.
    #[must_use]
    pub fn shell(&self, id: &str) -> Shell {
        self.untitled()
            .title(self.l.t(&format!("{id}-title")))
            .lead(self.l.t(&format!("{id}-lead")))
    }

    /// A page whose title comes from data: set it with [`Shell::title`].
    #[must_use]
    pub fn untitled(&self) -> Shell {
        let (title, lead, crumbs, acts) = (String::new(), String::new(), Vec::new(), Vec::new());
        let bare = self.viewer.is_none();
        let places = self.places();
        Shell {
            l: self.l,
            desk: self.clone(),
            title,
            lead,
            crumbs,
            acts,
            nav: "",
            wide: false,
            bare,
            headless: false,
            places,
        }
    }
}

impl Shell {
    /// The title.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Shell {
        self.title = title.into();
        self
    }

    /// One sentence of what the page is.
    #[must_use]
    pub fn lead(mut self, lead: impl Into<String>) -> Shell {
        self.lead = lead.into();
        self
    }

    /// A step of the place: county, township, village; each leads to the same page filtered to it.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, href: impl Into<String>) -> Shell {
        self.crumbs.push((label.into(), Some(href.into())));
        self
    }

    /// A step of the place that is an area: the filter of a list. Above one's own area it is only said.
    #[must_use]
    pub fn area(mut self, (code, name): &(AreaCode, String), href: impl Into<String>) -> Shell {
        let home = self.desk.viewer.as_ref().and_then(|viewer| viewer.home);
        let within = home.is_none_or(|home| home.contains(*code));
        self.crumbs.push((name.clone(), within.then(|| href.into())));
        self
    }

    /// The last step of the place: where we are.
    #[must_use]
    pub fn here(mut self, label: impl Into<String>) -> Shell {
        self.crumbs.push((label.into(), None));
        self
    }

    /// A button in the head.
    #[must_use]
    pub fn act(mut self, act: Act) -> Shell {
        self.acts.push(act);
        self
    }

    /// The place in the navigation that is marked.
    #[must_use]
    pub fn nav(mut self, key: &'static str) -> Shell {
        self.nav = key;
        self
    }

    /// Full width, for tables.
    #[must_use]
    pub fn wide(mut self) -> Shell {
        self.wide = true;
        self
    }

    /// Without navigation, for pages before sign-in.
    #[must_use]
    pub fn bare(mut self) -> Shell {
        self.bare = true;
        self
    }

    /// The body brings its own head (and its own h1).
    #[must_use]
    pub fn headless(mut self) -> Shell {
        self.headless = true;
        self
    }

    fn done(&self) -> Option<String> {
        self.desk.done.as_ref().map(|id| self.l.t(id))
    }

    fn initial(&self) -> String {
        self.desk
            .viewer
            .as_ref()
            .and_then(|viewer| viewer.name.chars().next())
            .map(String::from)
            .unwrap_or_default()
    }

    /// What the head offers; in a past view only what shows something.
    fn shown_acts(&self) -> Vec<&Act> {
        let past = self.desk.past.is_some();
        self.acts.iter().filter(|act| !past || act.looks).collect()
    }

    /// The address of this page today.
    fn present(&self) -> String {
        self.desk.address.without(AS_OF).without(KNOWN_AT).to_string()
    }

    /// The comparison of the past day with today: of a household on its page, else of everything.
    fn compared(&self) -> Option<String> {
        let view = self.desk.past.as_ref().filter(|_| self.desk.may(Permission::HouseholdSee))?;
        let home = self.desk.address.path().strip_prefix("/households/");
        let home = home.filter(|id| id.len() == 32 && !id.contains('/'));
        let path =
            home.map_or_else(|| "/compare".to_owned(), |id| format!("/compare/households/{id}"));
        let address = crate::Address::new(path, "").with("from", &view.day.to_string());
        Some(address.with("known_from", &view.carried).to_string())
    }

    /// The other filters of this page, which the form of the two days carries on.
    fn other_filters(&self) -> Vec<(&str, &str)> {
        self.desk.address.others(&[AS_OF, KNOWN_AT, "after"]).collect()
    }

    /// The two days as the form shows them: those of the view, else of today.
    fn days(&self) -> Option<(kernel::time::Day, kernel::time::Day, kernel::time::Day)> {
        let today = self.desk.today.filter(|_| self.desk.has_past)?;
        let past = self.desk.past.as_ref();
        Some((past.map_or(today, |view| view.day), past.map_or(today, |view| view.known), today))
    }

    fn on_phone(&self) -> impl Iterator<Item = &NavItem> {
        self.places.iter().filter(|item| item.on_phone).take(4)
    }

    fn switch(&self) -> String {
        crate::Address::new("/language", "")
            .with("to", self.l.other().0)
            .with("back", &self.desk.back.address)
            .to_string()
    }
}

#[derive(Template)]
#[template(path = "base.html")]
struct Base<'a> {
    shell: &'a Shell,
    l: L,
    body: String,
}

/// Puts a body into its frame.
///
/// # Errors
/// A fault when a template does not render.
pub fn page(shell: &Shell, body: impl Template) -> Answer {
    let text = render(shell, body)?;
    let mut answer = Html(text).into_response();
    if shell.desk.done.is_some() {
        answer.headers_mut().append(header::SET_COOKIE, session::clear(session::DONE));
    }
    if let Some(kept) = shell.desk.back.remembered() {
        answer.headers_mut().append(header::SET_COOKIE, kept);
    }
    answer
        .headers_mut()
        .insert(header::VARY, HeaderValue::from_static("cookie, hx-request, accept-language"));
    Ok(answer)
}

/// The page of a form that was refused, with the status of the refusal.
///
/// # Errors
/// A fault when a template does not render.
pub fn page_of_form(shell: &Shell, body: impl Template, refused: Option<&Refusal>) -> Answer {
    let mut answer = page(shell, body)?;
    if let Some(status) =
        refused.and_then(|refusal| StatusCode::from_u16(refusal.kind.http_status()).ok())
    {
        *answer.status_mut() = status;
    }
    Ok(answer)
}

/// The text of a page; [`page`] is what handlers use.
///
/// # Errors
/// When a template does not render.
pub fn render(shell: &Shell, body: impl Template) -> Result<String, askama::Error> {
    let body = body.render()?;
    Base { shell, l: shell.l, body }.render()
}

/// A part of a page, for htmx.
///
/// # Errors
/// A fault when the template does not render.
pub fn fragment(body: impl Template) -> Answer {
    Ok(Html(body.render()?).into_response())
}

/// After something was done: leads on to `to` and shows the message `id` there once. `id` ends in `-done`.
pub fn done(to: &str, id: &str) -> Answer {
    let mut answer = Redirect::to(to).into_response();
    answer.headers_mut().append(header::SET_COOKIE, session::set(session::DONE, id, false));
    Ok(answer)
}

#[derive(serde::Deserialize)]
pub(crate) struct Switch {
    to: String,
    #[serde(default)]
    back: String,
}

/// `GET /language?to=en&back=/leads`: remembers the language and goes back.
pub(crate) async fn language(Query(switch): Query<Switch>) -> Response {
    let lang = switch.to.parse().unwrap_or(Lang::Zh);
    let back = if is_local(&switch.back) { switch.back.as_str() } else { "/" };
    let mut answer = Redirect::to(back).into_response();
    let text = format!("{}={}; Path=/; SameSite=Lax; Max-Age=31536000", session::LANG, lang.tag());
    if let Ok(value) = HeaderValue::from_str(&text) {
        answer.headers_mut().append(header::SET_COOKIE, value);
    }
    answer
}

pub(crate) async fn favicon(_: HeaderMap) -> Response {
    Redirect::permanent(&asset("mark.svg")).into_response()
}
