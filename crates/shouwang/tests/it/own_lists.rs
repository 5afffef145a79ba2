//! A county takes in a list nobody foresaw and uses it in a rule and an indicator the same hour: list, file, rule, dry run, a
//! second person, leads that open the very row, and the list taken back again. No release, all by forms.

use testkit::{County, Page, Person, Server, TODAY, Visitor, wait_for};

use crate::county::ask;
use crate::policies::{iris, step};
use crate::tree::program;

/// A list of people who fly drones for hire, with what they were paid.
pub const LIST: [(&str, &str); 20] = [
    ("id", "drones"),
    ("title_zh", "无人机飞手补贴"),
    ("title_en", "Drone pilots"),
    ("department", "agriculture"),
    ("about", "person"),
    ("by", "household_number"),
    ("by", "village"),
    ("adds", "yes"),
    ("absent", "yes"),
    ("rhythm", "month"),
    ("due_day", "10"),
    ("words", "飞手"),
    ("c0_name", "补贴金额"),
    ("c0_type", "amount"),
    ("c0_required", "yes"),
    ("c1_name", "机型"),
    ("c1_type", "text"),
    ("day", ""),
    ("draft", ""),
    ("c0_en", "subsidy"),
];

fn put_list(visitor: &Visitor, fields: &[(&str, &str)]) -> Page {
    let form = visitor.get("/policies/lists/new").ok();
    visitor.post(&form, "/policies/lists/new", fields)
}

/// Hands a draft on and has the second person publish it.
fn publish(alice: &Visitor, iris: &Visitor, draft: &str) {
    step(alice, draft, "/submit", &[]).ok();
    step(iris, draft, "/publish", &[]).ok().shows("已发布");
}

/// Number of the household and head's name of the first households of a list page, with their village.
fn households(visitor: &Visitor, most: usize) -> Vec<(String, String, String)> {
    let csv = visitor.get("/households/export?form=csv").ok();
    let text = String::from_utf8_lossy(csv.body.as_bytes()).into_owned();
    let line = |line: &str| {
        let cells: Vec<String> =
            line.split(',').map(|cell| cell.trim_matches('"').to_owned()).collect();
        (cells[0].clone(), cells[1].clone(), cells[2].clone())
    };
    text.lines().skip(1).filter(|text| !text.trim().is_empty()).map(line).take(most).collect()
}

/// Uploads a file, waits for its reading and accepts its batch; returns the batch's page.
fn deliver(visitor: &Visitor, name: &str, month: &str, text: &str) -> String {
    let form = visitor.get("/intake/new").ok();
    let file = ("file", name, text.as_bytes());
    let reading = visitor.upload(&form, "/intake/new", &[("period", month)], file).ok().path;
    let page = wait_for("the file is read", 60, || {
        let page = visitor.get(&reading).ok();
        page.path.starts_with("/intake/batches/").then_some(page)
    });
    let batch = page.path.split('?').next().unwrap_or_default().to_owned();
    assert!(batch.starts_with("/intake/batches/"), "{}: {}", page.path, page.text());
    let accepted = visitor.post(&page, &format!("{batch}/accept"), &[]);
    assert!(accepted.status < 400, "{}", accepted.text());
    wait_for("the batch counts", 60, || {
        visitor.get(&batch).ok().text().contains("已接收").then_some(())
    });
    batch
}

/// A link to one lead, not to a file of them.
fn is_lead(href: &str) -> bool {
    href.strip_prefix("/leads/").is_some_and(|id| id.len() == 32)
}

fn rule<'a>(id: &'a str, when: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("id", id),
        ("title_zh", "领过飞手补贴"),
        ("title_en", ""),
        ("basis", ""),
        ("why", "县里定"),
        ("level", "household"),
        ("severity", "notice"),
        ("department", "agriculture"),
        ("days", "15"),
        ("calendar", "working"),
        ("again", ""),
        ("when", when),
        ("evidence_more", ""),
        ("explain_zh", ""),
        ("explain_en", ""),
        ("draft", ""),
    ]
}

