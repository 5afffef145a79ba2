//! Declarations on every engine at hand: from the public page into the county, to a household, and back as a status.

use std::path::Path;

use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind};
use kernel::ids::{HouseholdId, PersonId};
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::Clock;
use registry::accounts::{self, NewAccount, Reach};
use registry::circumstances::ledger::ensure_tables;
use registry::policies::{publish as publish_pack, publish_shipped};
use store::testing::{TestDb, test_db};
use store::{Actor, Ctx, Derivation, Entry, Scope, ScopeKind, params};

use super::outside::tests::{ILL, Phone as Mobile, VILLAGE};
use super::outside::{Door, INBOX, Limits, Settings};
use super::*;
use crate::cases;
use crate::screening::tests::{INCOME, pack};
use crate::screening::{
    self, Answer, Channel, Filter as LeadFilter, LeadLine, Outcome, Shown, State as LeadState,
    refresh, screen_all,
};

const TODAY: &str = "2026-10-20";
const OTHER: &str = "140430203201";
const FAR: &str = "140430204200";
const AREAS: &str = "code,name,official_name,level,parent_code\n\
    140430000000,沁县,沁县,county,\n\
    140430203000,红坡镇,红坡镇,town,140430000000\n\
    140430203200,红坡村,红坡村委会,village,140430203000\n\
    140430203201,青石村,青石村委会,village,140430203000\n\
    140430204000,远山乡,远山乡,town,140430000000\n\
    140430204200,远山村,远山村委会,village,140430204000\n";

struct County<'a> {
    test: &'a TestDb,
    ctx: Ctx,
    folder: tempfile::TempDir,
}

impl County<'_> {
    fn path(&self) -> &Path {
        self.folder.path()
    }

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

    /// A household with its head in a village.
    fn household(&self, village: &str, (name, number): (&str, &str), labour: i64) -> HouseholdId {
        let (id, person): (HouseholdId, PersonId) = (self.ctx.new_id(), self.ctx.new_id());
        let keys = self.test.db.keys();
        let mut tx = self.ctx.begin().unwrap();
        let now = tx.now();
        let short = id.to_string();
        tx.exec(
            "insert into households (id, number, village_code, head_id, created_at) values ($1, $2, $3, $4, $5)",
            params![id, &short[20..], village, person, now],
        )
        .unwrap();
        tx.exec(
            "insert into persons (id, number, name, name_key, certificate, id_state, id_digest, id15_digest, id6_digest,
               id_sealed) values ($1, $2, $3, $3, 'citizen', 'ok', $4, $5, $6, $7)",
            params![
                person,
                person.to_string(),
                name,
                keys.digest(number),
                keys.digest(&number[..15]),
                keys.digest(&number[12..]),
                keys.seal_text(number).unwrap()
            ],
        )
        .unwrap();
        tx.exec(
            "insert into memberships (household_id, person_id, valid_from, kin, how_in, hukou, shares_budget, resident,
               recorded_at) values ($1, $2, '2020-01-01', 'head', 'register', 1, 1, 1, $3)",
            params![id, person, now],
        )
        .unwrap();
        tx.exec(
            "insert into household_facts (household_id, village_code, persons, labour, water_safe)
             values ($1, $2, 3, $3, 1)",
            params![id, village, labour],
        )
        .unwrap();
        tx.touch_household(id.to_string(), village.parse().unwrap());
        tx.commit(Entry::new(&self.ctx, "test.household")).unwrap();
        id
    }

    /// The public side over the folder into which the county publishes.
    fn outdoors(&self, limits: Limits) -> Mobile {
        publish(&self.ctx, self.path(), &[]).unwrap();
        let clock = Clock::fixed_on(TODAY.parse().unwrap());
        let settings = Settings { folder: self.path().to_owned(), clock, proxied: false };
        Mobile::new(&Door::open(settings, limits).unwrap(), "phone0123456789a")
    }

    fn status(&self, phone: &Mobile, code: &str) -> String {
        publish(&self.ctx, self.path(), &[]).unwrap();
        let (status, page) = phone.post("/declare/status", &[("code", code)]);
        assert_eq!(status, 200, "{page}");
        page
    }

    fn leads(&self, state: LeadState) -> Vec<LeadLine> {
        screening::list(&self.ctx, &LeadFilter::of(state), None).unwrap().lines
    }

    fn declared(&self, state: State) -> Vec<Line> {
        list(&self.ctx, Filter { state, area: None, channel: None, page: 0 }).unwrap().lines
    }
}

