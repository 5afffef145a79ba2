//! Cases on every engine at hand: from a confirmed lead to the announcement, by the people whose turn it is.

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, RefusalKind};
use kernel::ids::{CaseId, HouseholdId, LeadId};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::{Clock, Day};
use registry::accounts::{self, NewAccount, Reach};
use registry::circumstances::ledger::{self, ensure_tables};
use registry::policies::publish_shipped;
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Derivation, Entry, Scope, ScopeKind, params, verify_journal};

use super::*;
use crate::assistance::{self, Delivered, NewMeasure, Proof, Subject};
use crate::screening::{self, Answer, Outcome, State};

pub(super) const VILLAGE: &str = "140430203201";
pub(super) const FAR: &str = "140430204201";
pub(super) const FOUND: &str = "2026-10-12";

mod answers;
mod national;
mod on_paper;
mod sittings;

pub(super) struct County<'a> {
    pub(super) test: &'a TestDb,
    pub(super) ctx: Ctx,
}

pub(super) struct People {
    pub(super) village: Ctx,
    other_village: Ctx,
    pub(super) township: Ctx,
    pub(super) county: Ctx,
    pub(super) stranger: Ctx,
}

impl County<'_> {
    pub(super) fn person(
        &self,
        login: &str,
        role: Role,
        (home, department): (&str, Option<&str>),
    ) -> Ctx {
        let home: AreaCode = home.parse().unwrap();
        let new = NewAccount {
            login: login.to_owned(),
            name: login.to_owned(),
            role,
            department: department.map(str::to_owned),
            home,
            reach: if department.is_some() {
                Reach::Lists(vec!["vehicles".to_owned()])
            } else {
                Reach::Home
            },
        };
        let account = accounts::create(&self.ctx, &new).unwrap().0;
        let kind = match department {
            Some(_) => ScopeKind::List("vehicles".to_owned()),
            None => ScopeKind::Area(home),
        };
        let actor = Actor {
            account: account.id.to_string(),
            name: login.to_owned(),
            role,
            department: department.map(str::to_owned),
            home: Some(home),
            scopes: vec![Scope { kind }],
        };
        Ctx::new(&self.test.db, actor, Clock::fixed_on(FOUND.parse().unwrap()), Lang::Zh)
    }

    pub(super) fn people(&self) -> People {
        People {
            village: self.person("chen", Role::Village, (VILLAGE, None)),
            other_village: self.person("chai", Role::Village, (VILLAGE, None)),
            township: self.person("bob", Role::Township, ("140430203000", None)),
            county: self.person("alice", Role::County, ("140430000000", None)),
            stranger: self.person("eve", Role::Village, (FAR, None)),
        }
    }

    pub(super) fn household(&self, village: &str, labour: i64) -> HouseholdId {
        let id: HouseholdId = self.ctx.new_id();
        let mut tx = self.ctx.begin().unwrap();
        let now = tx.now();
        tx.exec(
            "insert into households (id, number, village_code, created_at) values ($1, $2, $3, $4)",
            params![id, id.to_string(), village, now],
        )
        .unwrap();
        tx.exec(
            "insert into household_facts (household_id, village_code, persons, labour, labour_weak, hh_type, income_pc)
             values ($1, $2, 3, $3, 0, '一般户', 500000)",
            params![id, village, labour],
        )
        .unwrap();
        tx.commit(Entry::new(&self.ctx, "test.household")).unwrap();
        id
    }

    pub(super) fn lead(&self, household: HouseholdId, village: &str) -> LeadId {
        let id: LeadId = self.ctx.new_id();
        let mut tx = self.ctx.begin().unwrap();
        tx.exec(
            "insert into leads (id, level, subject, household_id, village_code, department, channel, severity, state,
               opened_on, released_on, due_on, clock_days, clock_kind, sort_day, version, pack_id, pack_version)
             values ($1, 'household', $2, $2, $3, 'medical_insurance', 'x', 'notice', 'open', $4, $4, $4, 5, 'working', $4,
               1, 'test', 1)",
            params![id, household, village, FOUND],
        )
        .unwrap();
        tx.commit(Entry::new(&self.ctx, "test.lead")).unwrap();
        id
    }

    /// A household whose lead the village has confirmed, and its case.
    pub(super) fn case(&self, by: &Ctx, labour: i64) -> (HouseholdId, CaseId) {
        let home = self.household(VILLAGE, labour);
        confirm(by, self.lead(home, VILLAGE));
        let page = list(by, &Filter::default(), None).unwrap();
        let line = page.lines.iter().find(|line| line.household == home.to_string()).unwrap();
        (home, line.id)
    }

    /// Makes the tables of the facts those of an earlier program.
    pub(super) fn drop_columns(&self, statements: &[&'static str]) {
        let mut tx = self.ctx.begin().unwrap();
        for sql in statements {
            tx.exec(*sql, &[]).unwrap();
        }
        tx.commit(Entry::new(&self.ctx, "test.earlier")).unwrap();
    }

    pub(super) fn count(&self, sql: &'static str) -> i64 {
        self.ctx.read().unwrap().row(sql, &[]).unwrap().int(0).unwrap()
    }
}