/// An indicator over the list: a share of the households that can work, by a form, published, opened to its rows.
fn indicator(server: &Server, (alice, iris): (&Visitor, &Visitor), homes: usize) {
    let fields = |when: &'static str| {
        vec![
            ("id", "drone_share"),
            ("title_zh", "飞手补贴面"),
            ("title_en", "Reach of the drone subsidy"),
            ("unit_zh", "户"),
            ("unit_en", "households"),
            ("counted", "household"),
            ("when", when),
            ("base", "persons > 0"),
            ("definition_zh", "近三个月领过飞手补贴的户，占有人口的户。"),
            ("definition_en", ""),
            ("basis", ""),
            ("why", "县里要看"),
            ("draft", ""),
        ]
    };
    let new = alice.get("/indicators/new").ok();
    alice.post(&new, "/indicators/new", &fields("listed('dronse', 3)")).status(422).shows("drones");
    let coded: String = "listed('drones', 3)".bytes().map(|byte| format!("%{byte:02X}")).collect();
    alice.get(&format!("/indicators/check?when={coded}")).ok().shows(&format!("符合 {homes}"));
    let draft = alice.post(&new, "/indicators/new", &fields("listed('drones', 3)")).ok().path;
    alice.get(&draft).ok().shows("飞手补贴面").shows("基数条件: persons > 0");
    alice.get("/indicators/drone_share").status(404);
    publish(alice, iris, &draft);

    // the figure, its places, and exactly the rows behind the number
    alice.get("/indicators").ok().shows("飞手补贴面");
    let page = alice.get("/indicators/drone_share").ok();
    page.shows("飞手补贴面").shows("无人机飞手补贴");
    let rows = alice.get("/indicators/drone_share/rows?part=hits").ok();
    rows.shows(&format!("{homes}"));
    let opened = rows.links("/households/").into_iter().collect::<std::collections::BTreeSet<_>>();
    assert_eq!(opened.len(), homes, "{}", rows.text());
    let down = page.links("/indicators/drone_share/rows");
    let mut sum = 0;
    for link in down.iter().filter(|link| link.contains("part=hits") && link.contains("area=")) {
        let rows = alice.get(link).ok().links("/households/");
        sum += rows.into_iter().collect::<std::collections::BTreeSet<_>>().len();
    }
    assert_eq!(sum, homes, "the townships together");
    for book in ["export", "rows/export?part=hits"] {
        let book = alice.get(&format!("/indicators/drone_share/{book}")).ok();
        assert!(book.header("content-type").unwrap_or_default().contains("spreadsheet"));
    }
    // before the list came it cannot be told
    let before = alice.get("/indicators/drone_share?day=2026-01-31").ok();
    before.shows("2026-01-31").shows("无法判断");
    let chen = server.door(Person::Chen);
    chen.get("/indicators/drone_share").ok().shows("飞手补贴面");
    chen.get("/indicators/drone_share/rows/export?part=hits").status(403);
    chen.get("/indicators/new").status(403);
    chen.get("/indicators/drone_share?day=2026-01-31").status(403);
}

