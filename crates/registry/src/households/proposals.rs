//! What waits for the township, and a number shown in full.

use askama::Template;
use axum::extract::Path;
use kernel::error::Refusal;
use kernel::permission::Permission;
use web::ui::{Csrf, Empty, Errors, Field, Tab, Tabs};
use web::{Answer, CtxOf, Desk, Fields, L, blocking, done, page};

use super::actions;
use super::pages::csrf_of;
use super::waiting::{self, LaterChange, Proposal, changed_since, list_proposals};

struct Waiting {
    proposal: Proposal,
    /// What happened in the household since it was proposed, in words, and until when that is so.
    later: Vec<String>,
    seen: String,
    own: bool,
    word: String,
    state: String,
    detail: String,
}

#[derive(Template)]
#[template(path = "households/templates/proposals.html")]
struct ProposalsPage {
    l: L,
    csrf: Csrf,
    tabs: Tabs,
    rows: Vec<Waiting>,
    confirms: bool,
    empty: Empty,
}

pub(super) async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let state = desk.address.get("state").unwrap_or("proposed").to_owned();
    let tabs = ["proposed", "confirmed", "refused"].map(|one| Tab {
        href: desk.address.with("state", one).to_string(),
        label: l.t(&format!("households-proposal-{one}")),
        count: None,
        current: state == one,
    });
    let tabs = Tabs(tabs.into());
    let none = l
        .find(&format!("households-proposals-none-{state}"), &[])
        .unwrap_or_else(|| l.t("households-proposals-none-proposed"));
    let me = ctx.actor.account.clone();
    let rows = blocking(move || {
        let permit = ctx.permit(Permission::HouseholdSee)?;
        let mut session = ctx.read()?;
        let state = Some(state.as_str()).filter(|state| *state != "all");
        let found = list_proposals(&mut session, &permit, state, (None, None), 200)?;
        let mut rows = Vec::with_capacity(found.len());
        for proposal in found {
            let waits = proposal.state == "proposed";
            let later = match waits {
                true => changed_since(&mut session, proposal.household, proposal.proposed_at)?,
                false => Vec::new(),
            };
            rows.push((waiting::detail(l, &mut session, &proposal)?, later, proposal));
        }
        Ok(rows)
    })
    .await?;
    let rows = rows
        .into_iter()
        .map(|(detail, later, proposal)| Waiting {
            word: l.t(&format!("households-change-{}", waiting::form_of(&proposal))),
            state: l.t(&format!("households-proposal-{}", proposal.state)),
            detail,
            own: proposal.by_account == me,
            seen: later.iter().map(|one| one.at).max().map(|at| at.to_string()).unwrap_or_default(),
            later: later.iter().map(|one| later_word(l, one)).collect(),
            proposal,
        })
        .collect();
    let body = ProposalsPage {
        l,
        csrf: csrf_of(&desk),
        tabs,
        rows,
        confirms: desk.may(Permission::HouseholdConfirm),
        empty: Empty::new(none, l.t("households-proposals-none-help")),
    };
    page(&desk.shell("households-proposals").nav("households").wide(), body)
}

fn later_word(l: L, one: &LaterChange) -> String {
    let id = match one.what.as_str() {
        "moved" => "households-event-moved".to_owned(),
        what => format!("households-event-{what}"),
    };
    format!("{} {}", one.on, l.t1(&id, "name", &one.name))
}

pub(super) async fn confirm(CtxOf(ctx): CtxOf, Path(id): Path<String>, fields: Fields) -> Answer {
    ctx.permit(Permission::HouseholdConfirm)?;
    let seen = fields.text("seen").parse().ok();
    blocking(move || actions::confirm_seen(&ctx, &id, seen)).await?;
    done("/households/proposals", "households-confirm-done")
}

pub(super) async fn refuse(CtxOf(ctx): CtxOf, Path(id): Path<String>, fields: Fields) -> Answer {
    ctx.permit(Permission::HouseholdConfirm)?;
    let reason = fields.text("reason").to_owned();
    blocking(move || actions::refuse(&ctx, &id, &reason)).await?;
    done("/households/proposals", "households-refuse-done")
}

#[derive(Template)]
#[template(path = "households/templates/reveal.html")]
struct RevealPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    purpose: Field,
    shown: Option<(String, String)>,
    back: String,
}

fn reveal_form(
    desk: &Desk,
    household: &str,
    shown: Option<(String, String)>,
    refusal: Option<&Refusal>,
) -> Answer {
    let l = desk.l;
    let purpose = Field::text("purpose", l.t("households-purpose"))
        .help(l.t("households-purpose-help"))
        .required();
    let body = RevealPage {
        l,
        csrf: csrf_of(desk),
        errors: Errors::new(l, refusal),
        purpose: purpose.filled(l, &Fields::default(), refusal),
        shown,
        back: format!("/households/{household}"),
    };
    page(&desk.shell("households-reveal").nav("households"), body)
}

pub(super) async fn reveal_page(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path((id, _)): Path<(String, String)>,
) -> Answer {
    ctx.permit(Permission::HouseholdReveal)?;
    reveal_form(&desk, &id, None, None)
}

pub(super) async fn reveal_post(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path((id, person)): Path<(String, String)>,
    fields: Fields,
) -> Answer {
    let (household, purpose) = (id.clone(), fields.text("purpose").to_owned());
    match blocking(move || actions::reveal(&ctx, &household, &person, &purpose)).await {
        Ok((number, phone)) => {
            let none = || desk.l.t("households-none-known");
            let shown = (number.unwrap_or_else(none), phone.unwrap_or_else(none));
            reveal_form(&desk, &id, Some(shown), None)
        }
        Err(error) => match error.refusal() {
            Some(refusal) if refusal.fields.is_empty() => Err(error.into()),
            Some(refusal) => reveal_form(&desk, &id, None, Some(refusal)),
            None => Err(error.into()),
        },
    }
}
