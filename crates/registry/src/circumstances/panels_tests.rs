//! The panels of this room on a household of the sample county, in both languages.

use kernel::lang::Lang;
use kernel::money::Money;
use kernel::permission::Permission;
use store::testing::test_db;
use store::{Ctx, Entry, params};
use web::L;

use super::incomes::{self, IncomeRow};
use super::panels;
use super::topics::IncomeLine;
use crate::households::sample::{clock, county, day};
use crate::households::{Subject, list_residents, load_household};

fn with_incomes(ctx: &Ctx) {
    let batch: kernel::ids::BatchId = ctx.new_id();
    let mut tx = ctx.begin().unwrap();
    tx.exec(
        "insert into batches (id, template, department, list_id, file_name, file_hash, state, uploaded_by, uploaded_at)
         values ($1, 'income', '农业农村', 'income', 'income.csv', $1, 'staging', 'system', $2)",
        params![batch.to_string(), ctx.now],
    )
    .unwrap();
    tx.commit(Entry::new(ctx, "intake.upload")).unwrap();
    let row = |row_no, line: &str, yuan: i64, from: &str, to: &str| {
        Ok(IncomeRow {
            row_no,
            household_number: "140430000001".into(),
            line: IncomeLine::parse(line).unwrap(),
            amount: Money::from_fen(yuan * 100),
            from: day(from),
            to: day(to),
            source: "务工监测".into(),
        })
    };
    let rows = [
        row(1, "a1", 30_000, "2026-01-01", "2026-10-31"),
        row(2, "e1", 3_000, "2026-03-01", "2026-05-31"),
        row(3, "a1", 9_000, "2025-01-01", "2025-06-30"),
    ];
    incomes::stage(ctx, &batch, rows, &mut |_| {}).unwrap();
    let mut tx = ctx.begin().unwrap();
    tx.exec("update batches set state = 'accepted' where id = $1", params![batch.to_string()])
        .unwrap();
    tx.commit(Entry::new(ctx, "intake.accept")).unwrap();
}

#[test]
fn guarantees_and_income_show_their_sources_in_both_languages() {
    for test in test_db().unwrap() {
        let ctx = test.system(clock());
        county(&ctx);
        with_incomes(&ctx);
        let permit = ctx.permit(Permission::HouseholdSee).unwrap();
        let mut session = ctx.read().unwrap();
        let id = session
            .row("select id from households where number = '140430000001'", &[])
            .unwrap()
            .text(0)
            .unwrap();
        let household = load_household(&ctx, &mut session, &permit, &id).unwrap();
        let residents = list_residents(&mut session, &household.id).unwrap();
        for lang in [Lang::Zh, Lang::En] {
            let subject = Subject {
                ctx: &ctx,
                permit: &permit,
                household: &household,
                residents: &residents,
                as_of: ctx.today,
                l: L(lang),
            };
            let matrix = panels::guarantees(&mut session, &subject).unwrap().unwrap();
            assert!(matrix.html.contains("sw-matrix"));
            let income = panels::income(&mut session, &subject).unwrap().unwrap();
            // 30,000 - 3,000 for three people; 9,000 the year before
            let amounts = if lang == Lang::Zh {
                ["9,000.00 元", "3,000.00 元"]
            } else {
                ["¥9,000.00", "¥3,000.00"]
            };
            for amount in amounts {
                assert!(income.html.contains(amount), "{amount}: {}", income.html);
            }
            assert!(income.html.contains("/rows/1"));
            assert!(panels::events(&mut session, &subject).unwrap().is_empty());
        }
    }
}
