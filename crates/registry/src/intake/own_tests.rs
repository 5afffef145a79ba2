//! A list that the county made itself comes in, counts and is taken back, on every engine at hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use kernel::permission::Role;
use store::Ctx;

use super::tests::{World, count, each};
use super::*;
use crate::policies::list_tests::DRONES;
use crate::policies::{
    Change, DraftHead, Pack, Stance, Trial, Tried, begin_with, publish, publish_draft, put_change,
    submit_draft,
};

/// The list of pilots, each drone a row of its own.
fn list() -> String {
    let kinds = r#"
required = true
aliases = ["补助"]
[[columns]]
name = "机型"
title = { zh = "机型", en = "" }
type = "code"
codes = "drone_kinds"
tells_apart = true
"#;
    let subsidy = DRONES.replace("name = \"金额\"", "name = \"补贴\"");
    subsidy.replace("补贴金额", "补贴") + kinds.trim_start()
}

const CODES: &str = r#"
id = "drone_kinds"
title = { zh = "机型", en = "Kinds" }
codes = [ { code = "quad", title = { zh = "四旋翼", en = "Quad" } }, { code = "wing", title = { zh = "固定翼", en = "" } } ]
"#;

fn sound() -> Trial {
    Trial(Arc::new(|_: &Ctx, _: &Pack, _| Ok(Tried::default())))
}

fn as_person(ctx: &Ctx, name: &str) -> Ctx {
    let mut actor = (*ctx.actor).clone();
    (actor.account, actor.role) = (name.to_owned(), Role::County);
    Ctx { actor: Arc::new(actor), ..ctx.clone() }
}

/// A pack, and over it the list and its codes, drafted by one and published by another.
fn with_list(ctx: &Ctx) {
    with_list_of(ctx, &list());
}

fn with_list_of(ctx: &Ctx, text: &str) {
    let head = "id = \"base\"\nversion = 1\ntitle = { zh = \"底\", en = \"base\" }\nvalid_from = \"2021-01-01\"\nbasis = []\n";
    let files = BTreeMap::from([("pack.toml".to_owned(), head.to_owned())]);
    publish(ctx, &Pack::read(files).unwrap()).unwrap();
    let (ann, ben) = (as_person(ctx, "ann"), as_person(ctx, "ben"));
    let head = DraftHead {
        title: "飞手".into(),
        stance: Stance::Optimised,
        document: None,
        valid_from: ctx.today,
    };
    let file = |path: &str, text: &str| Change::File { path: path.into(), text: text.into() };
    let alone = begin_with(&ann, &head, file("lists/drones.toml", text));
    assert_eq!(
        alone.unwrap_err().refusal().unwrap().code,
        "policies.unfit",
        "its codes are missing"
    );
    let id = begin_with(&ann, &head, file("codes/drone_kinds.toml", CODES)).unwrap();
    put_change(&ann, id, 0, file("lists/drones.toml", text)).unwrap();
    submit_draft(&ann, id, 1).unwrap();
    publish_draft(&ben, id, 2, &sound()).unwrap();
}

fn bring_own(ctx: &Ctx, world: &World, name: &str, rows: &str) -> kernel::error::Result<Delivered> {
    let desk = world.desk.of_day(&mut ctx.read().unwrap(), ctx.today).unwrap();
    let text = format!("姓名,身份证号,行政村,补助,机型\n{rows}");
    let upload = Upload { name: name.into(), bytes: text.into_bytes().into() };
    let wish = Wish::of(Until::Accepted);
    bring(ctx, &desk, (&upload, None, &wish), &mut Unwatched)
}

const HELD: &str = "select count(*) from household_facts where own_lists is not null";

#[test]
fn an_own_list_is_found_read_stored_and_taken_back() {
    each(|test, ctx, world| {
        let plain = bring_own(ctx, world, "无人机飞手_2026-04.csv", "王一,,南山村,500,四旋翼\n");
        assert!(plain.is_err(), "{}: nobody knows the list yet", test.engine);
        with_list(ctx);
        let one = super::tests::number(701);
        let rows = format!(
            "王一,{one},南山村,500,四旋翼\n王一,{one},南山村,200,固定翼\n王一,{one},南山村,500,四旋翼\n赵九,,南山村,9,六旋翼\n"
        );
        let done = bring_own(ctx, world, "无人机飞手_2026-04.csv", &rows).unwrap();
        assert_eq!(done.template, "own:drones");
        let c = done.counts;
        assert_eq!((c.total, c.taken, c.duplicate), (4, 2, 1), "{:?}", done.findings);
        let records = "select count(*) from records where topic = 'own_list'";
        assert_eq!(count(ctx, records), 2, "one record for each row");
        assert_eq!(count(ctx, HELD), 1);
        let held = "select own_lists from household_facts where own_lists is not null";
        let text = ctx.read().unwrap().row(held, &[]).unwrap().text(0).unwrap();
        let rows = facts::own::rows_of(&text);
        assert_eq!(rows.len(), 2);
        assert_eq!(rows[0].values["a:补贴"], 50_000);
        assert_eq!(rows[0].values["t:机型"], "quad");
        assert_eq!(rows[0].day.to_string(), "2026-04-30");
        let persons = "select count(*) from person_facts where own_lists is not null";
        assert_eq!(count(ctx, persons), 1);
        assert_eq!(count(ctx, "select count(*) from coverage where list_id = 'own:drones'"), 1);
        let batch = done.batch.unwrap();
        revert(ctx, batch, "报错了月份").unwrap();
        assert_eq!(count(ctx, HELD), 0, "{}", test.engine);
        let unknown = format!("李二,{},南山村,9,六旋翼\n", super::tests::number(702));
        let done = bring_own(ctx, world, "无人机飞手_2026-05.csv", &unknown).unwrap();
        assert!(done.findings.iter().any(|one| one.code == "intake.word_unknown"));
    });
}

#[test]
fn rows_whose_key_column_is_empty_count_for_nobody_until_somebody_says_who_it_is() {
    each(|test, ctx, world| {
        with_list_of(ctx, &list().replace("[\"id\", \"village\"]", "[\"household_number\"]"));
        let desk = world.desk.of_day(&mut ctx.read().unwrap(), ctx.today).unwrap();
        let bring = |rows: &str| {
            let text = format!("姓名,户编号,补助,机型\n{rows}");
            let name = "无人机飞手_2026-04.csv".to_owned();
            let upload = Upload { name, bytes: text.into_bytes().into() };
            let wish = Wish::of(Until::Accepted);
            super::bring(ctx, &desk, (&upload, None, &wish), &mut Unwatched)
        };
        // the whole column is empty: nothing of it counts; each row is asked about or told
        let done = bring("王一,,500,四旋翼\n李二,,200,固定翼\n").unwrap();
        let c = done.counts;
        assert_eq!((c.total, c.taken), (2, 0), "{}: {:?}", test.engine, done.findings);
        assert_eq!(c.rejected + c.asked + c.not_here, 2, "{:?}", done.findings);
        assert_eq!(count(ctx, HELD), 0);
        // one of them is filled in: that one counts
        let done = bring("王一,H00001,500,四旋翼\n李二,,200,固定翼\n").unwrap();
        assert_eq!(done.counts.taken, 1, "{:?}", done.findings);
        assert_eq!(count(ctx, HELD), 1, "{}", test.engine);
    });
}
