//! Pages of departments: all offices, one office, what is late, what came back, questions.

mod back;
mod offices;
mod one;
mod questions;

use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kernel::time::Period;
use registry::intake::Templates;
use web::L;
use web::ui::{Chip, Tone};

use super::model::Standing;
use crate::screening::{Returned, reason_words_of};

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/departments", get(offices::list))
        .route("/departments/export", get(offices::export))
        .route("/departments/late", get(offices::late))
        .route("/departments/late/export", get(offices::late_export))
        .route("/departments/{code}", get(one::show))
        .route("/departments/{code}/export/{table}", get(one::export))
        .route("/departments/{code}/returned", get(back::list).post(back::say_post))
        .route("/departments/{code}/returned/workbook", post(back::workbook_post))
        .route("/questions", get(questions::list).post(questions::ask_post))
        .route("/questions/new", get(questions::ask_form))
        .route("/questions/{id}", get(questions::show))
        .route("/questions/{id}/answer", post(questions::answer_post))
}

/// The name of a list in the reader's language.
pub fn list_name(l: L, templates: &Templates, list: &str) -> String {
    if list == "register" {
        return l.t("intake-list-register");
    }
    let known = templates.iter().find(|template| template.list == list);
    known.map_or_else(
        || list.to_owned(),
        |known| if l.is_zh() { known.title.zh.clone() } else { known.title.en.clone() },
    )
}

/// The name of an office.
pub fn office_name(l: L, code: &str) -> String {
    l.find(&format!("department-{code}"), &[]).unwrap_or_else(|| code.to_owned())
}

/// `2026-10` for a whole month, months or days otherwise.
pub fn period_words(l: L, period: Period) -> String {
    let (first, last) = (period.from.in_month(), period.to.in_month());
    if first.period() == period {
        return first.to_string();
    }
    let whole = first.first_day() == period.from && last.last_day() == period.to;
    let ends = if whole {
        (first.to_string(), last.to_string())
    } else {
        (period.from.to_string(), period.to.to_string())
    };
    if ends.0 == ends.1 {
        return ends.0;
    }
    l.t_args("departments-from-to", &[("from", ends.0.into()), ("to", ends.1.into())])
}

/// Why a lead came back: the reason from the list, the words, who and when.
pub fn reason_words(l: L, one: &Returned) -> String {
    let code = one.reason_code.as_deref().map(|code| reason_words_of(code, l.0));
    let said: Vec<String> = code.into_iter().chain(one.reason.clone()).collect();
    let by = l.t_args(
        "departments-back-by",
        &[("who", (&one.by).into()), ("day", one.on.to_string().into())],
    );
    let joined = said.join(if l.is_zh() { "；" } else { "; " });
    if joined.is_empty() { by } else { format!("{joined} · {by}") }
}

fn standing_look(standing: Standing) -> (Tone, &'static str, &'static str) {
    match standing {
        Standing::Delivered => (Tone::Green, "check", "is-here"),
        Standing::Partly => (Tone::Amber, "more", "is-partly"),
        Standing::Late => (Tone::Red, "bang", "is-late"),
        Standing::Due => (Tone::Amber, "clock", "is-due"),
        Standing::Gap => (Tone::Grey, "empty", "is-gap"),
        Standing::Ahead => (Tone::Grey, "right", "is-ahead"),
    }
}

fn standing_chip(l: L, standing: Standing) -> Chip {
    let (tone, icon, _) = standing_look(standing);
    Chip::new(tone, l.t(&format!("departments-standing-{standing}"))).icon(icon)
}

fn workbook(name: &str, bytes: Vec<u8>) -> Response {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = format!("attachment; filename=\"{name}.xlsx\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, name)], bytes)
        .into_response()
}
