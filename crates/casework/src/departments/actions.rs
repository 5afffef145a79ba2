//! What people do here: say what became of a returned row, ask a department, answer.

use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::ids::{BatchId, HouseholdId, LeadId, QuestionId};
use kernel::permission::Permission;
use registry::{intake, policies};
use serde_json::json;
use store::{Ctx, Entry};

use super::look::{BackOf, all_back};
use super::model::RowSaid;
use super::queries;
use super::queries::questions::{self, About, Asked, Question, QuestionFilter};
use crate::screening::{self, working_calendar};

/// Longest text of a question or an answer, in characters.
const LONGEST: usize = 1_000;

/// Keeps what an office says about a row or lead that came back to it. Said once: nothing is overwritten.
pub fn say(ctx: &Ctx, subject: &str, said: RowSaid, words: &str) -> Result<()> {
    ctx.permit(Permission::DeliveryAnswer)?;
    let missing = || ctx.not_found("departments.not_back", subject);
    let department = ctx.actor.department.clone().ok_or_else(missing)?;
    let words = tidy(words);
    if said.needs_words() && words.is_none() {
        let refusal = Refusal::invalid("departments.words_needed");
        return Err(refusal.field("words", "web.required").into());
    }
    let all = all_back(ctx, &department)?;
    let back = all.back.iter().find(|one| one.subject == subject).ok_or_else(missing)?;
    let twice = |who: &str| {
        Error::from(Refusal::conflict("departments.said_already").arg("who", who.to_owned()))
    };
    if let Some(first) = &back.said {
        return Err(twice(&first.by));
    }
    let mut tx = ctx.begin()?;
    if !queries::insert_said(&mut tx, ctx, (&department, subject), (said, words.as_deref()))? {
        return Err(twice(&department));
    }
    let detail = json!({ "department": department, "answer": said.code(), "words": words });
    let (kind, id) = match &back.what {
        BackOf::Lead(reasons) => ("lead", reasons.first().map(|one| one.lead.to_string())),
        BackOf::Row(row) => ("batch_row", Some(format!("{}/{}", row.batch, row.key))),
    };
    let entry = Entry::new(ctx, "delivery.answer").about(kind, id.unwrap_or_default());
    tx.commit(entry.detail(detail))?;
    Ok(())
}

fn tidy(text: &str) -> Option<String> {
    let text: String = text.trim().chars().take(LONGEST).collect();
    Some(text).filter(|text| !text.is_empty())
}

/// What somebody wants to ask about, with the offices that may answer, the likeliest first.
#[derive(Debug, Clone)]
pub struct Askable {
    /// About what.
    pub about: About,
    /// What it is, in the order Chinese, English; a file and its row otherwise.
    pub sentence: (String, String),
    /// Offices whose list it rests on.
    pub departments: Vec<String>,
    household: Option<HouseholdId>,
    village: AreaCode,
}

/// A lead as something to ask about.
pub fn askable_lead(ctx: &Ctx, id: LeadId) -> Result<Askable> {
    ctx.permit(Permission::QuestionAsk)?;
    let view = screening::show(ctx, id)?;
    let mut departments: Vec<String> = vec![view.lead.department.clone()];
    for reason in &view.reasons {
        if !departments.contains(&reason.department) {
            departments.push(reason.department.clone());
        }
    }
    let first = view.reasons.first();
    Ok(Askable {
        about: About::Lead(id),
        sentence: first.map(|one| (one.zh.clone(), one.en.clone())).unwrap_or_default(),
        departments,
        household: view.lead.household,
        village: view.lead.village,
    })
}

/// A row of a list as something to ask about.
pub fn askable_row(ctx: &Ctx, batch: BatchId, key: i64) -> Result<Askable> {
    ctx.permit(Permission::QuestionAsk)?;
    let row = intake::row_about(ctx, batch, key)?;
    let place = format!("{} · {}", row.batch.file_name, row.row);
    let village = row.household.and_then(|(_, village)| village).or(ctx.actor.home);
    let everywhere = || AreaCode::parse("000000000000").map_err(|_| Error::fault("no area"));
    Ok(Askable {
        about: About::Row(batch, key),
        sentence: (place.clone(), place),
        departments: vec![row.batch.department],
        household: row.household.map(|(household, _)| household),
        village: village.map_or_else(everywhere, Ok)?,
    })
}

/// Asks an office. The day by which it answers is counted in working days from today.
pub fn ask(ctx: &Ctx, about: Askable, department: &str, text: &str) -> Result<QuestionId> {
    ctx.permit(Permission::QuestionAsk)?;
    if !about.departments.iter().any(|known| known == department) {
        let refusal = Refusal::invalid("departments.whom");
        return Err(refusal.field("department", "web.required").into());
    }
    let text = tidy(text).ok_or_else(|| {
        Error::from(
            Refusal::invalid("departments.question_empty").field("question", "web.required"),
        )
    })?;
    let days = i32::try_from(policies::question_days(ctx.today)).unwrap_or(i32::MAX);
    let asked = Asked {
        department: department.to_owned(),
        about: about.about,
        household: about.household,
        village: about.village,
        text,
        due_on: working_calendar()?.add_working_days(ctx.today, days),
    };
    let id: QuestionId = ctx.new_id();
    let mut tx = ctx.begin()?;
    questions::insert_question(&mut tx, ctx, id, &asked)?;
    let detail = json!({ "department": department, "due": asked.due_on });
    let entry = Entry::new(ctx, "question.ask").about("question", id.to_string());
    tx.commit(entry.area(asked.village).detail(detail))?;
    Ok(id)
}

/// Questions in the person's scope.
pub fn list_questions(ctx: &Ctx, filter: &QuestionFilter, limit: i64) -> Result<Vec<Question>> {
    let permit = ctx.permit(Permission::QuestionSee)?;
    questions::list_questions(&mut ctx.read()?, &permit, filter, limit)
}

/// One question. Outside the scope it is not found.
pub fn show_question(ctx: &Ctx, id: QuestionId) -> Result<Question> {
    let permit = ctx.permit(Permission::QuestionSee)?;
    questions::find_question(&mut ctx.read()?, &permit, id)?
        .ok_or_else(|| ctx.not_found("departments.no_question", &id.to_string()))
}

/// Answers a question for one's office. The second of two people is told who was first.
pub fn answer_question(ctx: &Ctx, id: QuestionId, text: &str) -> Result<()> {
    ctx.permit(Permission::QuestionAnswer)?;
    let question = show_question(ctx, id)?;
    let text = tidy(text).ok_or_else(|| {
        Error::from(Refusal::invalid("departments.answer_empty").field("answer", "web.required"))
    })?;
    let mut tx = ctx.begin()?;
    if !questions::save_answer(&mut tx, ctx, id, &text)? {
        drop(tx);
        let now = show_question(ctx, id)?;
        let who = now.answer.map(|(_, who, _)| who).unwrap_or_default();
        return Err(Refusal::conflict("departments.answered_already").arg("who", who).into());
    }
    let entry = Entry::new(ctx, "question.answer").about("question", id.to_string());
    tx.commit(
        entry
            .area(question.asked.village)
            .detail(json!({ "department": question.asked.department })),
    )?;
    Ok(())
}
