//! A small village for tests: one family of three in each of two villages, and the people of the county.

use kernel::area::AreaCode;
use kernel::idnumber::{IdNumber, Sex, check_character};
use kernel::ids::BatchId;
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::phone::Phone;
use kernel::time::{Clock, Day};
use store::{Actor, Ctx, Entry, Scope, ScopeKind, params};

use super::Kin;
use crate::circumstances::register::{self, Delivery, HouseholdRow, PersonRow};
use crate::circumstances::topics::{RegisterHousehold, RegisterPerson};
use crate::people::Certificate;

pub(crate) fn day(text: &str) -> Day {
    text.parse().unwrap()
}

pub(crate) fn clock() -> Clock {
    Clock::fixed_on(day("2026-10-31"))
}

pub(crate) fn area(text: &str) -> AreaCode {
    text.parse().unwrap()
}

/// A right number for a birthday and a serial.
pub(crate) fn id_of(birth: &str, serial: u32) -> IdNumber {
    let digits = format!("140430{birth}{serial:03}");
    let check = check_character(digits.as_bytes()).unwrap();
    IdNumber::of_form(&format!("{digits}{}", char::from(check))).unwrap()
}

fn household(number: u32, village: &str) -> HouseholdRow {
    HouseholdRow {
        row_no: i64::from(number) + 1,
        number: format!("140430{number:06}"),
        village: area(village),
        phone: Phone::read("16012345678").ok(),
        says: RegisterHousehold {
            group: Some("1组".into()),
            household_type: Some(if number == 1 { "脱贫户" } else { "一般户" }.into()),
            ..RegisterHousehold::default()
        },
    }
}

fn person(number: u32, name: &str, sex: Sex, kin: Kin) -> PersonRow {
    let household = (number - 1) / 3 + 1;
    let birth = ["19600203", "19620506", "19900807"][((number - 1) % 3) as usize];
    PersonRow {
        row_no: 100 + i64::from(number),
        number: format!("140430{number:08}"),
        household_number: format!("140430{household:06}"),
        name: name.into(),
        sex: Some(sex),
        birth_day: Some(day(&format!("{}-{}-{}", &birth[..4], &birth[4..6], &birth[6..]))),
        certificate: Certificate::Citizen,
        id: Some(id_of(birth, 700 + number)),
        certificate_tail: None,
        phone: Phone::read(&format!("1605555{number:04}")).ok(),
        kin: Some(kin),
        says: RegisterPerson::default(),
    }
}

/// Two villages of two townships with a family each, taken in from a register of 2026-01-01.
pub(crate) fn county(ctx: &Ctx) {
    let list = "code,name,official_name,level,parent_code\n\
        140430000000,沁县,沁县,county,\n140430203000,牛寺乡,牛寺乡,town,140430000000\n\
        140430203201,牛寺村,牛寺村委会,village,140430203000\n140430203202,南沟村,南沟村委会,village,140430203000\n\
        140430204000,段柳乡,段柳乡,town,140430000000\n140430204201,段柳村,段柳村委会,village,140430204000\n";
    crate::areas::import_list(ctx, list.as_bytes().to_vec(), "areas.csv").unwrap();
    let batch: BatchId = ctx.new_id();
    let mut tx = ctx.begin().unwrap();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at)
         values ($1, 'register', '农业农村', 'register', 'registry.xlsx', $1, 'staging', 'system', $2)",
        params![batch.to_string(), ctx.now],
    )
    .unwrap();
    tx.commit(Entry::new(ctx, "intake.upload")).unwrap();
    let delivery = Delivery { batch, day: day("2026-01-01"), source: "register".into() };
    let households = [household(1, "140430203201"), household(2, "140430204201")];
    let people = [
        person(1, "张三丰", Sex::Male, Kin::Head),
        person(2, "李桂花", Sex::Female, Kin::Spouse),
        person(3, "张小山", Sex::Male, Kin::Son),
        person(4, "王铁柱", Sex::Male, Kin::Head),
        person(5, "赵秀英", Sex::Female, Kin::Spouse),
        person(6, "王小妹", Sex::Female, Kin::Daughter),
    ];
    let staged = register::stage(ctx, &delivery, &households, &people, &mut |_| {}).unwrap();
    let mut tx = ctx.begin().unwrap();
    register::publish(&mut tx, &staged).unwrap();
    tx.exec("update batches set state = 'accepted' where id = $1", params![batch.to_string()])
        .unwrap();
    tx.commit(Entry::new(ctx, "intake.accept")).unwrap();
}

/// A later register: a family more, somebody called otherwise (1), or a family that is not named (2).
pub(crate) fn another(what: u32) -> (Vec<HouseholdRow>, Vec<PersonRow>) {
    let mut households = vec![household(1, "140430203201"), household(3, "140430203202")];
    let head = if what == 1 { "张三峰" } else { "张三丰" };
    let mut people = vec![
        person(1, head, Sex::Male, Kin::Head),
        person(2, "李桂花", Sex::Female, Kin::Spouse),
        person(7, "钱大海", Sex::Male, Kin::Head),
    ];
    if what != 2 {
        households.push(household(2, "140430203202"));
        people.push(person(4, "王铁柱", Sex::Male, Kin::Head));
        people.push(person(6, "王小妹", Sex::Female, Kin::Daughter));
    }
    (households, people)
}

/// Somebody with a role who works in an area and sees it.
pub(crate) fn someone(ctx: &Ctx, name: &str, role: Role, place: &str) -> Ctx {
    let home = area(place);
    let (low, high) = home.range();
    let mut tx = ctx.begin().unwrap();
    tx.exec(
        "insert into scopes (account_id, kind, low, high, target, from_day) values ($1, 'area', $2, $3, $4, '2020-01-01')",
        params![name, low, high, home],
    )
    .unwrap();
    tx.commit(Entry::new(ctx, "account.create")).unwrap();
    let actor = Actor {
        account: name.into(),
        name: name.into(),
        role,
        department: None,
        home: Some(home),
        scopes: vec![Scope { kind: ScopeKind::Area(home) }],
    };
    Ctx::new(&ctx.db, actor, clock(), Lang::Zh)
}
