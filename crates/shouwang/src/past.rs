//! The layer of past views: a request that asks for a past day is answered from the state of that day.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::error::Refusal;
use registry::past::{Asked, Past, Shelf};
use store::Ctx;
use web::past::{AS_OF, HasPast, KNOWN_AT, PastView, only_looks, shown};
use web::{Address, Failure};

/// Pages that can be shown as of a past day; `*` stands for one step of the path. The journal filters by day itself,
/// accounts and policies have their own days, and what changes something happens today.
const PAGES: &[&str] = &[
    "/work",
    "/search",
    "/households",
    "/households/export",
    "/households/not-listed",
    "/households/proposals",
    "/households/*",
    "/households/*/print",
    "/leads",
    "/leads/export",
    "/leads/*",
    "/areas",
    "/rules",
    "/rules/*",
    "/intake",
    "/intake/batches/*",
    "/intake/batches/*/findings.xlsx",
    "/intake/batches/*/rows",
    "/intake/batches/*/rows/*",
    "/departments",
    "/departments/export",
    "/departments/late",
    "/departments/late/export",
    "/departments/*",
    "/departments/*/export/*",
    "/departments/*/returned",
    "/indicators",
    "/indicators/*",
    "/indicators/*/export",
    "/indicators/*/rows",
    "/indicators/*/rows/export",
    "/alarms",
    "/alarms/export",
    "/alarms/*",
    "/villages",
    "/villages/export",
    "/villages/*",
    "/slips",
    "/brief",
    "/assistance",
    "/assistance/export",
    "/assistance/*",
    "/questions",
    "/questions/*",
];

/// Forms that stand where a page of one thing would.
const FORMS: &[&str] = &[
    "/leads/answers",
    "/leads/entry",
    "/rules/new",
    "/rules/check",
    "/indicators/new",
    "/indicators/check",
    "/questions/new",
    "/villages/income",
];

/// Whether the page of a path has a past.
pub fn has_past(path: &str) -> bool {
    let fits = |page: &&str| {
        page.split('/').count() == path.split('/').count()
            && page
                .split('/')
                .zip(path.split('/'))
                .all(|(known, step)| known == step || (known == "*" && !step.is_empty()))
    };
    !FORMS.contains(&path) && PAGES.iter().any(fits)
}

/// The shelf of this program: the tables of all wings.
pub fn shelf() -> Shelf {
    let tables: Vec<_> =
        casework::PAST_TABLES.iter().flat_map(|tables| tables.iter().copied()).collect();
    let steps: Vec<_> =
        casework::PAST_STEPS.iter().flat_map(|steps| steps.iter().copied()).collect();
    Shelf::new(&tables, &steps)
}

/// Puts the person into the past that the address asks for, and the two days into every link of the answer.
pub async fn layer(State(shelf): State<Arc<Shelf>>, mut request: Request, next: Next) -> Response {
    let has = HasPast(has_past);
    request.extensions_mut().insert(has);
    let address = Address::new(request.uri().path(), request.uri().query().unwrap_or_default());
    let (as_of, known_at) = (address.get(AS_OF), address.get(KNOWN_AT));
    if as_of.is_none() && known_at.is_none() {
        return next.run(request).await;
    }
    let Some(ctx) = request.extensions().get::<Ctx>().cloned() else {
        return next.run(request).await;
    };
    if !only_looks(request.method()) {
        return Failure::from(Refusal::conflict("past.nothing_to_change")).into_response();
    }
    if !has_past(address.path()) {
        return next.run(request).await;
    }
    let asked = match Asked::read((as_of, known_at), ctx.today) {
        Ok(Some(asked)) => asked,
        Ok(None) => return next.run(request).await,
        Err(why) => return Failure::from(why).into_response(),
    };
    let person = ctx.clone();
    let past = match web::blocking(move || shelf.of(&person, &asked)).await {
        Ok(past) => past,
        Err(why) => return Failure::from(why).into_response(),
    };
    let view = view(&ctx, &asked, &past);
    request.extensions_mut().insert(past.ctx(&ctx));
    request.extensions_mut().insert(view.clone());
    let answer = next.run(request).await;
    // the state stays laid out until the page has been read from it
    drop(past);
    match shown(answer, &view, (address.path(), has)).await {
        Ok(answer) => answer,
        Err(why) => Failure::from(why).into_response(),
    }
}

fn view(ctx: &Ctx, asked: &Asked, past: &Past) -> PastView {
    let (day, known) = (past.moment.day, past.moment.known);
    let carried = asked.known.map_or_else(|| known.to_string(), |known| known.to_string());
    let known_text = match known.day() == ctx.today {
        true => known.local_text(),
        false => known.day().to_string(),
    };
    PastView { day, known: known.day(), known_text, carried }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use store::testing::test_db;

    use super::{has_past, shelf};

    /// Tables of the program's own work, and the facts, which are worked out anew.
    const OWN: [&str; 4] = ["migrations", "household_facts", "person_facts", "village_facts"];

    #[test]
    fn every_table_says_how_it_is_read_in_the_past() {
        let said: Vec<&str> = shelf().tables().iter().map(|table| table.name).collect();
        let once: BTreeSet<&str> = said.iter().copied().collect();
        assert_eq!(once.len(), said.len(), "a table is said twice");
        for test in test_db().unwrap().iter().filter(|test| test.engine == "sqlite") {
            let sql = "select name from sqlite_master where type = 'table'";
            let rows = test.db.read().unwrap().rows(sql, &[]).unwrap();
            let there: BTreeSet<String> = rows.iter().map(|row| row.text(0).unwrap()).collect();
            let other = |name: &str| {
                name.ends_with("_kept") || name.starts_with("sqlite_") || OWN.contains(&name)
            };
            let missing: Vec<&String> =
                there.iter().filter(|name| !other(name) && !once.contains(name.as_str())).collect();
            assert!(missing.is_empty(), "say in PAST_TABLES how these are read: {missing:?}");
            let gone: Vec<&&str> = once.iter().filter(|name| !there.contains(**name)).collect();
            assert!(gone.is_empty(), "no such tables: {gone:?}");
        }
    }

    #[test]
    fn lists_and_pages_have_a_past_and_forms_have_none() {
        for path in ["/households", "/households/0123", "/leads/0123", "/areas", "/rules/dibao"] {
            assert!(has_past(path), "{path}");
        }
        for path in [
            "/",
            "/journal",
            "/accounts",
            "/policies",
            "/households/0123/change/birth",
            "/leads/answers",
            "/leads/entry",
            "/rules/new",
            "/intake/new",
            "/households/",
        ] {
            assert!(!has_past(path), "{path}");
        }
    }
}