fn through(server: &Server) {
    let alice = server.door(Person::Alice);
    let iris = iris(server);

    // a list by whose columns nobody can be found is refused at its field
    let keyless: Vec<(&str, &str)> =
        LIST.iter().copied().filter(|(name, _)| *name != "by").collect();
    put_list(&alice, &keyless).status(422).shows("没有能认人的列");
    let draft = put_list(&alice, &LIST).ok().path;
    alice.get(&draft).ok().shows("补贴金额: 金额");
    let empty = alice.get("/policies/lists/drones/example.xlsx?draft=").status;
    assert_eq!(empty, 404, "not published yet");
    publish(&alice, &iris, &draft);
    alice.get("/policies/lists").ok().shows("无人机飞手补贴").shows("每月");
    // a code that is taken is said at its field, with the code
    put_list(&alice, &LIST).status(409).shows("drones 已经有了");

    let book = alice.get("/policies/lists/drones/example.xlsx").ok();
    assert!(book.header("content-type").unwrap_or_default().contains("spreadsheet"));

    let homes = households(&alice, 3);
    assert_eq!(homes.len(), 3);
    let mut text = String::from("姓名,户编号,行政村,补贴金额,机型\n");
    for (n, (number, head, village)) in homes.iter().enumerate() {
        text.push_str(&format!("{head},{number},{village},{},四旋翼\n", (n + 1) * 1_000));
    }
    let month = &TODAY[..7];
    let batch = deliver(&alice, "飞手补贴.csv", month, &text);
    alice.get(&batch).ok().shows("无人机飞手补贴");

    indicator(server, (&alice, &iris), homes.len());

    // the form says what is wrong with a condition and how many it finds
    let check = |when: &str| {
        let coded: String = when.bytes().map(|byte| format!("%{byte:02X}")).collect();
        alice.get(&format!("/rules/check?level=household&when={coded}")).ok()
    };
    check("listed('dronse', 12)").shows("drones");
    check("field('drones.金额') > 1").shows("补贴金额");
    check("listed('drones', 3)").shows("现在命中 3").shows("无人机飞手补贴");
    check("field('drones.补贴金额', 3) > 1500").shows("现在命中 2");
    check("persons > 0 or persons = 0").shows("几乎是全部");
    check("persons / (persons - persons) > 1").shows("现在命中 0");

    let new = alice.get("/rules/new").ok();
    let mut fields = rule("drone-paid", "field('drones.补贴金额', 3) > 1500");
    fields.extend([
        ("e0_facts", "field('drones.补贴金额', 3) = 2000"),
        ("e0_expect", "hit"),
        ("e1_facts", "persons = 2"),
        ("e1_expect", "hit"),
    ]);
    alice.post(&new, "/rules/new", &fields).status(422).shows("实际是 miss");
    let last = fields.len() - 1;
    fields[last] = ("e1_expect", "miss");
    fields.extend([
        ("e2_missing", "drones"),
        ("e2_facts", "persons = 1"),
        ("e2_expect", "unknown"),
    ]);
    let draft = alice.post(&new, "/rules/new", &fields).ok().path;
    let tried = alice.get(&draft).ok();
    tried.shows("领过飞手补贴");
    publish(&alice, &iris, &draft);
    alice.post(&alice.get("/rules").ok(), "/rules/run", &[]).ok();
    let page = alice.get("/rules/drone-paid").ok();
    page.shows("field('drones.补贴金额', 3)").shows("2,000");

    // leads with the explanation that opens the very row
    let leads = alice.get("/leads?rule=drone-paid&state=open").ok();
    let found = leads.links("/leads/");
    let lead = found.iter().find(|href| is_lead(href)).expect("a lead").clone();
    let lead = alice.get(&lead).ok();
    lead.shows("无人机飞手补贴·补贴金额");
    // other lists have chips on the page too
    let rows = lead.links("/intake/batches/");
    let row = rows.iter().find(|href| href.starts_with(&batch)).expect("a chip that opens the row");
    let row = row.split('?').next().unwrap_or_default();
    alice.get(row).ok().shows("四旋翼");

    // a rule that hits everybody must be confirmed
    let draft = alice.post(&new, "/rules/new", &rule("drone-all", "persons >= 0")).ok().path;
    step(&alice, &draft, "/submit", &[]).ok();
    step(&iris, &draft, "/publish", &[]).status(409).shows("几乎是全部");
    step(&iris, &draft, "/give-back", &[("why", "条件太宽")]).ok();
    step(&alice, &draft, "/withdraw", &[]).ok();

    // the list was for the wrong month: taken back, its leads go
    let page = alice.get(&batch).ok();
    alice.post(&page, &format!("{batch}/revert"), &[("reason", "报错了月份")]).ok();
    alice.post(&alice.get("/rules").ok(), "/rules/run", &[]).ok();
    let gone = alice.get("/leads?rule=drone-paid&state=open").ok();
    assert!(!gone.links("/leads/").iter().any(|href| is_lead(href)), "{}", gone.text());
    let nobody = alice.get("/indicators/drone_share/rows?part=hits").ok();
    assert!(nobody.links("/households/").is_empty(), "{}", nobody.text());

    // nobody but those who manage policy sees the forms
    let chen = server.door(Person::Chen);
    chen.get("/policies/lists").ok().shows("无人机飞手补贴");
    chen.get("/policies/lists/new").status(403);
    chen.get("/rules/new").status(403);
}

