//! Questions about the record on every engine at hand.

use std::collections::BTreeMap;

use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind};
use kernel::ids::{HouseholdId, PersonId};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Clock;
use registry::accounts::{self, NewAccount, Reach};
use registry::circumstances::ledger::ensure_tables;
use registry::policies::{Pack, publish};
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, params};
use web::L;

use super::*;

const TODAY: &str = "2026-10-20";
const NEAR: &str = "140430203201";
const FAR: &str = "140430204201";
const TOWN: &str = "140430203000";

const HEADS: &str = r#"
id = "heads"
title = { zh = "户主不是一人", en = "Not one head" }
set_locally = "test"
level = "household"
department = "agriculture"
when = "persons > 0 and heads <> 1"
evidence = ["heads", "persons"]
question.zh = "{persons} 中有户主 {heads}？"
question.en = "{heads} heads of {persons}?"
"#;

const UNABLE: &str = r#"
id = "unable"
numbers = ["2_01_015"]
title = { zh = "无劳动力却务工", en = "Unable but working" }
set_locally = "test"
level = "person"
who = "work_months > 0 and labour = 'none'"
department = "human_resources"
when = "unable_workers > 0"
evidence = ["unable_workers"]
question.zh = "{unable_workers} 务工？"
question.en = "{unable_workers} at work?"
"#;

fn pack(version: u32, heads: &str) -> Pack {
    let head = format!(
        "id = \"test\"\nversion = {version}\ntitle = {{ zh = \"试\", en = \"test\" }}\nvalid_from = \"2021-01-01\"\nbasis = []\n"
    );
    Pack::read(BTreeMap::from([
        ("pack.toml".to_owned(), head),
        ("checks/heads.toml".to_owned(), heads.to_owned()),
        ("checks/unable.toml".to_owned(), UNABLE.to_owned()),
    ]))
    .unwrap()
}

struct County<'a> {
    test: &'a TestDb,
    ctx: Ctx,
}

impl County<'_> {
    fn person(&self, login: &str, role: Role, home: &str) -> Ctx {
        let home: AreaCode = home.parse().unwrap();
        let new = NewAccount {
            login: login.to_owned(),
            name: login.to_owned(),
            role,
            department: None,
            home,
            reach: Reach::Home,
        };
        let account = accounts::create(&self.ctx, &new).unwrap().0;
        let actor = Actor {
            account: account.id.to_string(),
            name: login.to_owned(),
            role,
            department: None,
            home: Some(home),
            scopes: vec![Scope { kind: ScopeKind::Area(home) }],
        };
        Ctx::new(&self.test.db, actor, Clock::fixed_on(TODAY.parse().unwrap()), Lang::Zh)
    }

    fn household(&self, village: &str, heads: i64) -> HouseholdId {
        let id: HouseholdId = self.ctx.new_id();
        let mut tx = self.ctx.begin().unwrap();
        let now = tx.now();
        tx.exec(
            "insert into households (id, number, village_code, created_at) values ($1, $2, $3, $4)",
            params![id, id.to_string(), village, now],
        )
        .unwrap();
        tx.exec(
            "insert into household_facts (household_id, village_code, persons, heads, unable_workers) values ($1, $2, 3, $3, 0)",
            params![id, village, heads],
        )
        .unwrap();
        tx.touch_household(id.to_string(), village.parse().unwrap());
        tx.commit(Entry::new(&self.ctx, "test.household")).unwrap();
        id
    }

    fn set(&self, id: HouseholdId, village: &str, (heads, unable): (i64, i64)) {
        let mut tx = self.ctx.begin().unwrap();
        tx.exec(
            "update household_facts set heads = $2, unable_workers = $3 where household_id = $1",
            params![id, heads, unable],
        )
        .unwrap();
        tx.touch_household(id.to_string(), village.parse().unwrap());
        tx.commit(Entry::new(&self.ctx, "test.facts")).unwrap();
    }

    fn member(&self, household: HouseholdId, name: &str, (labour, months): (&str, i64)) {
        let id: PersonId = self.ctx.new_id();
        let mut tx = self.ctx.begin().unwrap();
        tx.exec(
            "insert into persons (id, number, name, name_key, certificate, id_state) values ($1, $1, $2, $2, 'none', 'unverified')",
            params![id, name],
        )
        .unwrap();
        tx.exec(
            "insert into person_facts (person_id, household_id, village_code, labour, work_months) values ($1, $2, $3, $4, $5)",
            params![id, household, NEAR, labour, months],
        )
        .unwrap();
        tx.touch_household(household.to_string(), NEAR.parse().unwrap());
        tx.commit(Entry::new(&self.ctx, "test.member")).unwrap();
    }

    fn verbs(&self, verb: &str) -> i64 {
        let mut session = self.ctx.read().unwrap();
        let sql = "select count(*) from journal where verb = $1";
        session.row(sql, params![verb]).unwrap().int(0).unwrap()
    }
}

