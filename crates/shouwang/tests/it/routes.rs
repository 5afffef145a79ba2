//! All routes × the people, built from the routers as they stand in the source: who reaches what, and that a reader changes
//! nothing. A new route is in it the moment it is written.

use crate::contracts::document;
use crate::tree::{program, rust};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use testkit::{County, Person, Visitor};

/// Method and path of every route, `{id}` and all.
fn routes() -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for f in rust().filter(|f| !f.is_test()) {
        let code: String = f.code().map(|(_, l)| format!("{}\n", l.trim())).collect();
        for piece in code.split(".route(").skip(1) {
            let Some(path) = piece.trim_start().strip_prefix('"').and_then(|p| p.split('"').next())
            else {
                continue;
            };
            let handlers = piece.split(".route(").next().unwrap_or(piece);
            let handlers = &handlers[..handlers.find(";\n").unwrap_or(handlers.len())];
            for method in ["get", "post", "put", "delete"] {
                let called = |c: &str| handlers.contains(&format!("{c}{method}("));
                if [" ", ".", "\n"].iter().any(|c| called(c)) {
                    found.insert((method.to_owned(), path.to_owned()));
                }
            }
        }
        for piece in code.split("#[utoipa::path(").skip(1) {
            let method =
                piece.trim_start().split([',', '\n']).next().unwrap_or("").trim().to_owned();
            let path =
                piece.split("path = \"").nth(1).and_then(|p| p.split('"').next()).unwrap_or("");
            if ["get", "post", "put", "delete"].contains(&method.as_str()) && path.starts_with('/')
            {
                found.insert((method, path.to_owned()));
            }
        }
    }
    found
}

/// Does an address have the form of a route?
fn fits(route: &str, address: &str) -> bool {
    let (route, address): (Vec<_>, Vec<_>) = (
        route.split('/').collect(),
        address.split(['?', '#']).next().unwrap_or("").split('/').collect(),
    );
    route.len() == address.len()
        && route
            .iter()
            .zip(&address)
            .all(|(r, a)| if r.starts_with('{') { !a.is_empty() } else { r == a })
        && !address.contains(&"new")
}

/// Every address that this person's pages link to, two clicks deep.
fn addresses(visitor: &Visitor) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut next = vec!["/work".to_owned()];
    for _ in 0..3 {
        let mut found = BTreeSet::new();
        for path in next.drain(..).take(80) {
            let page = visitor.get(&path);
            if page.body.contains("<html") {
                found.extend(
                    page.links("/")
                        .into_iter()
                        .filter(|l| !l.starts_with("/assets") && !l.starts_with("/language")),
                );
            }
        }
        // One address of each form is enough to go on from.
        let form = |l: &str| {
            l.split('?').next().unwrap_or(l).split('/').take(2).collect::<Vec<_>>().join("/")
        };
        let mut per_form: BTreeMap<String, usize> = BTreeMap::new();
        next = found
            .iter()
            .filter(|l| !seen.contains(*l))
            .filter(|l| {
                let count = per_form.entry(form(l)).or_default();
                *count += 1;
                *count <= 6
            })
            .cloned()
            .collect();
        seen.extend(found);
    }
    seen
}

/// A route with its parameters filled from addresses that were seen: those of the same room first.
fn filled(route: &str, seen: &BTreeSet<String>) -> Option<String> {
    if !route.contains('{') {
        return Some(route.to_owned());
    }
    if let Some(address) = seen.iter().find(|a| fits(route, a)) {
        return Some(address.split(['?', '#']).next().unwrap_or(address).to_owned());
    }
    let start = route.split('{').next()?;
    let end = &route[route.find('}')? + 1..];
    let start = start.strip_prefix("/api").unwrap_or(start);
    let id = seen.iter().filter_map(|a| a.strip_prefix(start)).find_map(|rest| {
        let id = rest.split(['/', '?', '#']).next()?;
        (!id.is_empty() && !["new", "export", "questions"].contains(&id)).then(|| id.to_owned())
    })?;
    let head = route.split('{').next()?;
    (!end.contains('{')).then(|| format!("{head}{id}{end}"))
}

/// Routes that belong to everybody or to nobody.
fn of_the_frame(path: &str) -> bool {
    path.starts_with("/assets")
        || [
            "/",
            "/doors",
            "/sign-in",
            "/sign-out",
            "/views",
            "/language",
            "/favicon.ico",
            "/account",
            "/account/password",
        ]
        .contains(&path)
}

#[test]
fn the_routers_are_read() {
    let routes = routes();
    for (method, path) in [("get", "/sign-in"), ("post", "/sign-in"), ("get", "/accounts")] {
        assert!(
            routes.contains(&(method.to_owned(), path.to_owned())),
            "{method} {path}: {routes:?}"
        );
    }
    assert!(fits("/households/{id}", "/households/0a1b?tab=2"));
    assert!(!fits("/households/{id}", "/households/new"));
}

#[test]
fn who_reaches_what_is_as_documented() {
    let county = County::demo(&program(), 80);
    let server = county.serve();
    let alice = server.door(Person::Alice);
    let seen = addresses(&alice);
    let people: Vec<(Person, Visitor)> = doors(&server.visitor().get("/doors").body)
        .into_iter()
        .map(|person| (person, server.door(person)))
        .collect();
    let mut text = "# Who reaches what\n\nEvery page and every read of the API × the people of the demo county, asked over HTTP. The example is one of the county\noffice's: who cannot see it gets *not found*. Generated from the routers.\n\n".to_owned();
    let names: Vec<_> = people.iter().map(|(p, _)| p.login()).collect();
    writeln!(text, "| route | {} |\n| --- |{}", names.join(" | "), " --- |".repeat(names.len()))
        .expect("a string grows");
    let mut untested = Vec::new();
    for (_, path) in routes().into_iter().filter(|(m, p)| m == "get" && !of_the_frame(p)) {
        let Some(address) = filled(&path, &seen) else {
            untested.push(path);
            continue;
        };
        let cells: Vec<_> = people
            .iter()
            .map(|(_, visitor)| {
                let page = if path.starts_with("/api/") {
                    visitor.api(&address)
                } else {
                    visitor.get(&address)
                };
                assert!(page.status < 500, "{address}: {}", page.status);
                page.status.to_string()
            })
            .collect();
        writeln!(text, "| `{path}` | {} |", cells.join(" | ")).expect("a string grows");
    }
    if !untested.is_empty() {
        writeln!(text, "\nNot reached by a link of the county office:\n").expect("a string grows");
        untested.iter().for_each(|path| writeln!(text, "- `{path}`").expect("a string grows"));
    }
    document("docs/reference/routes.md", &text);
}

#[test]
fn an_inspector_changes_nothing_anywhere() {
    let county = County::demo(&program(), 80);
    let server = county.serve();
    let seen = addresses(&server.door(Person::Alice));
    let feng = server.door(Person::Feng);
    let page = feng.get("/work").ok();
    let mut asked = 0;
    for (_, path) in routes().into_iter().filter(|(m, p)| m == "post" && !of_the_frame(p)) {
        let Some(address) = filled(&path, &seen) else { continue };
        let answer = feng.post(&page, &address, &[]);
        assert!(
            [401, 403, 404].contains(&answer.status),
            "POST {address}: {}\n{}",
            answer.status,
            answer.text()
        );
        asked += 1;
    }
    assert!(asked >= 5, "only {asked} routes were asked");
}

/// The people whose doors the first page of the demo shows.
fn doors(page: &str) -> Vec<Person> {
    Person::ALL.into_iter().filter(|p| page.contains(&format!("value=\"{}\"", p.login()))).collect()
}
