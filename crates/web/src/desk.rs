//! What a page knows about the one who looks at it: language, name and role, place in the program,
//! token for forms, whether a fragment or JSON is wanted. Every page handler takes a [`Desk`].

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use kernel::area::AreaCode;
use kernel::lang::Lang;
use kernel::permission::{Permission, Role, allows};
use kernel::time::Day;

use crate::back::Back;
use crate::csrf::Secret;
use crate::layers::Reference;
use crate::links::Address;
use crate::past::{HasPast, PastView, only_looks};
use crate::session::cookie;
use crate::words::L;

/// The signed-in person as pages show them. The session middleware puts it into the request's extensions.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Name of the person.
    pub name: String,
    /// What the person may do; decides the navigation.
    pub role: Role,
    /// Where the person works, in words; empty when everywhere.
    pub place: String,
    /// The area in which the person works; everywhere when there is none.
    pub home: Option<AreaCode>,
}

/// One place of the program. The binary collects them from the rooms into [`Nav`].
#[derive(Clone, Copy, Debug)]
pub struct NavItem {
    /// `households`; its word is `nav-households`, and a page of the room says `shell.nav("households")`.
    pub key: &'static str,
    /// Its address.
    pub href: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Who sees it; `None` for everybody signed in.
    pub permission: Option<Permission>,
    /// Stands in the bar of the phone (the first four that do and may be seen).
    pub on_phone: bool,
}

/// The places of the program in order, as an axum `Extension`.
#[derive(Clone, Debug, Default)]
pub struct Nav(pub Arc<[NavItem]>);

/// The day the whole process was told to take for today, as an axum `Extension`; shown in the top bar.
#[derive(Clone, Copy, Debug)]
pub struct SetClock(pub Day);

/// What a page knows about the one who looks at it.
#[derive(Clone, Debug)]
pub struct Desk {
    /// Words and number forms.
    pub l: L,
    /// Who is signed in, if anybody.
    pub viewer: Option<Viewer>,
    /// The token for forms.
    pub csrf: String,
    /// Path and filters of this request.
    pub address: Address,
    /// Where this page can be opened again.
    pub(crate) back: Back,
    /// A fragment is wanted (htmx).
    pub fragment: bool,
    /// JSON is wanted.
    pub json: bool,
    /// The number of this request, shown with errors.
    pub reference: String,
    /// The id of the message to show once, after something was done.
    pub done: Option<String>,
    /// How tables are liked.
    pub view: crate::View,
    /// The past day that is shown, when it is not today.
    pub past: Option<PastView>,
    /// Whether the page can be shown as of a past day.
    pub(crate) has_past: bool,
    /// Today, for the days that may be chosen.
    pub(crate) today: Option<Day>,
    pub(crate) nav: Nav,
    pub(crate) clock: Option<Day>,
}

impl Desk {
    /// Reads the desk off a request.
    #[must_use]
    pub fn of(parts: &Parts) -> Desk {
        let headers = &parts.headers;
        let l = L(lang_of(headers));
        let address = Address::new(parts.uri.path(), parts.uri.query().unwrap_or_default());
        let says = |name: &str, value: &str| {
            headers
                .get(name)
                .and_then(|given| given.to_str().ok())
                .is_some_and(|given| given.contains(value))
        };
        Desk {
            l,
            viewer: parts.extensions.get::<Viewer>().cloned(),
            csrf: parts.extensions.get::<Secret>().map(Secret::token).unwrap_or_default(),
            back: Back::of((&parts.method, &address), headers),
            address,
            fragment: says("hx-request", "true") && !says("hx-boosted", "true"),
            json: parts.uri.path().starts_with("/api/")
                || (says("accept", "json") && !says("accept", "text/html")),
            reference: parts
                .extensions
                .get::<Reference>()
                .map(|reference| reference.0.clone())
                .unwrap_or_default(),
            done: cookie(headers, crate::session::DONE)
                .filter(|id| id.ends_with("-done") && l.find(id, &[]).is_some()),
            view: cookie(headers, crate::session::VIEW)
                .map(|kept| crate::View::parse(&kept))
                .unwrap_or_default(),
            past: parts.extensions.get::<PastView>().cloned(),
            has_past: parts
                .extensions
                .get::<HasPast>()
                .is_some_and(|has| has.0(parts.uri.path()) && only_looks(&parts.method)),
            today: parts.extensions.get::<store::Ctx>().map(|ctx| ctx.present().today),
            nav: parts.extensions.get::<Nav>().cloned().unwrap_or_default(),
            clock: parts.extensions.get::<SetClock>().map(|clock| clock.0),
        }
    }

    /// May the one who looks do this? For showing or hiding a button; the action asks again.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| allows(viewer.role, permission))
    }

    /// Places of the program whose word holds `text`, with their addresses: for the search.
    #[must_use]
    pub fn places_called(&self, text: &str) -> Vec<(String, &'static str)> {
        let text = text.to_lowercase();
        let named = |item: NavItem| (self.l.t(&format!("nav-{}", item.key)), item.href);
        let all = self.places().into_iter().map(named);
        all.filter(|(word, _)| !text.is_empty() && word.to_lowercase().contains(&text)).collect()
    }

    /// The word of the place that a path belongs to, if the one who looks may go there.
    #[must_use]
    pub fn place_of(&self, path: &str) -> Option<String> {
        let belongs = |item: &NavItem| {
            path.strip_prefix(item.href)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let place = self.places().into_iter().find(belongs)?;
        Some(self.l.t(&format!("nav-{}", place.key)))
    }

    /// The places the one who looks may go to.
    pub(crate) fn places(&self) -> Vec<NavItem> {
        let may = |item: &&NavItem| item.permission.is_none_or(|permission| self.may(permission));
        self.nav.0.iter().filter(may).copied().collect()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Desk {
    type Rejection = Infallible;

    /// Never fails.
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Desk, Infallible> {
        Ok(Desk::of(parts))
    }
}

/// The language of a request: what the person chose, else what the browser asks for, else Chinese.
#[must_use]
pub fn lang_of(headers: &HeaderMap) -> Lang {
    if let Some(chosen) = cookie(headers, crate::session::LANG).and_then(|tag| tag.parse().ok()) {
        return chosen;
    }
    let asked =
        headers.get("accept-language").and_then(|value| value.to_str().ok()).unwrap_or_default();
    Lang::of_header(asked)
}
