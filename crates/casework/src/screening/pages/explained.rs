//! The explanation of something that a rule of another room found, in the same words as the reason of a lead.

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::HouseholdId;
use store::{Ctx, Permit, Session};
use web::L;
use web::ui::Why;

use super::super::book::Bound;
use super::super::queries::one::Reason;
use super::super::rule::Rule;
use super::super::rules::Hit;
use super::explain::{Behind, rows_of};

/// The whole explanation of a hit on a household: sentence, condition, values with the rows they come from, basis.
pub fn explained(
    (ctx, l): (&Ctx, L),
    (session, permit): (&mut Session, &Permit),
    (book, rule): (&Bound, &Rule),
    (household, village): (HouseholdId, AreaCode),
    hit: &Hit,
) -> Result<Why> {
    let names: Vec<&str> = rule.evidence.iter().map(|column| column.name).collect();
    let rows = rows_of(ctx, (session, permit), household, &names)?;
    let head = &book.book.pack.head;
    let reason = Reason {
        rule: rule.def.id.clone(),
        severity: rule.def.severity,
        department: rule.def.department.clone(),
        pack: (head.id.clone(), i64::from(head.version)),
        zh: hit.sentence_zh.clone(),
        en: hit.sentence_en.clone(),
        evidence: hit.evidence.clone(),
        hit_on: ctx.today,
        gone_on: None,
        settled: false,
    };
    let behind =
        Behind { ctx, l, permit, book: Some(&book.book), rows: &rows, today: ctx.today, village };
    Ok(behind.why(&reason).open())
}
