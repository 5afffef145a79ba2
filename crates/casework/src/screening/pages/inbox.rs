//! The inbox of leads, answering several together, waves, and leads as a workbook.

use askama::Template;
use kernel::area::AreaCode;
use kernel::error::{Error, OrFault, Refusal, Result};
use kernel::ids::LeadId;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::households::{Panel, Place, Subject as OfHousehold};
use store::{Ctx, Session};
use web::ui::{Chip, Choice, Clock, Column, Columns, Csrf, Empty, Errors, Field, Pager, Tab, Tabs};
use web::{Act, Address, Answer as Page, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::actions::{self, Filter, LeadLine, Shown};
use super::super::codes::reason_codes;
use super::super::model::{Answer, Outcome, State};
use super::super::queries::counts;
use super::super::results::rule_titles;
use super::super::rule::Level;
use super::filters::{
    choices, department_field, due_field, place_field, rule_field, severity_field,
};
use super::{department_word, outcome_word, said, severity_chip};

/// A row as the table shows it.
struct Row {
    href: String,
    check: String,
    name: String,
    number: String,
    place: String,
    severity: Chip,
    sentence: String,
    more: String,
    clock: Option<Clock>,
    day: String,
    outcome: String,
    department: String,
}

#[derive(Template)]
#[template(path = "screening/templates/inbox.html")]
struct InboxPage {
    l: L,
    csrf: Csrf,
    tabs: Tabs,
    severity: Field,
    place: Field,
    rule: Field,
    department: Field,
    due: Field,
    hidden: Vec<(String, String)>,
    columns: Columns,
    rows: Vec<Row>,
    pager: Pager,
    empty: Empty,
    answering: Option<(Field, Field, Field)>,
    errors: Errors,
    release: bool,
    answered: bool,
    filtered: bool,
    state: Option<String>,
    day_word: String,
}

/// What the address asks for.
pub fn filter_of(address: &Address, today: Day) -> Filter {
    let state = address.get("state").and_then(|text| text.parse().ok()).unwrap_or(State::Open);
    let mut filter = Filter::of(state);
    filter.severity = address.get("severity").and_then(|text| text.parse().ok());
    filter.area = address.get("area").and_then(|text| AreaCode::parse_short(text).ok());
    filter.rule = address.get("rule").map(str::to_owned);
    filter.department = address.get("department").map(str::to_owned);
    filter.outcome = address.get("outcome").and_then(|text| text.parse().ok());
    match address.get("due") {
        Some("today") => (filter.due_from, filter.due_to) = (Some(today), Some(today)),
        Some("overdue") => filter.due_to = Some(today.add_days(-1)),
        Some("week") => filter.due_to = Some(today.add_days(7)),
        Some("new") => filter.released_from = Some(today.add_days(-1)),
        _ => {}
    }
    filter
}

fn after_of(address: &Address) -> Option<(Day, LeadId)> {
    let (day, id) = address.get("after")?.split_once('_')?;
    Some((Day::parse(day).ok()?, LeadId::parse(id).ok()?))
}

pub struct Found {
    page: actions::Page,
    states: std::collections::BTreeMap<State, i64>,
    pub path: Vec<(AreaCode, String)>,
    pub below: Vec<(AreaCode, String)>,
    departments: Vec<String>,
    rules: Vec<(String, String, String)>,
}

fn found(ctx: &Ctx, address: &Address) -> Result<Found> {
    let filter = filter_of(address, ctx.today);
    let page = actions::list(ctx, &filter, after_of(address))?;
    let states = actions::count_states(ctx, filter.area)?;
    let mut session = ctx.read()?;
    let here = filter.area.or(ctx.actor.home);
    let path = match here {
        Some(code) => registry::areas::path_of(&mut session, code)?,
        None => Vec::new(),
    };
    let below = registry::areas::list_below(&mut session, here)?;
    let departments = counts::departments(&mut session)?;
    let rules = rule_titles(ctx)?;
    Ok(Found { page, states, path, below, departments, rules })
}

/// The sentence of the gravest reason.
pub fn first_sentence(l: L, line: &LeadLine) -> String {
    let first = line.reasons.first();
    first.map_or_else(String::new, |reason| said(l, &reason.zh, &reason.en).to_owned())
}

fn row(l: L, today: Day, line: LeadLine) -> Row {
    let sentence = first_sentence(l, &line);
    let more = line.reasons.len().saturating_sub(1);
    let (name, number) = match line.level {
        Level::Household => (
            line.head.unwrap_or_else(|| line.household_number.clone().unwrap_or_default()),
            line.household_number.unwrap_or_default(),
        ),
        Level::Village => (line.village_name.clone(), l.t("screening-level-village")),
    };
    let group = line.group.map(|group| format!(" {group}")).unwrap_or_default();
    let open = line.state == State::Open;
    Row {
        href: format!("/leads/{}", line.id),
        check: format!("{}.{}", line.id, line.version),
        name,
        number,
        place: format!("{}{group}", line.village_name),
        severity: severity_chip(l, line.severity),
        sentence,
        more: if more > 0 { l.t1("screening-more-reasons", "n", more) } else { String::new() },
        clock: line.due_on.filter(|_| open).map(|due| Clock::new(l, today, due)),
        day: line.sort_day.to_string(),
        outcome: line.outcome.map(|outcome| outcome_word(l, outcome)).unwrap_or_default(),
        department: department_word(l, &line.department),
    }
}

/// The inbox.
pub async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    inbox(ctx, desk, Fields::default(), None).await
}

