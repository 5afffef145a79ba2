//! Leads on paper: one page for each household, and the entry of what was written on it.

use askama::Template;
use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Error, Refusal, Result};
use kernel::ids::LeadId;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::areas;
use store::Ctx;
use web::ui::{Csrf, Empty, Errors, Field};
use web::{
    Act, Address, Answer as Page, CtxOf, Desk, Fields, L, blocking, done, page, page_of_form,
};

use super::super::actions::{self, Filter, Shown};
use super::super::behalf::{self, Paper, answer_for, lead_of_sheet, sheet_number};
use super::super::codes::codes_for;
use super::super::model::{Outcome, State};
use super::inbox::{answer_fields, answer_of};
use super::lead::{Fact, Found, found, strip_facts, title};
use super::{outcome_word, said};

/// Most sheets that are printed at once.
const MOST: i64 = 200;
/// Most boxes for what is not known.
const BOXES: usize = 8;

struct Sheet {
    number: String,
    title: String,
    place: String,
    due: String,
    strip: Vec<Fact>,
    sentences: Vec<String>,
    known: Option<String>,
    boxes: Vec<String>,
}

#[derive(Template)]
#[template(path = "screening/templates/sheets.html")]
struct SheetsPage {
    l: L,
    sheets: Vec<Sheet>,
    more: Option<String>,
    outcomes: Vec<(String, Vec<String>)>,
    towns: Vec<(String, String, String)>,
    everything: String,
    empty: Empty,
}

/// The townships with open leads, of an area that has several: name, address, how many. The sheets of a whole county are too
/// many to be asked for by accident.
fn towns_of(ctx: &Ctx, asked: Option<AreaCode>) -> Result<Vec<(String, String, i64)>> {
    let mut session = ctx.read()?;
    let own = match asked.or(ctx.actor.home) {
        Some(area) => Some(area),
        None => areas::list_below(&mut session, None)?.first().map(|(code, _)| *code),
    };
    let Some(area) = own.filter(|area| area.level() < AreaLevel::Town) else {
        return Ok(Vec::new());
    };
    let below = areas::list_below(&mut session, Some(area))?;
    drop(session);
    let mut towns = Vec::new();
    for (code, name) in below {
        let filter = Filter { area: Some(code), ..Filter::of(State::Open) };
        let open = actions::list(ctx, &filter, None)?.total;
        let href = Address::new("/leads/sheets", "").with("area", code.as_str()).to_string();
        towns.extend((open > 0).then_some((name, href, open)));
    }
    Ok(if towns.len() > 1 { towns } else { Vec::new() })
}

/// What nobody has seen or recorded of a household, each once. A list that has not come is no matter of the village.
fn boxes(l: L, found: &Found) -> Vec<String> {
    let mut boxes: Vec<String> = found.unseen.clone();
    for because in found.unknown.iter().flat_map(|one| &one.because) {
        let facts::Unknown::NotRecorded(column) = because else { continue };
        let name = column.title.get(l.0).to_owned();
        if !boxes.contains(&name) && boxes.len() < BOXES {
            boxes.push(name);
        }
    }
    boxes
}

fn sheet(l: L, found: Found) -> Sheet {
    let view = &found.view;
    let live = view.reasons.iter().filter(|reason| reason.gone_on.is_none());
    Sheet {
        number: sheet_number(view.lead.id),
        title: title(l, view),
        place: view.path.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" "),
        due: view.lead.due_on.map(|day| day.to_string()).unwrap_or_default(),
        strip: view.strip.as_ref().map(|strip| strip_facts(l, strip)).unwrap_or_default(),
        sentences: live.map(|one| said(l, &one.zh, &one.en).to_owned()).collect(),
        boxes: boxes(l, &found),
        known: found.known,
    }
}

fn leads_of(ctx: &Ctx, lead: Option<&str>, area: Option<AreaCode>) -> Result<(Vec<LeadId>, i64)> {
    if let Some(lead) = lead {
        let id = LeadId::parse(lead)
            .map_err(|_| Error::from(Refusal::not_found("screening.no_lead")))?;
        return Ok((vec![id], 1));
    }
    let permit = ctx.permit(Permission::LeadExport)?;
    let filter = Filter { area, ..Filter::of(State::Open) };
    let lines = actions::list_all(ctx, &permit, &filter, MOST)?;
    let total = actions::list(ctx, &filter, None)?.total;
    Ok((lines.into_iter().map(|line| line.id).collect(), total))
}

