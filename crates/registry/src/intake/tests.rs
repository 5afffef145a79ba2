//! Deliveries on every engine at hand: a small register, a list of lost jobs, and what may happen to it.

use std::sync::Arc;
use std::time::Duration;

use kernel::area::AreaCode;
use kernel::error::{Error, RefusalKind, Result};
use kernel::idnumber::{IdNumber, Sex, check_character};
use kernel::ids::BatchId;
use kernel::lang::Lang;
use kernel::permission::{Permission, Role};
use kernel::time::{Clock, Day};
use sheets::Limits;
use store::testing::{TestDb, test_db};
use store::{Ctx, Entry, params};

use super::batch::BatchState;
use super::originals::{UNANSWERED, hash_of};
use super::*;
use crate::circumstances::ledger;
use crate::circumstances::register::{self, Delivery, HouseholdRow, PersonRow};
use crate::circumstances::topics::{RegisterHousehold, RegisterPerson};
use crate::households::Kin;
use crate::households::sample::someone;
use crate::people::Certificate;

const AREAS: &str = "code,name,official_name,level,parent_code,village_type,former_names,lon,lat\n\
    140000000000,山西省,山西省,province,,,,,\n140400000000,长治市,长治市,city,140000000000,,,,\n\
    140430000000,沁县,沁县,county,140400000000,,,,\n140430203000,牛寺乡,牛寺乡,town,140430000000,,,,\n\
    140430203200,南山村,南山村委会,village,140430203000,一般村,,,\n\
    140430203201,北沟村,北沟村委会,village,140430203000,一般村,,,\n\
    140430204000,段柳乡,段柳乡,town,140430000000,,,,\n";
const HEAD: &str = "# 就业服务中心导出,,,,\n# 期间 2026-04-01 至 2026-04-30 金额单位:元,,,,\n\
    姓名,性别,身份证号码,户籍乡镇,户籍村,原务工地,原单位,类型,失业/返乡日期,欠薪金额,是否再就业,再就业日期,联系电话\n";

pub(super) fn clock() -> Clock {
    Clock::fixed_on("2026-10-31".parse().unwrap())
}

pub(crate) fn number(serial: u32) -> String {
    let digits = format!("14043019800506{serial:03}");
    format!("{digits}{}", char::from(check_character(digits.as_bytes()).unwrap()))
}

fn person(n: u32, household: u32, name: &str) -> PersonRow {
    PersonRow {
        row_no: 10_000_000 + i64::from(n),
        number: format!("P{n:05}"),
        household_number: format!("H{household:05}"),
        name: name.into(),
        sex: Some(Sex::Male),
        birth_day: Some("1980-05-06".parse().unwrap()),
        certificate: Certificate::Citizen,
        id: Some(IdNumber::of_form(&number(700 + n)).unwrap()),
        certificate_tail: None,
        phone: None,
        kin: Some(Kin::Head),
        says: RegisterPerson::default(),
    }
}

fn home(n: u32, village: &str) -> HouseholdRow {
    HouseholdRow {
        row_no: i64::from(n),
        number: format!("H{n:05}"),
        village: AreaCode::parse(village).unwrap(),
        phone: None,
        says: RegisterHousehold::default(),
    }
}

/// Three households: 王一 and 李二 in one village, another 王一 in the other.
pub(super) fn settle(ctx: &Ctx) {
    crate::areas::import_list(ctx, AREAS.as_bytes().to_vec(), "areas.csv").unwrap();
    let homes = [home(1, "140430203200"), home(2, "140430203200"), home(3, "140430203201")];
    let people = [person(1, 1, "王一"), person(2, 2, "李二"), person(3, 3, "王一")];
    take_register(ctx, "2025-12-31", &homes, &people);
}

fn take_register(ctx: &Ctx, on: &str, homes: &[HouseholdRow], people: &[PersonRow]) -> BatchId {
    let batch: BatchId = ctx.new_id();
    let mut tx = ctx.begin().unwrap();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at)
         values ($1, 'register_households', 'register', 'register', 'r.xlsx', $1, 'staging', 'system', $2)",
        params![batch, ctx.now],
    )
    .unwrap();
    tx.commit(Entry::new(ctx, "test.register")).unwrap();
    let delivery = Delivery { batch, day: Day::parse(on).unwrap(), source: "register".into() };
    let staged = register::stage(ctx, &delivery, homes, people, &mut |_| {}).unwrap();
    let mut tx = ctx.begin().unwrap();
    register::publish(&mut tx, &staged).unwrap();
    tx.exec("update batches set state = 'accepted' where id = $1", params![batch]).unwrap();
    tx.commit(Entry::new(ctx, "test.register")).unwrap();
    batch
}

