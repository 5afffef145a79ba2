//! Journeys through the whole program by HTTP and by command line, each with the people of the demo.

use crate::tree::program;
use testkit::{County, Person, Server, Visitor};

/// Signs in with a name and a password.
fn sign_in(server: &Server, login: &str, password: &str) -> Visitor {
    let visitor = server.visitor();
    let page = visitor.get("/sign-in").ok();
    visitor.post(&page, "/sign-in", &[("login", login), ("password", password), ("next", "")]);
    visitor
}

#[test]
fn the_first_password_must_be_changed_and_only_then_opens_the_county() {
    let (county, first) = County::empty(&program());
    let server = county.serve();
    let visitor = sign_in(&server, "county", &first);
    let page = visitor.get("/accounts").ok();
    assert_eq!(page.path, "/account/password", "every way leads to the change");
    let short = visitor.post(&page, "/account/password", &[("old", &first), ("password", "short")]);
    assert_eq!(short.status, 422);
    assert!(short.body.contains("data-wrong"), "a short password is shown at its field");
    visitor.post(
        &page,
        "/account/password",
        &[("old", &first), ("password", "a long sentence of mine")],
    );
    let visitor = sign_in(&server, "county", "a long sentence of mine");
    assert_eq!(visitor.get("/accounts").ok().path, "/accounts");
    assert_eq!(
        sign_in(&server, "county", &first).get("/accounts").path.split('?').next(),
        Some("/sign-in")
    );
}

#[test]
fn wrong_passwords_lock_the_account_and_an_administrator_lifts_the_lock() {
    let (county, first) = County::empty(&program());
    let server = county.serve();
    let page = server.visitor();
    let form = page.get("/sign-in").ok();
    let tries: Vec<u16> = (0..12)
        .map(|_| {
            page.post(
                &form,
                "/sign-in",
                &[("login", "county"), ("password", "guess"), ("next", "")],
            )
            .status
        })
        .collect();
    assert!(tries.iter().all(|s| *s >= 400), "a wrong password never gets in: {tries:?}");
    assert_ne!(tries.first(), tries.last(), "after some tries the answer is another: {tries:?}");
    let locked =
        page.post(&form, "/sign-in", &[("login", "county"), ("password", &first), ("next", "")]);
    assert!(locked.status >= 400, "locked also for the right password");
    let reset = county.run(&["user", "reset", "county", "--json"]).ok().json();
    let new = reset["password"].as_str().expect("a password");
    assert_eq!(sign_in(&server, "county", new).get("/work").ok().path, "/account/password");
}

#[test]
fn a_request_without_the_token_of_our_own_page_changes_nothing() {
    let (county, first) = County::empty(&program());
    let server = county.serve();
    let stranger = server.visitor();
    let fields = [("login", "county"), ("password", first.as_str())];
    stranger.post_bare("/sign-in", &fields).status(403);
    let other = server.visitor().get("/sign-in").ok().hidden("_csrf");
    let fields = [("_csrf", other.as_str()), ("login", "county"), ("password", first.as_str())];
    stranger.post_bare("/sign-in", &fields).status(403);
    assert!(stranger.get("/work").path.starts_with("/sign-in"));
}

#[test]
fn nobody_gets_in_without_signing_in() {
    let (county, _) = County::empty(&program());
    let server = county.serve();
    for path in
        ["/work", "/households", "/leads", "/intake", "/rules", "/areas", "/accounts", "/journal"]
    {
        let page = server.visitor().get(path);
        assert!(page.path.starts_with("/sign-in"), "{path} leads to {}", page.path);
        assert_eq!(page.status, 200);
    }
    server.visitor().get("/doors").status(404);
    server.visitor().get("/no-such-page").status(404);
    for path in ["/api/v1/households", "/api/v1/leads"] {
        let answer = server.visitor().api(path).status(401);
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{path}");
    }
}

#[test]
fn a_backup_restores_into_a_new_folder_and_only_with_its_key() {
    let (county, _) = County::empty(&program());
    county.run(&["backup", "--out", "saved"]).ok();
    county.run(&["backup", "--out", "saved"]).refused(1);
    let restore = |args: &[&str]| {
        let mut all = vec!["restore", "saved", "--lang", "en"];
        all.extend_from_slice(args);
        program().run(county.path(), &all)
    };
    restore(&["--dir", "back"]).refused(2);
    restore(&["--dir", "county", "--key", "county/key"]).refused(1);
    let (stranger, _) = County::empty(&program());
    let key = stranger.home().join("key");
    restore(&["--dir", "back", "--key", key.to_str().expect("a path")]).refused(1);
    assert!(!county.path().join("back/shouwang.db").exists(), "a wrong key writes nothing");
    restore(&["--dir", "back", "--key", "county/key"]).ok();
    let verified =
        program().run(county.path(), &["journal", "verify", "--json", "--dir", "back"]).ok().json();
    assert!(verified["fault"].is_null());
    assert!(verified["entries"].as_i64().expect("a number") >= 2);
    let doctor = program().run(county.path(), &["doctor", "--json", "--dir", "back"]).ok().json();
    assert!(doctor.as_array().expect("checks").iter().all(|c| c["good"] == true));
}

#[test]
fn a_changed_journal_does_not_verify() {
    let (county, _) = County::empty(&program());
    county.run(&["journal", "verify"]).ok();
    // The key is outside the database: with another key every link of the chain is wrong.
    let (stranger, _) = County::empty(&program());
    std::fs::copy(stranger.home().join("key"), county.home().join("key")).expect("a key");
    county.run(&["journal", "verify", "--json"]).json()["fault"].as_str().expect("a fault");
}

#[test]
fn six_doors_lead_six_people_to_their_work() {
    let county = County::demo(&program(), 80);
    let server = county.serve();
    let doors = server.visitor().get("/").ok();
    assert_eq!(doors.path, "/doors");
    let people: Vec<Person> = Person::ALL
        .into_iter()
        .filter(|p| doors.body.contains(&format!("value=\"{}\"", p.login())))
        .collect();
    assert_eq!(people.len(), 6, "{people:?}");
    for person in people {
        let visitor = server.door(person);
        assert_eq!(visitor.get("/work").ok().path, "/work", "{person:?}");
    }
}
