//! Campaigns: a life begins for everybody whom it is for, at once (a stage has changed; school has begun; the graduates of a
//! summer), with a day by which all shall have gone through it. Progress is shown by place and state, never as an order of
//! merit.

use std::sync::Arc;

use facts::{Binding, CoverageView, Predicate, Scope, compile};
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use kernel::time::Day;
use serde_json::json;
use store::{Ctx, Entry, Session};

use super::begin::{Began, Of, begin};
use super::book::{CaseBook, book};
use super::life::Life;
use super::queries::campaigns::{self as queries, Campaign, Progress};
use super::queries::{From, Numbers, by, find_live_of};
use super::starts::{Start, Subject};
use crate::screening;

/// What a campaign would begin with, before it begins.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The life.
    pub life: Life,
    /// The condition in plain words.
    pub whom: String,
    /// Households or people for whom it holds.
    pub selected: i64,
    /// Those of them who have a live case of this life already.
    pub already: i64,
}

fn predicate(book: &CaseBook, life: &Life) -> Result<Predicate> {
    let text = life.whom.as_deref().unwrap_or_default();
    let table = match life.subject {
        Subject::Household => facts::HOUSEHOLD.name,
        Subject::Person => facts::PERSON.name,
    };
    let scope = Scope { schema: screening::schema()?, table, params: &book.params };
    compile(text, scope).map_err(|why| Error::fault(format!("whom of {}: {why}", life.id)))
}

fn selected(session: &mut Session, book: &CaseBook, life: &Life) -> Result<Vec<Of>> {
    let coverage = screening::bound(session, book.today)?
        .map_or_else(CoverageView::nothing, |bound| bound.coverage.clone());
    let binding = Binding { today: book.today, params: &book.params, coverage: &coverage };
    let condition = predicate(book, life)?.sql(screening::what_if::engine(session), binding);
    queries::list_selected(session, life.subject, &condition)
}

fn of_campaign<'a>(book: &'a CaseBook, life: &str) -> Result<&'a Life> {
    let life = book.life(life)?;
    match life.starts_by(Start::Campaign) {
        true => Ok(life),
        false => Err(Refusal::conflict("cases.no_campaign").into()),
    }
}

/// The lives that begin with a campaign.
pub fn lives(ctx: &Ctx) -> Result<Vec<Life>> {
    ctx.permit(Permission::CaseSee)?;
    let book = book(&mut ctx.read()?, ctx.today)?;
    Ok(book.lives.iter().filter(|life| life.starts_by(Start::Campaign)).cloned().collect())
}

/// Whom a campaign would begin with.
pub fn look_ahead(ctx: &Ctx, life: &str) -> Result<Wish> {
    ctx.permit(Permission::CaseApprove)?;
    let mut session = ctx.read()?;
    let book = book(&mut session, ctx.today)?;
    let life = of_campaign(&book, life)?;
    let all = selected(&mut session, &book, life)?;
    let mut already = 0;
    for one in &all {
        already += i64::from(find_live_of(&mut session, &life.id, *one)?.is_some());
    }
    let whom = predicate(&book, life)?.explain(&book.params, ctx.lang);
    let selected = i64::try_from(all.len()).unwrap_or(i64::MAX);
    Ok(Wish { life: life.clone(), whom, selected, already })
}

/// Begins a campaign: a case for each whom the life is for and who has none, in one commit.
pub fn start(ctx: &Ctx, life: &str, (words, due_on): (&str, Day)) -> Result<Campaign> {
    ctx.permit(Permission::CaseApprove)?;
    let mut wrong = Refusal::invalid("cases.fields");
    if words.trim().is_empty() {
        wrong = wrong.field("words", "web.required");
    }
    if due_on <= ctx.today {
        wrong = wrong.field("due_on", "cases.day_gone");
    }
    if !wrong.fields.is_empty() {
        return Err(wrong.into());
    }
    let mut tx = ctx.begin()?;
    let book = book(&mut tx, ctx.today)?;
    let life = of_campaign(&book, life)?;
    if let Some(other) = queries::find_running(&mut tx, &life.id, ctx.today)? {
        return Err(Refusal::conflict("cases.campaign_runs").arg("words", other.words).into());
    }
    let all = selected(&mut tx, &book, life)?;
    let Some(first) = all.first() else {
        return Err(Refusal::conflict("cases.nobody_selected").into());
    };
    let mut numbers = Numbers::after_last(&mut tx, first.village)?;
    let mut campaign = Campaign {
        id: ctx.new_id::<kernel::ids::CaseId>().to_string(),
        life: life.id.clone(),
        words: words.trim().to_owned(),
        on: ctx.today,
        due_on,
        selected: i64::try_from(all.len()).unwrap_or(i64::MAX),
        begun: 0,
        name: ctx.actor.name.clone(),
    };
    let id = campaign.id.clone();
    let from = From { lead: None, campaign: Some(&id) };
    let began = Began { on: ctx.today, by: by(ctx), from };
    for of in all {
        if find_live_of(&mut tx, &life.id, of)?.is_none() {
            begin(&mut tx, (&book, life), (&mut numbers, of), &began)?;
            campaign.begun += 1;
        }
    }
    queries::insert(&mut tx, ctx, &campaign, (&book.pack.0, i64::from(book.pack.1)))?;
    let entry = Entry::new(ctx, "case.campaign").about("campaign", id);
    let detail = json!({ "life": life.id, "begun": campaign.begun, "due_on": due_on });
    tx.commit(entry.detail(detail))?;
    Ok(campaign)
}

/// Every campaign, the newest first.
pub fn list(ctx: &Ctx) -> Result<(Arc<CaseBook>, Vec<Campaign>)> {
    ctx.permit(Permission::CaseSee)?;
    let mut session = ctx.read()?;
    Ok((book(&mut session, ctx.today)?, queries::list(&mut session)?))
}

/// A campaign as somebody sees it: how far its cases are in the areas below one.
#[derive(Debug, Clone)]
pub struct View {
    /// What the pack says.
    pub book: Arc<CaseBook>,
    /// The campaign.
    pub campaign: Campaign,
    /// For each area below, in the order of its code, and for all together: cases by state.
    pub progress: Vec<Progress>,
    /// Names of the areas down to the one that is looked at.
    pub path: Vec<(AreaCode, String)>,
}

/// One campaign in an area, or in the person's own.
pub fn show(ctx: &Ctx, id: &str, area: Option<AreaCode>) -> Result<View> {
    let permit = ctx.permit(Permission::CaseSee)?;
    let mut session = ctx.read()?;
    let book = book(&mut session, ctx.today)?;
    let found = queries::find(&mut session, id)?;
    let campaign = found.ok_or_else(|| ctx.not_found("cases.no_such_campaign", id))?;
    let here = area.or(ctx.actor.home);
    let path = match here {
        Some(code) => registry::areas::path_of(&mut session, code)?,
        None => Vec::new(),
    };
    let below = registry::areas::list_below(&mut session, here)?;
    let counts = queries::count_by_village(&mut session, &permit, id)?;
    let areas = if below.is_empty() { path.last().cloned().into_iter().collect() } else { below };
    let progress = areas.into_iter().map(|(code, name)| {
        let (low, high) = code.range();
        let within = |village: &AreaCode| *village >= low && *village <= high;
        let mut states = std::collections::BTreeMap::new();
        for (_, state, n) in counts.iter().filter(|(village, ..)| within(village)) {
            *states.entry(state.clone()).or_insert(0) += n;
        }
        Progress { code, name, states }
    });
    let progress = progress.filter(|one| !one.states.is_empty()).collect();
    Ok(View { book, campaign, progress, path })
}
