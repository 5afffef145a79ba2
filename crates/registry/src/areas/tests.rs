//! Areas on every engine at hand.

use kernel::area::AreaCode;
use kernel::error::Error;
use kernel::lang::Lang;
use kernel::permission::Role;
use kernel::time::{Clock, Day};
use store::testing::test_db;
use store::{Actor, Ctx, params};

use super::*;

const HEAD: &str = "code,name,official_name,level,parent_code,village_type,former_names,lon,lat\n";

fn clock() -> Clock {
    Clock::fixed_on("2026-10-31".parse().unwrap())
}

fn each(check: impl Fn(&Ctx)) {
    for test in test_db().unwrap() {
        check(&test.system(clock()));
    }
}

fn code(text: &str) -> AreaCode {
    text.parse().unwrap()
}

fn list(villages: &str) -> Vec<u8> {
    format!("{HEAD}140430000000,沁县,沁县,county,,,,,\n140430100000,定昌镇,定昌镇,town,140430000000,,,,\n{villages}").into_bytes()
}

fn first(ctx: &Ctx) {
    let rows = "140430100201,红家坪村,红家坪村委会,village,140430100000,一般村,,,\n\
                140430100202,西陈村,西陈村委会,village,140430100000,脱贫村,西树底村,112.5,36.8\n";
    let done = import_list(ctx, list(rows), "areas.csv").unwrap();
    assert_eq!((done.added, done.findings.len()), (4, 0));
}

fn verbs(ctx: &Ctx) -> Vec<String> {
    let rows = ctx.read().unwrap().rows("select verb from journal order by number", &[]).unwrap();
    rows.iter().map(|row| row.text(0).unwrap()).collect()
}

#[test]
fn the_same_list_again_changes_nothing() {
    each(|ctx| {
        first(ctx);
        let all = list_areas(&mut ctx.read().unwrap(), None).unwrap();
        assert_eq!(all.len(), 4);
        assert_eq!(all[3].row.former_names, ["西树底村"]);
        assert_eq!(all[3].row.point, Some((112.5, 36.8)));
        let rows = "140430100201,红家坪村,红家坪村委会,village,140430100000,一般村,,,\n\
                    140430100202,西陈村,西陈村委会,village,140430100000,脱贫村,西树底村,112.5,36.8\n";
        let again = import_list(ctx, list(rows), "areas.csv").unwrap();
        assert_eq!(again, Imported::default());
        assert_eq!(verbs(ctx), ["area.import", "area.import"]);
    });
}

#[test]
fn a_village_that_is_renamed_reclassed_or_recoded_keeps_its_past() {
    each(|ctx| {
        first(ctx);
        let rows = "140430100202,东陈村,东陈村委会,village,140430100000,乡村振兴示范村,西树底村,112.5,36.8\n\
                    140430100216,红坡村,红坡村委会,village,140430100000,一般村,红家坪村,,\n";
        let done = import_list(ctx, list(rows), "areas.csv").unwrap();
        assert_eq!((done.added, done.renamed, done.reclassed, done.succeeded), (1, 1, 1, 1));
        let mut session = ctx.read().unwrap();
        let renamed = find_area(&mut session, code("140430100202")).unwrap().unwrap();
        assert_eq!(renamed.row.name, "东陈村");
        let names = session
            .rows(
                "select code from area_names where name = $1 and kind = 'former'",
                params!["西陈村"],
            )
            .unwrap();
        assert_eq!(names.len(), 1);
        let classes = load_classes(&mut session, code("140430100202")).unwrap();
        let yesterday: Day = "2026-10-30".parse().unwrap();
        assert_eq!(classes.on(yesterday), Some("脱贫村"));
        assert_eq!(classes.on(ctx.today), Some("乡村振兴示范村"));
        let old = load_successors(&mut session).unwrap().on(code("140430100201"), ctx.today);
        assert_eq!(old, [code("140430100216")]);
    });
}

