//! A county changes its policy: drafted by one person, tried, published by another, used by the screening, taken back.

use crate::tree::program;
use testkit::{County, Page, Person, Server, TODAY, Visitor};

const RULE: &str = "medical-any";

pub fn iris(server: &Server) -> Visitor {
    let visitor = server.visitor();
    let page = visitor.get("/sign-in").ok();
    let fields = [("login", "iris"), ("password", "shouwang-2026"), ("next", "")];
    visitor.post(&page, "/sign-in", &fields);
    visitor
}

/// Households that the rule hits today, as its page says.
fn hits(visitor: &Visitor, page: &str) -> i64 {
    visitor.post(&visitor.get("/rules").ok(), "/rules/run", &[]).ok();
    let text = visitor.get(page).ok().text();
    let after = text.split("结果 命中").nth(1).unwrap_or_default();
    let number = after.trim_start_matches(|c: char| !c.is_ascii_digit());
    let number = number.split(|c: char| !(c.is_ascii_digit() || c == ',')).next();
    number
        .unwrap_or_default()
        .replace(',', "")
        .parse()
        .unwrap_or_else(|_| panic!("no number of hits in {text}"))
}

pub fn step(visitor: &Visitor, draft: &str, what: &str, fields: &[(&str, &str)]) -> Page {
    let page = visitor.get(draft).ok();
    let revision = page.hidden("revision");
    let mut all = vec![("revision", revision.as_str())];
    all.extend_from_slice(fields);
    visitor.post(&page, &format!("{draft}{what}"), &all)
}

#[test]
fn a_threshold_is_changed_by_two_people_and_taken_back() {
    let county = County::demo(&program(), 150);
    let server = county.serve();
    let alice = server.door(Person::Alice);
    let rule = format!("/rules/{RULE}");
    let before = hits(&alice, &rule);
    assert!(before > 0, "the sample county has high bills");

    let parameter = "/policies/parameters/oop_any";
    let form = alice.get(parameter).ok();
    let unfounded = alice.post(&form, parameter, &[("value", "1"), ("why", ""), ("draft", "")]);
    unfounded.status(422).shows("请选择依据文件");
    let wrong = alice.post(&form, parameter, &[("value", "许多"), ("why", "试"), ("draft", "")]);
    wrong.status(422).shows("数值与参数的类型不符");
    let put =
        alice.post(&form, parameter, &[("value", "9,000,000"), ("why", "县里定"), ("draft", "")]);
    let draft = put.ok().path;
    assert!(draft.starts_with("/policies/drafts/"), "{draft}");

    // from today on, so that the next screening uses it
    let head =
        [("title", "自付警戒"), ("valid_from", TODAY), ("stance", "adjusted"), ("document", "")];
    step(&alice, &draft, "", &head).ok();
    let tried = alice.get(&draft).ok();
    tried.shows("试算").shows("9,000,000");
    assert!(tried.body.contains(&format!("href=\"/rules/{RULE}\"")), "the dry run names the rule");
    step(&alice, &draft, "/submit", &[]).ok();
    step(&alice, &draft, "/publish", &[]).status(403).shows("不能自己发布");
    let iris = iris(&server);
    step(&iris, &draft, "/publish", &[]).ok().shows("已发布");
    assert_eq!(hits(&alice, &rule), 0, "nobody has paid nine million");

    // a village worker sees what holds, not the drafts, and changes nothing
    let chen = server.door(Person::Chen);
    chen.get(parameter).ok().shows("9,000,000").hides("提出新数值");
    chen.get(&draft).status(403);
    chen.post(&chen.get(parameter).ok(), parameter, &[("value", "1"), ("why", "x")]).status(403);

    let list = alice.get("/policies/changes").ok();
    let undo = alice.post(&list, "/policies/versions/1/undo", &[]).ok().path;
    step(&alice, &undo, "", &head).ok();
    step(&alice, &undo, "/submit", &[]).ok();
    step(&iris, &undo, "/publish", &[]).ok();
    assert_eq!(hits(&alice, &rule), before);
}

#[test]
fn a_rule_with_a_mistake_is_not_published() {
    let county = County::demo(&program(), 100);
    let server = county.serve();
    let alice = server.door(Person::Alice);
    let change = alice.get(&format!("/rules/{RULE}")).ok().link("/policies/files");
    let page = alice.get(&change).ok();
    let text = "id = \"medical-any\"\nwhen = \"oop_12 > 5\"\n";
    let draft = alice.post(&page, &change, &[("text", text), ("draft", "")]).ok().path;
    alice.get(&draft).ok().shows(RULE);
    step(&alice, &draft, "/submit", &[]).ok();
    let iris = iris(&server);
    step(&iris, &draft, "/publish", &[]).status(422).shows("不能发布");
    step(&iris, &draft, "/give-back", &[("why", "条件写错")]).ok();
    alice.get(&draft).ok().shows("条件写错");
    step(&alice, &draft, "/withdraw", &[]).ok().shows("草案已放弃");
}
