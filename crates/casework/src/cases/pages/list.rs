//! `GET /cases`: cases by their day; `POST /cases`: one step with several of them; the list as a workbook.

use askama::Template;
use axum::http::header;
use axum::response::IntoResponse;
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal};
use kernel::ids::CaseId;
use kernel::permission::{Permission, allows};
use kernel::time::Day;
use registry::policies::ShippedCodes;
use store::Ctx;
use web::ui::{
    Chip, Choice, Clock, Column, Columns, Csrf, Empty, Errors, Field, Pager, Tab, Tabs, Tone,
};
use web::{Act, Address, Answer as Answered, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::actions::{self, Asked, Page, Shown, permission_of};
use super::super::book::MONITORING;
use super::super::life::StepDef;
use super::super::queries::lists::{Filter, Line};
use super::super::sheet;
use super::campaigns::life_choices;
use super::form::{fields_of, opened};
use super::{PHASES, class_word, first_clock, phase_chip, risk_words, state_word};
use crate::papers::Paper;

struct Row {
    href: String,
    check: String,
    head: String,
    number: String,
    place: String,
    state: Chip,
    risks: String,
    class: String,
    urgent: bool,
    clock: Option<Clock>,
    day: String,
}

#[derive(Template)]
#[template(path = "cases/templates/list.html")]
struct ListPage {
    l: L,
    csrf: Csrf,
    tabs: Tabs,
    life: Field,
    state: Field,
    place: Field,
    owner: Field,
    risk: Field,
    due: Field,
    helper: Field,
    text: Field,
    hidden: Vec<(String, String)>,
    filtered: bool,
    columns: Columns,
    rows: Vec<Row>,
    pager: Pager,
    empty: Empty,
    errors: Errors,
    steps: Vec<(String, String, bool)>,
    papers: Vec<(String, String)>,
    lists: Vec<(String, String)>,
    form: Option<(String, String, Vec<Field>)>,
    query: String,
}

/// What the address asks for.
pub fn filter_of(address: &Address, today: Day) -> Filter {
    let owned = |name: &str| address.get(name).filter(|text| !text.is_empty()).map(str::to_owned);
    let state = owned("state");
    // a state has its name within a life
    let life = owned("life").or_else(|| state.as_ref().map(|_| MONITORING.to_owned()));
    let every = address.get("phase") == Some("all");
    let phase = owned("phase").filter(|phase| PHASES.contains(&phase.as_str()));
    Filter {
        life,
        campaign: owned("campaign"),
        phase: phase.or_else(|| (state.is_none() && !every).then(|| "running".to_owned())),
        owner: owned("owner"),
        state,
        class: owned("class"),
        area: address.get("area").and_then(|text| AreaCode::parse_short(text).ok()),
        risk: owned("risk"),
        due_to: match address.get("due") {
            Some("overdue") => Some(today.add_days(-1)),
            Some("today" | "day") => Some(today),
            Some("week") => Some(today.add_days(7)),
            Some("month") => Some(today.add_days(30)),
            _ => None,
        },
        due_from: (address.get("due") == Some("day")).then_some(today),
        clocked: address.get("due") == Some("any"),
        since_from: address.get("since").and_then(|text| Day::parse(text).ok()),
        text: owned("q"),
        urgent: address.get("urgent") == Some("1"),
        no_helper: address.get("helper") == Some("none"),
    }
}

fn after_of(address: &Address) -> Option<(Day, CaseId)> {
    let (day, id) = address.get("after")?.split_once('_')?;
    Some((Day::parse(day).ok()?, CaseId::parse(id).ok()?))
}

fn row(l: L, today: Day, page: &Page, line: &Line) -> Row {
    let over = line.phase == "over" || (line.phase == "follow" && line.due.is_none());
    Row {
        href: format!("/cases/{}", line.id),
        check: format!("{}.{}", line.id, line.version),
        head: if !line.person.is_empty() {
            line.person.clone()
        } else if line.head.is_empty() {
            line.household_number.clone()
        } else {
            line.head.clone()
        },
        number: match page.book.life(&line.life) {
            Ok(life) if life.id != MONITORING => {
                format!("{} · {}", life.title.get(l.0), line.number)
            }
            _ => line.number.clone(),
        },
        place: format!("{} {}", line.village.1, line.group.clone().unwrap_or_default()),
        state: phase_chip(l, &line.phase, state_word(l, &page.book, (&line.life, &line.state))),
        risks: risk_words(l, &line.risks),
        class: line
            .class
            .as_deref()
            .map(|class| class_word(l, &page.book, class))
            .unwrap_or_default(),
        urgent: line.urgent,
        clock: if over { None } else { first_clock(l, today, (line.due, line.total_due)) },
        day: line.closed_on.map(|day| day.to_string()).unwrap_or_default(),
    }
}

fn select(
    l: L,
    address: &Address,
    (name, label): (&'static str, String),
    known: Vec<Choice>,
) -> Field {
    let any = Choice::new("", l.t("cases-any"));
    let chosen = Fields::default().with(name, address.get(name).unwrap_or_default());
    Field::select(name, label, std::iter::once(any).chain(known).collect()).filled(l, &chosen, None)
}

/// Which matter the list is about: monitored households are one of them.
fn life_field(l: L, address: &Address, page: &Page) -> Field {
    let every = Choice::new("", l.t("cases-life-every"));
    let known = life_choices(l, &page.book.lives);
    let chosen = Fields::default().with("life", address.get("life").unwrap_or_default());
    let choices = std::iter::once(every).chain(known).collect();
    Field::select("life", l.t("cases-life"), choices).filled(l, &chosen, None)
}

fn tabs(l: L, address: &Address, page: &Page, filter: &Filter) -> Tabs {
    let of = |phase: &str| {
        let within = |known: &str| match phase {
            "running" => !matches!(known, "follow" | "over"),
            "closed" => matches!(known, "follow" | "over"),
            one => one == known,
        };
        page.states.iter().filter(|(_, known, _)| within(known)).map(|(_, _, n)| n).sum::<i64>()
    };
    let area = address.get("area").unwrap_or_default();
    let kept = ["life", "campaign"].into_iter().fold(Address::new("/cases", ""), |kept, name| {
        kept.with(name, address.get(name).unwrap_or_default())
    });
    let tab = |phase: &&str| Tab {
        href: kept.with("phase", phase).with("area", area).to_string(),
        label: l.t(&format!("cases-phase-{phase}")),
        // where only what runs, or only what is over, was looked through, of the others nothing is said
        count: page.among.holds(phase).then(|| l.count(of(phase))),
        current: filter.phase.as_deref() == Some(*phase),
    };
    Tabs(PHASES.iter().map(tab).collect())
}

/// Lists that people ask for by name: removed households to be looked back at, households that nobody looks after.
fn lists_of(l: L, address: &Address) -> Vec<(String, String)> {
    let area = address.get("area").unwrap_or_default();
    let of = |pairs: &[(&str, &str)], word: &str| {
        let start = Address::new("/cases", "").with("area", area);
        let address = pairs.iter().fold(start, |address, (name, value)| address.with(name, value));
        (address.to_string(), l.t(word))
    };
    vec![
        of(&[("phase", "closed"), ("state", "removed"), ("due", "month")], "cases-list-look-back"),
        of(&[("phase", "running"), ("helper", "none")], "cases-list-no-helper"),
    ]
}

/// The papers of what the list shows: those of its state, and the list of the month.
fn papers_of(l: L, address: &Address, filter: &Filter) -> Vec<(String, String)> {
    let of_state: &[Paper] = match filter.state.as_deref().unwrap_or_default() {
        "accepted" => &[Paper::CheckSheet],
        "reviewed" | "noticed" | "removal_reviewed" | "removal_noticed" => &[Paper::Notice],
        "submitted" | "removal_submitted" => &[Paper::TownshipReview],
        "passed" | "removal_passed" => &[Paper::CountyApproval],
        "approved" | "removal_approved" => &[Paper::Announcement],
        "announced" | "helping" => &[Paper::Card],
        "" if filter.phase.as_deref() == Some("help") => &[Paper::Card],
        _ => &[],
    };
    let link = |paper: &Paper| {
        let to = format!("/cases/papers/{}", paper.code());
        let list = address.without("after").without("do").to_string();
        (list.replacen("/cases", &to, 1), l.t(&format!("papers-kind-{}", paper.code())))
    };
    of_state.iter().chain(&[Paper::Ledger]).map(link).collect()
}

/// The steps that may be taken with all cases of one state at once.
fn steps_of(ctx: &Ctx, page: &Page, filter: &Filter) -> Vec<StepDef> {
    let life = page.book.life(filter.life.as_deref().unwrap_or(MONITORING)).ok();
    let state = life.and_then(|life| life.state(filter.state.as_deref()?));
    let (Some(life), Some(state)) = (life, state) else { return Vec::new() };
    let may = |step: &&StepDef| allows(ctx.actor.role, permission_of(step.by));
    life.steps_from(state).filter(may).cloned().collect()
}

async fn shown(ctx: Ctx, desk: Desk, sent: Fields, refused: Option<Refusal>) -> Answered {
    let (l, today) = (desk.l, ctx.today);
    let address = match sent.text("back") {
        "" => desk.address.clone(),
        back => Address::new("/cases", back),
    };
    let filter = filter_of(&address, today);
    let (acting, asked) = (ctx.clone(), (filter.clone(), after_of(&address)));
    let (page, path, below) = blocking(move || {
        let page = actions::list(&acting, &asked.0, asked.1)?;
        let mut session = acting.read()?;
        let here = asked.0.area.or(acting.actor.home);
        let path = match here {
            Some(code) => registry::areas::path_of(&mut session, code)?,
            None => Vec::new(),
        };
        Ok((page, path, registry::areas::list_below(&mut session, here)?))
    })
    .await?;
    let steps = steps_of(&ctx, &page, &filter);
    let wanted = address.get("do").unwrap_or_default();
    let step = steps.iter().find(|step| step.id == wanted);
    let form = step.map(|step| {
        let sent = if refused.is_some() { sent.clone() } else { opened(step, today, None) };
        let fields = fields_of(l, (&page.book, step), (&sent, refused.as_ref()));
        (step.id.clone(), step.title.get(l.0).to_owned(), fields)
    });
    let links = steps.iter().map(|step| {
        let href = address.with("do", &step.id).without("after").to_string();
        (href, step.title.get(l.0).to_owned(), step.id == wanted)
    });
    let columns = ["household", "place", "state", "risks", "class", "day"];
    let columns = columns.iter().map(|id| Column::new(l.t(&format!("cases-column-{id}"))).id(id));
    let export =
        address.without("after").without("do").to_string().replacen("/cases", "/cases/export", 1);
    let mut columns = Columns::new(&address, columns.collect()).liked(&desk.view, "cases");
    if form.is_some() {
        columns = columns.checks(l);
    }
    let changed = ["life", "state", "area", "owner", "risk", "due", "helper", "q", "after", "do"];
    let life = filter.life.as_deref().unwrap_or(MONITORING);
    let states = page.book.life(life).map(|life| {
        let known = life.states.iter();
        known.map(|one| Choice::new(one.id.as_str(), one.title.get(l.0))).collect::<Vec<_>>()
    })?;
    let here = filter.area.and_then(|code| path.iter().find(|(known, _)| *known == code)).cloned();
    let places =
        here.iter().chain(&below).map(|(code, name)| Choice::new(code.to_string(), name.clone()));
    let owners = ["village", "township", "county"];
    let owners = owners.map(|code| Choice::new(code, l.t(&format!("cases-owner-{code}"))));
    let risks = ShippedCodes::Risks.all().iter().filter(|one| one.of.is_none());
    let risks = risks.map(|one| Choice::new(one.code.as_str(), one.words(l.0)));
    let dues = ["overdue", "day", "today", "week", "month", "any"]
        .map(|code| Choice::new(code, l.t(&format!("cases-due-{code}"))));
    let no_helper = Choice::new("none", l.t("cases-helper-none"));
    let next = page.next.map(|(day, id)| format!("{day}_{id}"));
    let text = Fields::default().with("q", address.get("q").unwrap_or_default());
    let body = ListPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        tabs: tabs(l, &address, &page, &filter),
        life: life_field(l, &address, &page),
        state: select(l, &address, ("state", l.t("cases-column-state")), states),
        place: select(l, &address, ("area", l.t("cases-column-place")), places.collect()),
        owner: select(l, &address, ("owner", l.t("cases-owner")), owners.into()),
        risk: select(l, &address, ("risk", l.t("cases-column-risks")), risks.collect()),
        due: select(l, &address, ("due", l.t("cases-due")), dues.into()),
        helper: select(l, &address, ("helper", l.t("cases-helper")), vec![no_helper]),
        text: Field::input("search", "q", l.t("cases-search")).filled(l, &text, None),
        hidden: address
            .others(&changed)
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        filtered: changed.iter().take(8).any(|key| address.get(key).is_some()),
        columns,
        pager: Pager::new(l, &address, page.lines.len(), next, Some(page.total)),
        empty: Empty::new(l.t("cases-none"), l.t("cases-none-help")),
        errors: Errors::new(l, refused.as_ref()),
        steps: links.collect(),
        papers: papers_of(l, &address, &filter),
        lists: lists_of(l, &address),
        form,
        query: address
            .without("after")
            .to_string()
            .trim_start_matches("/cases")
            .trim_start_matches('?')
            .to_owned(),
        rows: page.lines.iter().map(|line| row(l, today, &page, line)).collect(),
    };
    let mut shell = desk.shell("cases").nav("cases").wide();
    for step in &path {
        shell =
            shell.area(step, address.with("area", step.0.as_str()).without("after").to_string());
    }
    shell = shell.act(Act::new(l.t("cases-campaigns-title"), "/cases/campaigns").icon("people"));
    if desk.may(Permission::CaseCompare) {
        shell = shell.act(Act::new(l.t("cases-questions"), "/cases/questions").icon("ask"));
    }
    if desk.may(Permission::CaseWork) {
        shell = shell.act(Act::new(l.t("cases-begin-title"), "/cases/new").icon("plus"));
        shell = shell.act(Act::new(l.t("cases-sittings-title"), "/sittings").icon("people"));
    }
    if desk.may(Permission::PaperManage) {
        shell = shell.act(Act::new(l.t("papers-title"), "/papers").icon("edit"));
    }
    if desk.may(Permission::CaseExport) {
        shell = shell.act(Act::new(l.t("cases-national-title"), "/cases/national").icon("export"));
        shell = shell.act(Act::new(l.t("web-export"), export).icon("export"));
    }
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /cases`
pub async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answered {
    shown(ctx, desk, Fields::default(), None).await
}

fn shown_of(text: &str) -> Option<Shown> {
    let (id, version) = text.split_once('.')?;
    Some(Shown { id: CaseId::parse(id).ok()?, version: version.parse().ok()? })
}

/// `POST /cases`: the same step with the chosen cases.
pub async fn together(CtxOf(ctx): CtxOf, desk: Desk, sent: Fields) -> Answered {
    ctx.permit(Permission::CaseSee)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let taken = blocking(move || {
        let shown: Vec<Shown> = form.all("case").iter().filter_map(|text| shown_of(text)).collect();
        let field = |name: &str| form.text(name).to_owned();
        let asked = Asked { step: form.text("step"), field: &field };
        let (done, refused): (Vec<_>, Vec<(CaseId, Refusal)>) =
            actions::take_together(&acting, &shown, &asked)?;
        match refused.first() {
            None => Ok(()),
            Some((_, first)) if done.is_empty() => Err(first.clone().into()),
            Some(_) => Err(Refusal::conflict("cases.some_refused")
                .arg("done", done.len())
                .arg("refused", refused.len())
                .into()),
        }
    })
    .await;
    match taken {
        Ok(()) => {
            let back = Address::new("/cases", sent.text("back")).without("do").to_string();
            done(&back, "cases-together-done")
        }
        Err(Error::Refusal(refusal)) => shown(ctx, desk, sent, Some(refusal)).await,
        Err(fault) => Err(fault.into()),
    }
}

/// `GET /cases/export`
pub async fn export(CtxOf(ctx): CtxOf, desk: Desk) -> Answered {
    let l = desk.l;
    ctx.permit(Permission::CaseExport)?;
    let filter = filter_of(&desk.address, ctx.today);
    let bytes = blocking(move || sheet::workbook_of(&ctx, l, &filter)).await?;
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let name = "attachment; filename=\"cases.xlsx\"";
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

/// A chip that says that help comes first.
pub fn urgent_chip(l: L) -> Chip {
    Chip::new(Tone::Red, l.t("cases-urgent")).icon("bang")
}