#[test]
fn households_of_a_merged_village_stand_in_the_other() {
    each(|ctx| {
        first(ctx);
        let mut tx = ctx.begin().unwrap();
        tx.exec(
            "insert into households (id, number, village_code, created_at) values ('h1', '1', $1, 'x')",
            params![code("140430100201")],
        )
        .unwrap();
        tx.commit(store::Entry::new(ctx, "household.sample")).unwrap();
        merge(ctx, code("140430100201"), code("140430100202"), ctx.today).unwrap();
        let row = ctx.read().unwrap().row("select village_code from households", &[]).unwrap();
        assert_eq!(row.text(0).unwrap(), "140430100202");
        let past =
            ctx.read().unwrap().row("select village_code from household_places", &[]).unwrap();
        assert_eq!(past.text(0).unwrap(), "140430100201");
        let again = merge(ctx, code("140430100201"), code("140430100202"), ctx.today).unwrap_err();
        assert_eq!(again.code(), Some("areas.no_such_village"));
        assert_eq!(verbs(ctx).last().unwrap(), "area.merge");
    });
}

#[test]
fn nobody_but_the_county_changes_areas() {
    each(|ctx| {
        let actor = Actor { role: Role::Township, ..Actor::system() };
        let bob = Ctx::new(&ctx.db, actor, clock(), Lang::Zh);
        let refused = import_list(&bob, list(""), "areas.csv").unwrap_err();
        assert!(matches!(refused, Error::Refusal(_)));
        assert_eq!(list_areas(&mut ctx.read().unwrap(), None).unwrap().len(), 0);
    });
}

#[test]
fn a_village_gets_another_name_and_is_known_by_the_old_one() {
    each(|ctx| {
        first(ctx);
        let west = code("140430100202");
        rename(ctx, west, ("西陈新村", ""), ctx.today).unwrap();
        let area = find_area(&mut ctx.read().unwrap(), west).unwrap().unwrap();
        assert_eq!(
            (area.row.name.as_str(), area.row.official_name.as_str()),
            ("西陈新村", "西陈新村")
        );
        let all = list_areas(&mut ctx.read().unwrap(), Some(west)).unwrap();
        assert_eq!(all[0].row.former_names, ["西树底村", "西陈村"]);
        assert_eq!(all[0].row.point, Some((112.5, 36.8)), "the rest of the line stays");
        assert_eq!(verbs(ctx).last().unwrap(), "area.rename");
        let refused = |name: &str, at: &str| match rename(ctx, code(at), (name, ""), ctx.today) {
            Err(Error::Refusal(refusal)) => refusal.code,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused("西陈新村", "140430100202"), "areas.same_name");
        assert_eq!(refused(" ", "140430100202"), "areas.no_new_name");
        assert_eq!(refused("无", "140430100299"), "areas.no_such_village");
    });
}

#[test]
fn a_list_that_is_only_tried_says_what_it_would_do_and_changes_nothing() {
    each(|ctx| {
        first(ctx);
        let rows = "140430100202,东陈村,东陈村委会,village,140430100000,脱贫村,西树底村,112.5,36.8\n\
                    140430100216,红坡村,红坡村委会,village,140430100000,一般村,红家坪村,,\n";
        let before = list_areas(&mut ctx.read().unwrap(), None).unwrap();
        let tried = try_list(ctx, list(rows), "areas.csv").unwrap();
        assert_eq!((tried.added, tried.renamed, tried.succeeded), (1, 1, 1));
        assert_eq!(list_areas(&mut ctx.read().unwrap(), None).unwrap(), before);
        assert_eq!(verbs(ctx), ["area.import"]);
        assert_eq!(import_list(ctx, list(rows), "areas.csv").unwrap(), tried);
    });
}

