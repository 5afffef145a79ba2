//! The question for a code and the objection to an answer.

use std::sync::Arc;

use askama::Template;
use axum::extract::Extension;
use axum::http::HeaderMap;
use kernel::error::{Error, Refusal, Result};
use web::ui::{Csrf, Errors, Field};
use web::{Act, Answer, Desk, Fields, L, page_of_form};

use super::super::model::{What, code_of, digest_of_code, read_code};
use super::super::words;
use super::fields;
use super::folder::Door;
use super::pages::{Peer, call, from_of, once, put, shell};
use super::published::{Published, Status, Step};

#[derive(Template)]
#[template(path = "declarations/templates/outside_status.html")]
struct StatusPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    code: Option<Field>,
    shown: Option<Shown>,
}

struct Shown {
    code: String,
    once: String,
    title: String,
    text: String,
    reason: Option<String>,
    next: String,
    call: String,
    objection: Option<Field>,
}

fn code_field(l: L) -> Field {
    Field::text("code", l.t("declarations-out-code"))
        .help(l.t("declarations-out-code-help"))
        .autocomplete("off")
        .required()
        .focus()
}

/// `GET /declare/status`
pub(super) async fn ask(Extension(door): Extension<Arc<Door>>, desk: Desk) -> Answer {
    let published = door.published()?;
    status_page(&desk, &published, (None, &Fields::default()), None)
}

fn status_page(
    desk: &Desk,
    published: &Published,
    (shown, sent): (Option<Shown>, &Fields),
    refused: Option<&Refusal>,
) -> Answer {
    let l = desk.l;
    let code = code_field(l).filled(l, sent, refused);
    let body = StatusPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        code: shown.is_none().then_some(code),
        shown,
    };
    let id = "declarations-out-status";
    let shell = shell(desk, id, published)
        .act(Act::new(l.t("declarations-out-to-form"), "/declare").icon("plus"));
    page_of_form(&shell, body, refused)
}

/// Where the declaration of a code stands: as published, or taken in and not yet fetched.
fn find(door: &Door, published: &Published, code: &str) -> Result<Status> {
    let found = digest_of_code(code).and_then(|digest| {
        let waits = |town| Status { town, ..Status::of(Step::Received) };
        let known = published.statuses.get(&digest).cloned();
        known.or_else(|| door.inbox.find(&digest).map(waits))
    });
    let refusal =
        || Refusal::not_found("declarations.no_code").field("code", "declarations.no_code");
    Ok(found.ok_or_else(refusal)?)
}

fn shown(l: L, published: &Published, (code, status): (&str, &Status)) -> Result<Shown> {
    let (title, text) = words::of_status(l, status);
    let next = words::next(l, status, i64::from(published.days));
    let town = status.town.and_then(|code| published.town(code));
    let words = Field::area("words", l.t("declarations-out-object"))
        .help(l.t("declarations-out-object-help"));
    Ok(Shown {
        code: code.to_owned(),
        once: once()?,
        title,
        text,
        reason: match status.step {
            Step::Later => status.why.as_ref(),
            _ => status.said.as_ref(),
        }
        .map(|said| said.get(l.0).to_owned()),
        next,
        call: call(l, town),
        objection: status.may_object.then_some(words),
    })
}

/// `POST /declare/status`: the code travels in the body, so that no history and no log holds it.
pub(super) async fn status(
    Extension(door): Extension<Arc<Door>>,
    (desk, headers, peer): (Desk, HeaderMap, Peer),
    sent: Fields,
) -> Answer {
    let published = door.published()?;
    let (_, address) = from_of(&door, &headers, &peer);
    if door.limits.asks_too_often(&address, door.settings.clock.now()) {
        let refusal = Refusal::too_many("declarations.asked_too_often");
        return status_page(&desk, &published, (None, &sent), Some(&refusal));
    }
    match find(&door, &published, sent.text("code")) {
        Ok(status) => {
            let code = sent.text("code").to_uppercase();
            let shown = shown(desk.l, &published, (&code, &status))?;
            status_page(&desk, &published, (Some(shown), &sent), None)
        }
        Err(Error::Refusal(refusal)) => {
            status_page(&desk, &published, (None, &sent), Some(&refusal))
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "declarations/templates/outside_objected.html")]
struct ObjectedPage {
    l: L,
    days: i64,
    call: String,
}

/// `POST /declare/object`: an objection to the answer, sealed like a declaration.
pub(super) async fn object(
    Extension(door): Extension<Arc<Door>>,
    (desk, headers, peer): (Desk, HeaderMap, Peer),
    sent: Fields,
) -> Answer {
    let l = desk.l;
    let published = door.published()?;
    let (_, address) = from_of(&door, &headers, &peer);
    let code = read_code(sent.text("code")).unwrap_or_default();
    let known = if door.limits.asks_too_often(&address, door.settings.clock.now()) {
        Err(Refusal::too_many("declarations.asked_too_often").into())
    } else {
        find(&door, &published, &code)
    };
    let status = match known {
        Ok(status) => status,
        Err(Error::Refusal(refusal)) => {
            return status_page(&desk, &published, (None, &sent), Some(&refusal));
        }
        Err(fault) => return Err(fault.into()),
    };
    if !status.may_object {
        return Err(Refusal::conflict("declarations.no_objection").into());
    }
    let words = match fields::objection(&sent) {
        Ok(words) => words,
        Err(Error::Refusal(refusal)) => {
            let mut again = shown(l, &published, (sent.text("code"), &status))?;
            again.objection = again.objection.map(|field| field.filled(l, &sent, Some(&refusal)));
            return status_page(&desk, &published, (Some(again), &sent), Some(&refusal));
        }
        Err(fault) => return Err(fault.into()),
    };
    let own = code_of(&door.secret, &format!("{code} {}", sent.text("once")));
    let id = digest_of_code(&own).unwrap_or_default();
    let of = digest_of_code(&code).unwrap_or_default();
    put(&door, &published, (id, status.town), What::Objection { of, words }).await?;
    let town = status.town.and_then(|code| published.town(code));
    let body = ObjectedPage { l, days: i64::from(published.days), call: call(l, town) };
    page_of_form(&shell(&desk, "declarations-out-objected", &published), body, None)
}
