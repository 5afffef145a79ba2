//! Answers on paper: the sheet of a lead, and what somebody else types in from it for the one who answered.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::LeadId;
use kernel::permission::Permission;
use kernel::time::Day;
use serde_json::json;
use store::{Ctx, Entry};

use super::actions::{self, Shown};
use super::model::{Answer, State};
use super::queries::one::By;
use super::queries::papers;

/// What stands on a paper beside the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Number of the sheet.
    pub sheet: String,
    /// Who answered.
    pub by: String,
    /// On which day.
    pub on: Day,
}

/// The number of the sheet of a lead: short enough to be typed, and the same on every print.
pub fn sheet_number(id: LeadId) -> String {
    let text = id.to_string().to_uppercase();
    let (rest, last) = text.split_at(text.len().saturating_sub(4));
    let middle = rest.get(rest.len().saturating_sub(4)..).unwrap_or_default();
    format!("{middle}-{last}")
}

/// The characters of a sheet's number as they stand at the end of a lead's id; `None` for what is no number of a sheet.
pub fn tail_of(sheet: &str) -> Option<String> {
    let plain: String = sheet
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '－' | '—'))
        .flat_map(char::to_lowercase)
        .collect();
    (plain.len() == 8 && plain.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(plain)
}

/// The lead of a sheet in the person's scope; open or not, so that it can be said who was first.
pub fn lead_of_sheet(ctx: &Ctx, sheet: &str) -> Result<LeadId> {
    let permit = ctx.permit(Permission::LeadAnswerFor)?;
    let missing = || {
        let refusal = Refusal::not_found("screening.no_sheet").arg("sheet", sheet.trim());
        Error::from(refusal.field("sheet", "web.required"))
    };
    let tail = tail_of(sheet).ok_or_else(missing)?;
    let found = papers::find_by_tail(&mut ctx.read()?, &permit, &tail)?;
    match found.as_slice() {
        [lead] => Ok(*lead),
        [] => Err(missing()),
        _ => Err(Refusal::conflict("screening.sheet_twice").arg("sheet", sheet.trim()).into()),
    }
}

/// Types in an answer that came on paper. It stands under the name on the paper; who typed it is kept beside it.
pub fn answer_for(ctx: &Ctx, shown: Shown, answer: &Answer, paper: &Paper) -> Result<State> {
    let permit = ctx.permit(Permission::LeadAnswerFor)?;
    let who = paper.by.trim();
    if who.is_empty() {
        return Err(Refusal::invalid("screening.paper_who").field("by", "web.required").into());
    }
    if tail_of(&paper.sheet).is_none_or(|tail| !shown.id.to_string().ends_with(&tail)) {
        let refusal = Refusal::invalid("screening.paper_sheet");
        return Err(refusal.field("sheet", "web.required").into());
    }
    let mut tx = ctx.begin()?;
    let lead = actions::visible(ctx, &mut tx, &permit, shown.id)?;
    if paper.on > ctx.today || lead.released_on.is_some_and(|given| paper.on < given) {
        let refusal = Refusal::invalid("screening.paper_day").arg("today", ctx.today);
        return Err(refusal.field("on", "web.not_a_day").into());
    }
    let by = By { account: &ctx.actor.account, name: who, today: ctx.today, together: 1 };
    let state = actions::answer_in(ctx, &mut tx, (&lead, shown.version), (answer, by))?;
    let sheet = sheet_number(lead.id);
    papers::insert_paper(&mut tx, ctx, lead.id, (&sheet, who, paper.on))?;
    let detail = json!({
        "outcome": answer.outcome.code(), "reason_code": answer.reason_code, "reason": answer.reason,
        "state": state.code(), "answered_by": who, "answered_on": paper.on, "sheet": sheet,
    });
    let entry = Entry::new(ctx, "lead.answer_for").about("lead", lead.id.to_string());
    tx.commit(entry.area(lead.village).detail(detail))?;
    Ok(state)
}

/// Says in the journal that sheets were printed.
pub fn note_print(ctx: &Ctx, leads: usize) -> Result<()> {
    ctx.permit(Permission::LeadExport)?;
    ctx.journal(Entry::new(ctx, "lead.print").about("leads", leads.to_string()))
}