pub(super) fn confirm(by: &Ctx, lead: LeadId) {
    let answer = Answer::new(Outcome::RiskConfirmed, "spending_heavy", "");
    screening::answer(by, screening::Shown { id: lead, version: 1 }, &answer).unwrap();
}

pub(super) fn with_each(check: impl Fn(&County<'_>)) {
    with(vec![screening::refresh, refresh], check);
}

/// The same with facts that follow from what is recorded, as the program has them.
pub(super) fn with_facts(check: impl Fn(&County<'_>)) {
    ledger::hear(acted);
    with(vec![refresh, ledger::derivation, screening::refresh], check);
}

fn with(derivations: Vec<Derivation>, check: impl Fn(&County<'_>)) {
    for test in test_db().unwrap() {
        let ctx = test.system(Clock::fixed_on(FOUND.parse().unwrap()));
        ensure_tables(&test.db).unwrap();
        test.db.derive_with(derivations.clone()).unwrap();
        let areas = "code,name,official_name,level,parent_code\n140430000000,沁县,沁县,county,\n\
            140430203000,牛寺乡,牛寺乡,town,140430000000\n140430203201,牛寺村,牛寺村委会,village,140430203000\n\
            140430204000,松村乡,松村乡,town,140430000000\n140430204201,松村,松村村委会,village,140430204000\n";
        registry::areas::import_list(&ctx, areas.as_bytes().to_vec(), "areas.csv").unwrap();
        publish_shipped(&ctx).unwrap();
        check(&County { test: &test, ctx });
    }
}

/// The same person on another day.
pub(super) fn on(ctx: &Ctx, day: &str) -> Ctx {
    let clock = Clock::fixed_on(day.parse().unwrap());
    Ctx::new(&ctx.db, (*ctx.actor).clone(), clock, Lang::Zh)
}

pub(super) fn version(by: &Ctx, id: CaseId) -> i64 {
    show(by, id).unwrap().case.version
}

pub(super) fn shown(by: &Ctx, id: CaseId) -> Shown {
    Shown { id, version: version(by, id) }
}

/// Takes a step with plain values for its fields.
pub(super) fn step(by: &Ctx, id: CaseId, step: &str) -> kernel::error::Result<Case> {
    let today = by.today.to_string();
    let field = |name: &str| match name {
        "on" => today.clone(),
        "present" | "agreed" => "15".to_owned(),
        "class" => "object".to_owned(),
        "trigger" => "income".to_owned(),
        "how" => "visit".to_owned(),
        "words" if step == "post" => String::new(),
        _ => "写明情况".to_owned(),
    };
    take(by, shown(by, id), &Asked { step, field: &field })
}

pub(super) fn refusal<T: std::fmt::Debug>(result: kernel::error::Result<T>) -> Refusal {
    match result {
        Err(Error::Refusal(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

pub(super) fn consent(by: &Ctx, id: CaseId) {
    let paper = Paper {
        kind: String::new(),
        on: by.today,
        signed_by: "王五".to_owned(),
        how: "thumb".to_owned(),
        read_by: "陈会计".to_owned(),
        name: String::new(),
    };
    record_consent(by, shown(by, id), &paper).unwrap();
}

pub(super) fn risk(code: &str) -> NewRisk {
    NewRisk { risk: code.to_owned(), ..NewRisk::default() }
}

#[test]
fn a_confirmed_lead_becomes_a_case_and_a_second_one_joins_it() {
    with_each(|county| {
        let people = county.people();
        let (home, id) = county.case(&people.village, 1);
        let view = show(&people.village, id).unwrap();
        assert_eq!(view.case.state, "accepted");
        assert_eq!(view.case.number, "140430C202600001");
        assert_eq!(view.case.discovered_on.to_string(), FOUND);
        assert_eq!(view.case.total_due.unwrap().to_string(), "2026-10-27");
        assert_eq!(view.case.due.unwrap().to_string(), "2026-10-14");
        assert_eq!(view.steps.len(), 1);
        assert_eq!(view.steps[0].by.1, "chen");
        confirm(&people.village, county.lead(home, VILLAGE));
        assert_eq!(county.count("select count(*) from cases"), 1);
        assert_eq!(county.count("select count(*) from case_leads"), 2);
        // a stranger does not find it, and that is noted
        let missing = refusal(show(&people.stranger, id));
        assert_eq!((missing.kind, missing.code), (RefusalKind::NotFound, "cases.no_case"));
        assert_eq!(list(&people.stranger, &Filter::default(), None).unwrap().total, 0);
        // the case stands where its household stands
        let mut tx = county.ctx.begin().unwrap();
        tx.exec("update households set village_code = $2 where id = $1", params![home, FAR])
            .unwrap();
        tx.touch_household(home.to_string(), FAR.parse().unwrap());
        tx.commit(Entry::new(&county.ctx, "test.move")).unwrap();
        assert_eq!(show(&people.stranger, id).unwrap().case.village.to_string(), FAR);
        assert_eq!(refusal(show(&people.village, id)).kind, RefusalKind::NotFound);
    });
}

#[test]
fn a_case_goes_from_the_check_to_the_announcement() {
    with_each(|county| {
        let people = county.people();
        let (_, id) = county.case(&people.village, 1);
        // nothing without the paper and the risks
        assert_eq!(refusal(step(&people.village, id, "check")).code, "cases.needs_consent");
        assert_eq!(
            refusal(ask_offices(&people.county, shown(&people.county, id))).code,
            "cases.needs_consent"
        );
        consent(&people.village, id);
        assert_eq!(refusal(step(&people.village, id, "check")).code, "cases.needs_risks");
        save_risks(
            &people.village,
            shown(&people.village, id),
            &[risk("illness"), risk("unstable_work")],
        )
        .unwrap();
        // out of order, and by the wrong level
        assert_eq!(refusal(step(&people.village, id, "review")).code, "cases.out_of_order");
        assert_eq!(refusal(step(&people.county, id, "check")).kind, RefusalKind::Forbidden);
        step(&people.village, id, "check").unwrap();
        // the comparison: a hit is a question
        ask_offices(&people.county, shown(&people.county, id)).unwrap();
        assert_eq!(refusal(step(&people.county, id, "compare")).code, "cases.needs_answers");
        let police = county.person("dora", Role::Department, ("140430000000", Some("police")));
        let asked = waiting(&police, None).unwrap();
        assert_eq!(asked.len(), 2, "only what the own office is asked");
        let hit = OfficeAnswer { hit: true, found: "晋D·12345 面包车".to_owned() };
        answer_question(&police, (id, "vehicle"), &hit).unwrap();
        assert_eq!(
            refusal(answer_question(&police, (id, "vehicle"), &hit)).code,
            "cases.answered_already"
        );
        assert_eq!(
            refusal(answer_question(&police, (id, "payroll"), &hit)).kind,
            RefusalKind::NotFound
        );
        for question in waiting(&people.county, None).unwrap() {
            answer_question(&people.county, (id, &question.item), &OfficeAnswer::default())
                .unwrap();
        }
        assert_eq!(refusal(step(&people.county, id, "compare")).code, "cases.needs_answers");
        assert_eq!(open_found(&people.village, (id, "vehicle")).unwrap(), "晋D·12345 面包车");
        decide_question(&people.village, (id, "vehicle"), (true, "十年旧车，用于务工")).unwrap();
        step(&people.county, id, "compare").unwrap();
        step(&people.village, id, "review").unwrap();
        step(&people.village, id, "post").unwrap();
        // the notice runs through its last day
        let last = on(&people.village, "2026-10-17");
        assert_eq!(refusal(step(&last, id, "submit")).code, "cases.needs_notice");
        let after = on(&people.village, "2026-10-18");
        step(&after, id, "object").unwrap();
        assert_eq!(refusal(step(&after, id, "submit")).code, "cases.out_of_order");
        step(&after, id, "settle").unwrap();
        step(&after, id, "submit").unwrap();
        let township = on(&people.township, "2026-10-19");
        step(&township, id, "return").unwrap();
        step(&township, id, "mend").unwrap();
        assert_eq!(refusal(step(&township, id, "pass")).code, "cases.needs_other_person");
        let second =
            on(&county.person("ben", Role::Township, ("140430203000", None)), "2026-10-19");
        step(&second, id, "pass").unwrap();
        let office = on(&people.county, "2026-10-20");
        step(&office, id, "approve").unwrap();
        let case = step(&office, id, "announce").unwrap();
        assert_eq!((case.state.as_str(), case.total_due), ("announced", None));
        assert_eq!(case.due.unwrap().to_string(), "2026-10-30");
        // what it rests on is kept with the decision; the household is monitored
        let view = show(&office, id).unwrap();
        let approved = view.steps.iter().find(|step| step.step == "approve").unwrap();
        assert!(approved.evidence.contains("\"income_pc\":500000"), "{}", approved.evidence);
        assert_eq!(approved.pack.0, "cn-2026");
        let status = "select count(*) from statuses where scheme = 'monitored' and value = 'object'
             and valid_from = '2026-10-20' and valid_to is null and source = 'cases'";
        assert_eq!(county.count(status), 1);
        // without a measure there is no plan
        let village = on(&people.village, "2026-10-21");
        assert_eq!(refusal(step(&village, id, "plan")).code, "cases.needs_plan");
        // it can be lived again from its steps
        let book = book(&mut county.ctx.read().unwrap(), "2026-10-20".parse().unwrap()).unwrap();
        let life = book.life(MONITORING).unwrap();
        let mut state = life.start.clone();
        for step in view.steps.iter().skip(1) {
            assert_eq!(step.states.0, state);
            let def = life.step(&step.step).unwrap();
            assert!(life.starts_in(def, life.state(&state).unwrap()));
            state = if def.to.starts_with('@') { step.states.1.clone() } else { def.to.clone() };
        }
        assert_eq!(state, view.case.state);
        verify_journal(&county.test.db).unwrap();
    });
}

#[test]
fn of_two_people_the_second_is_told_who_was_first() {
    with_each(|county| {
        let people = county.people();
        let (_, id) = county.case(&people.village, 1);
        let seen = shown(&people.other_village, id);
        step(&people.village, id, "refuse_at_door").unwrap();
        let field = |_: &str| "不符合".to_owned();
        let asked = Asked { step: "refuse_at_door", field: &field };
        let late = refusal(take(&people.other_village, seen, &asked));
        assert_eq!((late.kind, late.code), (RefusalKind::Conflict, "cases.changed_by"));
        // the household is told, and may object
        step(&people.village, id, "tell").unwrap();
        assert_eq!(show(&people.village, id).unwrap().case.state, "not_taken");
        step(&people.other_village, id, "appeal").unwrap();
        assert_eq!(show(&people.village, id).unwrap().case.state, "accepted");
    });
}

#[test]
fn risks_are_checked_and_a_sitting_handles_many() {
    with_each(|county| {
        let people = county.people();
        let ids: Vec<CaseId> = (0..3).map(|_| county.case(&people.village, 1).1).collect();
        let wrong = |risks: &[NewRisk]| {
            let refusal =
                refusal(save_risks(&people.village, shown(&people.village, ids[0]), risks));
            refusal
                .fields
                .into_iter()
                .map(|(field, code)| format!("{field} {code}"))
                .collect::<Vec<_>>()
        };
        assert_eq!(wrong(&[]), ["risk-1 web.required"]);
        assert_eq!(wrong(&[risk("nothing")]), ["risk-1 cases.no_such_risk"]);
        assert_eq!(wrong(&[risk("illness"), risk("illness")]), ["risk-2 cases.risk_twice"]);
        assert_eq!(wrong(&[risk("disaster")]), ["kind-1 cases.kind_needed"]);
        assert_eq!(wrong(&[risk("other")]), ["words-1 web.required"]);
        for id in &ids {
            let flood = NewRisk { kind: "disaster_flood".to_owned(), ..risk("disaster") };
            save_risks(&people.village, shown(&people.village, *id), &[flood]).unwrap();
        }
        // the third has no paper: it stays and is named
        for id in &ids[..2] {
            consent(&people.village, *id);
        }
        let field = |name: &str| if name == "on" { FOUND.to_owned() } else { "核实".to_owned() };
        let asked = Asked { step: "check", field: &field };
        let shown: Vec<Shown> = ids.iter().map(|id| shown(&people.village, *id)).collect();
        let (done, refused) = take_together(&people.village, &shown, &asked).unwrap();
        assert_eq!(done.len(), 2);
        assert_eq!(
            refused.iter().map(|(id, why)| (*id, why.code)).collect::<Vec<_>>(),
            [(ids[2], "cases.needs_consent")]
        );
        let filter = Filter {
            state: Some("checked".to_owned()),
            risk: Some("disaster".to_owned()),
            ..Filter::default()
        };
        let page = list(&people.township, &filter, None).unwrap();
        assert_eq!((page.total, page.lines[0].risks.as_slice()), (2, &["disaster".to_owned()][..]));
        let mine = work_counts(&people.village).unwrap();
        assert_eq!(mine, Turns { all: 1, due_today: 0, overdue: 0, fresh: 1 });
        let late = on(&people.village, "2026-10-20");
        assert_eq!(
            work_counts(&late).unwrap(),
            Turns { all: 1, due_today: 0, overdue: 1, fresh: 0 }
        );
        // what is counted is what is listed
        let of = |by: &Ctx, wanted| work_items(by, wanted, 50).unwrap().len();
        assert_eq!(
            [of(&late, Wanted::All), of(&late, Wanted::Over), of(&late, Wanted::Today)],
            [1, 1, 0]
        );
        let due = on(&people.village, "2026-10-14");
        assert_eq!(work_counts(&due).unwrap().due_today, 1);
        assert_eq!(of(&due, Wanted::Today), 1);
        let county_turns = work_counts(&people.county).unwrap();
        assert_eq!(county_turns.all, 2, "the comparison is theirs");
        assert_eq!(work_counts(&people.stranger).unwrap(), Turns::default());
    });
}

#[test]
fn a_case_stands_aside_and_ends_by_itself_and_comes_back() {
    with_each(|county| {
        let people = county.people();
        let (_, id) = county.case(&people.village, 0);
        step(&people.township, id, "suspend").unwrap();
        assert_eq!(refusal(step(&people.village, id, "check")).code, "cases.out_of_order");
        step(&people.township, id, "resume").unwrap();
        assert_eq!(show(&people.village, id).unwrap().case.state, "accepted");
        let end = |by: &Ctx| {
            let field = |name: &str| match name {
                "how" => "moved".to_owned(),
                "on" => FOUND.to_owned(),
                _ => String::new(),
            };
            take(by, shown(by, id), &Asked { step: "end", field: &field })
        };
        let ended = end(&people.township).unwrap();
        assert_eq!(ended.closed_how.as_deref(), Some("natural"));
        let paper = Paper {
            kind: String::new(),
            on: FOUND.parse::<Day>().unwrap(),
            signed_by: "王".to_owned(),
            how: "signed".to_owned(),
            read_by: String::new(),
            name: String::new(),
        };
        assert_eq!(
            refusal(record_consent(&people.village, shown(&people.village, id), &paper)).code,
            "cases.over"
        );
        let back = step(&people.township, id, "end_undo").unwrap();
        assert_eq!((back.state.as_str(), back.closed_on), ("accepted", None));
    });
}

/// The offices were asked about a case, and found nothing.
pub(super) fn nothing_found(office: &Ctx, id: CaseId) {
    ask_offices(office, shown(office, id)).unwrap();
    for question in waiting(office, None).unwrap() {
        if question.case.0 == id {
            answer_question(office, (id, &question.item), &OfficeAnswer::default()).unwrap();
        }
    }
}

/// A case on its way to the announcement without any trouble; the household is monitored from 20 October.
pub(super) fn announced(
    county: &County<'_>,
    people: &People,
    labour: i64,
) -> (HouseholdId, CaseId) {
    let (home, id) = county.case(&people.village, labour);
    consent(&people.village, id);
    save_risks(&people.village, shown(&people.village, id), &[risk("illness")]).unwrap();
    step(&people.village, id, "check").unwrap();
    assert_eq!(refusal(step(&people.county, id, "compare")).code, "cases.needs_answers");
    nothing_found(&people.county, id);
    step(&people.county, id, "compare").unwrap();
    step(&people.village, id, "review").unwrap();
    step(&people.village, id, "post").unwrap();
    step(&on(&people.village, "2026-10-19"), id, "submit").unwrap();
    step(&on(&people.township, "2026-10-20"), id, "pass").unwrap();
    let office = on(&people.county, "2026-10-20");
    step(&office, id, "approve").unwrap();
    step(&office, id, "announce").unwrap();
    (home, id)
}

pub(super) fn help(by: &Ctx, home: HouseholdId, kind: &str) -> kernel::ids::MeasureId {
    let new = NewMeasure {
        subject: Subject::Household(home),
        kind: kind.to_owned(),
        aims: vec!["illness".to_owned()],
        words: String::new(),
        office: String::new(),
        owner: "驻村工作队".to_owned(),
        promised_on: by.today,
        due_on: by.today.add_days(30),
    };
    assistance::plan(by, new).unwrap()
}

#[test]
fn a_risk_is_gone_when_every_condition_holds_and_comes_back_when_it_was_too_early() {
    with_each(|county| {
        let people = county.people();
        let (home, id) = announced(county, &people, 1);
        let village = on(&people.village, "2026-10-21");
        let relief = help(&village, home, "health_relief");
        // the risk has its measure, but somebody can work: relief alone is not enough, nor is training
        help(&village, home, "work_training");
        assert_eq!(refusal(step(&village, id, "plan")).code, "cases.needs_plan");
        assert_eq!(show(&village, id).unwrap().known.plan_lacks, ["development"]);
        help(&village, home, "work_local");
        step(&village, id, "plan").unwrap();
        let given = Delivered {
            on: "2026-11-02".parse().unwrap(),
            proof: Proof::Record,
            number: "医救2026-17".to_owned(),
            amount: None,
            term: None,
        };
        assistance::deliver(&on(&people.village, "2026-11-02"), (relief, 1), given).unwrap();
        // eight months later the family earns enough, but the risk is still named
        let later = on(&people.village, "2027-06-20");
        assert!(show(&later, id).unwrap().known.removal_lacks.contains(&"income".to_owned()));
        let mut tx = county.ctx.begin().unwrap();
        tx.exec(
            "update household_facts set income_pc = 1500000, income_reference_pc = 1400000, insurance_ok = 1, schooling_ok = 1,
               housing_ok = 1, water_safe = 1 where household_id = $1",
            params![home],
        )
        .unwrap();
        let batch: kernel::ids::BatchId = county.ctx.new_id();
        // what a list says counts only where it was delivered: without it nobody can tell
        tx.exec(
            "insert into batches (id, template, department, list_id, file_name, file_hash, area_code, state, uploaded_by,
               uploaded_at, accepted_at, rows_total, rows_taken)
             values ($2, 'income', 'agriculture', 'income', '', 'x', '140430000000', 'accepted', 'system', $1, $1, 1, 1)",
            params![county.ctx.now, batch],
        )
        .unwrap();
        tx.exec(
            "insert into coverage (department, list_id, area_code, from_day, to_day, batch_id)
             values ('agriculture', 'income', '140430000000', '2025-01-01', '2027-06-30', $1)",
            params![batch],
        )
        .unwrap();
        tx.commit(Entry::new(&county.ctx, "test.facts")).unwrap();
        for lead in
            screening::of_household(&later, &mut later.read().unwrap(), &home.to_string()).unwrap()
        {
            assert_eq!(lead.state, State::Open);
            let seen = screening::Shown { id: lead.id, version: lead.version };
            screening::answer(&later, seen, &Answer::new(Outcome::NoRisk, "settled", "")).unwrap();
        }
        assert_eq!(refusal(step(&later, id, "propose_removal")).code, "cases.needs_removal");
        let lacks = show(&later, id).unwrap().known.removal_lacks;
        assert_eq!(lacks, ["risks"], "what is missing is named");
        let gone = NewRisk { gone_why: "已治愈，报销到位".to_owned(), ..risk("illness") };
        save_risks(&later, shown(&later, id), &[gone]).unwrap();
        step(&later, id, "propose_removal").unwrap();
        step(&later, id, "check_removal").unwrap();
        step(&later, id, "review_removal").unwrap();
        step(&later, id, "post_removal").unwrap();
        let over = |by: &Ctx| on(by, "2027-06-27");
        step(&over(&people.village), id, "submit_removal").unwrap();
        step(&over(&people.township), id, "pass_removal").unwrap();
        step(&over(&people.county), id, "approve_removal").unwrap();
        let removed = step(&over(&people.county), id, "announce_removal").unwrap();
        assert_eq!(
            (removed.state.as_str(), removed.closed_how.as_deref()),
            ("removed", Some("helped"))
        );
        let open = "select count(*) from statuses where scheme = 'monitored' and valid_to is null";
        assert_eq!(county.count(open), 0);
        // too early: it goes back, and the household is monitored as before
        let back = step(&over(&people.township), id, "roll_back").unwrap();
        assert_eq!((back.state.as_str(), back.closed_on), ("helping", None));
        assert_eq!(county.count(open), 1);
    });
}

#[test]
fn a_household_without_labour_is_never_proposed_for_removal() {
    with_each(|county| {
        let people = county.people();
        let (home, id) = announced(county, &people, 0);
        let village = on(&people.village, "2026-10-21");
        help(&village, home, "health_relief");
        assert_eq!(show(&village, id).unwrap().known.plan_lacks, ["safety_net"]);
        help(&village, home, "net_dibao");
        step(&village, id, "plan").unwrap();
        let later = on(&people.village, "2027-06-20");
        let refused = refusal(step(&later, id, "propose_removal"));
        assert!(
            ["cases.needs_removal", "cases.needs_labour"].contains(&refused.code),
            "{}",
            refused.code
        );
        let lacks = show(&later, id).unwrap();
        let offer = lacks.offered.iter().find(|(step, _)| step.id == "propose_removal").unwrap();
        assert!(offer.1.contains(&Need::Labour));
    });
}
