//! What is outside somebody's scope is not there for them: by page, by print, by export, by API, by search; and that they
//! tried is noted.

use crate::county::{ask, household, journal_holds, name, texts, with_register};
use testkit::{County, Server, Visitor, wait_for};

/// Makes an account and signs it in, first password changed.
pub fn account(county: &County, server: &Server, login: &str, args: &[&str]) -> Visitor {
    let mut all = vec!["user", "add", login, "--name", login, "--json"];
    all.extend_from_slice(args);
    let told = county.run(&all).ok().json();
    let first = told["password"].as_str().expect("a password").to_owned();
    let visitor = server.visitor();
    let page = visitor.get("/sign-in").ok();
    visitor.post(&page, "/sign-in", &[("login", login), ("password", &first), ("next", "")]);
    let page = visitor.get("/account/password").ok();
    let own = "a long sentence of mine";
    visitor.post(&page, "/account/password", &[("old", &first), ("password", own)]);
    let page = visitor.get("/sign-in");
    if page.body.contains("name=\"login\"") {
        visitor.post(&page, "/sign-in", &[("login", login), ("password", own), ("next", "")]);
    }
    visitor
}

/// The id of the `n`th household.
fn id_of(county: &County, n: usize) -> String {
    let rows = ask(
        county,
        "select id from households where number = $1",
        &[store::Value::from(household(n))],
    );
    rows[0].text(0).expect("an id")
}

#[test]
fn a_village_worker_finds_nothing_of_another_village() {
    let (county, _) = with_register(4);
    let server = county.serve();
    let chen = account(&county, &server, "chen", &["--role", "village", "--area", "500154201200"]);
    let (own, other) = (id_of(&county, 1), id_of(&county, 2));
    chen.get(&format!("/households/{own}")).ok().shows(&name(1, 1));
    chen.api(&format!("/api/v1/households/{own}")).status(200);

    for path in ["", "/print", "/change/birth"] {
        let page = chen.get(&format!("/households/{other}{path}")).status(404);
        page.hides(&name(2, 1)).hides(&household(2));
    }
    let answer = chen.api(&format!("/api/v1/households/{other}")).status(404);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    answer.hides(&name(2, 1));
    // A village may look at its households but not carry them away as a file.
    for (list, status) in
        [("/households", 200), ("/api/v1/households", 200), ("/households/export", 403)]
    {
        let page = if list.starts_with("/api") { chen.api(list) } else { chen.get(list) };
        assert_eq!(page.status, status, "{list}");
        page.hides(&household(2)).hides(&name(2, 1));
    }
    let other_area = chen.get("/households/export?area=500154201205");
    other_area.hides(&household(2)).hides(&name(2, 1));
    let found = chen.get(&format!("/households?q={}", household(2)));
    found.hides(&name(2, 1));
    let page = chen.get(&format!("/households/{own}")).ok();
    let people = ask(
        &county,
        "select m.person_id from memberships m where m.household_id = $1",
        &[store::Value::from(other.as_str())],
    );
    let person = people[0].text(0).expect("a person");
    for path in [
        format!("/households/{other}/people/{person}/reveal"),
        format!("/households/{own}/people/{person}/reveal"),
    ] {
        let answer = chen.post(&page, &path, &[("purpose", "走访")]);
        assert_eq!(answer.status, 404, "{path}");
    }
    // The notes are written every second, so that no request waits for them.
    wait_for("the attempts are noted", 20, || {
        let noted = texts(
            &county,
            "select l.about from access_log l join accounts a on a.id = l.account_id where a.login = 'chen' and l.kind = 'not_found'",
        );
        (noted.iter().filter(|about| about.contains(&other)).count() >= 3).then_some(())
    });
    journal_holds(&county);
}

#[test]
fn an_account_acts_on_the_command_line_within_its_rights() {
    let (county, _) = with_register(2);
    let args =
        ["user", "add", "dora", "--name", "dora", "--role", "village", "--area", "500154201200"];
    county.run(&args).ok();
    let file = crate::county::write(&county, "x.csv", "姓名,身份证号\n".as_bytes());
    let told = county.run(&["import", file.to_str().expect("a path"), "--as", "dora"]).refused(1);
    assert!(told.err.contains("You may not do this"), "{}", told.err);
    county.run(&["import", "x.csv", "--as", "nobody"]).refused(1);
}