async fn inbox(ctx: Ctx, desk: Desk, sent: Fields, refused: Option<Refusal>) -> Page {
    let l = desk.l;
    let mut address = desk.address.clone();
    if address.path() != "/leads" {
        address = Address::new("/leads", sent.text("back"));
    }
    let (today, asked_of) = (ctx.today, address.clone());
    let found = blocking(move || found(&ctx, &asked_of)).await?;
    let filter = filter_of(&address, today);
    let answering = filter.state == State::Open && desk.may(Permission::LeadAnswer);
    let next = found.page.next.map(|(day, id)| format!("{day}_{id}"));
    let count = found.page.lines.len();
    let mut shell = desk.shell("screening-inbox").nav("leads").wide();
    for step in &found.path {
        let to = address.with("area", step.0.as_str()).without("after");
        shell = shell.area(step, to.to_string());
    }
    if desk.may(Permission::DeclarationSee) {
        shell = shell.act(Act::new(l.t("declarations-title"), "/declarations").icon("ask"));
    }
    if desk.may(Permission::AlarmSee) {
        shell = shell.act(Act::new(l.t("alarms-title"), "/alarms").icon("bang"));
    }
    if desk.may(Permission::CheckSee) {
        shell = shell.act(Act::new(l.t("quality-title"), "/checks").icon("ask"));
    }
    if desk.may(Permission::SlipSee) {
        shell = shell.act(Act::new(l.t("slips-title"), "/slips").icon("print"));
    }
    if desk.may(Permission::LeadExport) {
        let to = address.without("after").to_string().replacen("/leads", "/leads/export", 1);
        shell = shell
            .act(Act::new(l.t("screening-answers-title"), "/leads/answers").icon("intake"))
            .act(Act::new(l.t("web-export"), to).icon("export"));
    }
    let columns = columns(l, &address, filter.state).liked(&desk.view, "leads");
    let columns = if answering { columns.checks(l) } else { columns };
    let body = InboxPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        tabs: tabs(l, &address, &found),
        hidden: hidden(&address),
        columns,
        pager: Pager::new(l, &address, count, next, Some(found.page.total)),
        empty: empty(&desk, filter.state, found.states.get(&State::Waiting).copied()),
        answering: answering.then(|| answer_fields(l, &sent, refused.as_ref(), None)),
        errors: Errors::new(l, refused.as_ref()),
        release: filter.state == State::Waiting && desk.may(Permission::LeadRelease),
        filtered: ["severity", "area", "rule", "department", "due"]
            .iter()
            .any(|key| address.get(key).is_some()),
        state: address.get("state").map(str::to_owned),
        day_word: l.t(day_of(filter.state)),
        answered: matches!(filter.state, State::Answered | State::SecondLook),
        severity: severity_field(l, &address),
        place: place_field(l, &address, &found),
        rule: rule_field(l, &address, &found.rules),
        department: department_field(l, &address, &found.departments),
        due: due_field(l, &address),
        rows: found.page.lines.into_iter().map(|line| row(l, today, line)).collect(),
    };
    page_of_form(&shell, body, refused.as_ref())
}

