//! Indicators on every engine at hand: a definition goes its way, a figure is as many as its rows, for everybody.

use std::collections::BTreeMap;

use casework::screening;
use facts::Part;
use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind, Result};
use kernel::ids::{HouseholdId, PersonId};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Clock;
use registry::accounts::{self, NewAccount, Reach};
use registry::circumstances::ledger::ensure_tables;
use registry::policies::{
    Change, Counted, DraftHead, IndicatorDef, Pack, Stance, Words, begin_with, publish,
    publish_draft, submit_draft, undo_change,
};
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, params};
use web::L;

use super::*;

const TODAY: &str = "2026-10-20";
const EAST: &str = "140430203000";
const NEAR: &str = "140430203201";
const NEXT: &str = "140430203202";
const FAR: &str = "140430204201";

const LIST: &str = r#"
id = "drones"
title = { zh = "飞手", en = "Pilots" }
department = "agriculture"
about = "person"
by = ["id"]
adds = true
absent_is_none = true
rhythm = "month"
due_day = 10
columns = [ { name = "金额", title = { zh = "金额", en = "amount" }, type = "amount" } ]
"#;

struct County<'a> {
    test: &'a TestDb,
    /// The one who prepares.
    ctx: Ctx,
    /// Two of the county office.
    office: Vec<Ctx>,
}

impl County<'_> {
    fn person(&self, login: &str, role: Role, home: &str) -> Ctx {
        let home: AreaCode = home.parse().unwrap();
        let department = match role {
            Role::Department => Some("water".to_owned()),
            Role::Bank => Some("bank".to_owned()),
            _ => None,
        };
        let new = NewAccount {
            login: login.to_owned(),
            name: login.to_owned(),
            role,
            department: department.clone(),
            home,
            reach: match role {
                Role::Department => Reach::Lists(vec!["water_outages".to_owned()]),
                _ => Reach::Home,
            },
        };
        let account = accounts::create(&self.ctx, &new).unwrap().0;
        let actor = Actor {
            account: account.id.to_string(),
            name: login.to_owned(),
            role,
            department,
            home: Some(home),
            scopes: vec![Scope { kind: ScopeKind::Area(home) }],
        };
        Ctx::new(&self.test.db, actor, Clock::fixed_on(TODAY.parse().unwrap()), Lang::Zh)
    }

    /// A household with as many able members of two; none where it is not known.
    fn household(&self, village: &str, labour: Option<i64>) -> HouseholdId {
        let id: HouseholdId = self.ctx.new_id();
        let mut tx = self.ctx.begin().unwrap();
        let now = tx.now();
        tx.exec(
            "insert into households (id, number, village_code, created_at) values ($1, $2, $3, $4)",
            params![id, id.to_string(), village, now],
        )
        .unwrap();
        tx.exec(
            "insert into household_facts (household_id, village_code, persons, labour) values ($1, $2, 2, $3)",
            params![id, village, labour],
        )
        .unwrap();
        for n in 0..2_i64 {
            let person: PersonId = self.ctx.new_id();
            tx.exec(
                "insert into persons (id, number, name, name_key, id_state, certificate) values ($1, $2, $3, 'x', 'missing', 'none')",
                params![person, person.to_string(), format!("人{n}")],
            )
            .unwrap();
            tx.exec(
                "insert into person_facts (person_id, household_id, village_code, age, able, disability_level)
                 values ($1, $2, $3, $4, $5, 0)",
                params![person, id, village, 30 + n, labour.map(|able| n < able)],
            )
            .unwrap();
        }
        tx.touch_household(id.to_string(), village.parse().unwrap());
        tx.commit(Entry::new(&self.ctx, "test.household")).unwrap();
        id
    }

    /// Drafted by one, published by another.
    fn enact(&self, change: Change) -> Result<u32> {
        let id = begin_with(self.ann(), &head(self.ann()), change)?;
        submit_draft(self.ann(), id, 0)?;
        publish_draft(self.ben(), id, 1, &trial(screening::trial()))
    }

    fn define(&self, def: &IndicatorDef) {
        let made = changes(self.ann(), (def, true), None).unwrap();
        for change in made {
            self.enact(change).unwrap();
        }
    }

    fn ann(&self) -> &Ctx {
        &self.office[0]
    }

    fn ben(&self) -> &Ctx {
        &self.office[1]
    }
}

fn head(ctx: &Ctx) -> DraftHead {
    DraftHead {
        title: "指标".into(),
        stance: Stance::Optimised,
        document: None,
        valid_from: ctx.today,
    }
}

