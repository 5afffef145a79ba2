//! What the applicant reads of a status, and what desks read of the marks of a declaration.

use web::L;

use super::model::Mark;
use super::outside::{Status, Step};

/// Title and sentence of a status.
pub fn of_status(l: L, status: &Status) -> (String, String) {
    let day = status.day.map(|day| day.to_string()).unwrap_or_default();
    let id = match status.step {
        Step::Received => "received",
        Step::Checking => "checking",
        Step::Answered => match status.outcome.as_deref() {
            Some("risk_confirmed") => "confirmed",
            Some("already_covered") => "covered",
            Some("helped_ordinary") => "helped",
            Some("not_found") => "not-here",
            Some("wrong_data") => "again",
            _ => "no-risk",
        },
        Step::NotHere => "not-here",
        Step::Closed => "closed",
        Step::Later => "later",
    };
    let title = l.t(&format!("declarations-step-{id}"));
    if let (Step::Later, Some(said)) = (status.step, &status.said) {
        return (title, said.get(l.0).to_owned());
    }
    (title, l.t1(&format!("declarations-step-{id}-text"), "day", day))
}

/// What happens next, and by when.
pub fn next(l: L, status: &Status, days: i64) -> String {
    match (status.step, status.day) {
        (Step::Later, _) if status.objected => l.t("declarations-next-objected"),
        (Step::Later, _) if status.answered.is_some() && !status.may_object => {
            let day = status.answered.map(|day| day.to_string()).unwrap_or_default();
            l.t1("declarations-next-answered", "day", day)
        }
        (Step::Later, None) if status.may_object => l.t("declarations-next-object"),
        (Step::Received, _) => l.t1("declarations-next-received", "n", days),
        (Step::Checking | Step::Later, Some(day)) => {
            l.t1("declarations-next-by", "day", day.to_string())
        }
        (Step::Checking | Step::Later, None) => l.t("declarations-next-open"),
        (Step::Answered, _) if status.may_object => l.t("declarations-next-object"),
        (Step::Answered, _) if status.outcome.as_deref() == Some("risk_confirmed") => {
            l.t("declarations-next-confirmed")
        }
        _ => l.t("declarations-next-call"),
    }
}

/// A mark in words.
pub fn of_mark(l: L, mark: Mark) -> String {
    l.t(&format!("declarations-mark-{mark}"))
}