/// The word of the day that counts in a state.
fn day_of(state: State) -> &'static str {
    match state {
        State::Open => "screening-due",
        State::Waiting => "screening-opened",
        State::Answered | State::SecondLook => "screening-answered-on",
        State::Withdrawn => "screening-withdrawn-on",
    }
}

fn columns(l: L, address: &Address, state: State) -> Columns {
    let mut heads = vec![
        Column::new(l.t("screening-subject")),
        Column::new(l.t("screening-place")).id("place"),
        Column::new(l.t("screening-severity")).id("severity"),
        Column::new(l.t("screening-reason")),
        Column::new(l.t("screening-department")).id("department"),
        Column::new(l.t(day_of(state))).id("day"),
    ];
    if matches!(state, State::Answered | State::SecondLook) {
        heads.push(Column::new(l.t("screening-outcome")).id("outcome"));
    }
    Columns::new(address, heads)
}

fn tabs(l: L, address: &Address, found: &Found) -> Tabs {
    let current = address.get("state").and_then(|text| text.parse().ok()).unwrap_or(State::Open);
    let order = [State::Open, State::SecondLook, State::Waiting, State::Answered, State::Withdrawn];
    let shown = order.into_iter().filter(|state| {
        *state != State::Waiting || found.states.contains_key(state) || current == *state
    });
    let area = address.get("area").unwrap_or_default();
    Tabs(
        shown
            .map(|state| Tab {
                href: Address::new("/leads", "")
                    .with("state", state.code())
                    .with("area", area)
                    .to_string(),
                label: l.t(&format!("screening-state-{}", state.code())),
                count: Some(l.count(found.states.get(&state).copied().unwrap_or(0))),
                current: state == current,
            })
            .collect(),
    )
}

