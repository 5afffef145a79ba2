//! Questions to departments: asked about a lead or a row, answered by the office, seen by both.

use askama::Template;
use axum::extract::Path;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::{BatchId, LeadId, QuestionId};
use kernel::permission::{Permission, allows};
use kernel::time::Day;
use registry::accounts::offices;
use store::Ctx;
use web::ui::{Chip, Choice, Clock, Column, Columns, Csrf, Empty, Errors, Field, Tab, Tabs, Tone};
use web::{Answer as Page, CtxOf, Desk, Fields, L, blocking, done, page, page_of_form};

use super::super::actions::{self, Askable, askable_lead, askable_row};
use super::super::queries::questions::{About, Question, QuestionFilter};
use super::office_name;

/// Questions on one page.
const ON_A_PAGE: i64 = 200;

/// A question in a list.
pub struct QuestionLine {
    /// Its page.
    pub href: String,
    /// The question.
    pub text: String,
    /// The office.
    pub office: String,
    /// Where, and about whom.
    pub place: String,
    /// Who asked, when.
    pub by: String,
    /// Until when; `None` once it is answered.
    pub clock: Option<Clock>,
    /// That it is answered.
    pub state: Option<Chip>,
}

/// A question as a line of a list.
pub fn question_line((l, today): (L, Day), one: &Question) -> QuestionLine {
    let place = [one.village_name.as_str(), one.household_name.as_str()];
    let open = one.answer.is_none();
    QuestionLine {
        href: format!("/questions/{}", one.id),
        text: one.asked.text.clone(),
        office: office_name(l, &one.asked.department),
        place: place
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" · "),
        by: format!("{} · {}", one.by_name, one.at.day()),
        clock: open.then(|| Clock::new(l, today, one.asked.due_on)),
        state: (!open)
            .then(|| Chip::new(Tone::Green, l.t("departments-question-answered")).icon("check")),
    }
}

#[derive(Template)]
#[template(path = "departments/templates/questions.html")]
struct ListPage {
    l: L,
    tabs: Tabs,
    columns: Columns,
    rows: Vec<QuestionLine>,
    empty: Empty,
}

/// `GET /questions?state=open&department=`
pub async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let answered = desk.address.get("state") == Some("answered");
    let department = desk.address.get("department").map(str::to_owned);
    let filter = QuestionFilter {
        state: Some(if answered { "answered" } else { "open" }),
        department: department.filter(|code| offices().iter().any(|known| known.code == *code)),
        ..QuestionFilter::default()
    };
    let found = blocking(move || actions::list_questions(&ctx, &filter, ON_A_PAGE)).await?;
    let ids = ["question", "office", "village", "asked_by", "due"];
    let columns = ids.iter().map(|id| Column::new(l.t(&format!("departments-sheet-{id}"))));
    let tab = |state: &str, id: &str, current: bool| Tab {
        href: desk.address.with("state", state).to_string(),
        label: l.t(id),
        count: None,
        current,
    };
    let body = ListPage {
        l,
        tabs: Tabs(vec![
            tab("open", "departments-questions-open", !answered),
            tab("answered", "departments-questions-answered", answered),
        ]),
        columns: Columns::new(&desk.address, columns.collect()),
        rows: found.iter().map(|one| question_line((l, today), one)).collect(),
        empty: Empty::new(
            l.t("departments-questions-none"),
            l.t("departments-questions-none-help"),
        ),
    };
    page(&desk.shell("departments-questions").nav("leads").wide(), body)
}

#[derive(Template)]
#[template(path = "departments/templates/ask.html")]
struct AskPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    about: (&'static str, String),
    row: String,
    sentence: String,
    department: Field,
    question: Field,
}

fn askable(ctx: &Ctx, lead: &str, batch: &str, row: &str) -> Result<Askable> {
    let nothing = || Error::from(Refusal::not_found("departments.no_question"));
    if !lead.is_empty() {
        return askable_lead(ctx, LeadId::parse(lead).map_err(|_| nothing())?);
    }
    let batch = BatchId::parse(batch).map_err(|_| nothing())?;
    askable_row(ctx, batch, row.parse().map_err(|_| nothing())?)
}