pub(crate) struct World {
    pub(crate) desk: Desk,
    pub(crate) folder: tempfile::TempDir,
}

pub(crate) fn each(check: impl Fn(&TestDb, &Ctx, &World)) {
    for test in test_db().unwrap() {
        ledger::ensure_tables(&test.db).unwrap();
        test.db.derive_with(vec![ledger::derivation]).unwrap();
        let ctx = test.system(clock());
        settle(&ctx);
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk {
            templates: Arc::new(Templates::shipped().unwrap()),
            originals: Originals::new(folder.path(), test.db.keys()),
            limits: Limits::default(),
        };
        check(&test, &ctx, &World { desk, folder });
        assert_eq!(ledger::rebuild(&ctx, &mut |_, _| {}).unwrap().changed, 0, "facts are current");
    }
}

pub(crate) fn list(rows: &str) -> Upload {
    let text = format!("{HEAD}{rows}");
    Upload { name: "人社_失业返乡_2026-04.csv".into(), bytes: text.into_bytes().into() }
}

pub(crate) fn row(name: &str, id: &str, village: &str, day: &str) -> String {
    format!("{name},男,{id},牛寺乡,{village},本县,砖厂,失业,{day},,否,,\n")
}

pub(crate) fn bring_it(
    ctx: &Ctx,
    world: &World,
    upload: &Upload,
    until: Until,
) -> Result<Delivered> {
    let wish = Wish::of(until);
    bring(ctx, &world.desk, (upload, None, &wish), &mut Unwatched)
}

pub(crate) fn count(ctx: &Ctx, sql: &'static str) -> i64 {
    ctx.read().unwrap().row(sql, &[]).unwrap().int(0).unwrap()
}

pub(crate) const LIVE: &str = "select count(*) from records r join batches b on b.id = r.batch_id
    where r.topic = 'job_event' and b.state = 'accepted'";

pub(super) fn as_role(test: &TestDb, role: Role, department: Option<&str>) -> Ctx {
    let mut actor = store::Actor::system();
    actor.role = role;
    actor.department = department.map(str::to_owned);
    Ctx::new(&test.db, actor, clock(), Lang::En)
}

pub(super) fn code(result: Result<impl std::fmt::Debug>) -> (RefusalKind, &'static str) {
    match result.unwrap_err() {
        Error::Refusal(refusal) => (refusal.kind, refusal.code),
        Error::Fault(fault) => panic!("a refusal was expected: {fault:?}"),
    }
}

#[test]
fn rows_are_given_asked_or_elsewhere_and_the_delivery_is_coverage() {
    each(|_, ctx, world| {
        let rows = row("王一", &number(701), "南山村", "2026-04-13")
            + &row("王一", "", "", "2026-04-14")
            + &row("赵九", &number(950), "南山村", "2026-04-15")
            + &row("李二", &number(702), "南山村", "不详");
        let done = bring_it(ctx, world, &list(&rows), Until::Accepted).unwrap();
        let c = done.counts;
        assert_eq!((c.total, c.taken, c.asked, c.not_here, c.rejected), (4, 1, 1, 1, 1));
        assert_eq!(count(ctx, LIVE), 1);
        assert_eq!(count(ctx, "select count(*) from match_queue where state = 'open'"), 1);
        let covered = ctx
            .read()
            .unwrap()
            .row("select list_id, area_code, from_day, to_day from coverage", &[])
            .unwrap();
        assert_eq!(covered.text(0).unwrap(), "job_events");
        assert_eq!(covered.text(1).unwrap(), "140430000000");
        assert_eq!(covered.text(3).unwrap(), "2026-04-30");
        let finding = ctx.read().unwrap().row("select cell, severity from findings", &[]).unwrap();
        assert_eq!(
            (finding.text(0).unwrap(), finding.text(1).unwrap()),
            ("I7".into(), "error".into())
        );
    });
}

