//! Departments on every engine at hand.

use std::sync::Arc;

use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind};
use kernel::ids::{BatchId, HouseholdId};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Clock;
use registry::accounts::{self, NewAccount, Reach};
use registry::circumstances::ledger::ensure_tables;
use registry::intake::Templates;
use registry::policies::{
    Change, DraftHead, Pack, Stance, Trial, Tried, begin_with, publish, publish_draft, submit_draft,
};
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, params};

use super::queries::questions::QuestionFilter;
use super::*;
use crate::screening::tests::{self, INCOME};
use crate::screening::{self, Answer, Filter, Outcome, Shown, State};

const TODAY: &str = "2026-10-20";
const VILLAGE: &str = "140430203201";
const FAR: &str = "140430204201";

/// A rule that is fed by one list of one office.
fn pack() -> Pack {
    let rule = INCOME.replace("id = \"income\"", "id = \"bills\"");
    tests::pack(1, &[("bills", &rule.replace("agriculture", "medical_insurance"))])
}

struct County<'a> {
    test: &'a TestDb,
    ctx: Ctx,
    templates: Templates,
}

impl County<'_> {
    fn person(&self, login: &str, role: Role, home: &str, office: Option<&str>) -> Ctx {
        let home: AreaCode = home.parse().unwrap();
        let new = NewAccount {
            login: login.to_owned(),
            name: login.to_owned(),
            role,
            department: office.map(str::to_owned),
            home,
            reach: match office {
                Some(_) => Reach::Lists(vec!["medical_stays".to_owned()]),
                None => Reach::Home,
            },
        };
        let account = accounts::create(&self.ctx, &new).unwrap().0;
        let kind = match office {
            Some(_) => ScopeKind::List("medical_stays".to_owned()),
            None => ScopeKind::Area(home),
        };
        let actor = Actor {
            account: account.id.to_string(),
            name: login.to_owned(),
            role,
            department: new.department.clone(),
            home: Some(home),
            scopes: vec![Scope { kind }],
        };
        Ctx::new(&self.test.db, actor, Clock::fixed_on(TODAY.parse().unwrap()), Lang::Zh)
    }

    /// A list that arrived: its batch.
    fn arrive(&self, list: &str, area: &str, (from, to): (&str, &str), on: &str) -> BatchId {
        let id: BatchId = self.ctx.new_id();
        let mut tx = self.ctx.begin().unwrap();
        tx.exec(
            "insert into batches (id, template, department, list_id, file_name, file_hash, period_from, period_to, state,
               uploaded_by, uploaded_at, accepted_at)
             values ($1, $2, 'medical_insurance', $2, 'list.xlsx', $1, $3, $4, 'accepted', 'system', $5, $5)",
            params![id, list, from, to, format!("{on}T01:00:00.000Z")],
        )
        .unwrap();
        tx.exec(
            "insert into coverage (department, list_id, area_code, from_day, to_day, batch_id)
             values ('medical_insurance', $1, $2, $3, $4, $5)",
            params![list, area, from, to, id],
        )
        .unwrap();
        tx.commit(Entry::new(&self.ctx, "test.list")).unwrap();
        id
    }

    /// A household on the office's list with a lead.
    fn household(&self, village: &str, batch: BatchId) -> String {
        self.home(village, batch, 0)
    }

    /// A household in which nothing hits, and the first screening.
    fn begin(&self, batch: BatchId) {
        self.home(FAR, batch, 2);
        screening::screen_all(&self.ctx).unwrap();
    }

    fn home(&self, village: &str, batch: BatchId, labour: i64) -> String {
        let id: HouseholdId = self.ctx.new_id();
        let mut tx = self.ctx.begin().unwrap();
        let now = tx.now();
        tx.exec(
            "insert into households (id, number, village_code, created_at) values ($1, $2, $3, $4)",
            params![id, id.to_string(), village, now],
        )
        .unwrap();
        tx.exec(
            "insert into household_facts (household_id, village_code, persons, labour) values ($1, $2, 3, $3)",
            params![id, village, labour],
        )
        .unwrap();
        tx.exec(
            "insert into records (batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source,
               valid_from, recorded_at, body)
             values ($1, (select count(*) from records) + 1, 0, 'household', $2, $2, $3, 'hospital_stay', 'medical_insurance', '2026-09-05', $4, '{}')",
            params![batch, id, village, now],
        )
        .unwrap();
        tx.touch_household(id.to_string(), village.parse().unwrap());
        tx.commit(Entry::new(&self.ctx, "test.household")).unwrap();
        id.to_string()
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
        test.db.derive_with(vec![screening::refresh]).unwrap();
        publish(&ctx, &pack()).unwrap();
        let mut tx = ctx.begin().unwrap();
        for (code, name, level, parent) in [
            ("140430000000", "沁县", "county", None),
            ("140430203000", "东镇", "town", Some("140430000000")),
            ("140430204000", "西镇", "town", Some("140430000000")),
            (VILLAGE, "红坡村", "village", Some("140430203000")),
            ("140430203202", "青石村", "village", Some("140430203000")),
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
        check(&County { test: &test, ctx, templates: Templates::shipped().unwrap() });
    }
}