fn ask_page(desk: &Desk, found: &Askable, sent: &Fields, refused: Option<&Refusal>) -> Page {
    let l = desk.l;
    let choices = found.departments.iter().map(|code| Choice::new(code, office_name(l, code)));
    let first = found.departments.first().cloned().unwrap_or_default();
    let sent = if sent.text("department").is_empty() {
        sent.clone().with("department", first)
    } else {
        sent.clone()
    };
    let (about, row) = match found.about {
        About::Lead(lead) => (("lead", lead.to_string()), String::new()),
        About::Row(batch, row) => (("batch", batch.to_string()), row.to_string()),
    };
    let (zh, en) = &found.sentence;
    let body = AskPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        about,
        row,
        sentence: if l.is_zh() { zh.clone() } else { en.clone() },
        department: Field::select("department", l.t("departments-sheet-office"), choices.collect())
            .filled(l, &sent, refused),
        question: Field::area("question", l.t("departments-sheet-question"))
            .help(l.t("departments-ask-help"))
            .filled(l, &sent, refused),
    };
    let shell = desk
        .shell("departments-ask")
        .nav("leads")
        .crumb(l.t("departments-questions-title"), "/questions");
    page_of_form(&shell, body, refused)
}

/// `GET /questions/new?lead=` or `?batch=&row=`
pub async fn ask_form(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let of = |key: &str| desk.address.get(key).unwrap_or_default().to_owned();
    let (lead, batch, row) = (of("lead"), of("batch"), of("row"));
    let found = blocking(move || askable(&ctx, &lead, &batch, &row)).await?;
    ask_page(&desk, &found, &Fields::default(), None)
}

/// `POST /questions`
pub async fn ask_post(CtxOf(ctx): CtxOf, desk: Desk, sent: Fields) -> Page {
    ctx.permit(Permission::QuestionAsk)?;
    let (form, acting) = (sent.clone(), ctx.clone());
    let found =
        blocking(move || askable(&acting, form.text("lead"), form.text("batch"), form.text("row")))
            .await?;
    let (form, about) = (sent.clone(), found.clone());
    let result =
        blocking(move || actions::ask(&ctx, about, form.text("department"), form.text("question")))
            .await;
    match result {
        Ok(id) => done(&format!("/questions/{id}"), "departments-asked-done"),
        Err(Error::Refusal(refusal)) => ask_page(&desk, &found, &sent, Some(&refusal)),
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "departments/templates/question.html")]
struct QuestionPage {
    l: L,
    id: String,
    csrf: Csrf,
    errors: Errors,
    line: QuestionLine,
    /// What it asks about, for who may open it.
    about: Option<(String, String)>,
    answer: Option<(String, String)>,
    answering: Option<Field>,
}

async fn question(
    ctx: Ctx,
    desk: Desk,
    (id, sent): (QuestionId, Fields),
    refused: Option<Refusal>,
) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let answers = allows(ctx.actor.role, Permission::QuestionAnswer);
    let found = blocking(move || actions::show_question(&ctx, id)).await?;
    let line = question_line((l, today), &found);
    let about = match found.asked.about {
        About::Lead(lead) => Some((format!("/leads/{lead}"), l.t("departments-about-lead"))),
        About::Row(batch, row) => desk
            .may(Permission::IntakeSee)
            .then(|| (format!("/intake/batches/{batch}/rows/{row}"), l.t("departments-about-row"))),
    };
    let answer = found
        .answer
        .as_ref()
        .map(|(text, who, at)| (text.clone(), format!("{who} · {}", at.local_text())));
    let answering = (answers && answer.is_none()).then(|| {
        Field::area("answer", l.t("departments-sheet-answer")).filled(l, &sent, refused.as_ref())
    });
    let shell = desk
        .untitled()
        .title(l.t1("departments-question-to", "office", &line.office))
        .lead(line.by.clone())
        .nav("leads")
        .crumb(l.t("departments-questions-title"), "/questions");
    let body = QuestionPage {
        l,
        id: id.to_string(),
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        line,
        about,
        answer,
        answering,
    };
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /questions/{id}`
pub async fn show(CtxOf(ctx): CtxOf, (desk, Path(id)): (Desk, Path<QuestionId>)) -> Page {
    question(ctx, desk, (id, Fields::default()), None).await
}

/// `POST /questions/{id}/answer`
pub async fn answer_post(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<QuestionId>),
    sent: Fields,
) -> Page {
    ctx.permit(Permission::QuestionAnswer)?;
    let (form, acting) = (sent.clone(), ctx.clone());
    let result = blocking(move || actions::answer_question(&acting, id, form.text("answer"))).await;
    match result {
        Ok(()) => done(&format!("/questions/{id}"), "departments-answered-done"),
        Err(Error::Refusal(refusal)) if refusal.code != "departments.no_question" => {
            question(ctx, desk, (id, sent), Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}