#[test]
fn a_group_has_one_name_and_its_households_are_counted() {
    each(|ctx| {
        first(ctx);
        let village = code("140430100201");
        let mut tx = ctx.begin().unwrap();
        for (id, group) in [("h1", "1组"), ("h2", "前街组"), ("h3", "后街组")] {
            tx.exec(
                "insert into households (id, number, village_code, group_name, created_at) values ($1, $1, $2, $3, 'x')",
                params![id, village, group],
            )
            .unwrap();
        }
        tx.commit(store::Entry::new(ctx, "household.sample")).unwrap();
        name_group(ctx, village, 1, " 前街组 ").unwrap();
        let seen = |ctx: &Ctx| {
            let groups = list_groups(&mut ctx.read().unwrap(), village).unwrap();
            groups.into_iter().map(|one| (one.number, one.name, one.households)).collect::<Vec<_>>()
        };
        assert_eq!(
            seen(ctx),
            [(Some(1), "前街组".to_owned(), 2), (None, "后街组".to_owned(), 1)],
            "1组 and its name are one group"
        );
        let refused =
            |at: &str, number: i64, name: &str| match name_group(ctx, code(at), number, name)
                .unwrap_err()
            {
                Error::Refusal(refusal) => refusal.code,
                fault => panic!("{fault:?}"),
            };
        assert_eq!(refused("140430100201", 2, "前街组"), "areas.group_name_taken");
        assert_eq!(refused("140430100201", 0, "新组"), "areas.group_number");
        assert_eq!(refused("140430100201", 2, " "), "areas.change_incomplete");
        assert_eq!(refused("140430100000", 2, "新组"), "areas.no_such_village");
        name_group(ctx, village, 1, "东街组").unwrap();
        assert_eq!(seen(ctx)[0], (Some(1), "东街组".to_owned(), 1));
    });
}

const WEST: &str = "140430100202";

fn refused<T: std::fmt::Debug>(result: kernel::Result<T>) -> &'static str {
    match result.unwrap_err() {
        Error::Refusal(refusal) => refusal.code,
        fault => panic!("expected a refusal, got {fault:?}"),
    }
}

#[test]
fn a_kind_set_by_hand_is_the_first_that_applies_and_no_code_list_changes_it() {
    each(|ctx| {
        first(ctx);
        let day = |text: &str| text.parse::<Day>().unwrap();
        let applies = ["软弱涣散村".to_owned(), "百人以上搬迁安置村".to_owned()];
        let document = "沁组发〔2026〕3号";
        let set =
            |from: &str, document: &str| set_kind(ctx, code(WEST), &applies, (day(from), document));
        assert_eq!(refused(set("2026-10-01", " ")), "areas.no_document");
        assert_eq!(refused(set("2026-11-01", document)), "areas.kind_day");
        let none = ["贫困村".to_owned()];
        let wrong = set_kind(ctx, code(WEST), &none, (ctx.today, document));
        assert_eq!(refused(wrong), "areas.no_such_kind");
        let town = set_kind(ctx, code("140430100000"), &applies, (ctx.today, document));
        assert_eq!(refused(town), "areas.no_such_village");
        assert_eq!(set("2026-10-01", document).unwrap(), "百人以上搬迁安置村");
        let classes = load_classes(&mut ctx.read().unwrap(), code(WEST)).unwrap();
        assert_eq!(classes.on(day("2026-09-30")), Some("脱贫村"), "the past stays");
        assert_eq!(classes.on(day("2026-10-01")), Some("百人以上搬迁安置村"));
        // the code list still says what it said, and is told why it changes nothing
        let rows = "140430100201,红家坪村,红家坪村委会,village,140430100000,社区,,,\n\
                    140430100202,西陈村,西陈村委会,village,140430100000,脱贫村,西树底村,112.5,36.8\n";
        let done = import_list(ctx, list(rows), "areas.csv").unwrap();
        assert_eq!((done.reclassed, done.findings.len()), (1, 1));
        assert_eq!(done.findings[0].code, "areas.class_by_hand");
        let said = list_said_kinds(&mut ctx.read().unwrap(), code(WEST)).unwrap();
        assert_eq!((said.len(), said[0].document.as_str()), (1, document));
        // nothing applies any more: an ordinary village, by hand too
        assert_eq!(set_kind(ctx, code(WEST), &[], (ctx.today, "另文")).unwrap(), "一般村");
        assert_eq!(verbs(ctx).iter().filter(|verb| *verb == "area.kind").count(), 2);
        let mut stranger = ctx.clone();
        let actor = Actor { role: Role::Township, ..(*ctx.actor).clone() };
        stranger.actor = actor.into();
        assert_eq!(
            refused(set_kind(&stranger, code(WEST), &[], (ctx.today, "x"))),
            "access.forbidden"
        );
    });
}