#[test]
fn looking_writes_nothing_and_waiting_is_not_counting() {
    each(|_, ctx, world| {
        let upload = list(&row("王一", &number(701), "南山村", "2026-04-13"));
        let looked = bring_it(ctx, world, &upload, Until::Look).unwrap();
        assert_eq!((looked.counts.taken, looked.batch), (1, None));
        assert_eq!(count(ctx, "select count(*) from batch_rows"), 0);
        let waiting = bring_it(ctx, world, &upload, Until::Ready).unwrap().batch.unwrap();
        assert_eq!(count(ctx, LIVE), 0);
        accept(ctx, &world.desk, waiting, &mut Unwatched).unwrap();
        assert_eq!(count(ctx, LIVE), 1);
        let again = code(accept(ctx, &world.desk, waiting, &mut Unwatched));
        assert_eq!(again, (RefusalKind::Conflict, "intake.not_waiting"));
    });
}

#[test]
fn the_same_file_twice_is_recognised_and_a_corrected_one_takes_its_place() {
    each(|_, ctx, world| {
        let first = list(&row("王一", &number(701), "南山村", "2026-04-13"));
        let old = bring_it(ctx, world, &first, Until::Accepted).unwrap().batch.unwrap();
        let again = bring_it(ctx, world, &first, Until::Accepted).unwrap();
        assert_eq!(again.known.map(|batch| batch.id), Some(old));
        let corrected = list(
            &(row("王一", &number(701), "南山村", "2026-04-13")
                + &row("李二", &number(702), "南山村", "2026-04-20")),
        );
        let new = bring_it(ctx, world, &corrected, Until::Accepted).unwrap();
        assert_eq!(
            (new.counts.taken, new.counts.duplicate),
            (2, 0),
            "the old batch no longer counts"
        );
        assert_eq!(load(ctx, old).unwrap().state, BatchState::Replaced);
        assert_eq!(count(ctx, LIVE), 2);
    });
}

#[test]
fn an_event_reported_again_next_month_is_a_repeat_of_the_first_row() {
    each(|_, ctx, world| {
        let one = row("王一", &number(701), "南山村", "2026-04-13");
        let first = bring_it(ctx, world, &list(&one), Until::Accepted).unwrap().batch.unwrap();
        let mut next = list(&(one + &row("李二", &number(702), "南山村", "2026-04-29")));
        next.name = "人社_失业返乡_2026-05.csv".into();
        let done = bring_it(ctx, world, &next, Until::Accepted).unwrap();
        assert_eq!((done.counts.taken, done.counts.duplicate), (1, 1));
        let row = ctx
            .read()
            .unwrap()
            .row(
                "select repeats_batch, repeats_row from batch_rows where outcome = 'duplicate'",
                &[],
            )
            .unwrap();
        assert_eq!((row.parse::<BatchId>(0).unwrap(), row.int(1).unwrap()), (first, 4));
    });
}

#[test]
fn a_whole_batch_is_taken_back_and_it_is_journalled() {
    each(|_, ctx, world| {
        let upload = list(&row("王一", &number(701), "南山村", "2026-04-13"));
        let id = bring_it(ctx, world, &upload, Until::Accepted).unwrap().batch.unwrap();
        revert(ctx, id, "wrong month").unwrap();
        assert_eq!(count(ctx, LIVE), 0);
        assert_eq!(code(revert(ctx, id, "again")), (RefusalKind::Conflict, "intake.not_accepted"));
        let verbs = ctx
            .read()
            .unwrap()
            .rows("select verb from journal where about_kind = 'batch' order by number", &[])
            .unwrap();
        let verbs: Vec<String> = verbs.iter().map(|row| row.text(0).unwrap()).collect();
        assert_eq!(verbs, ["intake.accept", "intake.revert"]);
        let back = bring_it(ctx, world, &upload, Until::Accepted).unwrap();
        assert!(back.known.is_none(), "a batch that was taken back may come again");
    });
}