fn with_each(check: impl Fn(&County<'_>)) {
    let own = |ctx: &Ctx| publish_pack(ctx, &pack(1, &[("income", INCOME)])).map(drop);
    with((vec![refresh], &own), check);
}

/// The same with the packs that ship, by which a confirmed lead becomes a case.
fn with_cases(check: impl Fn(&County<'_>)) {
    let shipped = |ctx: &Ctx| publish_shipped(ctx).map(drop);
    with((vec![cases::refresh, refresh], &shipped), check);
}

type Publish<'a> = &'a dyn Fn(&Ctx) -> kernel::Result<()>;

fn with((derivations, publish): (Vec<Derivation>, Publish<'_>), check: impl Fn(&County<'_>)) {
    for test in test_db().unwrap() {
        let ctx = test.system(Clock::fixed_on(TODAY.parse().unwrap()));
        ensure_tables(&test.db).unwrap();
        test.db.derive_with(derivations.clone()).unwrap();
        publish(&ctx).unwrap();
        registry::areas::import_list(&ctx, AREAS.as_bytes().to_vec(), "areas.csv").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let county = County { test: &test, ctx, folder };
        county.household(FAR, ("赵远", "140430196001010015"), 2);
        screen_all(&county.ctx).unwrap();
        check(&county);
    }
}

fn refused<T: std::fmt::Debug>(result: kernel::Result<T>) -> (RefusalKind, &'static str) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => (refusal.kind, refusal.code),
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

fn answer(ctx: &Ctx, line: &LeadLine, outcome: Outcome, code: &str) {
    let shown = Shown { id: line.id, version: line.version };
    screening::answer(ctx, shown, &Answer::new(outcome, code, "王小明家子女已承担")).unwrap();
}

#[test]
fn a_household_declares_the_village_answers_and_the_code_says_so() {
    with_each(|county| {
        let id = county.household(VILLAGE, ("王小明", "11010519491231002X"), 2);
        let phone = county.outdoors(Limits::default());
        let code = phone.declare(&ILL);
        assert!(county.status(&phone, &code).contains("已收到"));
        let taken = take_in(&county.ctx, county.path()).unwrap();
        assert_eq!((taken.fresh, taken.placed, taken.waiting), (1, 1, 0));
        let village = county.person("worker", Role::Village, VILLAGE);
        let leads =
            screening::list(&village, &LeadFilter::of(LeadState::Open), None).unwrap().lines;
        let [line] = leads.as_slice() else { panic!("{leads:?}") };
        assert_eq!(line.household_id, Some(id.to_string()));
        assert!(line.reasons[0].zh.contains("本人申报：2026-10-20 家里有人得病"), "{line:?}");
        let page = county.status(&phone, &code);
        assert!(
            page.contains("正在核实") && page.contains("2026-10-27"),
            "five working days: {page}"
        );
        answer(&village, line, Outcome::NoRisk, "family_supports");
        let page = county.status(&phone, &code);
        assert!(page.contains("暂不纳入") && page.contains("为什么"), "{page}");
        let published = std::fs::read_to_string(county.path().join("published.json")).unwrap();
        for hidden in ["王小明", "11010519491231002X", "13800001234", code.as_str()] {
            assert!(!published.contains(hidden), "{hidden} goes outside");
        }
        store::verify_journal(&county.test.db).unwrap();
    });
}

#[test]
fn the_same_inbox_twice_or_as_a_carried_file_adds_nothing() {
    with_each(|county| {
        county.household(VILLAGE, ("王小明", "11010519491231002X"), 2);
        let phone = county.outdoors(Limits::default());
        phone.declare(&ILL);
        let first = take_in(&county.ctx, county.path()).unwrap();
        let carried = county.path().join("carried.jsonl");
        let mut torn = std::fs::read(county.path().join(INBOX)).unwrap();
        torn.extend(b"{\"id\":\"half");
        std::fs::write(&carried, torn).unwrap();
        let second = take_in(&county.ctx, &carried).unwrap();
        assert_eq!((first.fresh, second.fresh, second.known, second.unreadable), (1, 0, 1, 1));
        assert_eq!(county.declared(State::Placed).len(), 1);
        let missing = refused(take_in(&county.ctx, &county.path().join("no.jsonl")));
        assert_eq!(missing.1, "declarations.no_inbox");
        let village = county.person("worker", Role::Village, VILLAGE);
        assert_eq!(refused(take_in(&village, county.path())).0, RefusalKind::Forbidden);
    });
}

#[test]
fn known_and_unknown_people_get_the_same_answer() {
    with_each(|county| {
        county.household(VILLAGE, ("王小明", "11010519491231002X"), 2);
        let phone = county.outdoors(Limits { device: 10, ..Limits::default() });
        let mut stranger = ILL.to_vec();
        (stranger[0].1, stranger[2].1) = ("钱不在", "110105198001010016");
        let page = |form: &[(&str, &str)], once: &str| {
            let (status, page) = phone.post("/declare", &[&[("once", once)][..], form].concat());
            let code = super::outside::tests::code(&page);
            let csrf = page.split("name=\"csrf\" content=\"").nth(1).unwrap();
            let csrf = csrf.split('"').next().unwrap().to_owned();
            (status, page.replace(&code, "CODE").replace(&csrf, "CSRF"))
        };
        let known = page(&ILL, "0123456789abcdef0123456789abcdef");
        assert_eq!(known, page(&stranger, "1123456789abcdef0123456789abcdef"));
    });
}

#[test]
fn several_who_speak_of_one_household_are_one_lead_that_no_run_takes_away() {
    with_each(|county| {
        let id = county.household(VILLAGE, ("王小明", "11010519491231002X"), 0);
        let [before] = <[_; 1]>::try_from(county.leads(LeadState::Open)).unwrap();
        let phone = county.outdoors(Limits::default());
        phone.declare(&ILL);
        let mut neighbour = ILL.to_vec();
        let helper = [
            ("helper", "李四"),
            ("helper_phone", "13900001234"),
            ("relation", "邻居"),
            ("read_back", "yes"),
        ];
        neighbour.extend(helper);
        phone.declare(&neighbour);
        take_in(&county.ctx, county.path()).unwrap();
        let village = county.person("worker", Role::Village, VILLAGE);
        let finding = Finding {
            household: id,
            kind: "unsafe_housing".into(),
            words: "后墙裂了".into(),
            on: TODAY.parse().unwrap(),
            urgent: true,
        };
        report(&village, finding.clone()).unwrap();
        let [line] = <[_; 1]>::try_from(county.leads(LeadState::Open)).unwrap();
        assert_eq!((line.id, line.reasons.len()), (before.id, 4), "{line:?}");
        assert_eq!(line.due_on.unwrap().to_string(), "2026-10-22", "what cannot wait: two days");
        let mut tx = county.ctx.begin().unwrap();
        let facts = "update household_facts set labour = 2 where household_id = $1";
        tx.exec(facts, params![id]).unwrap();
        tx.touch_household(id.to_string(), VILLAGE.parse().unwrap());
        tx.commit(Entry::new(&county.ctx, "test.facts")).unwrap();
        screen_all(&county.ctx).unwrap();
        let [line] = <[_; 1]>::try_from(county.leads(LeadState::Open)).unwrap();
        assert_eq!(line.reasons.len(), 3, "the rule's reason went, what people said stays");
        assert_eq!(line.severity.code(), "severe");
        let marks: Vec<bool> = county
            .declared(State::Placed)
            .iter()
            .map(|line| line.declared.marks.contains(&Mark::Again))
            .collect();
        assert_eq!(marks.iter().filter(|again| **again).count(), 1, "{marks:?}");
        let far = county.person("far", Role::Village, FAR);
        assert_eq!(refused(report(&far, finding.clone())).0, RefusalKind::NotFound);
        let late = Finding { on: "2026-10-21".parse().unwrap(), ..finding };
        assert_eq!(refused(report(&village, late)).1, "declarations.form");
    });
}

#[test]
fn what_the_matching_is_not_sure_of_waits_for_the_township() {
    with_each(|county| {
        let id = county.household(VILLAGE, ("王大明", "11010519491231002X"), 2);
        let phone = county.outdoors(Limits::default());
        let mut form = ILL.to_vec();
        form[2].1 = "110105198001010016";
        let (first, second) = (phone.declare(&form), phone.declare(&form));
        let taken = take_in(&county.ctx, county.path()).unwrap();
        assert_eq!((taken.placed, taken.waiting), (0, 2));
        assert!(county.leads(LeadState::Open).is_empty());
        let (town, other) = (
            county.person("town", Role::Township, "140430203000"),
            county.person("other", Role::Township, "140430204000"),
        );
        let line = county.declared(State::Waiting).remove(0).declared;
        let at = (line.id, line.version);
        assert_eq!(refused(place(&other, at, (id, None))).0, RefusalKind::NotFound);
        let village = county.person("worker", Role::Village, VILLAGE);
        assert_eq!(refused(place(&village, at, (id, None))).0, RefusalKind::Forbidden);
        assert_eq!(count_waiting(&town).unwrap(), 2);
        let lead = place(&town, at, (id, None)).unwrap();
        assert_eq!(refused(place(&town, at, (id, None))).1, "declarations.decided");
        let [line] = <[_; 1]>::try_from(county.leads(LeadState::Open)).unwrap();
        assert_eq!(line.id, lead);
        assert_eq!(county.declared(State::Placed).len(), 2, "both of the same person");
        for code in [first, second] {
            assert!(county.status(&phone, &code).contains("正在核实"));
        }
    });
}

#[test]
fn what_is_put_aside_is_kept_said_to_who_declared_and_can_still_be_placed() {
    with_each(|county| {
        let phone = county.outdoors(Limits::default());
        let code = phone.declare(&ILL);
        take_in(&county.ctx, county.path()).unwrap();
        let town = county.person("town", Role::Township, "140430203000");
        let one = || county.declared(State::Waiting).remove(0).declared;
        let at = (one().id, one().version);
        let needed = refused(put_aside(&town, at, (NotOurs::Junk, " ")));
        assert_eq!(needed.1, "declarations.words_needed");
        put_aside(&town, at, (NotOurs::NotHere, "户口在邻县")).unwrap();
        let late = refused(put_aside(&town, at, (NotOurs::Junk, "广告")));
        assert_eq!(late, (RefusalKind::Conflict, "declarations.decided"));
        let page = county.status(&phone, &code);
        assert!(page.contains("没有查到") && !page.contains("户口在邻县"), "{page}");
        let id = county.household(OTHER, ("王小明", "11010519491231002X"), 2);
        let line = county.declared(State::NotHere).remove(0).declared;
        place(&town, (line.id, line.version), (id, None)).unwrap();
        let line = county.declared(State::Placed).remove(0).declared;
        assert!(line.marks.contains(&Mark::OtherVillage), "{line:?}");
        assert!(county.status(&phone, &code).contains("正在核实"));
    });
}

#[test]
fn a_flood_is_taken_in_and_waits_until_somebody_has_looked() {
    with_each(|county| {
        county.household(VILLAGE, ("王小明", "11010519491231002X"), 2);
        let phone = county.outdoors(Limits { device: 1, ..Limits::default() });
        (0..4).for_each(|_| drop(phone.declare(&ILL)));
        let taken = take_in(&county.ctx, county.path()).unwrap();
        assert_eq!((taken.placed, taken.waiting), (1, 3));
        let line = county.declared(State::Waiting).remove(0).declared;
        assert!(line.marks.contains(&Mark::ManyFromDevice));
        let view = show(&county.ctx, line.id).unwrap();
        assert_eq!(view.maybe.len(), 1, "whom it would have been is proposed");
    });
}

#[test]
fn an_objection_opens_a_new_lead_and_its_answer_is_told_by_the_same_code() {
    with_each(|county| {
        county.household(VILLAGE, ("王小明", "11010519491231002X"), 2);
        let phone = county.outdoors(Limits::default());
        let code = phone.declare(&ILL);
        take_in(&county.ctx, county.path()).unwrap();
        let village = county.person("worker", Role::Village, VILLAGE);
        let early = phone.post("/declare/object", &[("code", &code), ("words", "不对")]);
        assert_eq!(early.0, 409, "there is no answer yet");
        let [line] = <[_; 1]>::try_from(county.leads(LeadState::Open)).unwrap();
        answer(&village, &line, Outcome::HelpedOrdinary, "");
        assert!(county.status(&phone, &code).contains("提出异议"));
        let form = [("code", code.as_str()), ("once", "1"), ("words", "子女没有钱")];
        assert_eq!(phone.post("/declare/object", &form).0, 200);
        assert_eq!(phone.post("/declare/object", &form).0, 200, "sent twice is one");
        assert_eq!(take_in(&county.ctx, county.path()).unwrap().placed, 1);
        let [again] = <[_; 1]>::try_from(county.leads(LeadState::Open)).unwrap();
        assert!(again.id != line.id && again.reasons[0].zh.contains("对答复有异议"), "{again:?}");
        assert_eq!(screening::show(&village, again.id).unwrap().lead.raised_from, Some(line.id));
        let page = county.status(&phone, &code);
        assert!(page.contains("正在核实") && !page.contains("提出异议"), "{page}");
        answer(&village, &again, Outcome::RiskConfirmed, "");
        assert!(county.status(&phone, &code).contains("核实有困难"));
    });
}

#[test]
fn the_code_tells_of_the_case_and_an_objection_to_it_is_answered_there() {
    with_cases(|county| {
        county.household(VILLAGE, ("王小明", "11010519491231002X"), 2);
        let phone = county.outdoors(Limits::default());
        let code = phone.declare(&ILL);
        take_in(&county.ctx, county.path()).unwrap();
        let village = county.person("worker", Role::Village, VILLAGE);
        let [line] = <[_; 1]>::try_from(
            screening::list(&village, &LeadFilter::of(LeadState::Open), None).unwrap().lines,
        )
        .unwrap();
        answer(&village, &line, Outcome::RiskConfirmed, "spending_heavy");
        let page = || {
            publish(&county.ctx, county.path(), &[after_case]).unwrap();
            let (status, page) = phone.post("/declare/status", &[("code", &code)]);
            assert_eq!(status, 200, "{page}");
            page
        };
        let begun = page();
        assert!(begun.contains("村里会上门核实") && begun.contains("2026-10-22"), "{begun}");
        assert!(!begun.contains("name=\"words\""), "nothing to object to yet");
        let id = cases::list(&village, &cases::Filter::default(), None).unwrap().lines[0].id;
        let version = || cases::show(&village, id).unwrap().case.version;
        let typed = |_: &str| "王小明家有存款".to_owned();
        let asked = cases::Asked { step: "refuse_at_door", field: &typed };
        cases::take(&village, cases::Shown { id, version: version() }, &asked).unwrap();
        let refused = page();
        assert!(refused.contains("还不到纳入监测的程度"), "{refused}");
        assert!(refused.contains("name=\"words\""), "one may object: {refused}");
        let published = std::fs::read_to_string(county.path().join("published.json")).unwrap();
        assert!(!published.contains("存款"), "what somebody typed goes outside");
        let sent = phone.post(
            "/declare/object",
            &[
                ("code", &code),
                ("once", "5123456789abcdef0123456789abcdef"),
                ("words", "我家没有存款"),
            ],
        );
        assert_eq!(sent.0, 200, "{}", sent.1);
        take_in(&county.ctx, county.path()).unwrap();
        // it is no new lead: it stands with the case until somebody answers it
        assert!(
            screening::list(&village, &LeadFilter::of(LeadState::Open), None)
                .unwrap()
                .lines
                .is_empty()
        );
        let view = cases::show(&village, id).unwrap();
        assert_eq!(view.objections[0].1, "我家没有存款");
        let waits = page();
        assert!(waits.contains("您的异议已收到") && !waits.contains("name=\"words\""), "{waits}");
        let shown = cases::Shown { id, version: version() };
        cases::answer_objection(&village, shown, (1, "已重新核实")).unwrap();
        let answered = page();
        assert!(
            !answered.contains("已重新核实") && !answered.contains("您的异议已收到"),
            "{answered}"
        );
        // of somebody who is not here the same page says nothing of a case
        let mut stranger = ILL.to_vec();
        (stranger[0].1, stranger[2].1) = ("钱不在", "110105198001010016");
        let other = phone.declare(&stranger);
        take_in(&county.ctx, county.path()).unwrap();
        publish(&county.ctx, county.path(), &[after_case]).unwrap();
        assert!(phone.post("/declare/status", &[("code", &other)]).1.contains("已收到"));
    });
}

#[test]
fn hotline_and_petition_are_entered_also_where_the_household_is_not_known() {
    with_each(|county| {
        let id = county.household(VILLAGE, ("王小明", "11010519491231002X"), 2);
        let town = county.person("town", Role::Township, "140430203000");
        let entered = |channel, household, number: &str| Entered {
            channel,
            household,
            writing: Writing {
                name: "王小明".into(),
                phone: String::new(),
                number: number.into(),
                words: "来电说没钱看病".into(),
                village: VILLAGE.parse().unwrap(),
                kind: "illness".into(),
                helper: None,
                source: "12345-2026-0007".into(),
            },
            on: TODAY.parse().unwrap(),
            urgent: false,
        };
        enter(&town, entered(Channel::Hotline, None, "11010519491231002X")).unwrap();
        enter(&town, entered(Channel::Petition, Some(id), "")).unwrap();
        enter(&town, entered(Channel::Media, None, "110105198001010016")).unwrap();
        let [line] = <[_; 1]>::try_from(county.leads(LeadState::Open)).unwrap();
        assert_eq!(line.reasons.len(), 2, "{line:?}");
        assert_eq!(county.declared(State::Waiting).len(), 1);
        let wrong = refused(enter(&town, entered(Channel::Village, None, "")));
        assert_eq!(wrong.1, "declarations.form");
        let no_source = Entered {
            writing: Writing { source: String::new(), ..entered(Channel::Media, None, "").writing },
            ..entered(Channel::Media, None, "")
        };
        assert_eq!(refused(enter(&town, no_source)).1, "declarations.form");
        let far = county.person("far", Role::Township, "140430204000");
        assert!(enter(&far, entered(Channel::Hotline, None, "")).is_err(), "not in its area");
        let village = county.person("worker", Role::Village, VILLAGE);
        let forbidden = refused(enter(&village, entered(Channel::Hotline, None, "")));
        assert_eq!(forbidden.0, RefusalKind::Forbidden);
    });
}

#[test]
fn who_declared_is_sealed_and_seen_in_full_only_for_a_purpose() {
    with_each(|county| {
        county.household(VILLAGE, ("王小明", "11010519491231002X"), 2);
        let phone = county.outdoors(Limits::default());
        phone.declare(&ILL);
        take_in(&county.ctx, county.path()).unwrap();
        let row = county.ctx.read().unwrap().row("select sealed from declarations", &[]).unwrap();
        assert!(!row.text(0).unwrap().contains("王小明"));
        let line = county.declared(State::Placed).remove(0).declared;
        let village = county.person("worker", Role::Village, VILLAGE);
        assert_eq!(refused(reveal(&village, line.id, " ")).1, "declarations.purpose_needed");
        assert_eq!(reveal(&village, line.id, "回电话").unwrap().phone, "13800001234");
        let far = county.person("far", Role::Village, FAR);
        assert_eq!(refused(show(&far, line.id)).0, RefusalKind::NotFound);
        assert_eq!(refused(reveal(&far, line.id, "好奇")).0, RefusalKind::NotFound);
        let inspector = county.person("feng", Role::Inspector, "140430000000");
        assert!(show(&inspector, line.id).is_ok());
        assert_eq!(refused(reveal(&inspector, line.id, "查")).0, RefusalKind::Forbidden);
    });
}

#[test]
fn the_phone_of_a_township_goes_outside_with_the_next_publication() {
    with_each(|county| {
        let town = county.person("town", Role::Township, "140430203000");
        let code: AreaCode = "140430203000".parse().unwrap();
        save_phone(&town, code, "0355-7020001").unwrap();
        let wrong = save_phone(&town, "140430204000".parse().unwrap(), "0355-7020001");
        assert_eq!(refused(wrong).0, RefusalKind::NotFound);
        assert_eq!(refused(save_phone(&town, code, "-")).1, "declarations.form");
        let phone = county.outdoors(Limits::default());
        let code = phone.declare(&ILL);
        assert!(county.status(&phone, &code).contains("0355-7020001"));
        assert!(!publish(&county.ctx, county.path(), &[]).unwrap(), "nothing changed");
    });
}