fn with_each(check: impl Fn(&County<'_>)) {
    for test in test_db().unwrap() {
        let ctx = test.system(Clock::fixed_on(TODAY.parse().unwrap()));
        ensure_tables(&test.db).unwrap();
        publish(&ctx, &pack(1, HEADS)).unwrap();
        check(&County { test: &test, ctx });
    }
}

fn of(state: State) -> Filter {
    Filter { state, check: None, area: None, words: None }
}

fn listed(ctx: &Ctx, state: State) -> Page {
    list(ctx, &of(state), (None, 50)).unwrap()
}

fn seen(ctx: &Ctx, check: &str, household: HouseholdId) -> String {
    show(ctx, check, household).unwrap().question.unwrap().seen()
}

fn given(ctx: &Ctx, household: HouseholdId, kind: Kind, (code, words): (&str, &str)) -> Given {
    Given {
        check: "heads".to_owned(),
        household,
        seen: seen(ctx, "heads", household),
        kind,
        code: code.to_owned(),
        words: words.to_owned(),
    }
}

fn refusal<T: std::fmt::Debug>(result: kernel::Result<T>) -> (RefusalKind, &'static str) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => (refusal.kind, refusal.code),
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

#[test]
fn an_answer_silences_a_question_until_its_values_change() {
    with_each(|county| {
        let alice = county.person("alice", Role::Village, NEAR);
        let home = county.household(NEAR, 2);
        county.household(NEAR, 1);
        let page = listed(&alice, State::Open);
        assert_eq!((page.total, page.states), (1, [1, 0, 0]), "{}", county.test.engine);
        let line = &page.lines[0];
        assert_eq!((line.whose.id, line.question.id.as_str()), (home, "heads"));
        assert_eq!(line.question.found.hit.sentence_en, "2 persons heads of 3 persons?");

        answer(&alice, &given(&alice, home, Kind::True, ("paper_seen", "两户合并"))).unwrap();
        let page = listed(&alice, State::Answered);
        assert_eq!(page.states, [0, 0, 1], "{}", county.test.engine);
        let said = page.lines[0].question.answer.as_ref().unwrap();
        assert_eq!((said.code.as_str(), said.words.as_str()), ("paper_seen", "两户合并"));
        assert_eq!(said.by, "alice");
        assert_eq!(county.verbs("check.answer"), 1);

        // another value: asked again, and the answer is still there
        county.set(home, NEAR, (3, 0));
        assert_eq!(listed(&alice, State::Open).states, [1, 0, 0]);
        let view = show(&alice, "heads", home).unwrap();
        assert_eq!(view.answers.len(), 1);
        assert!(view.question.unwrap().answer.is_none());
        // the value to which it was given: silent again
        county.set(home, NEAR, (2, 0));
        assert_eq!(listed(&alice, State::Open).states, [0, 0, 1]);
        // mended: gone
        county.set(home, NEAR, (1, 0));
        assert_eq!(listed(&alice, State::Open).states, [0, 0, 0]);
        assert!(show(&alice, "heads", home).unwrap().question.is_none());
    });
}

#[test]
fn a_question_about_persons_names_them_and_is_asked_again_about_another() {
    with_each(|county| {
        let alice = county.person("alice", Role::Village, NEAR);
        let home = county.household(NEAR, 1);
        county.member(home, "王五", ("none", 5));
        county.member(home, "赵六", ("ordinary", 5));
        county.set(home, NEAR, (1, 1));
        let line = listed(&alice, State::Open).lines.remove(0);
        let names: Vec<&str> =
            line.question.found.named.iter().map(|(_, name)| name.as_str()).collect();
        assert_eq!(names, ["王五"], "{}", county.test.engine);
        let given = Given {
            check: "unable".to_owned(),
            household: home,
            seen: line.question.seen(),
            kind: Kind::True,
            code: "works_within_strength".to_owned(),
            words: String::new(),
        };
        answer(&alice, &given).unwrap();
        assert_eq!(listed(&alice, State::Open).states, [0, 0, 1]);
        // the count is the same, the person is not
        let mut tx = county.ctx.begin().unwrap();
        tx.exec("update person_facts set work_months = 0 where labour = 'none'", &[]).unwrap();
        tx.touch_household(home.to_string(), NEAR.parse().unwrap());
        tx.commit(Entry::new(&county.ctx, "test.work")).unwrap();
        county.member(home, "孙七", ("none", 7));
        let page = listed(&alice, State::Open);
        assert_eq!(page.states, [1, 0, 0], "{}", county.test.engine);
        assert_eq!(page.lines[0].question.found.named[0].1, "孙七");
    });
}

#[test]
fn the_second_of_two_people_sees_the_first_and_values_are_read_before_they_are_answered() {
    with_each(|county| {
        let (alice, bob) = (
            county.person("alice", Role::Village, NEAR),
            county.person("bob", Role::Township, TOWN),
        );
        let home = county.household(NEAR, 2);
        let of_bob = given(&bob, home, Kind::True, ("seen_on_site", ""));
        answer(&alice, &given(&alice, home, Kind::True, ("paper_seen", ""))).unwrap();
        let result = answer(&bob, &of_bob);
        assert_eq!(refusal(result), (RefusalKind::Conflict, "quality.said_already"));
        // the values changed after bob looked
        county.set(home, NEAR, (3, 0));
        assert_eq!(refusal(answer(&bob, &of_bob)).1, "quality.changed");
        answer(&bob, &given(&bob, home, Kind::Mending, ("", ""))).unwrap();
        assert_eq!(listed(&bob, State::Mending).states, [0, 1, 0]);
        let again = given(&alice, home, Kind::Mending, ("", ""));
        assert_eq!(refusal(answer(&alice, &again)).1, "quality.said_already");
        // what is said to be mended may turn out to be so; both answers stay
        answer(&alice, &given(&alice, home, Kind::True, ("other", "两个户口本"))).unwrap();
        let answers = show(&alice, "heads", home).unwrap().answers;
        assert_eq!(answers.len(), 3);
        assert_eq!(answers.iter().filter(|one| !one.replaced).count(), 1);
        county.set(home, NEAR, (1, 0));
        assert_eq!(refusal(answer(&bob, &of_bob)).1, "quality.no_longer");
    });
}

#[test]
fn two_answers_at_the_same_moment_leave_one() {
    with_each(|county| {
        let (alice, bob) = (
            county.person("alice", Role::Village, NEAR),
            county.person("bob", Role::Township, TOWN),
        );
        let home = county.household(NEAR, 2);
        let both = [
            given(&alice, home, Kind::True, ("paper_seen", "")),
            given(&bob, home, Kind::True, ("seen_on_site", "")),
        ];
        let results = std::thread::scope(|scope| {
            let people = [&alice, &bob];
            let threads: Vec<_> = people
                .into_iter()
                .zip(&both)
                .map(|(ctx, given)| scope.spawn(move || answer(ctx, given)))
                .collect();
            threads.into_iter().map(|one| one.join().unwrap()).collect::<Vec<_>>()
        });
        let taken = results.iter().filter(|result| result.is_ok()).count();
        assert_eq!(taken, 1, "{}: {results:?}", county.test.engine);
        let refused = results.into_iter().find(Result::is_err).unwrap();
        let (kind, code) = refusal(refused);
        assert_eq!(kind, RefusalKind::Conflict);
        assert!(code.starts_with("quality.said_"), "{code}");
        assert_eq!(show(&alice, "heads", home).unwrap().answers.len(), 1);
    });
}

#[test]
fn what_lies_outside_the_scope_is_not_counted_shown_or_answered() {
    with_each(|county| {
        let alice = county.person("alice", Role::Village, NEAR);
        let eve = county.person("eve", Role::Village, FAR);
        let dana = county.person("dana", Role::Inspector, "140430000000");
        let home = county.household(NEAR, 2);
        assert_eq!(listed(&eve, State::Open).states, [0, 0, 0]);
        assert_eq!(count_open(&alice).unwrap(), 1);
        assert_eq!(
            refusal(show(&eve, "heads", home)),
            (RefusalKind::NotFound, "quality.not_found")
        );
        assert_eq!(refusal(show(&alice, "nothing", home)).0, RefusalKind::NotFound);
        let of_alice = given(&alice, home, Kind::True, ("paper_seen", ""));
        assert_eq!(refusal(answer(&eve, &of_alice)).0, RefusalKind::NotFound);
        assert_eq!(listed(&dana, State::Open).total, 1);
        assert_eq!(refusal(answer(&dana, &of_alice)).0, RefusalKind::Forbidden);
        assert_eq!(
            refusal(workbook_of(&dana, L::new(Lang::Zh), &of(State::Open))).0,
            RefusalKind::Forbidden
        );
        let bank = county.person("bank", Role::Helper, NEAR);
        assert_eq!(refusal(list(&bank, &of(State::Open), (None, 50))).0, RefusalKind::Forbidden);
        // an account that reaches single households sees only theirs
        let mut tx = county.ctx.begin().unwrap();
        tx.exec(
            "update scopes set kind = 'household', target = $2, low = '', high = '' where account_id = $1",
            params![&eve.actor.account, home],
        )
        .unwrap();
        tx.commit(Entry::new(&county.ctx, "test.scope")).unwrap();
        county.household(NEAR, 2);
        let mut actor = Actor::clone(&eve.actor);
        actor.scopes = vec![Scope { kind: ScopeKind::Household(home.to_string()) }];
        let eve =
            Ctx::new(&county.test.db, actor, Clock::fixed_on(TODAY.parse().unwrap()), Lang::Zh);
        let page = listed(&eve, State::Open);
        assert_eq!((page.total, page.lines.len()), (1, 1), "{}", county.test.engine);
        assert_eq!(listed(&alice, State::Open).total, 2);
    });
}

#[test]
fn a_reason_is_needed_and_other_needs_words() {
    with_each(|county| {
        let alice = county.person("alice", Role::Village, NEAR);
        let home = county.household(NEAR, 0);
        let try_it = |answered: (&str, &str)| {
            refusal(answer(&alice, &given(&alice, home, Kind::True, answered)))
        };
        assert_eq!(try_it(("", "words")), (RefusalKind::Invalid, "quality.reason_needed"));
        assert_eq!(try_it(("no_such", "")).1, "quality.reason_needed");
        assert_eq!(try_it(("other", "  ")).1, "quality.words_needed");
        assert_eq!(county.verbs("check.answer"), 0);
    });
}

#[test]
fn pages_join_up_in_the_order_of_villages_and_filters_narrow_them() {
    with_each(|county| {
        let dana = county.person("dana", Role::County, "140430000000");
        let near: Vec<HouseholdId> = (0..3).map(|_| county.household(NEAR, 2)).collect();
        county.household(FAR, 0);
        let first = list(&dana, &of(State::Open), (None, 2)).unwrap();
        assert_eq!((first.total, first.lines.len()), (4, 2));
        let second = list(&dana, &of(State::Open), (first.next.as_deref(), 2)).unwrap();
        assert!(second.next.is_none());
        let mut ids: Vec<HouseholdId> =
            first.lines.iter().chain(&second.lines).map(|line| line.whose.id).collect();
        assert_eq!(ids.len(), 4);
        assert_eq!(second.lines[1].whose.village.as_str(), FAR);
        ids.pop();
        let mut sorted = near.clone();
        sorted.sort_by_key(ToString::to_string);
        assert_eq!(ids, sorted);
        let far = Filter { area: Some("140430204000".parse().unwrap()), ..of(State::Open) };
        assert_eq!(list(&dana, &far, (None, 50)).unwrap().total, 1);
        let unable = Filter { check: Some("unable".to_owned()), ..of(State::Open) };
        let page = list(&dana, &unable, (None, 50)).unwrap();
        assert_eq!((page.total, page.counts), (0, vec![4, 0]));
    });
}

#[test]
fn a_workbook_goes_out_and_comes_back_with_answers() {
    with_each(|county| {
        let alice = county.person("alice", Role::Village, NEAR);
        let homes: Vec<HouseholdId> = (0..3).map(|_| county.household(NEAR, 2)).collect();
        let l = L::new(Lang::Zh);
        let out = workbook_of(&alice, l, &of(State::Open)).unwrap();
        assert_eq!(county.verbs("check.export"), 1);
        let mut book = sheets::Book::from_bytes(out, &sheets::Limits::default()).unwrap();
        let mut rows: Vec<Vec<sheets::Value>> = Vec::new();
        for row in book.rows(0).unwrap() {
            let row = row.unwrap();
            let cell = |at| sheets::Value::Text(row.cell(at).shown());
            rows.push((0..9).map(cell).collect());
        }
        let said = |text: &str| sheets::Value::Text(text.to_owned());
        assert_eq!(rows.len(), 4, "{rows:?}");
        rows[1][8] = said("入户核实，情况属实");
        rows[2][7] = said("确实如此");
        rows[2][8] = said("两个户口本");
        let heads = rows.remove(0).into_iter().map(|value| {
            let sheets::Value::Text(text) = value else { panic!("a heading") };
            sheets::Column::new(text, sheets::ColumnKind::Text)
        });
        let table = sheets::Columns { sheet: "核查".to_owned(), columns: heads.collect() };
        let mut bytes = Vec::new();
        table.write_xlsx(rows.into_iter(), &mut bytes).unwrap();
        let report = answers_in(&alice, &bytes).unwrap();
        assert_eq!((report.taken(), report.refused(), report.blank), (2, 0, 1), "{report:?}");
        assert_eq!(listed(&alice, State::Answered).states, [1, 0, 2]);
        let mut codes: Vec<(String, String)> = homes
            .iter()
            .flat_map(|home| show(&alice, "heads", *home).unwrap().answers)
            .map(|answer| (answer.code, answer.words))
            .collect();
        codes.sort();
        let pair = |code: &str, words: &str| (code.to_owned(), words.to_owned());
        assert_eq!(codes, [pair("other", "两个户口本"), pair("seen_on_site", "")]);
        // brought once more: each row is named, nothing is said twice
        let report = answers_in(&alice, &bytes).unwrap();
        assert_eq!((report.taken(), report.refused()), (0, 2));
        assert_eq!(refusal(answers_in(&alice, b"no workbook")).1, "quality.no_workbook");
    });
}

#[test]
fn another_book_asks_anew_and_a_check_that_cannot_be_asked_is_named() {
    with_each(|county| {
        let dana = county.person("dana", Role::County, "140430000000");
        let home = county.household(NEAR, 2);
        assert_eq!(listed(&dana, State::Open).total, 1);
        publish(&county.ctx, &pack(2, &HEADS.replace("heads <> 1", "heads > 5"))).unwrap();
        assert_eq!(listed(&dana, State::Open).total, 0);
        county.set(home, NEAR, (6, 0));
        assert_eq!(listed(&dana, State::Open).total, 1);
        publish(&county.ctx, &pack(3, &HEADS.replace("heads <> 1", "haeds > 5"))).unwrap();
        let page = listed(&dana, State::Open);
        let book = page.book.unwrap();
        assert_eq!((page.total, book.checks.len()), (0, 1));
        assert_eq!(book.troubles.len(), 1);
        assert_eq!(book.troubles[0].file, "checks/heads.toml");
    });
}