#[test]
fn strangers_are_refused_and_other_offices_find_nothing() {
    each(|test, ctx, world| {
        let upload = list(&row("王一", &number(701), "南山村", "2026-04-13"));
        let id = bring_it(ctx, world, &upload, Until::Ready).unwrap().batch.unwrap();
        let inspector = as_role(test, Role::Inspector, None);
        assert_eq!(
            code(bring_it(&inspector, world, &upload, Until::Look)).0,
            RefusalKind::Forbidden
        );
        let office = as_role(test, Role::Department, Some("medical_insurance"));
        assert_eq!(code(load(&office, id)), (RefusalKind::NotFound, "intake.no_batch"));
        assert_eq!(
            code(accept(&office, &world.desk, id, &mut Unwatched)).0,
            RefusalKind::Forbidden
        );
        let own = as_role(test, Role::Department, Some("human_resources"));
        assert_eq!(load(&own, id).unwrap().department, "human_resources");
    });
}

#[test]
fn a_row_of_the_register_is_open_to_those_who_see_its_household() {
    each(|_, ctx, _| {
        let county = ctx.permit(Permission::IntakeSee).unwrap();
        let mut session = ctx.read().unwrap();
        let sql =
            "select r.batch_id, r.row_no from records r join households h on h.id = r.household_id
                   where h.number = 'H00003' and r.subject = 'household'";
        let row = session.row(sql, &[]).unwrap();
        let place: (BatchId, i64) = (row.parse(0).unwrap(), row.int(1).unwrap());
        assert!(queries::speaks_of_seen(&mut session, &county, place, None).unwrap());
        assert!(!queries::speaks_of_seen(&mut session, &county, (place.0, 999), None).unwrap());
        for (scope, sees) in [("140430203201", true), ("140430203200", false)] {
            let clerk = someone(ctx, scope, Role::Township, scope);
            let permit = clerk.permit(Permission::IntakeSee).unwrap();
            let mut session = ctx.read().unwrap();
            let speaks = queries::speaks_of_seen(&mut session, &permit, place, None).unwrap();
            assert_eq!(speaks, sees, "{scope}");
        }
    });
}

#[test]
fn what_a_stopped_program_left_is_swept() {
    each(|test, ctx, world| {
        let upload = list(&row("王一", &number(701), "南山村", "2026-04-13"));
        let id = bring_it(ctx, world, &upload, Until::Ready).unwrap().batch.unwrap();
        let mut tx = ctx.begin().unwrap();
        tx.exec("update batches set state = 'staging' where id = $1", params![id]).unwrap();
        tx.commit(Entry::new(ctx, "test.crash")).unwrap();
        let at_work = test.db.lease(&id.to_string()).unwrap();
        assert!(at_work.is_some(), "whoever is ready holds nothing any more");
        assert_eq!(sweep(ctx).unwrap(), 0, "somebody still writes it");
        assert_eq!(count(ctx, "select count(*) from batch_rows"), 1);
        drop(at_work);
        assert_eq!(sweep(ctx).unwrap(), 1);
        assert_eq!(count(ctx, "select count(*) from batch_rows"), 0);
        assert_eq!(count(ctx, "select count(*) from records where topic = 'job_event'"), 0);
        assert_eq!(sweep(ctx).unwrap(), 0);
    });
}

#[test]
fn a_file_whose_columns_nobody_answered_for_is_forgotten() {
    each(|_, ctx, world| {
        let upload = list(&row("王一", &number(701), "南山村", "2026-04-13"));
        bring_it(ctx, world, &upload, Until::Ready).unwrap();
        let (used, waits) = (hash_of(&upload.bytes), hash_of(b"who knows"));
        world.desk.originals.keep(&waits, b"who knows").unwrap();
        assert_eq!(sweep_originals(ctx, &world.desk, UNANSWERED).unwrap(), 0);
        assert!(world.desk.originals.open(&waits).is_ok());
        assert_eq!(sweep_originals(ctx, &world.desk, Duration::ZERO).unwrap(), 1);
        assert!(world.desk.originals.open(&waits).is_err());
        assert!(world.desk.originals.open(&used).is_ok(), "a batch was made of it");
    });
}

#[test]
fn a_file_that_is_no_list_gets_one_clear_answer() {
    each(|_, ctx, world| {
        let upload =
            Upload { name: "菜单.csv".into(), bytes: "菜,价\n面,8\n".as_bytes().into() };
        assert_eq!(code(bring_it(ctx, world, &upload, Until::Accepted)).1, "intake.unknown_list");
        assert_eq!(
            count(ctx, "select count(*) from batches where template <> 'register_households'"),
            0
        );
    });
}

