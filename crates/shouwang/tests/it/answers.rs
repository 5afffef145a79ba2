//! Leads through the whole program: two people answer the same one; a list that is taken back takes its unanswered leads
//! with it.

use crate::county::{
    ask, bill_of, count, hospital_bills, household, journal_holds, texts, with_register, write,
};
use crate::scope::account;
use store::Value;
use testkit::{County, wait_for};

const FILE: &str = "医保_住院结算_2026-09.xlsx";

/// A county at work in which so many households have an open lead for their hospital bills; the batch and the leads in the
/// order of the households.
fn with_leads(households: usize) -> (County, String, Vec<String>) {
    let (county, people) = with_register(8);
    county.run(&["screen"]).ok();
    assert_eq!(count(&county, "select count(*) from leads where state = 'open'"), 0);
    let bills: Vec<String> =
        (1..=households).map(|n| bill_of(&people, n, "2026-09-12", "260000")).collect();
    write(&county, FILE, &hospital_bills(9, &bills));
    let told = county.run(&["import", FILE, "--json"]).ok().json();
    let batch = told[0]["batch"].as_str().expect("a batch").to_owned();
    let leads = (1..=households)
        .map(|n| {
            let sql = "select l.id from leads l join households h on h.id = l.household_id
                 where h.number = $1 and l.state = 'open'";
            let found = ask(&county, sql, &[Value::from(household(n))]);
            assert_eq!(found.len(), 1, "an open lead of the {n}th household");
            found[0].text(0).expect("an id")
        })
        .collect();
    (county, batch, leads)
}

const CONFIRMED: [(&str, &str); 3] =
    [("outcome", "risk_confirmed"), ("reason_code", ""), ("reason", "已上门核实")];

#[test]
fn the_second_of_two_people_sees_who_answered_and_what() {
    let (county, _, leads) = with_leads(2);
    let server = county.serve();
    let alice = account(&county, &server, "alice", &["--role", "county", "--area", "500154"]);
    let bob = account(&county, &server, "bob", &["--role", "township", "--area", "500154201000"]);
    let path = format!("/leads/{}", leads[0]);
    let (hers, his) = (alice.get(&path).ok(), bob.get(&path).ok());
    let fields = |page: &testkit::Page| vec![("version", page.hidden("version"))];
    let send = |version: &[(&'static str, String)], more: &[(&'static str, &'static str)]| {
        let mut all: Vec<(&'static str, String)> = version.to_vec();
        all.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        all
    };
    let answer = format!("{path}/answer");
    let sent = send(&fields(&hers), &CONFIRMED);
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert!(alice.post(&hers, &answer, &sent).status < 400);

    let other =
        [("outcome", "no_risk"), ("reason_code", "family_supports"), ("reason", "子女已承担")];
    let sent = send(&fields(&his), &other);
    let sent: Vec<(&str, &str)> = sent.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let refused = bob.post(&his, &answer, &sent);
    assert_eq!(refused.status, 409, "{}", refused.text());
    refused.shows("alice");
    let said = refused.text();
    assert!(said.contains("有风险") || said.contains("risk confirmed"), "{said}");
    let kept = texts(&county, "select outcome from lead_answers order by lead_id");
    assert_eq!(kept, ["risk_confirmed"], "nothing is overwritten");
    // The page he opens next says the same.
    let page = bob.get(&path).ok();
    page.shows("alice").shows("已上门核实");
    assert_eq!(count(&county, "select count(*) from journal where verb = 'lead.answer'"), 1);
    journal_holds(&county);
}

#[test]
fn a_list_that_is_taken_back_takes_its_facts_and_its_unanswered_leads_with_it() {
    let facts = "select coalesce(cast(f.oop_12m as text), 'unknown') from household_facts f
         join households h on h.id = f.household_id order by h.number limit 3";
    let (county, batch, leads) = with_leads(2);
    assert_eq!(texts(&county, facts), ["26000000", "26000000", "unknown"]);
    let server = county.serve();
    let alice = account(&county, &server, "alice", &["--role", "county", "--area", "500154"]);
    let page = alice.get(&format!("/leads/{}", leads[0])).ok();
    let version = page.hidden("version");
    let mut sent = vec![("version", version.as_str())];
    sent.extend(CONFIRMED);
    assert!(alice.post(&page, &format!("/leads/{}/answer", leads[0]), &sent).status < 400);

    let path = format!("/intake/batches/{batch}");
    let page = alice.get(&path).ok();
    let refused = alice.post(&page, &format!("{path}/revert"), &[("reason", "")]);
    assert!(refused.status >= 400, "not without a reason");
    let done = alice.post(&page, &format!("{path}/revert"), &[("reason", "月份错了")]);
    assert!(done.status < 400, "{}", done.text());
    assert_eq!(texts(&county, facts), ["unknown", "unknown", "unknown"], "as before the list came");
    let state = |lead: &str| {
        ask(&county, "select state from leads where id = $1", &[Value::from(lead)])[0]
            .text(0)
            .expect("a state")
    };
    wait_for("the leads follow", 60, || (state(&leads[1]) == "withdrawn").then_some(()));
    assert_eq!(state(&leads[0]), "answered", "an answer is kept");
    let page = alice.get(&format!("/leads/{}", leads[1])).ok();
    let said = page.text();
    assert!(said.contains("已自动撤销") || said.contains("Withdrawn by itself"), "{said}");
    let again = alice.post(&page, &format!("{path}/revert"), &[("reason", "再来一次")]);
    assert_eq!(again.status, 409, "{}", again.text());
    let rebuilt = county.run(&["facts", "rebuild", "--json"]).ok().json();
    assert_eq!(rebuilt["changed"], 0, "{rebuilt}");
    // The same file can be taken in again.
    let told = county.run(&["import", FILE, "--json"]).ok().json();
    assert_eq!((&told[0]["known"], &told[0]["taken"]), (&false.into(), &2.into()), "{told}");
    journal_holds(&county);
}
