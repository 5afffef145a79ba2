//! What pages promise beyond being there: the search finds everything a person may see, an explanation opens the rows
//! behind its numbers, a table stays as its reader likes it.

use crate::county::{
    ask, count, household, journal_holds, name, register, with_areas, with_register, workbook,
};
use crate::scope::account;
use crate::tree::program;
use std::collections::BTreeSet;
use store::Value;
use testkit::{County, Person, wait_for};

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
            let key = key.split('?').next().expect("a row");
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

#[test]
fn a_list_is_kept_under_a_name_and_found_again_by_its_owner_alone() {
    let (county, _) = with_register(4);
    let server = county.serve();
    let alice = account(&county, &server, "alice", &["--role", "county", "--area", "500154"]);
    let bob = account(&county, &server, "bob", &["--role", "township", "--area", "500154201"]);
    let page = alice.get("/households?sort=-people").ok();
    let menu = page.links("/views?at=").first().expect("the menu above the table").clone();
    let form = alice.get(&menu).ok();
    let kept = alice.post(&form, "/views", &[("at", &form.hidden("at")), ("name", "人口多的户")]);
    assert_eq!(kept.path, "/households?sort=-people", "back in the list");
    kept.shows("已存为常用视图");
    assert!(alice.get("/views").ok().links("/households?sort=-people").len() == 1);
    for text in ["人口多的户", "rkdd"] {
        let found = alice.get(&format!("/search?q={text}")).ok();
        assert_eq!(found.links("/households?sort=-people").len(), 1, "{text}");
    }
    bob.get("/views").ok().hides("人口多的户");
    bob.get("/search?q=rkdd").ok().hides("人口多的户");
    let drop = alice.get("/views").ok().form_with("drop").action;
    bob.post(&bob.get("/views").ok(), &drop, &[]).status(404);
    let personal = [("at", "/households?q=13812345678"), ("name", "他")];
    alice.post(&form, "/views", &personal).status(422).shows("不能保存");
    let elsewhere = [("at", "//evil.example"), ("name", "他")];
    alice.post(&form, "/views", &elsewhere).status(422);
    alice.post(&alice.get("/views").ok(), &drop, &[]).ok().hides("人口多的户");
}

#[test]
fn a_register_is_accepted_on_a_page_that_shows_how_far_it_is() {
    let county = with_areas();
    let server = county.serve();
    let alice = account(&county, &server, "alice", &["--role", "county", "--area", "500154"]);
    let form = alice.get("/intake/new").ok();
    let book = workbook(&register(6));
    let file = ("file", "registry.xlsx", &book[..]);
    let page = alice.upload(&form, "/intake/new", &[("period", "")], file);
    assert!(page.path.starts_with("/intake/readings/"), "{}", page.path);
    let batch = wait_for("the register is read", 60, || {
        let page = alice.get(&page.path).ok();
        page.path.starts_with("/intake/batches/").then_some(page)
    });
    let accepted = "select count(*) from batches where state = 'accepted'";
    assert_eq!(count(&county, accepted), 0, "it waits to be accepted");
    let path = batch.path.split('?').next().expect("a path").to_owned();
    let page = alice.post(&batch, &format!("{path}/accept"), &[]);
    assert!(
        page.path.starts_with("/intake/readings/"),
        "accepting has its own page: {}",
        page.path
    );
    let done = wait_for("the register is accepted", 60, || {
        let page = alice.get(&page.path).ok();
        page.path.starts_with("/intake/batches/").then_some(page)
    });
    done.shows("已接收");
    assert_eq!(count(&county, accepted), 1);
    assert_eq!(count(&county, "select count(*) from households"), 6);
    assert_eq!(alice.post(&batch, &format!("{path}/accept"), &[]).status, 404, "once is enough");
    let chen = account(&county, &server, "chen", &["--role", "township", "--area", "500154201"]);
    let own = chen.get("/account").ok();
    assert_eq!(chen.post(&own, &format!("{path}/accept"), &[]).status, 403);
    journal_holds(&county);
}

