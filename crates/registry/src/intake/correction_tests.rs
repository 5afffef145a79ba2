//! Files that come again: corrected, renamed, in another form, and those that only bear the same name.

use kernel::finding::Finding;
use store::Ctx;

use super::batch::BatchState;
use super::tests::{LIVE, World, bring_it, code, count, each, list, number, row};
use super::*;

fn named(name: &str, rows: &str) -> Upload {
    Upload { name: name.into(), ..list(rows) }
}

/// The same list about May.
fn in_may(name: &str, rows: &str) -> Upload {
    let april = named(name, rows);
    let text = String::from_utf8(april.bytes.to_vec()).unwrap();
    let text = text.replace("2026-04-01 至 2026-04-30", "2026-05-01 至 2026-05-31");
    Upload { bytes: text.into_bytes().into(), ..april }
}

fn take(ctx: &Ctx, world: &World, upload: &Upload) -> Delivered {
    bring_it(ctx, world, upload, Until::Accepted).unwrap()
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.code.as_ref()).collect()
}

#[test]
fn a_file_of_the_same_name_about_another_month_or_other_people_is_another_file() {
    each(|_, ctx, world| {
        let april = row("王一", &number(701), "南山村", "2026-04-13");
        let may = row("王一", &number(701), "南山村", "2026-05-13");
        let elsewhere = row("王一", &number(703), "北沟村", "2026-04-20");
        let first = take(ctx, world, &named("附件1.csv", &april)).batch.unwrap();
        take(ctx, world, &in_may("附件1.csv", &may));
        take(ctx, world, &named("另一乡镇/附件1.csv", &elsewhere));
        assert_eq!(load(ctx, first).unwrap().state, BatchState::Accepted);
        assert_eq!(count(ctx, LIVE), 3, "nothing took another's place");
    });
}

#[test]
fn a_corrected_file_of_another_name_takes_the_place_and_a_copy_repeats() {
    each(|_, ctx, world| {
        let two = |day: &str| {
            row("王一", &number(701), "南山村", day)
                + &row("李二", &number(702), "南山村", "2026-04-20")
        };
        let first = take(ctx, world, &named("四月.csv", &two("2026-04-13"))).batch.unwrap();
        let copy = named("四月（副本）.csv", &(two("2026-04-13") + ",,,,,,,,,,,,\n"));
        let copied = take(ctx, world, &copy);
        assert_eq!((copied.counts.taken, copied.counts.duplicate), (0, 2));
        revert(ctx, copied.batch.unwrap(), "副本").unwrap();
        let mended = take(ctx, world, &named("四月（更正）.csv", &two("2026-04-14")));
        assert_eq!((mended.counts.taken, mended.counts.duplicate), (2, 0));
        assert_eq!(load(ctx, first).unwrap().state, BatchState::Replaced);
        assert_eq!(count(ctx, LIVE), 2, "nothing counts twice");
    });
}

#[test]
fn of_two_files_that_wait_the_later_accepted_takes_the_place_of_the_earlier() {
    each(|_, ctx, world| {
        let two = |day: &str| {
            row("王一", &number(701), "南山村", day)
                + &row("李二", &number(702), "南山村", "2026-04-20")
        };
        let wait = |name: &str, rows: &str| {
            let wish = named(name, rows);
            bring_it(ctx, world, &wish, Until::Ready).unwrap().batch.unwrap()
        };
        let accept_it = |id| accept(ctx, &world.desk, id, &mut Unwatched).unwrap();
        // nothing stands yet
        let one = wait("四月.csv", &two("2026-04-13"));
        let other = wait("四月（更正）.csv", &two("2026-04-14"));
        // two corrections of what stands by then
        let first = accept_it(one);
        let third = wait("四月（再更正）.csv", &two("2026-04-15"));
        let second = accept_it(other);
        assert_eq!(load(ctx, first).unwrap().state, BatchState::Replaced);
        assert_eq!(load(ctx, second).unwrap().replaces, Some(first));
        let last = accept_it(third);
        assert_eq!(load(ctx, second).unwrap().state, BatchState::Replaced);
        assert_eq!(load(ctx, last).unwrap().replaces, Some(second));
        assert_eq!(count(ctx, LIVE), 2, "nothing counts twice");
        let covered = count(
            ctx,
            "select count(*) from coverage c join batches b on b.id = c.batch_id where b.state = 'accepted'",
        );
        assert_eq!(covered, 1);
    });
}

