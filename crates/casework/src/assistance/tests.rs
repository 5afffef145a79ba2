//! Help on every engine at hand.

use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind};
use kernel::ids::{HouseholdId, MeasureId, PersonId};
use kernel::lang::Lang;
use kernel::money::Money;
use kernel::permission::Role;
use kernel::phone::Phone;
use kernel::time::{Clock, Day};
use registry::accounts::{self, NewAccount, Reach};
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, params};

use super::*;

const TODAY: &str = "2026-10-20";
const NEAR: &str = "140430203201";
const FAR: &str = "140430204201";
const TOWN: &str = "140430203000";

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(super) struct County<'a> {
    test: &'a TestDb,
    pub(super) ctx: Ctx,
    pub(super) household: HouseholdId,
    person: PersonId,
    far: HouseholdId,
}

impl County<'_> {
    fn account(&self, login: &str, role: Role, reach: Reach) -> String {
        let department = (role == Role::Department).then(|| "civil_affairs".to_owned());
        let home = match role {
            Role::Village | Role::Helper => NEAR,
            Role::Township => TOWN,
            _ => "140430000000",
        };
        let home = AreaCode::parse(home).unwrap();
        let new =
            NewAccount { login: login.into(), name: login.into(), role, department, home, reach };
        accounts::create(&self.ctx, &new).unwrap().0.id
    }

    fn as_of(&self, account: String, role: Role, scopes: Vec<Scope>) -> Ctx {
        let department = (role == Role::Department).then(|| "civil_affairs".to_owned());
        let home = Some(AreaCode::parse(NEAR).unwrap());
        let name = account.clone();
        let actor = Actor { account, name, role, department, home, scopes };
        Ctx::new(&self.test.db, actor, Clock::fixed_on(day(TODAY)), Lang::Zh)
    }

    pub(super) fn person_of(&self, login: &str, role: Role) -> Ctx {
        let account = self.account(login, role, Reach::Home);
        let home = AreaCode::parse(NEAR).unwrap();
        self.as_of(account, role, vec![Scope { kind: ScopeKind::Area(home) }])
    }

    pub(super) fn verbs(&self, verb: &str) -> i64 {
        let mut session = self.ctx.read().unwrap();
        let sql = "select count(*) from journal where verb = $1";
        session.row(sql, params![verb]).unwrap().int(0).unwrap()
    }

    fn measure(&self, kind: &str, aims: &[&str]) -> NewMeasure {
        NewMeasure {
            subject: Subject::Household(self.household),
            kind: kind.to_owned(),
            aims: aims.iter().map(|one| (*one).to_owned()).collect(),
            words: String::new(),
            office: "civil_affairs".to_owned(),
            owner: "王干事".to_owned(),
            promised_on: day("2026-10-10"),
            due_on: day("2026-10-31"),
        }
    }

    pub(super) fn all(&self, on: &str) -> Vec<Measure> {
        measures_of(&mut self.ctx.read().unwrap(), self.household, day(on)).unwrap()
    }

    fn one(&self, id: MeasureId) -> Measure {
        find_measure(&mut self.ctx.read().unwrap(), id, day(TODAY)).unwrap().unwrap()
    }
}

fn paid() -> Delivered {
    Delivered {
        on: day("2026-10-15"),
        proof: Proof::Payment,
        number: " 2026-117 ".to_owned(),
        amount: Some(Money::from_fen(120_000)),
        term: None,
    }
}

