//! What an office may send, and what is left of a file that was refused.

use kernel::permission::Role;
use store::Ctx;

use super::jobs::{JobState, Jobs};
use super::tests::{World, as_role, code, count, each, list, number, row};
use super::*;

/// How many originals are kept.
fn kept(world: &World) -> usize {
    let inside = |path: &std::path::Path| -> Vec<std::path::PathBuf> {
        std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    inside(world.folder.path()).iter().map(|folder| inside(folder).len()).sum()
}

/// Reads a file as the page of uploads does, to its end.
fn read(ctx: &Ctx, world: &World, upload: Upload) -> JobState {
    let jobs = Jobs::default();
    let id = jobs.start(ctx, &world.desk, upload, None).unwrap();
    loop {
        let state = jobs.find(ctx, &id).unwrap().state;
        if !matches!(state, JobState::Reading) {
            return state;
        }
        std::thread::yield_now();
    }
}

fn text(name: &str, text: &str) -> Upload {
    Upload { name: name.into(), bytes: text.as_bytes().into() }
}

#[test]
fn nothing_is_left_of_a_file_that_was_refused() {
    each(|test, ctx, world| {
        let health = as_role(test, Role::Department, Some("medical_insurance"));
        let good = row("王一", &number(701), "南山村", "2026-04-05");
        let refused = |state: JobState| match state {
            JobState::Refused(refusal) => refusal.code,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(read(&health, world, list(&good))), "intake.other_office");
        assert_eq!(refused(read(ctx, world, text("a.xls", "<html><table>"))), "sheets.html");
        let mut narrow = world.desk.clone();
        narrow.limits.rows = 100;
        let long = list(&good.repeat(200));
        let wish = Wish::of(Until::Ready);
        let cut = bring(ctx, &narrow, (&long, None, &wish), &mut Unwatched);
        assert_eq!(code(cut).1, "sheets.too_many_rows");
        assert_eq!(kept(world), 0, "nothing came of any of them");

        let done = read(ctx, world, list(&good));
        assert!(matches!(done, JobState::Done(_)), "{done:?}");
        assert_eq!(refused(read(&health, world, list(&good))), "intake.other_office");
        assert_eq!(kept(world), 1, "the county's batch keeps its original");
        let asked = read(ctx, world, text("菜单.csv", "菜,价\n面,8\n粉,9\n"));
        assert!(matches!(asked, JobState::Unmapped), "{asked:?}");
        assert_eq!(kept(world), 2, "its columns are asked, and it is read again then");
        assert_eq!(count(ctx, "select count(*) from batches where list_id <> 'register'"), 1);
    });
}

#[test]
fn an_own_list_with_an_unknown_heading_is_asked_and_not_taken_for_another_office_s() {
    each(|test, _, world| {
        let head = "姓名,身份证号,乡镇,村,类型,日期";
        let row = |name, n, rest: &str| format!("{name},{},牛寺乡,南山村,{rest}\n", number(n));
        let people =
            |one: &str, two: &str| format!("{}{}", row("王一", 701, one), row("李二", 702, two));
        // read by all templates each is surely another office's list: of lost jobs, of losses by disasters
        for (office, name, file) in [
            (
                "civil_affairs",
                "低保.csv",
                format!("{head},待遇\n{}", people("新增,2026-04-05,甲", "停发,2026-04-06,乙")),
            ),
            (
                "police",
                "死亡.csv",
                format!("{head},去向\n{}", people("失业,2026-04-05,甲", "返乡,2026-04-06,乙")),
            ),
            (
                "medical_insurance",
                "住院.csv",
                format!("{head},合计\n{}", people("失业,2026-04-05,1", "返乡,2026-04-06,2")),
            ),
        ] {
            let own = as_role(test, Role::Department, Some(office));
            let state = read(&own, world, text(name, &file));
            assert!(matches!(state, JobState::Unmapped), "{name}: {state:?}");
            let plans = look(&own, &world.desk, &text(name, &file)).unwrap().plans;
            let taken = template_of(&world.desk.templates, &plans);
            assert!(taken.is_none_or(|template| template.department == office), "{taken:?}");
        }
        // nothing in it or around it speaks for the office that sends it
        let lost = format!("{head},去向\n{}", people("失业,2026-04-05,甲", "返乡,2026-04-06,乙"));
        let bank = as_role(test, Role::Department, Some("bank"));
        let state = read(&bank, world, text("就业.csv", &lost));
        assert!(matches!(state, JobState::Refused(_)), "{state:?}");
    });
}

#[test]
fn columns_put_right_by_one_office_are_not_another_s() {
    each(|test, county, world| {
        let office = |name| as_role(test, Role::Department, Some(name));
        let (civil, health) = (office("civil_affairs"), office("medical_insurance"));
        let file = text("菜单.csv", "菜,价\n面,8\n粉,9\n");
        let read = |ctx: &Ctx| {
            let plan = look(ctx, &world.desk, &file).unwrap().plans.remove(0);
            (plan.signature, plan.mapping.map(|mapping| mapping.template))
        };
        let said = |ctx: &Ctx, office: &str, template: &str| {
            let mapping = super::mapping::Mapping {
                template: template.to_owned(),
                columns: Vec::new(),
                unused: Vec::new(),
                missing: Vec::new(),
                confidence: 100,
                remembered: false,
            };
            remember_mapping(ctx, (office, &read(ctx).0), &mapping).unwrap();
        };
        assert_eq!(read(county).1, None);
        said(&civil, "civil_affairs", "social_assistance");
        assert_eq!(read(&civil).1.as_deref(), Some("social_assistance"));
        assert_eq!(read(&health).1, None, "{}: nobody of this office has said so", test.engine);
        assert_eq!(read(county).1.as_deref(), Some("social_assistance"), "one office alone");
        said(&health, "medical_insurance", "medical_stays");
        assert_eq!(read(&health).1.as_deref(), Some("medical_stays"));
        assert_eq!(read(&civil).1.as_deref(), Some("social_assistance"));
        assert_eq!(read(county).1, None, "two offices mean different lists: it is asked");
        said(county, "medical_insurance", "medical_stays");
        assert_eq!(read(county).1.as_deref(), Some("medical_stays"));
        assert_eq!(read(&civil).1.as_deref(), Some("social_assistance"));
    });
}