fn hidden(address: &Address) -> Vec<(String, String)> {
    let changed = ["severity", "area", "rule", "department", "due", "after"];
    address.others(&changed).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn empty(desk: &Desk, state: State, waiting: Option<i64>) -> Empty {
    let l = desk.l;
    let title = l.t(&format!("screening-none-{}", state.code()));
    let waiting = waiting.filter(|number| *number > 0 && desk.may(Permission::LeadRelease));
    match (state, waiting) {
        (State::Open, Some(number)) => {
            Empty::new(title, l.t1("screening-none-open-waiting", "n", number))
                .action(l.t("screening-to-waiting"), "/leads?state=waiting")
        }
        _ => Empty::new(title, l.t(&format!("screening-none-{}-help", state.code()))),
    }
}

/// The fields of an answer: how it ends, the reason from the list, the reason in words.
pub fn answer_fields(
    l: L,
    sent: &Fields,
    refused: Option<&Refusal>,
    only: Option<&[Outcome]>,
) -> (Field, Field, Field) {
    let outcomes = only.unwrap_or(Outcome::ALL);
    let known = outcomes.iter().map(|outcome| {
        Choice::new(outcome.code(), outcome_word(l, *outcome))
            .help(l.t(&format!("screening-outcome-{}-help", outcome.code())))
    });
    let outcome = Field::radio("outcome", l.t("screening-outcome"), known.collect());
    let reasons = reason_codes().unwrap_or(&[]).iter().filter(|one| one.valid_to.is_none());
    let of_list = reasons.map(|one| {
        let word = one
            .outcome
            .parse::<Outcome>()
            .map_or_else(|_| String::new(), |outcome| outcome_word(l, outcome));
        (one.code.as_str(), format!("{word} · {}", one.words(l.0)))
    });
    let code = Field::select(
        "reason_code",
        l.t("screening-reason-code"),
        choices(l.t("screening-no-reason-code"), of_list),
    );
    let reason =
        Field::area("reason", l.t("screening-reason-words")).help(l.t("screening-reason-help"));
    (
        outcome.filled(l, sent, refused),
        code.filled(l, sent, refused),
        reason.filled(l, sent, refused),
    )
}

/// Reads an answer from a form; a missing outcome is refused at its field.
pub fn answer_of(fields: &Fields) -> Result<Answer> {
    let outcome = fields.text("outcome").parse::<Outcome>().map_err(|_| {
        Error::from(Refusal::invalid("screening.outcome_needed").field("outcome", "web.required"))
    })?;
    Ok(Answer::new(outcome, fields.text("reason_code"), fields.text("reason")))
}

fn shown_of(text: &str) -> Option<Shown> {
    let (id, version) = text.split_once('.')?;
    Some(Shown { id: LeadId::parse(id).ok()?, version: version.parse().ok()? })
}

/// Answers the chosen leads together; what was refused is said above the list.
pub async fn answer_post(CtxOf(ctx): CtxOf, desk: Desk, fields: Fields) -> Page {
    ctx.permit(Permission::LeadAnswer)?;
    let shown: Vec<Shown> = fields.all("lead").iter().filter_map(|text| shown_of(text)).collect();
    let (acting, sent) = (ctx.clone(), fields.clone());
    let answered = blocking(move || {
        let answer = answer_of(&sent)?;
        let together = actions::answer_together(&acting, &shown, &answer)?;
        match together.refused.first() {
            None => Ok(()),
            Some((_, first)) if together.answered.is_empty() => Err(first.clone().into()),
            Some(_) => Err(Refusal::conflict("screening.some_refused")
                .arg("answered", together.answered.len())
                .arg("refused", together.refused.len())
                .into()),
        }
    })
    .await;
    match answered {
        Ok(()) => {
            let back = format!("/leads?{}", fields.text("back"));
            done(back.trim_end_matches('?'), "screening-answered-done")
        }
        Err(Error::Refusal(refusal)) => inbox(ctx, desk, fields, Some(refusal)).await,
        Err(fault) => Err(fault.into()),
    }
}

/// Gives out the next wave.
pub async fn release_post(CtxOf(ctx): CtxOf) -> Page {
    ctx.permit(Permission::LeadRelease)?;
    let released = blocking(move || super::super::wave::release_wave(&ctx)).await?;
    if released == 0 {
        return done("/leads?state=waiting", "screening-nothing-released-done");
    }
    done("/leads", "screening-released-done")
}

#[derive(Template)]
#[template(path = "screening/templates/panel.html")]
struct PanelPage {
    l: L,
    rows: Vec<Row>,
}

/// The open leads of a household, for the side of its page.
///
/// # Errors
/// What the database refuses.
pub fn panel(session: &mut Session, subject: &OfHousehold) -> Result<Option<Panel>> {
    let (l, ctx) = (subject.l, subject.ctx);
    if !kernel::permission::allows(ctx.actor.role, Permission::LeadSee) {
        return Ok(None);
    }
    let lines = actions::of_household(ctx, session, &subject.household.id.to_string())?;
    if lines.is_empty() {
        return Ok(None);
    }
    let rows = lines.into_iter().map(|line| row(l, subject.as_of, line)).collect();
    let html = PanelPage { l, rows }.render().or_fault("leads of a household")?;
    Ok(Some(Panel { place: Place::Side, html }))
}
