//! Pages of a comparison: the lines of two days, the rows behind a difference, one household.

mod household;
mod overview;
mod rows;
mod said;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::time::{Day, Instant};
use registry::past::{Asked, Known};
use store::Ctx;
use web::{Address, Answer, Desk, L, Shell, blocking, page};

use super::laid::TwoDays;
use super::model::Asking;

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/compare", get(overview::show))
        .route("/compare/export", get(overview::export))
        .route("/compare/rows", get(rows::show))
        .route("/compare/rows/export", get(rows::export))
        .route("/compare/households/{id}", get(household::show))
}

/// What every page of this room is asked.
#[derive(Clone)]
struct Wanted {
    asking: Asking,
    area: Option<AreaCode>,
    today: Day,
}

/// One of the two days in words.
struct DayWords {
    day: String,
    known: String,
}

impl Wanted {
    /// Reads an address. What is known now is pinned to this instant, so that all pages of a comparison show one state:
    /// then the address is another, and the answer leads there.
    fn read(ctx: &Ctx, address: &Address) -> Result<std::result::Result<Wanted, String>> {
        let get = |name| address.get(name);
        let asking = Asking::read(
            (get("from"), get("known_from")),
            (get("to"), get("known_to")),
            ctx.today,
        )?;
        let now = ctx.now.to_string();
        let mut pinned = address.clone();
        for (side, name) in [(asking.from, "known_from"), (asking.to, "known_to")] {
            if side.is_some_and(|asked| asked.known.is_none()) {
                pinned = pinned.with(name, &now);
            }
        }
        if pinned != *address {
            return Ok(Err(pinned.to_string()));
        }
        let area = match get("area") {
            None => None,
            Some(text) => Some(text.parse().or_else(|_| AreaCode::parse_short(text))?),
        };
        Ok(Ok(Wanted { asking, area, today: ctx.today }))
    }

    /// The address of a page of the same two days.
    fn to(&self, path: &str) -> Address {
        let (from, known_from) = Asking::texts(self.asking.from, self.today);
        let (to, known_to) = Asking::texts(self.asking.to, self.today);
        let address = Address::new(path, "").with("from", &from).with("known_from", &known_from);
        address.with("to", &to).with("known_to", &known_to)
    }

    /// The same in the area.
    fn here(&self, path: &str) -> Address {
        let area = self.area.map(|area| area.to_string()).unwrap_or_default();
        self.to(path).with("area", &area)
    }

    /// The two days as a form shows them: day, and until when it is known.
    fn days(&self) -> [DayWords; 2] {
        [self.asking.from, self.asking.to].map(|side| {
            let known = |known: Option<Known>| match known {
                None => self.today,
                Some(Known::On(day)) => day,
                Some(Known::At(instant)) => instant.day(),
            };
            side.map_or_else(
                || DayWords { day: self.today.to_string(), known: self.today.to_string() },
                |Asked { day, known: until }| DayWords {
                    day: day.to_string(),
                    known: known(until).to_string(),
                },
            )
        })
    }

    /// What is compared, in plain words.
    fn words(&self, l: L) -> String {
        let [from, to] = self.days();
        let id = match (from.day == to.day, from.known == to.known) {
            (true, true) => "same",
            (true, false) => "corrected",
            (false, true) => "known-alike",
            (false, false) if from.day == from.known && to.day == to.known => "seen-then",
            (false, false) => "each",
        };
        l.t_args(
            &format!("comparisons-means-{id}"),
            &[
                ("from", from.day.into()),
                ("known_from", from.known.into()),
                ("to", to.day.into()),
                ("known_to", to.known.into()),
            ],
        )
    }
}

/// The two days in the heads of columns; the same day says until when it was known.
fn heads(l: L, wanted: &Wanted) -> [String; 2] {
    let days = wanted.days();
    let same =
        days.iter().all(|one| one.day == days.first().map_or("", |first| first.day.as_str()));
    days.map(|one| match same {
        true => l.t1("comparisons-known-on", "day", one.known),
        false => one.day,
    })
}

fn workbook(name: &str, bytes: Vec<u8>) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = format!("attachment; filename=\"{name}.xlsx\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response()
}

#[derive(Template)]
#[template(path = "comparisons/templates/waiting.html")]
struct WaitingPage {
    l: L,
    here: String,
    days: [(String, bool); 2],
}

fn shell(desk: &Desk, wanted: &Wanted, title: String) -> Shell {
    let home = wanted.to("/compare").to_string();
    desk.untitled().title(title).nav("households").wide().crumb(desk.l.t("comparisons-title"), home)
}

/// Reads the days of a request and waits a moment for them. The other answer is a page that says what is being laid out,
/// or leads to the pinned address.
async fn ready(
    (ctx, desk): (&Ctx, &Desk),
    days: &Arc<TwoDays>,
) -> std::result::Result<Wanted, Answer> {
    let wanted = match Wanted::read(ctx, &desk.address) {
        Err(why) => return Err(Err(why.into())),
        Ok(Err(to)) => return Err(Ok(Redirect::to(&to).into_response())),
        Ok(Ok(wanted)) => wanted,
    };
    let (ctx, days, asking) = (ctx.clone(), Arc::clone(days), wanted.asking);
    let there = match blocking(move || days.ready(&ctx, asking)).await {
        Err(why) => return Err(Err(why.into())),
        Ok((true, true)) => return Ok(wanted),
        Ok(there) => there,
    };
    let l = desk.l;
    let [first, second] = wanted.days().map(|one| {
        l.t_args("comparisons-state", &[("day", one.day.into()), ("known", one.known.into())])
    });
    let body = WaitingPage {
        l,
        here: desk.address.to_string(),
        days: [(first, there.0), (second, there.1)],
    };
    let title = l.t("comparisons-waiting-title");
    Err(page(&shell(desk, &wanted, title).lead(l.t("comparisons-waiting-lead")), body))
}

fn moment(instant: Instant) -> String {
    instant.local_text()
}
