//! One merge: who went into whom, who said so, and its undoing.

use askama::Template;
use axum::extract::Path;
use kernel::error::{Refusal, Result};
use kernel::permission::Permission;
use store::Ctx;
use web::ui::{Chip, Choice, Csrf, Errors, Field};
use web::{Answer, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::state_chip;
use crate::duplicates::actions::{self, load_merge};
use crate::duplicates::queries::{Kind, Merge, MergeState};
use crate::duplicates::undo::{self, Unsure};

#[derive(Template)]
#[template(path = "duplicates/templates/merge.html")]
struct MergePage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    merge: Merge,
    kind: String,
    word: Chip,
    said: String,
    decided: Option<(String, String)>,
    undone: Option<(String, String)>,
    chosen: Vec<String>,
    unsure: Vec<String>,
    blocked: Option<(String, String)>,
    reason: Field,
    may: bool,
    own: bool,
    read: Field,
}

struct Found {
    own: bool,
    merge: Merge,
    unsure: Vec<Unsure>,
    blocked: Option<Refusal>,
}

fn gather(ctx: &Ctx, id: &str) -> Result<Found> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    let merge = load_merge(ctx, &mut ctx.read()?, &permit, id)?;
    let may = kernel::permission::allows(ctx.actor.role, Permission::HouseholdConfirm);
    let (mut unsure, mut blocked) = (Vec::new(), None);
    if may && merge.state == MergeState::Carried {
        match undo::preview(ctx, id) {
            Ok(found) => unsure = found.unsure,
            Err(error) => match error.refusal() {
                Some(refusal) => blocked = Some(refusal.clone()),
                None => return Err(error),
            },
        }
    }
    let own = merge.by.0 == ctx.actor.account;
    Ok(Found { own, merge, unsure, blocked })
}

fn chosen_of(l: L, merge: &Merge) -> Vec<String> {
    let Ok(chosen) = merge.chosen() else { return Vec::new() };
    let mut words = Vec::new();
    if merge.kind == Kind::Person {
        let which = |goes: bool| if goes { "goes" } else { "stays" };
        words.push(l.t(&format!("duplicates-chosen-name-{}", which(chosen.name_of_goes))));
        words.push(l.t(&format!("duplicates-chosen-home-{}", which(chosen.home_of_goes))));
    } else {
        words.push(l.t1("duplicates-chosen-same", "n", chosen.same.len()));
    }
    words
}

fn render(desk: &Desk, found: Found, sent: (&Fields, Option<&Refusal>)) -> Answer {
    let l = desk.l;
    let words = |one: &Unsure| {
        l.t_args(
            &format!("duplicates-unsure-{}", one.code),
            &[("who", (&one.who).into()), ("what", (&one.what).into())],
        )
    };
    let merge = found.merge;
    let body = MergePage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, sent.1),
        kind: l.t(&format!("duplicates-kind-{}", merge.kind)),
        word: state_chip(l, merge.state),
        said: merge.at.local_text(),
        decided: merge.decided.as_ref().map(|(who, at)| (who.clone(), at.local_text())),
        undone: merge.undone.as_ref().map(|(who, at)| (who.clone(), at.local_text())),
        chosen: chosen_of(l, &merge),
        unsure: found.unsure.iter().map(words).collect(),
        blocked: found.blocked.as_ref().map(|refusal| {
            let (what, todo) = web::words_of_refusal(l, refusal);
            (what, todo.unwrap_or_default())
        }),
        reason: Field::text("reason", l.t("duplicates-field-why"))
            .required()
            .filled(l, sent.0, sent.1),
        may: desk.may(Permission::HouseholdConfirm),
        own: found.own,
        read: Field::boxes("read", "", vec![Choice::new("yes", l.t("duplicates-unsure-read"))])
            .filled(l, sent.0, sent.1),
        merge,
    };
    let shell = desk
        .shell("duplicates-merge")
        .nav("households")
        .crumb(l.t("nav-households"), "/households");
    page_of_form(&shell.crumb(l.t("duplicates-list-title"), "/duplicates"), body, sent.1)
}

/// `GET /duplicates/merges/{id}`
pub(super) async fn show(CtxOf(ctx): CtxOf, desk: Desk, Path(id): Path<String>) -> Answer {
    let found = blocking(move || gather(&ctx, &id)).await?;
    render(&desk, found, (&Fields::default(), None))
}

async fn act(
    (ctx, desk, id, fields): (Ctx, Desk, String, Fields),
    word: &'static str,
    work: fn(&Ctx, &str, &Fields) -> Result<()>,
) -> Answer {
    ctx.permit(Permission::HouseholdConfirm)?;
    let (again, asked, sent) = (ctx.clone(), id.clone(), fields.clone());
    match blocking(move || work(&ctx, &asked, &sent)).await {
        Ok(()) => done(&format!("/duplicates/merges/{id}"), word),
        Err(error) => {
            let Some(refusal) = error.refusal().cloned() else { return Err(error.into()) };
            if refusal.code == "duplicates.no_such_merge" {
                return Err(error.into());
            }
            let found = blocking(move || gather(&again, &id)).await?;
            render(&desk, found, (&fields, Some(&refusal)))
        }
    }
}

/// `POST /duplicates/merges/{id}/confirm`
pub(super) async fn confirm(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    act((ctx, desk, id, fields), "duplicates-done-merged", |ctx, id, _| {
        actions::confirm(ctx, id).map(|_| ())
    })
    .await
}

/// `POST /duplicates/merges/{id}/refuse`
pub(super) async fn refuse(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    act((ctx, desk, id, fields), "duplicates-done-refused", |ctx, id, fields| {
        actions::refuse(ctx, id, fields.text("reason"))
    })
    .await
}

/// `POST /duplicates/merges/{id}/undo`
pub(super) async fn undo(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    act((ctx, desk, id, fields), "duplicates-done-undone", |ctx, id, fields| {
        undo::undo(ctx, id, (fields.text("reason"), fields.text("read") == "yes")).map(|_| ())
    })
    .await
}
