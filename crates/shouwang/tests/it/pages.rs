//! What pages promise beyond being there: the search finds everything a person may see, an explanation opens the rows
//! behind its numbers, a table stays as its reader likes it.

use crate::county::{ask, household, name, with_register};
use crate::scope::account;
use crate::tree::program;
use std::collections::BTreeSet;
use store::Value;
use testkit::{County, Person};

#[test]
fn one_field_finds_people_villages_lists_rules_and_pages_within_the_scope() {
    let (county, _) = with_register(4);
    let server = county.serve();
    let alice = account(&county, &server, "alice", &["--role", "county", "--area", "500154"]);
    let rows = ask(
        &county,
        "select h.id, a.name from households h join areas a on a.code = h.village_code where h.number = $1",
        &[Value::from(household(2))],
    );
    let (id, village) = (rows[0].text(0).expect("an id"), rows[0].text(1).expect("a village"));
    let page = alice.get(&format!("/search?q={}", name(2, 1))).ok();
    page.shows(&name(2, 1)).shows(&household(2));
    assert!(page.links("/households/").iter().any(|link| *link == format!("/households/{id}")));
    assert_eq!(
        alice.get(&format!("/search?q={}", household(2))).ok().path,
        format!("/households/{id}"),
        "a number that leads to one household opens it"
    );
    let page = alice.get(&format!("/search?q={village}")).ok();
    assert!(!page.links("/households?area=").is_empty(), "{}", page.text());
    let files = ask(&county, "select file_name from batches where list_id = 'register'", &[]);
    let file = files[0].text(0).expect("a name");
    let page = alice.get(&format!("/search?q={file}")).ok();
    assert!(!page.links("/intake/batches/").is_empty(), "{}", page.text());
    let page = alice.get("/search?q=日志").ok();
    assert!(page.links("/journal").iter().any(|link| link == "/journal"), "{}", page.text());
    alice.get("/search?q=nosuchthing").ok().shows("没有找到");
    alice.get("/search").ok();

    let chen = account(&county, &server, "chen", &["--role", "village", "--area", "500154201200"]);
    chen.get(&format!("/search?q={}", name(1, 1))).ok().shows(&household(1));
    let page = chen.get(&format!("/search?q={}", name(2, 1))).ok();
    page.hides(&household(2));
    let page = chen.get(&format!("/search?q={file}")).ok();
    assert!(page.links("/intake/batches/").is_empty(), "a village does not see lists");
}

#[test]
fn an_explanation_opens_every_row_behind_its_number() {
    let county = County::demo(&program(), 400);
    let server = county.serve();
    let alice = server.door(Person::Alice);
    let reasons = ask(
        &county,
        "select l.id, l.household_id, r.evidence from leads l join lead_reasons r on r.lead_id = l.id
         where l.state = 'open' and r.gone_on is null and l.household_id is not null order by l.id",
        &[],
    );
    let stays = |evidence: &str| {
        let values: serde_json::Value = serde_json::from_str(evidence).expect("evidence");
        values.get("hospital_stays").and_then(serde_json::Value::as_i64).unwrap_or(0)
    };
    let mut told = 0;
    for row in &reasons {
        let (lead, home) = (row.text(0).expect("an id"), row.text(1).expect("a household"));
        let number = stays(&row.text(2).expect("evidence"));
        if !(2..=3).contains(&number) {
            continue;
        }
        let page = alice.get(&format!("/leads/{lead}")).ok();
        let mut rows = BTreeSet::new();
        for link in page.links("/intake/batches/") {
            let mut parts = link.split('/').skip(3);
            let (batch, key) = (parts.next().expect("a batch"), parts.nth(1).expect("a row"));
            let key: i64 = key.parse().expect("a number");
            let found = ask(
                &county,
                "select r.household_id from batch_rows r join batches b on b.id = r.batch_id
                 where r.batch_id = $1 and r.row_no = $2 and b.list_id = 'medical_stays'",
                &[Value::from(batch), Value::from(key)],
            );
            for one in found {
                assert_eq!(one.text(0).expect("a household"), home, "{link}");
                rows.insert((batch.to_owned(), key));
            }
        }
        assert_eq!(i64::try_from(rows.len()).expect("few"), number, "/leads/{lead}: {rows:?}");
        told += 1;
    }
    assert!(told > 0, "no lead of the demo rests on two or three hospital stays");
}

#[test]
fn a_table_stays_as_its_reader_likes_it() {
    let (county, _) = with_register(4);
    let server = county.serve();
    let alice = account(&county, &server, "alice", &["--role", "county", "--area", "500154"]);
    let page = alice.get("/households").ok();
    assert!(page.body.contains("<div class=\"sw-table \">"), "all columns, wide rows");
    let choice = "/view?table=households&all=number.village.people.statuses&show=number&show=people&density=compact";
    let page = alice.get(&format!("{choice}&back=/households%3Fq%3D%25E7%258E%258B")).ok();
    assert_eq!(page.path.split('?').next(), Some("/households"), "back to where it was chosen");
    let page = alice.get("/households").ok();
    assert!(
        page.body.contains("<div class=\"sw-table sw-no-3 sw-no-5 is-compact\">"),
        "{}",
        page.body
    );
    assert_eq!(alice.get(&format!("{choice}&back=https://evil.example/")).ok().path, "/work");
}
