//! The public side as a process of its own: a household declares on a phone, the inbox is carried in, the village answers, the
//! code says so (M043).

use crate::county::{count, journal_holds};
use crate::tree::program;
use testkit::{County, Page, Person, Visitor};

/// A person of the register with a right number: name, number, village.
fn somebody(county: &County) -> (String, String, String) {
    let db = store::Keys::load(&county.home().join("key")).expect("a key");
    let open = crate::county::database(county);
    let mut session = open.read().expect("a session");
    let row = session
        .row(
            "select p.name, p.id_sealed, h.village_code from persons p join households h on h.head_id = p.id
             where p.id_state = 'ok' and h.closed_on is null and p.died_on is null
               and not exists (select 1 from leads l where l.household_id = h.id)
             order by p.id limit 1",
            &[],
        )
        .expect("somebody");
    let number = db.open_text(&row.text(1).expect("sealed")).expect("opens");
    (row.text(0).expect("a name"), number, row.text(2).expect("a village"))
}

fn declare(phone: &Visitor, (name, number, village): (&str, &str, &str)) -> String {
    let page = phone.get(&format!("/declare?village={village}")).ok();
    let once = page.hidden("once");
    let fields = [
        ("once", once.as_str()),
        ("name", name),
        ("phone", "0355-7021234"),
        ("number", number),
        ("village", village),
        ("kind", "illness"),
        ("words", "住院借了钱"),
    ];
    let receipt = phone.post(&page, "/declare", &fields).ok();
    let code = receipt.body.split("sw-out-code m-0\"><strong>").nth(1).expect("a code");
    code.split('<').next().expect("a code").to_owned()
}

fn ask(phone: &Visitor, code: &str) -> Page {
    let page = phone.get("/declare/status").ok();
    phone.post(&page, "/declare/status", &[("code", code)]).ok()
}

#[test]
fn a_household_declares_at_a_process_that_knows_no_county_and_learns_the_answer() {
    let county = County::demo(&program(), 80);
    let (name, number, village) = somebody(&county);
    county.run(&["declare", "publish", "outside"]).ok();
    let serve = ["declare", "serve", "--inbox", "outside"];
    let outside = county.serve_as(&serve);
    let phone = outside.visitor();
    let code = declare(&phone, (&name, &number, &village));
    assert!(
        ask(&phone, &code).body.contains("Received") || ask(&phone, &code).body.contains("已收到")
    );
    outside.kill9();
    let inbox =
        std::fs::read_to_string(county.path().join("outside/inbox.jsonl")).expect("an inbox");
    assert!(!inbox.contains(&name) && !inbox.contains(&number), "sealed to the county");

    let before = count(&county, "select count(*) from leads where state = 'open'");
    let fetch = ["declare", "fetch", "outside/inbox.jsonl", "--json"];
    let told = county.run(&fetch).ok().json();
    assert_eq!((&told["fresh"], &told["placed"]), (&1.into(), &1.into()), "{told}");
    let told = county.run(&fetch).ok().json();
    assert_eq!((&told["fresh"], &told["known"]), (&0.into(), &1.into()), "{told}");
    assert_eq!(count(&county, "select count(*) from leads where state = 'open'"), before + 1);

    let server = county.serve();
    let alice = server.door(Person::Alice);
    let row = alice.get("/declarations?state=placed").ok();
    let one = alice.get(&row.link("/declarations/0")).ok();
    let lead = alice.get(&one.link("/leads/")).ok();
    let version = lead.hidden("version");
    let fields = [
        ("version", version.as_str()),
        ("outcome", "no_risk"),
        ("reason_code", "family_supports"),
        ("reason", "子女承担"),
    ];
    alice.post(&lead, &format!("{}/answer", lead.path), &fields).ok();
    county.run(&["declare", "publish", "outside"]).ok();
    let outside = county.serve_as(&serve);
    let phone = outside.visitor();
    let answered = ask(&phone, &code);
    let said = |words: &str| answered.body.contains(words);
    assert!(said("暂不纳入") || said("Not taken in"), "{}", answered.text());
    assert!(!said(&name) && !said("子女承担"), "typed words stay inside");
    phone.get("/leads").status(404);
    phone.get("/households").status(404);
    drop((outside, server));
    journal_holds(&county);
}

#[test]
fn serve_opens_the_second_listener_and_keeps_both_together() {
    let county = County::demo(&program(), 80);
    let port = testkit::free_port();
    let public = format!("127.0.0.1:{port}");
    let _server = county.serve_as(&["serve", "--public-listen", &public]);
    let (name, number, village) = somebody(&county);
    testkit::wait_for("the public side answers", 60, || std::net::TcpStream::connect(&public).ok());
    let phone = Visitor::at(&format!("http://{public}"));
    let code = declare(&phone, (&name, &number, &village));
    testkit::wait_for("the county takes it in and publishes", 60, || {
        let page = ask(&phone, &code);
        (page.body.contains("looked into") || page.body.contains("正在核实")).then_some(())
    });
    let second =
        county.run(&["declare", "serve", "--inbox", "county/public", "--listen", "127.0.0.1:0"]);
    second.refused(1);
}
