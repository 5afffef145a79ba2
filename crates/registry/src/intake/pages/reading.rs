//! A file that is being read: progress, its columns if nobody knows them yet, and on to its batch.

use askama::Template;
use axum::Extension;
use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect};
use kernel::permission::Permission;
use web::ui::{Note, Progress, Tone};
use web::{Answer, CtxOf, Desk, Fields, L, blocking, page};

use super::columns::{self, Kept};
use super::said;
use crate::intake::ask_mapping;
use crate::intake::deliver::Desk as Tools;
use crate::intake::jobs::{Job, JobState, Jobs};
use crate::intake::originals::UNANSWERED_DAYS;

#[derive(Template)]
#[template(path = "intake/templates/reading.html")]
struct ReadingPage {
    l: L,
    file: String,
    size: String,
    progress: Option<Progress>,
    note: Option<Note>,
}

fn progress(l: L, job: &Job) -> Progress {
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let speed = l.t1("intake-reading-speed", "n", job.speed());
    let detail = match (job.rows, job.seconds_left()) {
        (0, _) if job.accepts => l.t("intake-accepting-working"),
        (0, _) => l.t("intake-reading-opening"),
        (_, Some(left)) => {
            l.t_args("intake-reading-left", &[("speed", speed.into()), ("seconds", left.into())])
        }
        (_, None) => speed,
    };
    Progress {
        done: number(job.rows),
        of: number(job.about.unwrap_or(0).max(job.rows + 1)),
        label: l.t1("intake-reading-rows", "n", job.rows),
        detail,
    }
}

/// `GET /intake/readings/{id}`
pub async fn show(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Tools>,
    Extension(jobs): Extension<Jobs>,
    (desk, Path(id)): (Desk, Path<String>),
) -> Answer {
    let job = jobs.find(&ctx, &id)?;
    let l = desk.l;
    let shell = desk.untitled().title(&job.file).nav("intake").crumb(l.t("nav-intake"), "/intake");
    let (mut bar, mut note) = (None, None);
    match &job.state {
        JobState::Done(batch) if job.accepts => {
            return web::done(&format!("/intake/batches/{batch}"), "intake-accept-done");
        }
        JobState::Done(batch) | JobState::Known(batch) => {
            let known = matches!(job.state, JobState::Known(_));
            let to = if known { "?known=1" } else { "" };
            return Ok(Redirect::to(&format!("/intake/batches/{batch}{to}")).into_response());
        }
        JobState::Unmapped => {
            let post = format!("/intake/readings/{id}/mapping");
            let template = desk.address.get("template").map(str::to_owned);
            let tools_too = tools.clone();
            let file = (job.file.clone(), job.hash.clone());
            let sheets = blocking(move || {
                ask_mapping::sheets_of(&ctx, &tools_too, (&file.0, &file.1), template.as_deref())
            })
            .await?;
            let form = columns::form(&tools, &desk, (&sheets, &post), None);
            let lead = l.t1("intake-columns-unanswered", "days", i64::from(UNANSWERED_DAYS));
            return page(&shell.lead(lead).wide(), form);
        }
        JobState::Reading => bar = Some(progress(l, &job)),
        JobState::Refused(refusal) => {
            let (what, todo) = web::words_of_refusal(l, refusal);
            note = Some(Note::new(Tone::Red, what, todo.unwrap_or_default()));
        }
        JobState::Failed => {
            note = Some(Note::new(Tone::Red, l.t("web-fault"), l.t("web-fault.advice")));
        }
    }
    let reading = bar.is_some();
    let lead = if job.accepts { "intake-accepting-lead" } else { "intake-reading-lead" };
    let body = ReadingPage {
        l,
        file: job.file.clone(),
        size: if job.size == 0 { String::new() } else { said::size(job.size) },
        progress: bar,
        note,
    };
    let mut answer = page(&if reading { shell.lead(l.t(lead)) } else { shell }, body)?;
    if reading {
        answer.headers_mut().insert(header::REFRESH, HeaderValue::from_static("1"));
    }
    Ok(answer)
}

/// `POST /intake/readings/{id}/mapping`: keeps the columns and reads the file.
pub async fn map(
    CtxOf(ctx): CtxOf,
    Extension(tools): Extension<Tools>,
    Extension(jobs): Extension<Jobs>,
    (desk, Path(id), fields): (Desk, Path<String>, Fields),
) -> Answer {
    ctx.permit(Permission::IntakeMap)?;
    let (chosen, post) = (columns::chosen(&fields), format!("/intake/readings/{id}/mapping"));
    let tools_too = tools.clone();
    let done = blocking(move || {
        let job = jobs.find(&ctx, &id)?;
        let file = (job.file.as_str(), job.hash.as_str());
        match columns::keep(&ctx, &tools_too, file, &chosen)? {
            Some(refused) => Ok(refused),
            None => Ok(Kept::Reads(jobs.again(&ctx, &tools_too, &id)?)),
        }
    })
    .await?;
    columns::kept(&tools, &desk, (done, &post))
}