/// `GET /leads/sheets?lead=` or `?area=`: open leads as papers, one page each.
pub async fn print(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let l = desk.l;
    ctx.permit(Permission::LeadExport)?;
    let lead = desk.address.get("lead").map(str::to_owned);
    let area = desk.address.get("area").and_then(|code| AreaCode::parse_short(code).ok());
    let choose = lead.is_none() && desk.address.get("all").is_none();
    let (sheets, total, towns) = blocking(move || {
        let towns = if choose { towns_of(&ctx, area)? } else { Vec::new() };
        if !towns.is_empty() {
            return Ok((Vec::new(), 0, towns));
        }
        let (ids, total) = leads_of(&ctx, lead.as_deref(), area)?;
        let sheets: Result<Vec<Sheet>> =
            ids.iter().map(|id| found(&ctx, *id, l).map(|found| sheet(l, found))).collect();
        behalf::note_print(&ctx, ids.len())?;
        Ok((sheets?, total, towns))
    })
    .await?;
    let shown = i64::try_from(sheets.len()).unwrap_or(i64::MAX);
    let outcomes = Outcome::ALL.iter().map(|outcome| {
        let reasons = codes_for(*outcome).map(|one| one.words(l.0).to_owned());
        (outcome_word(l, *outcome), reasons.collect())
    });
    let body = SheetsPage {
        l,
        sheets,
        more: (total > shown).then(|| {
            l.t_args("screening-sheets-more", &[("n", shown.into()), ("total", total.into())])
        }),
        outcomes: outcomes.collect(),
        everything: desk.address.with("all", "yes").to_string(),
        towns: towns.into_iter().map(|(name, href, open)| (name, href, l.count(open))).collect(),
        empty: Empty::new(l.t("screening-sheets-none"), l.t("screening-sheets-none-help")),
    };
    let mut shell = desk.shell("screening-sheets").nav("leads").act(Act::print(l).primary());
    if desk.may(Permission::LeadAnswerFor) {
        shell = shell.act(Act::new(l.t("screening-entry-title"), "/leads/entry").icon("edit"));
    }
    page(&shell, body)
}

#[derive(Template)]
#[template(path = "screening/templates/entry.html")]
struct EntryPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    sheet: Field,
    lead: Option<Lead>,
}

struct Lead {
    id: String,
    version: i64,
    title: String,
    place: String,
    sentences: Vec<String>,
    open: bool,
    number: String,
    by: Field,
    on: Field,
    answer: (Field, Field, Field),
}

async fn entry_page(ctx: Ctx, desk: Desk, sent: Fields, refused: Option<Refusal>) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let asked = sent.text("sheet").to_owned();
    let view = if asked.is_empty() {
        Ok(None)
    } else {
        blocking(move || actions::show(&ctx, lead_of_sheet(&ctx, &asked)?).map(Some)).await
    };
    let (view, refused) = match view {
        Ok(view) => (view, refused),
        Err(Error::Refusal(refusal)) => (None, refused.or(Some(refusal))),
        Err(fault) => return Err(fault.into()),
    };
    let refused = refused.as_ref();
    let filled = match sent.text("on") {
        "" => sent.clone().with("on", today),
        _ => sent.clone(),
    };
    let lead = view.map(|view| {
        let live = view.reasons.iter().filter(|reason| reason.gone_on.is_none());
        Lead {
            id: view.lead.id.to_string(),
            version: view.lead.version,
            title: title(l, &view),
            place: view.path.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(" "),
            sentences: live.map(|one| said(l, &one.zh, &one.en).to_owned()).collect(),
            open: view.lead.state == State::Open,
            number: sheet_number(view.lead.id),
            by: Field::text("by", l.t("screening-entry-by"))
                .help(l.t("screening-entry-by-help"))
                .filled(l, &sent, refused),
            on: Field::input("date", "on", l.t("screening-entry-on")).filled(l, &filled, refused),
            answer: answer_fields(l, &sent, refused, None),
        }
    });
    let body = EntryPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        sheet: Field::text("sheet", l.t("screening-entry-sheet"))
            .help(l.t("screening-entry-sheet-help"))
            .filled(l, &sent, refused.filter(|_| lead.is_none())),
        lead,
    };
    let shell = desk.shell("screening-entry").nav("leads").crumb(l.t("nav-leads"), "/leads");
    page_of_form(&shell, body, refused)
}

/// `GET /leads/entry?sheet=`
pub async fn entry(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    ctx.permit(Permission::LeadAnswerFor)?;
    let sheet = desk.address.get("sheet").unwrap_or_default().to_owned();
    entry_page(ctx, desk, Fields::default().with("sheet", sheet), None).await
}

/// `POST /leads/entry`: an answer from a paper.
pub async fn entry_post(CtxOf(ctx): CtxOf, desk: Desk, sent: Fields) -> Page {
    ctx.permit(Permission::LeadAnswerFor)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let id = LeadId::parse(form.text("lead"))
            .map_err(|_| Error::from(Refusal::not_found("screening.no_lead")))?;
        let on: Day = form.text("on").parse().map_err(|_| {
            let refusal = Refusal::invalid("screening.paper_day").arg("today", acting.today);
            Error::from(refusal.field("on", "web.not_a_day"))
        })?;
        let paper =
            Paper { sheet: form.text("sheet").to_owned(), by: form.text("by").to_owned(), on };
        let version = form.text("version").parse().unwrap_or(0);
        answer_for(&acting, Shown { id, version }, &answer_of(&form)?, &paper)
    })
    .await;
    match result {
        Ok(_) => done("/leads/entry", "screening-entry-done"),
        Err(Error::Refusal(refusal)) if refusal.code != "screening.no_lead" => {
            entry_page(ctx, desk, sent, Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}
