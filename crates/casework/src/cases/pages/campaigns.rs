//! `GET /cases/campaigns`: campaigns and what another one would begin with; `POST …`: one begins; `GET …/{id}`: how far it
//! is, place by place.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, RefusalKind};
use kernel::permission::Permission;
use kernel::time::Day;
use store::Ctx;
use web::ui::{Choice, Clock, Csrf, Empty, Errors, Field};
use web::{Act, Answer as Answered, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::campaigns::{self, Wish};
use super::super::life::{Life, Phase};
use super::super::queries::campaigns::{Campaign, Progress};
use super::state_word;

struct Row {
    href: String,
    title: String,
    life: String,
    begun: String,
    on: String,
    clock: Clock,
    name: String,
}

struct Ahead {
    title: String,
    basis: String,
    whom: String,
    counts: String,
    fields: Vec<Field>,
    life: String,
}

#[derive(Template)]
#[template(path = "cases/templates/campaigns.html")]
struct CampaignsPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    rows: Vec<Row>,
    lives: Vec<(String, String, bool)>,
    ahead: Option<Ahead>,
    empty: Empty,
}

fn title_of(l: L, lives: &[Life], id: &str) -> String {
    let known = lives.iter().find(|life| life.id == id);
    known.map_or_else(|| id.to_owned(), |life| life.title.get(l.0).to_owned())
}

fn ahead(l: L, wish: Wish, (sent, refused): (&Fields, Option<&Refusal>)) -> Ahead {
    let fields = [
        Field::text("words", l.t("cases-campaign-words")).help(l.t("cases-campaign-words-help")),
        Field::input("date", "due_on", l.t("cases-campaign-due")),
    ];
    let basis = wish.life.basis.as_ref().or(wish.life.set_locally.as_ref());
    Ahead {
        title: wish.life.title.get(l.0).to_owned(),
        basis: basis.cloned().unwrap_or_default(),
        whom: wish.whom,
        counts: l.t_args(
            "cases-campaign-counts",
            &[("selected", wish.selected.into()), ("already", wish.already.into())],
        ),
        fields: fields.into_iter().map(|field| field.filled(l, sent, refused)).collect(),
        life: wish.life.id,
    }
}