#[test]
fn an_office_delivers_its_own_lists_and_another_s_is_refused_before_it_is_kept() {
    each(|test, ctx, world| {
        let upload = list(&row("王一", &number(701), "南山村", "2026-04-05"));
        let health = as_role(test, Role::Department, Some("medical_insurance"));
        for until in [Until::Look, Until::Ready] {
            let refused = bring_it(&health, world, &upload, until).unwrap_err();
            assert_eq!(refused.refusal().unwrap().code, "intake.other_office", "{until:?}");
        }
        assert_eq!(count(ctx, "select count(*) from batches where list_id <> 'register'"), 0);
        let jobs = as_role(test, Role::Department, Some("human_resources"));
        assert!(bring_it(&jobs, world, &upload, Until::Ready).unwrap().batch.is_some());
        // the same file again, accepted by the county: another office does not even hear that it is known
        bring_it(ctx, world, &upload, Until::Accepted).unwrap();
        let refused = bring_it(&health, world, &upload, Until::Ready).unwrap_err();
        assert_eq!(refused.refusal().unwrap().code, "intake.other_office");
    });
}

#[test]
fn a_register_taken_back_leaves_the_facts_as_they_were_and_nothing_to_derive_again() {
    each(|_, ctx, world| {
        let facts = || {
            let sql = "select household_id, village_code, persons, labour, heads from household_facts order by household_id";
            let rows = ctx.read().unwrap().rows(sql, &[]).unwrap();
            rows.into_iter().map(|row| format!("{:?}", row.0)).collect::<Vec<_>>()
        };
        let before = facts();
        // one household moves, one gets a person of another, one comes new and takes somebody along
        let homes = [home(1, "140430203201"), home(2, "140430203200"), home(4, "140430203200")];
        let mut moved = person(1, 4, "王一");
        moved.kin = Some(Kin::Other);
        let people = [moved, person(2, 2, "李二"), person(4, 4, "孙四"), person(5, 2, "孙五")];
        let second = take_register(ctx, "2026-10-31", &homes, &people);
        assert_ne!(facts(), before);
        assert_eq!(ledger::rebuild(ctx, &mut |_, _| {}).unwrap().changed, 0);
        // a list that comes in between is given to the household of that register
        let told = list(&row("王一", &number(701), "南山村", "2026-04-05"));
        bring_it(ctx, world, &told, Until::Accepted).unwrap();
        revert(ctx, second, "登记册有误").unwrap();
        assert_eq!(facts(), before);
        let jobless =
            "select count(*) from household_facts f join households h on h.id = f.household_id
                       where h.number = 'H00001' and f.jobless_count = 1";
        assert_eq!(count(ctx, jobless), 1, "the row counts where the person lives again");
        assert_eq!(ledger::rebuild(ctx, &mut |_, _| {}).unwrap().changed, 0);
    });
}

#[test]
fn the_register_before_2020_is_read_as_a_list_and_its_causes_stand_in_the_facts() {
    each(|_, ctx, world| {
        let text = format!(
            "沁县建档立卡贫困户名册,,,,,,\n截至2020年12月31日,,,,,,\n\
             乡镇,行政村,户主姓名,证件号码,识别年度,主要致贫原因,其他致贫原因,脱贫年度\n\
             牛寺乡,南山村,王一,{},2014,因病,因残、缺劳力,2017\n",
            number(701)
        );
        let upload = Upload { name: "建档立卡.csv".into(), bytes: text.into_bytes().into() };
        let done = bring_it(ctx, world, &upload, Until::Accepted).unwrap();
        assert_eq!((done.template.as_str(), done.counts.taken), ("old_register", 1), "{done:?}");
        let found = "select f.old_causes, f.old_exit_year, f.old_register from household_facts f
                     join households h on h.id = f.household_id where h.number = 'H00001'";
        let row = ctx.read().unwrap().row(found, &[]).unwrap();
        assert_eq!(row.text(0).unwrap(), "因病、因残、缺劳力");
        assert_eq!((row.text(1).unwrap().as_str(), row.int(2).unwrap()), ("2017", 1));
        let since = "select count(*) from records where topic = 'old_register' and valid_from = '2014-01-01'";
        assert_eq!(count(ctx, since), 1);
    });
}