#[test]
fn incomes_that_cannot_be_are_findings() {
    each(|_, ctx, world| {
        let text = "户编号,收入项代码,金额,起始日期,截止日期,来源\n\
                    H00001,Ａ1,100,2025-11-01,2026-01-31,测\n\
                    H00001,a1,100,2026-01-31,2025-11-01,测\n\
                    H00001,a1,-100,2025-11-01,2026-01-31,测\n\
                    H00001,z9,100,2025-11-01,2026-01-31,测\n\
                    H99999,a1,100,2025-11-01,2026-01-31,测\n";
        let upload = Upload { name: "income.csv".into(), bytes: text.as_bytes().into() };
        let done = take(ctx, world, &upload);
        let c = done.counts;
        assert_eq!((c.total, c.taken, c.not_here, c.rejected), (5, 1, 1, 3));
        let expected =
            ["intake.period_backwards", "intake.negative_income", "intake.no_income_line"];
        assert_eq!(codes(&done.findings), expected);
    });
}

#[test]
fn a_register_in_one_flat_sheet_is_refused_and_takes_nothing() {
    each(|_, ctx, world| {
        let text = format!(
            "乡,村,户编号,户主姓名,户类型,人编号,姓名,证件号码,与户主关系\n\
             牛寺乡,南山村,H00009,赵九,一般农户,P00009,赵九,{},户主\n\
             牛寺乡,南山村,H00009,赵九,一般农户,P00010,赵十,{},之子\n",
            number(709),
            number(710)
        );
        let upload = Upload { name: "register.csv".into(), bytes: text.into_bytes().into() };
        let refused = bring_it(ctx, world, &upload, Until::Accepted);
        assert_eq!(code(refused).1, "intake.register_in_one");
        assert_eq!(count(ctx, "select count(*) from households where number = 'H00009'"), 0);
    });
}

#[test]
fn a_sheet_that_is_no_list_is_told() {
    each(|_, ctx, world| {
        let cells = |row: &[&str]| row.iter().map(|text| sheets::FormCell::from(*text)).collect();
        let id = number(701);
        let sheet = |name: &str, rows: Vec<Vec<sheets::FormCell>>| sheets::FormSheet {
            name: name.into(),
            rows,
            ..Default::default()
        };
        let lost = vec![
            cells(&["姓名", "身份证号码", "户籍乡镇", "户籍村", "类型", "失业/返乡日期"]),
            cells(&["王一", &id, "牛寺乡", "南山村", "失业", "2026-04-13"]),
        ];
        let phones = vec![
            cells(&["科室", "座机", "分机", "房间"]),
            cells(&["办公室", "0355-1", "1", "101"]),
        ];
        let form = sheets::Form {
            sheets: vec![sheet("人社", lost), sheet("通讯录", phones)],
            made_on: (2026, 5, 1),
        };
        let mut bytes = Vec::new();
        form.write_xlsx(&mut bytes).unwrap();
        let done = take(ctx, world, &Upload { name: "四月.xlsx".into(), bytes: bytes.into() });
        assert_eq!(done.counts.taken, 1);
        assert_eq!(codes(&done.findings), ["intake.sheet_not_read"]);
        assert_eq!(done.findings[0].place.sheet, "通讯录");
        let kept = "select count(*) from findings where code = 'intake.sheet_not_read' and sheet = '通讯录'";
        assert_eq!(count(ctx, kept), 1);
    });
}