fn with_each(check: impl Fn(&County<'_>)) {
    for test in test_db().unwrap() {
        let ctx = test.system(Clock::fixed_on(TODAY.parse().unwrap()));
        ensure_tables(&test.db).unwrap();
        let head = "id = \"test\"\nversion = 1\ntitle = { zh = \"试\", en = \"test\" }\nvalid_from = \"2021-01-01\"\nbasis = []\n";
        let files = BTreeMap::from([("pack.toml".to_owned(), head.to_owned())]);
        publish(&ctx, &Pack::read(files).unwrap()).unwrap();
        let mut tx = ctx.begin().unwrap();
        for (code, name, level, parent) in [
            ("140430000000", "沁县", "county", None),
            (EAST, "东镇", "town", Some("140430000000")),
            ("140430204000", "西镇", "town", Some("140430000000")),
            (NEAR, "红坡村", "village", Some(EAST)),
            (NEXT, "青石村", "village", Some(EAST)),
            (FAR, "远山村", "village", Some("140430204000")),
        ] {
            tx.exec(
                "insert into areas (code, name, official_name, level, parent_code, valid_from)
                 values ($1, $2, $2, $3, $4, '2020-01-01')",
                params![code, name, level, parent],
            )
            .unwrap();
        }
        tx.commit(Entry::new(&ctx, "test.areas")).unwrap();
        let mut county = County { test: &test, ctx, office: Vec::new() };
        for name in ["ann", "ben"] {
            let person = county.person(name, Role::County, "140430000000");
            county.office.push(person);
        }
        for (village, labour) in [
            (NEAR, Some(0)),
            (NEAR, Some(1)),
            (NEXT, Some(2)),
            (NEXT, None),
            (FAR, Some(1)),
            (FAR, Some(0)),
            (FAR, Some(0)),
        ] {
            county.household(village, labour);
        }
        check(&county);
    }
}

fn words(zh: &str) -> Words {
    Words { zh: zh.into(), en: zh.into() }
}

fn indicator(id: &str, counted: Counted, (when, base): (&str, Option<&str>)) -> IndicatorDef {
    IndicatorDef {
        id: id.into(),
        title: words(id),
        unit: words("户"),
        counted,
        when: when.into(),
        base: base.map(str::to_owned),
        definition: words("试"),
        basis: None,
        set_locally: Some("试".into()),
    }
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> (RefusalKind, &'static str) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => (refusal.kind, refusal.code),
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

fn in_area(area: Option<&str>) -> Wanted {
    Wanted { area: area.map(|code| code.parse().unwrap()), day: None }
}

/// Every row behind a number, page by page.
fn all_rows(ctx: &Ctx, id: &str, of: Wanted, part: Part) -> Vec<RowLine> {
    let mut lines: Vec<RowLine> = Vec::new();
    loop {
        let offset = Some(i64::try_from(lines.len()).unwrap());
        let page = rows(ctx, id, RowsWanted { of, part, offset }).unwrap();
        let more = page.lines.len();
        lines.extend(page.lines);
        if more == 0 || i64::try_from(lines.len()).unwrap() >= page.total {
            assert_eq!(i64::try_from(lines.len()).unwrap(), page.total);
            return lines;
        }
    }
}

/// A figure is as many as its rows, and as its places together.
fn holds_together(ctx: &Ctx, id: &str, area: Option<&str>) -> Counts {
    let found = figure(ctx, id, in_area(area)).unwrap();
    let sum = found.places.iter().fold(Counts::default(), |sum, place| sum.and(place.counts));
    assert_eq!(sum, found.total);
    for part in [Part::Hits, Part::Base, Part::Unknown] {
        let lines = all_rows(ctx, id, in_area(area), part);
        assert_eq!(i64::try_from(lines.len()).unwrap(), found.total.of(part), "{id} {part:?}");
        for place in &found.places {
            let there = lines.iter().filter(|line| place.area.contains(line.village.0)).count();
            assert_eq!(i64::try_from(there).unwrap(), place.counts.of(part));
        }
        assert!(lines.iter().all(|line| !line.number.is_empty()));
    }
    found.total
}

#[test]
fn a_figure_is_as_many_as_its_rows_for_everybody_and_everywhere() {
    with_each(|county| {
        let engine = county.test.engine;
        county.define(&indicator("none_able", Counted::Household, ("labour = 0", None)));
        let share = ("age > 30", Some("able"));
        county.define(&indicator("older", Counted::Person, share));
        let all = holds_together(county.ann(), "none_able", None);
        assert_eq!((all.hits, all.base, all.unknown, all.rows), (3, 7, 1, 7), "{engine}");
        let older = holds_together(county.ann(), "older", None);
        // able: one of three households with one, both of the household with two; the second is 31
        assert_eq!((older.hits, older.base, older.unknown, older.rows), (1, 4, 2, 14), "{engine}");
        assert_eq!(older.value(true), Some(25.0));
        let east = holds_together(county.ann(), "none_able", Some(EAST));
        assert_eq!((east.hits, east.rows), (1, 4), "{engine}");
        let parts = figure(county.ann(), "none_able", in_area(Some(EAST))).unwrap().places;
        let names: Vec<&str> = parts.iter().map(|place| place.name.as_str()).collect();
        assert_eq!(names, ["红坡村", "青石村"]);
        let bob = county.person("bob", Role::Township, EAST);
        let chen = county.person("chen", Role::Village, NEAR);
        assert_eq!(holds_together(&bob, "none_able", None).hits, 1);
        assert_eq!(holds_together(&chen, "none_able", None).rows, 2);
        let outside = holds_together(&chen, "none_able", Some(FAR));
        assert_eq!(outside, Counts::default(), "nothing of another village");
        let listed = list(&bob).unwrap();
        assert_eq!(listed.len(), 2);
        assert_eq!(listed[0].counts.map(|counts| counts.hits), Some(1));
    });
}

#[test]
fn who_may_not_see_the_values_does_not_see_whom_they_count() {
    with_each(|county| {
        let grade = ("disability_level > 0", None);
        county.define(&indicator("graded", Counted::Person, grade));
        let leader = county.person("leo", Role::Leader, "140430000000");
        assert!(list(&leader).unwrap().is_empty());
        assert_eq!(
            code(figure(&leader, "graded", Wanted::default())),
            (RefusalKind::NotFound, "indicators.none_such")
        );
        for role in [Role::Bank, Role::Department, Role::Helper, Role::Evaluator] {
            let other = county.person(&format!("r{}", role.text()), role, "140430000000");
            assert_eq!(code(list(&other)).0, RefusalKind::Forbidden, "{role}");
        }
        let chen = county.person("chen", Role::Village, NEAR);
        let past = Wanted { area: None, day: Some("2026-01-01".parse().unwrap()) };
        assert_eq!(code(figure(&chen, "graded", past)).1, "indicators.past");
        let later = Wanted { area: None, day: Some("2027-01-01".parse().unwrap()) };
        assert_eq!(code(figure(county.ann(), "graded", later)).1, "indicators.to_come");
        let wanted = RowsWanted { of: Wanted::default(), part: Part::Base, offset: None };
        let l = L::new(Lang::En);
        assert_eq!(code(rows_workbook(&chen, l, ("graded", wanted))).0, RefusalKind::Forbidden);
        assert_eq!(
            code(figures_workbook(&chen, l, ("graded", Wanted::default()))).0,
            RefusalKind::Forbidden
        );
        for bytes in [
            rows_workbook(county.ann(), l, ("graded", wanted)).unwrap(),
            figures_workbook(county.ann(), l, ("graded", Wanted::default())).unwrap(),
        ] {
            assert!(bytes.starts_with(b"PK"));
        }
        let sql = "select count(*) from journal where verb = 'indicator.export'";
        assert_eq!(county.ctx.read().unwrap().row(sql, &[]).unwrap().int(0).unwrap(), 2);
    });
}

#[test]
fn a_definition_is_proven_published_by_a_second_person_and_taken_back() {
    with_each(|county| {
        let ann = county.ann();
        let wrong = indicator("a", Counted::Household, ("labor = 0", None));
        let refused = changes(ann, (&wrong, true), None).unwrap_err();
        let refused = refused.refusal().unwrap();
        assert_eq!((refused.code, refused.fields[0].0.as_str()), ("indicators.form", "when"));
        let wrong = indicator("a", Counted::Household, ("labour = 0", Some("labour +")));
        let refused = changes(ann, (&wrong, true), None).unwrap_err();
        assert_eq!(refused.refusal().unwrap().fields[0].0.as_str(), "base");
        // what cannot be divided cannot be told, and stops nothing
        let nothing = indicator("a", Counted::Household, ("10 / (persons - persons) > 1", None));
        let read = understood(ann, &nothing, None).unwrap();
        assert_eq!(read.counts.map(|counts| (counts.hits, counts.unknown)), Some((0, 7)));
        assert_eq!(
            code(county.enact(Change::File {
                path: "indicators/a.toml".into(),
                text: toml::to_string(&IndicatorDef { id: "a".into(), ..wrong }).unwrap(),
            })),
            (RefusalKind::Invalid, "policies.draft_wrong"),
            "also by another door than the form"
        );

        // a list made in the browser, an indicator over it, and then the list goes
        let list_file =
            |text: &str| Change::File { path: "lists/drones.toml".into(), text: text.into() };
        let of_list = indicator("pilots", Counted::Household, ("listed('drones', 3)", None));
        let refused = changes(ann, (&of_list, true), None).unwrap_err();
        assert_eq!(refused.refusal().unwrap().code, "indicators.form");
        county.enact(list_file(LIST)).unwrap();
        county.define(&of_list);
        let counts = figure(county.ann(), "pilots", Wanted::default()).unwrap().total;
        assert_eq!((counts.hits, counts.unknown), (0, 7), "the list has not come");
        assert_eq!(
            code(changes(ann, (&of_list, true), None)),
            (RefusalKind::Conflict, "indicators.there")
        );
        assert_eq!(code(county.enact(list_file(""))).1, "policies.draft_wrong");

        let able = indicator("able", Counted::Household, ("labour > 0", None));
        let made = changes(ann, (&able, true), None).unwrap().remove(0);
        let version = county.enact(made).unwrap();
        assert_eq!(figure(county.ann(), "able", Wanted::default()).unwrap().total.hits, 3);
        let back = undo_change(ann, version, &head(ann)).unwrap();
        submit_draft(ann, back, 0).unwrap();
        publish_draft(county.ben(), back, 1, &trial(screening::trial())).unwrap();
        assert_eq!(code(figure(county.ann(), "able", Wanted::default())).1, "indicators.none_such");
    });
}
