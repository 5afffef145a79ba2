//! Households that split off the household of a case: the question on its page, and what is answered.

use axum::extract::Path;
use kernel::ids::{CaseId, HouseholdId};
use kernel::permission::Permission;
use web::{Answer as Answered, CtxOf, Desk, Fields, L, blocking};

use super::super::look::View;
use super::super::queries::splits::Split;
use super::super::splits;
use super::steps::answered;

/// A household that split off as the page shows it.
pub struct SplitRow {
    /// Its id.
    pub id: String,
    /// The head, or the number of the household.
    pub who: String,
    /// When, and how many went along.
    pub text: String,
    /// What was said of it; empty while nobody has.
    pub said: String,
    /// The case that it has: address and number.
    pub case: Option<(String, String)>,
    /// It can be undone.
    pub undo: bool,
}

/// The households that split off.
pub fn rows(l: L, view: &View) -> Vec<SplitRow> {
    let row = |one: &Split| {
        let args = [("day", one.on.to_string().into()), ("n", one.people.into())];
        let said = one.said.as_ref().map_or_else(String::new, |said| {
            let id = match said.opened {
                Some(_) => "cases-split-taken-up",
                None => "cases-split-left-out",
            };
            let args = [
                ("by", (&said.by).into()),
                ("day", said.on.to_string().into()),
                ("words", (&said.words).into()),
            ];
            l.t_args(id, &args)
        });
        SplitRow {
            id: one.household.to_string(),
            who: if one.head.is_empty() { one.number.clone() } else { one.head.clone() },
            text: l.t_args("cases-split-when", &args),
            said,
            case: one.case.as_ref().map(|(id, number)| (format!("/cases/{id}"), number.clone())),
            undo: one.said.is_some(),
        }
    };
    view.splits.iter().map(row).collect()
}

/// `POST /cases/{id}/splits/{household}`: opens its case, says that there is no risk of its own, or undoes either.
pub async fn answer(
    CtxOf(ctx): CtxOf,
    (desk, Path((id, household))): (Desk, Path<(CaseId, HouseholdId)>),
    sent: Fields,
) -> Answered {
    ctx.permit(Permission::CaseWork)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let of = (id, household);
    let result = blocking(move || match form.text("answer") {
        "case" => splits::take_up(&acting, of).map(drop),
        "undo" => splits::undo(&acting, of),
        _ => splits::leave_out(&acting, of, form.text("words")),
    });
    let result = result.await;
    answered(ctx, desk, (id, sent, ""), result).await
}
