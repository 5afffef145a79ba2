//! Pages of policy: parameters with their values and sources, changes on their way and published, documents.

mod document;
mod document_steps;
mod documents;
mod draft;
mod file;
mod into;
mod one_document;
mod own_form;
mod own_words;
mod parameter;
mod steps;

use askama::Template;
use axum::Router;
use axum::routing::{get, post};
use facts::{Scalar, Unit};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Chip, Column, Columns, Empty, Tab, Tabs, Tone};
use web::{Act, Answer, CtxOf, Desk, L, blocking, page};

use super::model::{Draft, DraftState};
use super::pack::Pack;
use super::parameter::{Parameter, resolve};
use super::{PackVersion, queries};

/// The routes of this room.
pub fn routes() -> Router {
    Router::new()
        .route("/policies", get(parameters))
        .route("/policies/changes", get(changes))
        .route("/policies/documents", get(documents::list))
        .route("/policies/parameters/{id}", get(parameter::show).post(parameter::put))
        .route("/policies/files", get(file::show).post(file::put))
        .route("/policies/drafts/new", get(draft::form).post(draft::begin))
        .route("/policies/drafts/{id}", get(draft::show).post(steps::save))
        .route("/policies/drafts/{id}/drop", post(steps::cut))
        .route("/policies/drafts/{id}/submit", post(steps::submit))
        .route("/policies/drafts/{id}/give-back", post(steps::back))
        .route("/policies/drafts/{id}/withdraw", post(steps::withdraw))
        .route("/policies/drafts/{id}/publish", post(steps::publish))
        .route("/policies/versions/{version}/undo", post(steps::undo))
        .route("/policies/documents/new", get(document::form).post(document::enter))
        .route("/policies/documents/{id}", get(one_document::show))
        .route("/policies/documents/{id}/edit", get(document::show).post(document::correct))
        .route("/policies/documents/{id}/milestones", post(document_steps::milestone))
        .route("/policies/documents/{id}/issue", post(document_steps::issue))
        .route("/policies/documents/{id}/receive", post(document_steps::receive))
        .route("/policies/milestones/{id}", post(document_steps::record))
}

use documents::document_chip;
pub use file::text_in;
pub use into::{draft_field, open_drafts, put_own, submitted_drafts};
pub use own_form::{OwnForm, Sent, draft_of, foot_of, form_known, form_new, put_known, put_new};

/// The tabs of policy: `parameters`, `changes`, `documents`, `lists`, and `indicators` for who may see them.
pub fn tabs(desk: &Desk, here: &str) -> Tabs {
    let l = desk.l;
    let tab = |key: &str, href: &str| Tab {
        href: href.to_owned(),
        label: l.t(&format!("policies-{key}")),
        count: None,
        current: key == here,
    };
    let mut all = vec![
        tab("parameters", "/policies"),
        tab("changes", "/policies/changes"),
        tab("documents", "/policies/documents"),
        tab("lists", "/policies/lists"),
    ];
    if desk.may(Permission::IndicatorSee) {
        all.push(tab("indicators", "/indicators"));
    }
    Tabs(all)
}

/// A value with its unit; a share also in percent, as people say it.
pub(super) fn value_words(l: L, parameter: &Parameter, value: &Scalar) -> String {
    let shown = |value: &Scalar| facts::shown(value, parameter.kind, parameter.unit, l.0);
    match value {
        Scalar::Real(share) if parameter.unit == Unit::None && *share > 0.0 && *share < 1.0 => {
            // As many digits as people write: 0.07 is 7 %, not 7.000000000000001 %.
            let percent = Scalar::Real((share * 1e6).round() / 1e4);
            let args = [("value", shown(value).into()), ("percent", shown(&percent).into())];
            l.t_args("policies-share", &args)
        }
        _ => shown(value),
    }
}

/// What a parameter is here today: its value, and what set it.
fn today(
    l: L,
    parameter: &Parameter,
    (home, day): (AreaCode, kernel::time::Day),
) -> (String, String) {
    let resolved = resolve(std::slice::from_ref(parameter), home, day);
    let Some(value) = resolved.get(&parameter.id).and_then(|one| one.values.last()) else {
        return (l.t("policies-no-value"), String::new());
    };
    let shown = value_words(l, parameter, &value.value);
    let holds = |known: &&super::DatedValue| {
        known.value == value.value
            && known.from <= day
            && known.to.is_none_or(|to| day <= to)
            && known.area.is_none_or(|area| area.contains(home) || home.contains(area))
    };
    let set = parameter.values.iter().find(holds);
    let source = set.and_then(|one| one.source.clone().or_else(|| one.set_locally.clone()));
    (shown, l.half(&source.unwrap_or_default()))
}

fn home(ctx: &Ctx) -> Option<AreaCode> {
    ctx.actor.home.or_else(|| AreaCode::parse_short("00").ok())
}

struct ParameterRow {
    id: String,
    title: String,
    value: String,
    source: String,
}

#[derive(Template)]
#[template(path = "policies/templates/parameters.html")]
struct ParametersPage {
    l: L,
    tabs: Tabs,
    columns: Columns,
    rows: Vec<ParameterRow>,
    note: String,
    empty: Empty,
}