async fn shown(ctx: Ctx, desk: Desk, sent: Fields, refused: Option<Refusal>) -> Answered {
    let (l, today) = (desk.l, ctx.today);
    let may = desk.may(Permission::CaseApprove);
    let wanted = match sent.text("life") {
        "" => desk.address.get("life").unwrap_or_default(),
        life => life,
    };
    let wanted = if may { wanted.to_owned() } else { String::new() };
    let asked = wanted.clone();
    let ((book, known), lives, wish) = blocking(move || {
        let wish = match asked.as_str() {
            "" => None,
            life => Some(campaigns::look_ahead(&ctx, life)?),
        };
        Ok((campaigns::list(&ctx)?, campaigns::lives(&ctx)?, wish))
    })
    .await?;
    let row = |one: &Campaign| Row {
        href: format!("/cases/campaigns/{}", one.id),
        title: one.words.clone(),
        life: title_of(l, &book.lives, &one.life),
        begun: l.count(one.begun),
        on: one.on.to_string(),
        clock: Clock::new(l, today, one.due_on),
        name: one.name.clone(),
    };
    let choice = |life: &Life| {
        let href = format!("/cases/campaigns?life={}#begin", life.id);
        (href, life.title.get(l.0).to_owned(), life.id == wanted)
    };
    let body = CampaignsPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()),
        rows: known.iter().map(row).collect(),
        lives: if may { lives.iter().map(choice).collect() } else { Vec::new() },
        ahead: wish.map(|wish| ahead(l, wish, (&sent, refused.as_ref()))),
        empty: Empty::new(l.t("cases-no-campaigns"), l.t("cases-no-campaigns-help")),
    };
    let shell = desk.shell("cases-campaigns").nav("cases").crumb(l.t("nav-cases"), "/cases").wide();
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /cases/campaigns`
pub async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answered {
    shown(ctx, desk, Fields::default(), None).await
}

/// `POST /cases/campaigns`
pub async fn start(CtxOf(ctx): CtxOf, desk: Desk, sent: Fields) -> Answered {
    ctx.permit(Permission::CaseApprove)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let begun = blocking(move || {
        let day = || Refusal::invalid("cases.fields").field("due_on", "web.not_a_day");
        let due_on = Day::parse(form.text("due_on")).map_err(|_| day())?;
        campaigns::start(&acting, form.text("life"), (form.text("words"), due_on))
    });
    match begun.await {
        Ok(campaign) => done(&format!("/cases/campaigns/{}", campaign.id), "cases-campaign-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            shown(ctx, desk, sent, Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}

struct PlaceRow {
    name: String,
    href: String,
    all: String,
    over: String,
    /// Of those that are not over: how many in each state, with the list of them.
    states: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "cases/templates/campaign.html")]
struct CampaignPage {
    l: L,
    life: String,
    basis: String,
    clock: Clock,
    begun: String,
    whole: Option<PlaceRow>,
    share: (i64, i64),
    rows: Vec<PlaceRow>,
    empty: Empty,
}

fn place(l: L, view: &campaigns::View, progress: &Progress, href: String) -> PlaceRow {
    let life = view.book.life(&view.campaign.life).ok();
    let is_over = |state: &str| {
        life.and_then(|life| life.state(state)).is_some_and(|known| known.phase == Phase::Over)
    };
    let list = |state: &str| {
        let (life, id) = (&view.campaign.life, &view.campaign.id);
        format!("/cases?life={life}&campaign={id}&state={state}&area={}", progress.code)
    };
    let order =
        |state: &str| life.and_then(|life| life.states.iter().position(|known| known.id == state));
    let mut states: Vec<(&String, &i64)> = progress.states.iter().collect();
    states.sort_by_key(|(state, _)| order(state));
    let word = |state: &str| state_word(l, &view.book, (&view.campaign.life, state));
    PlaceRow {
        name: progress.name.clone(),
        href,
        all: l.count(progress.states.values().sum::<i64>()),
        over: l.count(
            progress.states.iter().filter(|(id, _)| is_over(id)).map(|(_, n)| n).sum::<i64>(),
        ),
        states: states.into_iter().map(|(id, n)| (word(id), l.count(*n), list(id))).collect(),
    }
}

/// `GET /cases/campaigns/{id}`
pub async fn one(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Answered {
    let (l, today) = (desk.l, ctx.today);
    let area = desk.address.get("area").and_then(|text| AreaCode::parse_short(text).ok());
    let view = blocking(move || campaigns::show(&ctx, &id, area)).await?;
    let campaign = &view.campaign;
    let life = view.book.life(&campaign.life).ok();
    let mut states: BTreeMap<String, i64> = BTreeMap::new();
    for progress in &view.progress {
        for (state, n) in &progress.states {
            *states.entry(state.clone()).or_insert(0) += n;
        }
    }
    let whole = view.path.last().map(|(code, _)| Progress {
        code: *code,
        name: l.t("cases-campaign-whole"),
        states,
    });
    let over = |progress: &Progress| {
        let done = progress.states.iter().filter(|(id, _)| {
            let known = life.and_then(|life| life.state(id));
            known.is_some_and(|state| state.phase == Phase::Over)
        });
        (done.map(|(_, n)| n).sum::<i64>(), progress.states.values().sum::<i64>())
    };
    let href = |one: &Progress| format!("/cases/campaigns/{}?area={}", campaign.id, one.code);
    let body = CampaignPage {
        l,
        life: life.map(|life| life.title.get(l.0).to_owned()).unwrap_or_default(),
        basis: life
            .and_then(|life| life.basis.clone().or_else(|| life.set_locally.clone()))
            .unwrap_or_default(),
        clock: Clock::new(l, today, campaign.due_on),
        begun: l.t_args(
            "cases-campaign-begun-of",
            &[
                ("begun", campaign.begun.into()),
                ("selected", campaign.selected.into()),
                ("on", campaign.on.to_string().into()),
                ("name", campaign.name.clone().into()),
            ],
        ),
        share: whole.as_ref().map_or((0, 0), over),
        whole: whole.as_ref().map(|one| place(l, &view, one, String::new())),
        rows: view.progress.iter().map(|one| place(l, &view, one, href(one))).collect(),
        empty: Empty::new(l.t("cases-none"), l.t("cases-no-campaign-cases")),
    };
    let mut shell = desk
        .untitled()
        .title(campaign.words.clone())
        .nav("cases")
        .crumb(l.t("nav-cases"), "/cases")
        .crumb(l.t("cases-campaigns-title"), "/cases/campaigns")
        .wide()
        .act(Act::print(l));
    for step in &view.path {
        shell = shell.area(step, format!("/cases/campaigns/{}?area={}", campaign.id, step.0));
    }
    page_of_form(&shell, body, None)
}

/// The choices of a life as fields have them.
pub fn life_choices(l: L, lives: &[Life]) -> Vec<Choice> {
    lives.iter().map(|life| Choice::new(life.id.as_str(), life.title.get(l.0))).collect()
}