#[test]
fn a_list_a_rule_and_an_indicator_are_made_by_forms_and_used_within_the_hour() {
    let county = County::demo(&program(), 100);
    through(&county.serve());
}

/// A book of patterns (24种产业模式): the county writes down what each pattern is called, a list says which village works by
/// which, what that needs and where it can be seen; the page of the village shows it.
#[test]
fn a_county_keeps_a_book_of_patterns_and_sees_which_village_works_by_which() {
    let county = County::demo(&program(), 60);
    let server = county.serve();
    let (alice, iris) = (server.door(Person::Alice), iris(&server));
    let words = [
        ("id", "patterns"),
        ("title_zh", "产业模式"),
        ("title_en", "Patterns of industry"),
        ("w0_code", "bees"),
        ("w0_zh", "林下养蜂"),
        ("w0_en", "Bees under trees"),
        ("w1_code", "mushrooms"),
        ("w1_zh", "大棚菌菇"),
        ("w1_en", "Mushrooms in sheds"),
        ("draft", ""),
    ];
    let form = alice.get("/policies/codes/new").ok();
    let draft = alice.post(&form, "/policies/codes/new", &words).ok().path;
    publish(&alice, &iris, &draft);
    let list = [
        ("id", "pattern_use"),
        ("title_zh", "村产业模式"),
        ("title_en", "Patterns in use"),
        ("department", "agriculture"),
        ("about", "village"),
        ("by", "village"),
        ("by", "town"),
        ("adds", "yes"),
        ("absent", "yes"),
        ("rhythm", "month"),
        ("due_day", "10"),
        ("words", "模式"),
        ("c0_name", "模式"),
        ("c0_type", "code"),
        ("c0_codes", "patterns"),
        ("c0_required", "yes"),
        ("c1_name", "需要条件"),
        ("c1_type", "text"),
        ("c2_name", "示范户数"),
        ("c2_type", "number"),
        ("day", ""),
        ("draft", ""),
    ];
    let draft = put_list(&alice, &list).ok().path;
    publish(&alice, &iris, &draft);
    let villages = ask(
        &county,
        "select distinct h.village_code, a.name, t.name from households h join areas a on a.code = h.village_code
         join areas t on t.code = a.parent_code order by 1 limit 2",
        &[],
    );
    let text = |row: usize, at: usize| villages[row].text(at).expect("a text");
    let file = format!(
        "乡镇,行政村,模式,需要条件,示范户数\n{},{},林下养蜂,三十亩林地,4\n",
        text(0, 2),
        text(0, 1)
    );
    deliver(&alice, "村产业模式.csv", &TODAY[..7], &file);
    let page = alice.get(&format!("/villages/{}", text(0, 0))).ok();
    page.shows("村产业模式").shows("林下养蜂").shows("三十亩林地").shows("示范户数");
    page.hides("大棚菌菇");
    alice.get(&format!("/villages/{}", text(1, 0))).ok().hides("林下养蜂");
}