#[test]
fn the_county_imports_the_code_list_renames_and_merges_villages_on_pages() {
    let (county, _) = with_register(4);
    let server = county.serve();
    let alice = account(&county, &server, "alice", &["--role", "county", "--area", "500154"]);
    let villages = ask(
        &county,
        "select a.code, a.name from areas a where exists (select 1 from households h where h.village_code = a.code) order by a.code",
        &[],
    );
    let (one, other) = (villages[0].text(0).expect("a code"), villages[1].text(0).expect("a code"));
    let old = villages[0].text(1).expect("a name");

    let page = alice.get(&format!("/areas/{one}/change")).ok();
    let rename = format!("/areas/{one}/rename");
    let again =
        alice.post(&page, &rename, &[("name", &old), ("official", ""), ("on", "2026-10-31")]);
    assert_eq!(again.status, 409);
    assert!(again.body.contains("data-wrong"), "the field says what is wrong");
    alice.post(&page, &rename, &[("name", "新名村"), ("official", ""), ("on", "2026-10-31")]);
    alice.get(&format!("/areas?area={}", &one[..9])).ok().shows("新名村").shows(&old);

    let merge = format!("/areas/{one}/merge");
    let page = alice.get(&format!("/areas/{one}/change")).ok();
    assert_eq!(alice.post(&page, &merge, &[("into", ""), ("on", "2026-10-31")]).status, 422);
    let done = alice.post(&page, &merge, &[("into", &other), ("on", "2026-10-31")]);
    done.shows("新名村");
    let homes = ask(
        &county,
        "select count(*) from households where village_code = $1",
        &[Value::from(other.as_str())],
    );
    assert_eq!(homes[0].int(0).expect("a number"), 4, "all stand in the other village");
    alice.get(&format!("/areas/{one}/change")).status(404);

    let form = alice.get("/areas/import").ok();
    let list = "code,name,official_name,level,parent_code\n500154201999,添加村,添加村委会,village,500154201000\n5001,坏,坏,village,\n";
    let page =
        alice.upload(&form, "/areas/import", &[], ("file", "areas.csv", list.as_bytes())).ok();
    page.shows("新增 1 个").shows("A3");
    let page = alice.upload(&form, "/areas/import", &[], ("file", "x.csv", b"a,b\n1,2\n"));
    assert_eq!(page.status, 422);

    let chen = account(&county, &server, "chen", &["--role", "township", "--area", "500154201"]);
    chen.get("/areas/import").status(403);
    chen.get(&format!("/areas/{other}/change")).status(403);
    let own = chen.get("/account").ok();
    assert_eq!(chen.post(&own, &merge, &[("into", &other), ("on", "2026-10-31")]).status, 403);
    journal_holds(&county);
}

#[test]
fn the_list_of_people_holds_everybody_and_is_filtered() {
    let county = with_areas();
    let server = county.serve();
    let alice = account(&county, &server, "alice", &["--role", "county", "--area", "500154"]);
    let form = alice.get("/accounts/new").ok();
    assert!(form.body.contains("<option value=\"500154201200\">"), "places are chosen, not typed");
    for n in 1..=9 {
        let login = format!("worker{n}");
        let fields = [
            ("login", login.as_str()),
            ("name", login.as_str()),
            ("role", "village"),
            ("home", "500154201200"),
            ("department", ""),
            ("lists", ""),
        ];
        alice.post(&form, "/accounts/new", &fields).ok();
    }
    let page = alice.get("/accounts").ok();
    for n in 1..=9 {
        page.shows(&format!("worker{n}"));
    }
    alice.get("/accounts?q=WORKER3").ok().shows("worker3").hides("worker4");
    alice.get("/accounts?role=township").ok().hides("worker1");
    alice.get("/accounts?area=500154201").ok().shows("worker9").hides("/reset\">alice");
}

#[test]
fn a_new_county_is_led_from_the_code_list_to_the_first_screening_by_its_work() {
    let (county, first) = County::empty(&program());
    let server = county.serve();
    let visitor = server.visitor();
    let page = visitor.get("/sign-in").ok();
    visitor.post(&page, "/sign-in", &[("login", "county"), ("password", &first), ("next", "")]);
    let page = visitor.get("/account/password").ok();
    let own = "a long sentence of mine";
    visitor.post(&page, "/account/password", &[("old", &first), ("password", own)]);
    let page = visitor.get("/sign-in").ok();
    visitor.post(&page, "/sign-in", &[("login", "county"), ("password", own), ("next", "")]);

    let step = || visitor.get("/work").ok().links("/").into_iter().collect::<BTreeSet<_>>();
    assert!(step().contains("/areas/import"), "first the areas");
    let areas = crate::tree::root().join("crates/registry/tests/matching/town/areas.csv");
    county.run(&["areas", "import", areas.to_str().expect("a path")]).ok();
    let now = step();
    assert!(now.contains("/intake/new") && !now.contains("/areas/import"), "{now:?}");
    crate::county::write(&county, "registry.xlsx", &workbook(&register(6)));
    county.run(&["import", "registry.xlsx"]).ok();
    let now = step();
    assert!(now.contains("/rules") && !now.contains("/intake/new"), "{now:?}");
    let rules = visitor.get("/rules").ok();
    let done = visitor.post(&rules, "/rules/run", &[]);
    assert_eq!(done.path, "/rules");
    assert_eq!(count(&county, "select count(*) from rule_runs where kind = 'baseline'"), 1);
    visitor.get("/work").ok().hides("运行首轮筛查");
    journal_holds(&county);
}