pub(super) fn with_each(check: impl Fn(&County<'_>)) {
    for test in test_db().unwrap() {
        let ctx = test.system(Clock::fixed_on(day(TODAY)));
        registry::circumstances::ledger::ensure_tables(&test.db).unwrap();
        let mut tx = ctx.begin().unwrap();
        for (code, name, level, parent) in [
            ("140430000000", "沁县", "county", None),
            (TOWN, "东镇", "town", Some("140430000000")),
            ("140430204000", "西镇", "town", Some("140430000000")),
            (NEAR, "红坡村", "village", Some(TOWN)),
            (FAR, "远山村", "village", Some("140430204000")),
        ] {
            tx.exec(
                "insert into areas (code, name, official_name, level, parent_code, valid_from)
                 values ($1, $2, $2, $3, $4, '2020-01-01')",
                params![code, name, level, parent],
            )
            .unwrap();
        }
        let (household, far): (HouseholdId, HouseholdId) = (ctx.new_id(), ctx.new_id());
        let person: PersonId = ctx.new_id();
        for (id, village) in [(household, NEAR), (far, FAR)] {
            tx.exec(
                "insert into households (id, number, village_code, head_id, created_at) values ($1, $2, $3, $4, $5)",
                params![id, id.to_string(), village, person, ctx.now],
            )
            .unwrap();
        }
        tx.exec(
            "insert into persons (id, number, name, name_key, sex, birth_day, certificate, id_state)
             values ($1, 'P1', '某', '某', 'male', '1970-01-01', 'none', 'missing')",
            params![person],
        )
        .unwrap();
        tx.exec(
            "insert into memberships (household_id, person_id, valid_from, kin, how_in, hukou, shares_budget, resident, recorded_at)
             values ($1, $2, '2020-01-01', 'head', 'register', 1, 1, 1, $3)",
            params![household, person, ctx.now],
        )
        .unwrap();
        tx.commit(Entry::new(&ctx, "test.county")).unwrap();
        check(&County { test: &test, ctx, household, person, far });
    }
}

fn refusal<T: std::fmt::Debug>(result: kernel::Result<T>) -> (RefusalKind, &'static str) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => (refusal.kind, refusal.code),
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

fn codes(all: &[&str]) -> Vec<String> {
    all.iter().map(|one| (*one).to_owned()).collect()
}

#[test]
fn a_measure_is_promised_given_with_a_proof_and_ends() {
    with_each(|county| {
        let village = county.person_of("village", Role::Village);
        let id = plan(&village, county.measure("net_temporary", &["illness"])).unwrap();
        assert_eq!(county.all("2026-10-09"), [], "not promised yet");
        let measure = county.one(id);
        assert!(measure.stands && !measure.delivered_by(day(TODAY)));
        assert!(!measure.is_overdue(day("2026-10-31")) && measure.is_overdue(day("2026-11-01")));
        // no proof, no amount, a day to come: it does not count
        let without = |number: &str, amount, on: &str| Delivered {
            number: number.to_owned(),
            amount,
            on: day(on),
            ..paid()
        };
        let wrong = [
            (without(" ", paid().amount, "2026-10-15"), "assistance.proof_needed"),
            (without("1", None, "2026-10-15"), "assistance.amount_needed"),
            (without("1", Some(Money::from_fen(0)), "2026-10-15"), "assistance.amount_needed"),
            (without("1", paid().amount, "2026-10-21"), "assistance.delivered_when"),
            (without("1", paid().amount, "2026-10-09"), "assistance.delivered_when"),
        ];
        for (given, code) in wrong {
            assert_eq!(refusal(deliver(&village, (id, 1), given)).1, code);
        }
        assert_eq!(county.verbs("assistance.deliver"), 0);
        deliver(&village, (id, 1), paid()).unwrap();
        let measure = county.one(id);
        assert_eq!(measure.delivered.as_ref().unwrap().number, "2026-117");
        assert!(measure.stands && measure.delivered_by(day(TODAY)) && measure.version == 2);
        // the second of two people sees the first
        let second = refusal(deliver(&county.ctx, (id, 1), paid()));
        assert_eq!(second, (RefusalKind::Conflict, "assistance.changed"));
        let second = refusal(deliver(&county.ctx, (id, 2), paid()));
        assert_eq!(second, (RefusalKind::Conflict, "assistance.delivered_already"));
        let why = (day("2026-10-18"), "  ");
        assert_eq!(refusal(end(&village, (id, 2), why)).1, "assistance.why_needed");
        let before = (day("2026-10-14"), "给完了");
        assert_eq!(refusal(end(&village, (id, 2), before)).1, "assistance.ended_when");
        end(&village, (id, 2), (day("2026-10-18"), "给完了")).unwrap();
        assert!(county.all("2026-10-17")[0].stands);
        assert!(!county.all("2026-10-18")[0].stands, "over from that day");
        assert_eq!(county.one(id).ended.unwrap().1, Ending::Ended);
        let never = plan(&village, county.measure("net_temporary", &[])).unwrap();
        end(&village, (never, 1), (day(TODAY), "不再需要")).unwrap();
        assert_eq!(county.one(never).ended.unwrap().1, Ending::Withdrawn);
        let done = ["assistance.plan", "assistance.deliver", "assistance.end"];
        assert_eq!(done.map(|verb| county.verbs(verb)), [2, 1, 2]);
    });
}

#[test]
fn help_runs_on_to_its_term() {
    with_each(|county| {
        let id = plan(&county.ctx, county.measure("finance_loan", &["business_failure"])).unwrap();
        let given = Delivered { term: Some(day("2028-10-14")), proof: Proof::Contract, ..paid() };
        let back = Delivered { term: Some(day("2026-10-14")), ..given.clone() };
        assert_eq!(refusal(deliver(&county.ctx, (id, 1), back)).1, "assistance.term");
        deliver(&county.ctx, (id, 1), given).unwrap();
        assert!(county.all("2028-10-14")[0].stands);
        assert!(!county.all("2028-10-15")[0].stands);
    });
}

#[test]
fn what_cannot_be_planned_is_refused_and_strangers_find_nothing() {
    with_each(|county| {
        let village = county.person_of("village", Role::Village);
        let of = |change: &dyn Fn(&mut NewMeasure)| {
            let mut new = county.measure("net_dibao", &[]);
            change(&mut new);
            refusal(plan(&village, new)).1
        };
        assert_eq!(of(&|new| new.kind = "industry".into()), "assistance.no_kind");
        assert_eq!(of(&|new| new.kind = "no_such".into()), "assistance.no_kind");
        assert_eq!(of(&|new| new.kind = "place".into()), "assistance.words_needed");
        assert_eq!(of(&|new| new.owner = " ".into()), "assistance.owner_needed");
        assert_eq!(of(&|new| new.due_on = day("2026-10-09")), "assistance.due_when");
        assert_eq!(of(&|new| new.promised_on = day("2026-10-21")), "assistance.due_when");
        let aimed = |new: &mut NewMeasure| {
            new.kind = "school_rain".into();
            new.aims = codes(&["unsafe_water"]);
        };
        assert_eq!(of(&aimed), "assistance.does_not_aim");
        let stranger = village.new_id();
        let somebody = |new: &mut NewMeasure| {
            new.subject = Subject::Person(county.household, stranger);
        };
        assert_eq!(of(&somebody), "assistance.not_a_member");
        let far = |new: &mut NewMeasure| new.subject = Subject::Household(county.far);
        assert_eq!(of(&far), "households.not_found");
        let far = |new: &mut NewMeasure| new.subject = Subject::Village(FAR.parse().unwrap());
        assert_eq!(of(&far), "areas.no_such_village");
        assert_eq!(county.verbs("assistance.plan"), 0);
        // planned for a household far away: not there for the village
        let mut new = county.measure("net_dibao", &[]);
        new.subject = Subject::Household(county.far);
        let id = plan(&county.ctx, new).unwrap();
        let missing = (RefusalKind::NotFound, "assistance.no_measure");
        assert_eq!(refusal(show(&village, id)), missing);
        assert_eq!(refusal(deliver(&village, (id, 1), paid())), missing);
        assert_eq!(refusal(end(&village, (id, 1), (day(TODAY), "x"))), missing);
        let leader = county.person_of("leader", Role::Leader);
        assert_eq!(
            refusal(plan(&leader, county.measure("net_dibao", &[]))).0,
            RefusalKind::Forbidden
        );
        let inspector = county.person_of("inspector", Role::Inspector);
        assert_eq!(refusal(deliver(&inspector, (id, 1), paid())).0, RefusalKind::Forbidden);
    });
}

#[test]
fn an_office_gives_its_own_help_only() {
    with_each(|county| {
        let office = county.account("office", Role::Department, Reach::Home);
        let scope = Scope { kind: ScopeKind::Area("140430000000".parse().unwrap()) };
        let office = county.as_of(office, Role::Department, vec![scope]);
        let own = plan(&county.ctx, county.measure("net_dibao", &[])).unwrap();
        let mut other = county.measure("water_works", &["unsafe_water"]);
        other.office = "water".to_owned();
        let other = plan(&county.ctx, other).unwrap();
        deliver(&office, (own, 1), paid()).unwrap();
        assert_eq!(
            refusal(deliver(&office, (other, 1), paid())),
            (RefusalKind::Forbidden, "assistance.other_office")
        );
        assert_eq!(
            refusal(plan(&office, county.measure("net_dibao", &[]))).0,
            RefusalKind::Forbidden
        );
    });
}

#[test]
fn a_service_is_logged_each_time_for_a_person() {
    with_each(|county| {
        let mut new = county.measure("school_home", &["disability"]);
        new.subject = Subject::Person(county.household, county.person);
        let lessons = plan(&county.ctx, new).unwrap();
        give(&county.ctx, lessons, day("2026-10-12"), "语文").unwrap();
        give(&county.ctx, lessons, day("2026-10-19"), " 数学 ").unwrap();
        assert_eq!(
            refusal(give(&county.ctx, lessons, day("2026-10-19"), "")).1,
            "assistance.given_already"
        );
        for wrong in ["2026-10-09", "2026-10-21"] {
            let given = refusal(give(&county.ctx, lessons, day(wrong), "")).1;
            assert_eq!(given, "assistance.given_when", "{wrong}");
        }
        let times = times_of(&mut county.ctx.read().unwrap(), lessons).unwrap();
        let said: Vec<_> = times.iter().map(|one| (one.on.to_string(), &*one.words)).collect();
        assert_eq!(said, [("2026-10-19".to_owned(), "数学"), ("2026-10-12".to_owned(), "语文")]);
        assert_eq!(county.all(TODAY)[0].subject.person(), Some(county.person));
        let once = plan(&county.ctx, county.measure("net_temporary", &[])).unwrap();
        assert_eq!(refusal(give(&county.ctx, once, day(TODAY), "")).1, "assistance.not_recurring");
        assert_eq!(county.verbs("assistance.give"), 2);
    });
}

#[test]
fn each_risk_needs_a_measure_that_stands_and_labour_a_real_one() {
    with_each(|county| {
        let risks = codes(&["illness", "disaster_flood"]);
        let fit = |labour| fits(&risks, &county.all(TODAY), labour);
        assert_eq!(fit(None).missing, risks);
        let mut training = county.measure("work_training", &["disaster"]);
        training.owner = "李站长".to_owned();
        plan(&county.ctx, training).unwrap();
        assert_eq!(fit(Some(true)).missing, ["illness"], "aimed at any disaster");
        assert!(fit(Some(true)).lacks_development, "training alone does not count");
        assert!(!fit(None).lacks_development, "not known: nothing is said");
        let relief = plan(&county.ctx, county.measure("health_relief", &["illness"])).unwrap();
        assert!(fit(None).is_whole());
        assert!(fit(Some(false)).lacks_safety_net && !fit(Some(false)).lacks_development);
        plan(&county.ctx, county.measure("net_dibao", &[])).unwrap();
        plan(&county.ctx, county.measure("post_cleaning", &[])).unwrap();
        assert!(fit(Some(false)).is_whole() && fit(Some(true)).is_whole());
        end(&county.ctx, (relief, 1), (day(TODAY), "名额已满")).unwrap();
        assert_eq!(fit(Some(true)).missing, ["illness"], "what ended does not stand");
        assert!(aims_at("house_repair", "disaster_flood") && !aims_at("house_repair", "illness"));
    });
}

fn helper(name: &str, from: &str, account: Option<String>) -> NewHelper {
    NewHelper {
        name: name.to_owned(),
        unit: "县农业农村局".to_owned(),
        phone: Phone::read("16012345678").ok(),
        account,
        from: day(from),
        why: "工作调动".to_owned(),
    }
}

#[test]
fn a_helper_is_named_hands_over_and_sees_the_household_meanwhile() {
    with_each(|county| {
        let account = county.account("helper", Role::Helper, Reach::Households(Vec::new()));
        let first = assign(
            &county.ctx,
            county.household,
            None,
            helper("张帮扶", "2026-03-01", Some(account.clone())),
        )
        .unwrap();
        let eyes = county.as_of(account.clone(), Role::Helper, Vec::new());
        let id = plan(&county.ctx, county.measure("net_temporary", &[])).unwrap();
        deliver(&eyes, (id, 1), paid()).unwrap();
        let all = |on: &str| helpers_of(&mut county.ctx.read().unwrap(), county.household, day(on));
        let sealed = all(TODAY).unwrap().remove(0).phone_sealed.unwrap();
        assert_ne!(sealed, "16012345678");
        assert_eq!(county.ctx.db.keys().open_text(&sealed).unwrap(), "16012345678");
        // somebody else has read the page before
        let late = assign(&county.ctx, county.household, None, helper("李", "2026-10-01", None));
        assert_eq!(refusal(late), (RefusalKind::Conflict, "assistance.helper_changed"));
        let mut why = helper("李帮扶", "2026-10-01", None);
        why.why.clear();
        let silent = assign(&county.ctx, county.household, Some(first), why);
        assert_eq!(refusal(silent).1, "assistance.why_needed");
        let early = helper("李帮扶", "2026-03-01", None);
        let early = assign(&county.ctx, county.household, Some(first), early);
        assert_eq!(refusal(early).1, "assistance.helper_when");
        let not = helper("李帮扶", "2026-10-01", Some("system".to_owned()));
        let not = assign(&county.ctx, county.household, Some(first), not);
        assert_eq!(refusal(not).1, "assistance.no_account");
        let second = helper("李帮扶", "2026-10-01", None);
        let second = assign(&county.ctx, county.household, Some(first), second).unwrap();
        assert_eq!(refusal(show(&eyes, id)).0, RefusalKind::NotFound, "handed over");
        let names: Vec<_> = all(TODAY)
            .unwrap()
            .into_iter()
            .map(|one| (one.name, one.from.to_string(), one.to.map(|day| day.to_string())))
            .collect();
        assert_eq!(names[0], ("李帮扶".to_owned(), "2026-10-01".to_owned(), None));
        let until = Some("2026-09-30".to_owned());
        assert_eq!(names[1], ("张帮扶".to_owned(), "2026-03-01".to_owned(), until));
        let village = county.person_of("village", Role::Village);
        let own =
            assign(&village, county.household, Some(second), helper("我", "2026-10-02", None));
        assert_eq!(refusal(own).0, RefusalKind::Forbidden);
        release(&county.ctx, county.household, second, (day("2026-10-10"), "退休")).unwrap();
        let again = release(&county.ctx, county.household, second, (day("2026-10-10"), "退休"));
        assert_eq!(refusal(again), (RefusalKind::Conflict, "assistance.helper_changed"));
        let done = ["assistance.assign", "assistance.release"].map(|verb| county.verbs(verb));
        assert_eq!(done, [2, 1]);
    });
}

#[test]
fn help_runs_on_after_the_exit_until_its_own_term() {
    with_each(|county| {
        let given = |term: Option<&str>| {
            let id = plan(&county.ctx, county.measure("net_dibao", &[])).unwrap();
            let given = Delivered { term: term.map(day), ..paid() };
            deliver(&county.ctx, (id, 1), given).unwrap();
            id
        };
        let (_over, until, endless) =
            (given(Some("2026-10-19")), given(Some("2027-12-31")), given(None));
        plan(&county.ctx, county.measure("net_dibao", &[])).unwrap();
        let stands = |monitored: i64, kind: &str, removed: &str| {
            let mut tx = county.ctx.begin().unwrap();
            tx.exec(
                "insert into household_facts (household_id, village_code, monitored, hh_type, risk_removed)
                 values ($1, $2, $3, $4, $5) on conflict (household_id) do update
                 set monitored = excluded.monitored, hh_type = excluded.hh_type, risk_removed = excluded.risk_removed",
                params![county.household, NEAR, monitored, kind, removed],
            )
            .unwrap();
            tx.commit(Entry::new(&county.ctx, "test.facts")).unwrap();
            let filter = Filter { state: "runs_on", ..Filter::default() };
            let (lines, total) = list(&county.ctx, &filter, 50).unwrap();
            assert_eq!(usize::try_from(total).unwrap(), lines.len());
            lines.into_iter().map(|line| line.measure.id).collect::<Vec<_>>()
        };
        assert_eq!(stands(1, "一般户", ""), [], "still monitored");
        assert_eq!(stands(0, "一般户", ""), [], "never was");
        let after = [until, endless];
        assert_eq!(
            stands(0, "一般户", "是"),
            after,
            "the risk is gone: the first to end comes first"
        );
        assert_eq!(stands(0, "脱贫户", ""), after, "out of poverty");
    });
}