/// `GET /policies`: every parameter, its value here today and where it comes from.
async fn parameters(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let (here, day) = (home(&ctx), ctx.today);
    let found = blocking(move || -> Result<Option<Pack>> {
        ctx.permit(Permission::PolicySee)?;
        queries::find_pack_on(&mut ctx.read()?, ctx.today)
    })
    .await?;
    let rows = found.iter().flat_map(|pack| &pack.parameters).zip(std::iter::repeat(here));
    let rows: Vec<ParameterRow> = rows
        .map(|(one, here)| {
            let (value, source) = here.map(|here| today(l, one, (here, day))).unwrap_or_default();
            ParameterRow { id: one.id.clone(), title: one.title.get(l.0).to_owned(), value, source }
        })
        .collect();
    let note = found.map(|pack| {
        let version = i64::from(pack.head.version);
        let id = if pack.head.id == super::COUNTY {
            "policies-with-changes"
        } else {
            "policies-shipped"
        };
        l.t_args(id, &[("title", pack.head.title.get(l.0).into()), ("version", version.into())])
    });
    let columns = Columns::new(
        &desk.address,
        vec![
            Column::new(l.t("policies-parameter")),
            Column::new(l.t("policies-value-today")).number(),
            Column::new(l.t("policies-set-by")),
        ],
    )
    .liked(&desk.view, "parameters");
    let shell = shell(&desk);
    let empty = Empty::new(l.t("policies-none"), l.t("policies-none-help"));
    let tabs = tabs(&desk, "parameters");
    page(&shell, ParametersPage { l, tabs, columns, rows, note: note.unwrap_or_default(), empty })
}

fn shell(desk: &Desk) -> web::Shell {
    let shell = desk.shell("policies-list").nav("policies").wide();
    if !desk.may(Permission::PolicyManage) {
        return shell;
    }
    shell.act(Act::new(desk.l.t("policies-new-draft"), "/policies/drafts/new").icon("rule"))
}

fn state_chip(l: L, state: DraftState) -> Chip {
    let tone = match state {
        DraftState::Open => Tone::Accent,
        DraftState::Submitted => Tone::Amber,
        DraftState::Published => Tone::Green,
        DraftState::Withdrawn => Tone::Grey,
    };
    Chip::new(tone, l.t(&format!("policies-state-{state}")))
}

struct ChangeRow {
    href: String,
    title: String,
    version: String,
    stance: String,
    from: String,
    state: Chip,
    undo: Option<u32>,
}

#[derive(Template)]
#[template(path = "policies/templates/changes.html")]
struct ChangesPage {
    l: L,
    tabs: Tabs,
    rows: Vec<ChangeRow>,
    shipped: Vec<(String, String, String)>,
    counts: String,
    csrf: Option<web::ui::Csrf>,
    empty: Empty,
}

/// `GET /policies/changes`: drafts and published changes, and the packs that ship.
async fn changes(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let (drafts, versions) = blocking(move || -> Result<(Vec<Draft>, Vec<PackVersion>)> {
        ctx.permit(Permission::PolicySee)?;
        let mut session = ctx.read()?;
        Ok((queries::list_drafts(&mut session)?, queries::list_versions(&mut session)?))
    })
    .await?;
    let manages = desk.may(Permission::PolicyManage);
    // A draft is the business of those who write it; what is published is everybody's.
    let shown = drafts.iter().filter(|one| manages || one.state == DraftState::Published);
    let rows = shown.map(|draft| ChangeRow {
        href: if manages { format!("/policies/drafts/{}", draft.id) } else { String::new() },
        title: draft.title.clone(),
        version: draft.version.map_or_else(|| "—".to_owned(), |n| n.to_string()),
        stance: l.t(&format!("policies-stance-{}", draft.stance)),
        from: draft.valid_from.to_string(),
        state: state_chip(l, draft.state),
        undo: draft.version.filter(|_| manages),
    });
    let rows: Vec<ChangeRow> = rows.collect();
    let published = drafts.iter().filter(|one| one.state == DraftState::Published);
    let mut counts = [0_i64; 3];
    for draft in published {
        let place = super::Stance::ALL.iter().position(|stance| *stance == draft.stance);
        if let Some(count) = place.and_then(|place| counts.get_mut(place)) {
            *count += 1;
        }
    }
    let [continued, optimised, adjusted] = counts;
    let args = [
        ("continued", continued.into()),
        ("optimised", optimised.into()),
        ("adjusted", adjusted.into()),
    ];
    let shipped = versions
        .iter()
        .filter(|one| one.pack_id != super::COUNTY)
        .map(|one| (one.pack_id.clone(), one.version.to_string(), one.valid_from.to_string()));
    let body = ChangesPage {
        l,
        tabs: tabs(&desk, "changes"),
        rows,
        shipped: shipped.collect(),
        counts: l.t_args("policies-stances", &args),
        csrf: manages.then(|| web::ui::Csrf(desk.csrf.clone())),
        empty: Empty::new(l.t("policies-no-changes"), l.t("policies-no-changes-help")),
    };
    page(&shell(&desk), body)
}