fn refusal<T: std::fmt::Debug>(result: kernel::Result<T>) -> (RefusalKind, &'static str) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => (refusal.kind, refusal.code),
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

const WHOLE: &str = "140430000000";
const AUGUST: (&str, &str) = ("2026-08-01", "2026-08-31");
const SEPTEMBER: (&str, &str) = ("2026-09-01", "2026-09-30");

#[test]
fn the_calendar_says_what_is_here_late_and_missing_and_a_reverted_list_is_late_again() {
    with_each(|county| {
        county.arrive("medical_stays", WHOLE, AUGUST, "2026-09-03");
        let part = county.arrive("medical_stays", "140430203000", SEPTEMBER, "2026-10-09");
        let look = |month: &str| {
            let all = calendar(&county.ctx, &county.templates, Some("medical_insurance")).unwrap();
            let line = all.lines.iter().find(|line| line.list == "medical_stays").unwrap();
            let slot = line.slots.iter().find(|slot| slot.period.from.to_string() == month);
            (
                slot.unwrap().clone(),
                all.places(&slot.unwrap().missing),
                all.late(county.ctx.today).len(),
            )
        };
        assert_eq!(look("2026-08-01").0.standing, Standing::Delivered);
        assert_eq!(look("2026-05-01").0.standing, Standing::Gap, "due before the county began");
        let (september, missing, late) = look("2026-09-01");
        assert_eq!((september.standing, late), (Standing::Partly, 1));
        assert_eq!(missing, ["西镇"], "a town all of whose villages are missing is named");
        assert_eq!(look("2026-10-01").0.standing, Standing::Ahead);
        let mut tx = county.ctx.begin().unwrap();
        tx.exec("update batches set state = 'reverted' where id = $1", params![part]).unwrap();
        tx.commit(Entry::new(&county.ctx, "test.revert")).unwrap();
        assert_eq!(look("2026-09-01").0.standing, Standing::Late);
        let all = list_offices(&county.ctx, &county.templates).unwrap();
        let codes: Vec<&str> = all.iter().map(|line| line.code).collect();
        let order = accounts::offices().iter().map(|office| office.code.as_str());
        let order: Vec<&str> = order.filter(|code| codes.contains(code)).collect();
        assert_eq!(codes, order, "offices stand in the order of the code list, whatever they owe");
        let line = all.iter().find(|line| line.code == "medical_insurance").unwrap();
        assert_eq!(line.late, ["medical_stays"]);
        assert_eq!(line.next.as_ref().unwrap().0.to_string(), "2026-11-10");
    });
}

#[test]
fn an_office_sees_itself_and_no_other() {
    with_each(|county| {
        county.begin(county.arrive("medical_stays", WHOLE, SEPTEMBER, "2026-10-09"));
        let dora = county.person("dora", Role::Department, WHOLE, Some("medical_insurance"));
        let lists = calendar(&dora, &county.templates, Some("water")).unwrap().lines;
        assert!(
            lists.iter().all(|line| line.department == "medical_insurance") && !lists.is_empty()
        );
        let kind = RefusalKind::NotFound;
        assert_eq!(refusal(all_back(&dora, "water")), (kind, "departments.no_office"));
        assert_eq!(refusal(rules_of(&dora, "water")), (kind, "departments.no_office"));
        assert_eq!(refusal(rules_of(&county.ctx, "nobody")), (kind, "departments.no_office"));
        assert_eq!(rules_of(&dora, "medical_insurance").unwrap().len(), 1);
        assert_eq!(list_offices(&dora, &county.templates).unwrap().len(), 1);
        let chen = county.person("chen", Role::Village, VILLAGE, None);
        assert_eq!(refusal(calendar(&chen, &county.templates, None)).0, RefusalKind::Forbidden);
    });
}

#[test]
fn a_lead_answered_wrong_data_comes_back_and_the_office_says_once_what_became_of_it() {
    with_each(|county| {
        let batch = county.arrive("medical_stays", WHOLE, SEPTEMBER, "2026-10-09");
        county.begin(batch);
        county.household(VILLAGE, batch);
        county.household(FAR, batch);
        let dora = county.person("dora", Role::Department, WHOLE, Some("medical_insurance"));
        let back = |ctx: &Ctx| all_back(ctx, "medical_insurance").unwrap().back;
        assert_eq!(back(&dora).len(), 0);
        let lines = screening::list(&county.ctx, &Filter::of(State::Open), None).unwrap().lines;
        assert_eq!(lines.len(), 2);
        let line = lines.iter().find(|line| line.village.as_str() == VILLAGE).unwrap();
        let shown = Shown { id: line.id, version: line.version };
        let wrong = Answer::new(Outcome::WrongData, "", "人不在本村");
        screening::answer(&county.ctx, shown, &wrong).unwrap();
        let all = back(&dora);
        assert_eq!((all.len(), all[0].said.is_none()), (1, true));
        let subject = all[0].subject.clone();
        let strange = county.person("water", Role::Department, WHOLE, Some("water"));
        assert_eq!(refusal(say(&strange, &subject, RowSaid::Struck, "")).1, "departments.not_back");
        assert_eq!(
            refusal(say(&county.ctx, &subject, RowSaid::Struck, "")).0,
            RefusalKind::Forbidden
        );
        let silent = say(&dora, &subject, RowSaid::Right, " ");
        assert_eq!(refusal(silent), (RefusalKind::Invalid, "departments.words_needed"));
        say(&dora, &subject, RowSaid::Right, "有结算单").unwrap();
        let again = say(&dora, &subject, RowSaid::Struck, "");
        assert_eq!(refusal(again), (RefusalKind::Conflict, "departments.said_already"));
        let said = back(&dora)[0].said.clone().unwrap();
        assert_eq!((said.said, said.words.as_deref()), (RowSaid::Right, Some("有结算单")));
        assert_eq!(county.verbs("delivery.answer"), 1);
        let feng = county.person("feng", Role::Inspector, WHOLE, None);
        assert_eq!(back(&feng).len(), 1);
        assert_eq!(refusal(say(&feng, &subject, RowSaid::Struck, "")).0, RefusalKind::Forbidden);
    });
}

#[test]
fn the_workbook_of_returned_rows_comes_back_with_what_the_office_says() {
    with_each(|county| {
        let batch = county.arrive("medical_stays", WHOLE, SEPTEMBER, "2026-10-09");
        county.begin(batch);
        county.household(VILLAGE, batch);
        county.household(VILLAGE, batch);
        let lines = screening::list(&county.ctx, &Filter::of(State::Open), None).unwrap().lines;
        for line in &lines {
            let wrong = Answer::new(Outcome::WrongData, "", "重复");
            let shown = Shown { id: line.id, version: line.version };
            screening::answer(&county.ctx, shown, &wrong).unwrap();
        }
        let dora = county.person("dora", Role::Department, WHOLE, Some("medical_insurance"));
        let l = web::L::new(Lang::Zh);
        let out = |table| {
            let office = Some("medical_insurance");
            sheet::workbook_of(&dora, (l, &county.templates), (table, office)).unwrap()
        };
        let bytes = out(sheet::Out::Returned);
        let report = sheet::said_in(&dora, &bytes).unwrap();
        assert_eq!((report.rows.len(), report.blank), (0, 2), "nothing is said in it yet");
        let subjects: Vec<String> = all_back(&dora, "medical_insurance")
            .unwrap()
            .back
            .into_iter()
            .map(|one| one.subject)
            .collect();
        let table = |rows: &[(&str, &str, &str)]| {
            let head = "编号（勿改）,部门说明,说明文字\n".to_owned();
            let lines = rows.iter().map(|(a, b, c)| format!("{a},{b},{c}\n"));
            (head + &lines.collect::<String>()).into_bytes()
        };
        let filled = table(&[
            (&subjects[0], "该行作废", ""),
            (&subjects[1], "也许", ""),
            ("lead/x", "已更正", ""),
        ]);
        let report = sheet::said_in(&dora, &filled).unwrap();
        let codes: Vec<Option<&str>> =
            report.rows.iter().map(|row| row.refused.as_ref().map(|why| why.code)).collect();
        assert_eq!(codes, [None, Some("departments.not_an_answer"), Some("departments.not_back")]);
        let again = sheet::said_in(&dora, &out(sheet::Out::Returned)).unwrap();
        assert_eq!((again.rows.len(), again.blank), (0, 2), "what is kept already is no mistake");
        assert_eq!(refusal(sheet::said_in(&dora, b"a,b\n1,2\n")).1, "departments.no_workbook");
        for table in [
            sheet::Out::Calendar,
            sheet::Out::Rules,
            sheet::Out::Questions,
            sheet::Out::Offices,
            sheet::Out::Late,
        ] {
            assert!(out(table).starts_with(b"PK"), "{table:?}");
        }
        assert_eq!(county.verbs("delivery.export"), 7);
    });
}

#[test]
fn a_village_asks_the_office_answers_and_nobody_else_reads_it() {
    with_each(|county| {
        let batch = county.arrive("medical_stays", WHOLE, SEPTEMBER, "2026-10-09");
        county.begin(batch);
        county.household(VILLAGE, batch);
        let chen = county.person("chen", Role::Village, VILLAGE, None);
        let far = county.person("far", Role::Village, FAR, None);
        let dora = county.person("dora", Role::Department, WHOLE, Some("medical_insurance"));
        let water = county.person("water", Role::Department, WHOLE, Some("water"));
        let lead = screening::list(&chen, &Filter::of(State::Open), None).unwrap().lines[0].id;
        assert_eq!(refusal(askable_lead(&far, lead)).0, RefusalKind::NotFound);
        let about = askable_lead(&chen, lead).unwrap();
        assert_eq!(about.departments, ["medical_insurance"]);
        let whom = ask(&chen, about.clone(), "water", "问");
        assert_eq!(refusal(whom), (RefusalKind::Invalid, "departments.whom"));
        let empty = ask(&chen, about.clone(), "medical_insurance", "  ");
        assert_eq!(refusal(empty), (RefusalKind::Invalid, "departments.question_empty"));
        let id = ask(&chen, about, "medical_insurance", "这笔费用报销了吗？").unwrap();
        let open = QuestionFilter { state: Some("open"), ..QuestionFilter::default() };
        let count = |ctx: &Ctx| list_questions(ctx, &open, 10).unwrap().len();
        assert_eq!((count(&chen), count(&far), count(&dora), count(&water)), (1, 0, 1, 0));
        let asked = show_question(&dora, id).unwrap();
        assert_eq!(asked.asked.due_on.to_string(), "2026-10-27", "five working days");
        assert_eq!(refusal(show_question(&far, id)).0, RefusalKind::NotFound);
        assert_eq!(refusal(answer_question(&water, id, "报了")).0, RefusalKind::NotFound);
        assert_eq!(refusal(answer_question(&chen, id, "报了")).0, RefusalKind::Forbidden);
        assert_eq!(refusal(answer_question(&dora, id, "")).1, "departments.answer_empty");
        answer_question(&dora, id, "已报销").unwrap();
        let twice = answer_question(&dora, id, "没有");
        assert_eq!(refusal(twice), (RefusalKind::Conflict, "departments.answered_already"));
        let seen = show_question(&chen, id).unwrap().answer.unwrap();
        assert_eq!((seen.0.as_str(), seen.1.as_str()), ("已报销", "dora"));
        assert_eq!((count(&chen), count(&dora)), (0, 0));
        assert_eq!((county.verbs("question.ask"), county.verbs("question.answer")), (1, 1));
        assert_eq!(refusal(askable_lead(&dora, lead)).0, RefusalKind::Forbidden);
    });
}

const OWN: &str = r#"
id = "drones"
title = { zh = "无人机飞手", en = "Drone pilots" }
department = "agriculture"
about = "person"
by = ["id"]
adds = true
absent_is_none = true
rhythm = "monthly"
due_day = 10
columns = [ { name = "补贴", title = { zh = "补贴", en = "Subsidy" }, type = "amount" } ]
"#;

/// The county's own list, published on a day.
fn own_list(county: &County<'_>, on: &str) {
    let base = Ctx::new(
        &county.test.db,
        (*county.ctx.actor).clone(),
        Clock::fixed_on(on.parse().unwrap()),
        Lang::Zh,
    );
    let by = |name: &str| {
        let actor = Actor { account: name.to_owned(), role: Role::County, ..(*base.actor).clone() };
        Ctx { actor: Arc::new(actor), ..base.clone() }
    };
    let head = DraftHead {
        title: "飞手".into(),
        stance: Stance::Optimised,
        document: None,
        valid_from: base.today,
    };
    let file = Change::File { path: "lists/drones.toml".into(), text: OWN.into() };
    let sound = Trial(Arc::new(|_: &Ctx, _: &Pack, _| Ok(Tried::default())));
    let id = begin_with(&by("ann"), &head, file).unwrap();
    submit_draft(&by("ann"), id, 0).unwrap();
    publish_draft(&by("ben"), id, 1, &sound).unwrap();
}

#[test]
fn a_list_of_the_countys_own_stands_in_the_calendar_from_the_month_in_which_it_was_made() {
    with_each(|county| {
        let line = || {
            let all = calendar(&county.ctx, &county.templates, Some("agriculture")).unwrap();
            let late = all.late(county.ctx.today).len();
            let line = all.lines.into_iter().find(|line| line.list == "own:drones");
            line.map(|line| (line.slots, line.next.map(|(_, due)| due.to_string()), late))
        };
        assert!(line().is_none());
        county.arrive("loans", WHOLE, AUGUST, "2026-08-05");
        let late_before = calendar(&county.ctx, &county.templates, Some("agriculture"))
            .unwrap()
            .late(county.ctx.today)
            .len();
        own_list(county, "2026-08-20");
        let (slots, next, late) = line().unwrap();
        let stand: Vec<_> =
            slots.iter().map(|slot| (slot.period.from.to_string(), slot.standing)).collect();
        assert_eq!(
            stand,
            [
                ("2026-08-01".to_owned(), Standing::Late),
                ("2026-09-01".to_owned(), Standing::Late),
                ("2026-10-01".to_owned(), Standing::Ahead)
            ],
            "{}",
            county.test.engine
        );
        assert_eq!(next.as_deref(), Some("2026-11-10"));
        assert_eq!(late, late_before + 2);
        county.arrive("own:drones", WHOLE, SEPTEMBER, "2026-10-09");
        let (slots, _, late) = line().unwrap();
        assert_eq!((slots[1].standing, slots[1].late_by), (Standing::Delivered, 0));
        assert_eq!(late, late_before + 1);
        let offices = list_offices(&county.ctx, &county.templates).unwrap();
        let office = offices.iter().find(|one| one.code == "agriculture").unwrap();
        assert!(office.late.contains(&"own:drones".to_owned()), "{office:?}");
    });
}
