//! The public pages: the form, its receipt, the question for a code, the objection. They work without script and without
//! anybody being signed in.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use askama::Template;
use axum::extract::{ConnectInfo, Extension, Query};
use axum::http::HeaderMap;
use axum::response::Redirect;
use axum::routing::{get, post};
use axum::{Router, extract::DefaultBodyLimit};
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, Result};
use serde::Deserialize;
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Act, Answer, Desk, Fields, L, Shell, blocking, page_of_form, session};

use super::super::model::{Letter, Mark, What, Writing, code_of, digest_of_code};
use super::folder::Door;
use super::inbox::Line;
use super::published::{Published, Town};
use super::{asking, fields};

/// Bytes of a form; the longest texts in Chinese, escaped, are less.
const MOST_FORM: usize = 32 * 1024;

/// The routes of the public side.
pub fn routes(door: Arc<Door>) -> Router {
    let rooms = Router::new()
        .route("/", get(|| async { Redirect::to("/declare") }))
        .route("/declare", get(form).post(send))
        .route("/declare/status", get(asking::ask).post(asking::status))
        .route("/declare/object", post(asking::object))
        .layer(Extension(door))
        .layer(DefaultBodyLimit::max(MOST_FORM));
    web::outside(web::inside(rooms))
}

/// Which device and which address a request came from. An address of the sixth version is known by its network.
fn came_from(door: &Door, headers: &HeaderMap, peer: Option<SocketAddr>) -> (String, String) {
    let device = session::cookie(headers, session::VISIT).unwrap_or_default();
    let forwarded = headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let forwarded = forwarded.and_then(|text| text.rsplit(',').next()).map(str::trim);
    let named = forwarded.filter(|_| door.settings.proxied).and_then(|text| text.parse().ok());
    let address = match named.or(peer.map(|peer| peer.ip())) {
        Some(IpAddr::V6(address)) => {
            address.segments().iter().take(4).map(|part| format!("{part:x}:")).collect()
        }
        Some(address) => address.to_string(),
        None => String::new(),
    };
    (device, address)
}

pub(super) type Peer = Option<Extension<ConnectInfo<SocketAddr>>>;

pub(super) fn from_of(door: &Door, headers: &HeaderMap, peer: &Peer) -> (String, String) {
    came_from(door, headers, peer.as_ref().map(|Extension(ConnectInfo(address))| *address))
}

#[derive(Deserialize)]
struct Chosen {
    #[serde(default)]
    town: String,
    #[serde(default)]
    village: String,
}

#[derive(Template)]
#[template(path = "declarations/templates/outside_towns.html")]
struct TownsPage {
    l: L,
    towns: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "declarations/templates/outside_form.html")]
struct FormPage {
    l: L,
    csrf: Csrf,
    once: String,
    errors: Errors,
    town: (String, String),
    own: Vec<Field>,
    helper: Vec<Field>,
    helped: bool,
    days: i64,
}

pub(super) fn shell(desk: &Desk, id: &str, published: &Published) -> Shell {
    let l = desk.l;
    let lead = l.t1(&format!("{id}-lead"), "county", &published.county);
    desk.untitled().title(l.t(&format!("{id}-title"))).lead(lead).bare()
}

pub(super) fn once() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|why| Error::fault(format!("no randomness: {why}")))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// `GET /declare?town=…&village=…`: first the township, then the form.
async fn form(
    Extension(door): Extension<Arc<Door>>,
    desk: Desk,
    Query(at): Query<Chosen>,
) -> Answer {
    let published = door.published()?;
    let village = AreaCode::parse(&at.village).ok();
    let town = village
        .and_then(|village| published.town_of(village))
        .or_else(|| AreaCode::parse(&at.town).ok().and_then(|code| published.town(code)))
        .or_else(|| published.towns.first().filter(|_| published.towns.len() == 1));
    match town {
        Some(town) => {
            let sent = Fields::default().with("village", at.village).with("once", once()?);
            the_form(&door, &desk, (&published, town), (&sent, None))
        }
        None => {
            let l = desk.l;
            let named = |town: &Town| (format!("/declare?town={}", town.code), town.name.clone());
            let body = TownsPage { l, towns: published.towns.iter().map(named).collect() };
            page_of_form(&with_status(shell(&desk, "declarations-out", &published), l), body, None)
        }
    }
}

fn with_status(shell: Shell, l: L) -> Shell {
    shell.act(Act::new(l.t("declarations-out-to-status"), "/declare/status").icon("search"))
}

fn choices<'a>(first: String, all: impl Iterator<Item = (&'a str, String)>) -> Vec<Choice> {
    let each = all.map(|(code, word)| Choice::new(code, word));
    std::iter::once(Choice::new("", first)).chain(each).collect()
}

fn the_form(
    door: &Door,
    desk: &Desk,
    (published, town): (&Published, &Town),
    (sent, refused): (&Fields, Option<&Refusal>),
) -> Answer {
    let l = desk.l;
    let today = door.settings.clock.today();
    let kinds = super::super::model::kinds_on(today);
    let known = kinds.filter_map(|one| {
        let said = published.kinds.iter().find(|(code, _)| *code == one.code)?;
        Some((one.code.as_str(), said.1.get(l.0).to_owned()))
    });
    let villages = town.villages.iter().map(|one| (one.code.as_str(), one.name.clone()));
    let pick = l.t("declarations-out-pick");
    let own = vec![
        Field::text("name", l.t("declarations-out-name")).autocomplete("name"),
        Field::input("tel", "phone", l.t("declarations-out-phone")).autocomplete("tel"),
        Field::text("number", l.t("declarations-out-number"))
            .help(l.t("declarations-out-number-help"))
            .autocomplete("off"),
        Field::select("village", l.t("declarations-out-village"), choices(pick.clone(), villages)),
        Field::select("kind", l.t("declarations-out-kind"), choices(pick, known)),
        Field::area("words", l.t("declarations-out-words"))
            .help(l.t("declarations-out-words-help")),
    ];
    let helper = vec![
        Field::text("helper", l.t("declarations-out-helper")),
        Field::input("tel", "helper_phone", l.t("declarations-out-helper-phone")),
        Field::text("relation", l.t("declarations-out-relation"))
            .help(l.t("declarations-out-relation-help")),
        Field::boxes(
            "read_back",
            l.t("declarations-out-read-back"),
            vec![Choice::new("yes", l.t("declarations-out-read-back-yes"))],
        )
        .help(l.t("declarations-out-read-back-help")),
    ];
    let filled = |all: Vec<Field>| -> Vec<Field> {
        all.into_iter().map(|field| field.filled(l, sent, refused)).collect()
    };
    let (own, helper) = (filled(own), filled(helper));
    let of_helper = ["helper", "helper_phone", "relation", "read_back"];
    let body = FormPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        once: sent.text("once").to_owned(),
        errors: Errors::new(l, refused).labelled(l, &[own.clone(), helper.clone()].concat()),
        town: (town.name.clone(), "/declare".to_owned()),
        own,
        helper,
        helped: of_helper.iter().any(|name| !sent.text(name).is_empty()),
        days: i64::from(published.days),
    };
    let shell = with_status(shell(desk, "declarations-out", published), l);
    page_of_form(&shell, body, refused)
}

#[derive(Template)]
#[template(path = "declarations/templates/outside_receipt.html")]
struct ReceiptPage {
    l: L,
    code: String,
    day: String,
    days: i64,
    call: String,
    helped: Option<Vec<(String, String)>>,
}

/// Words of whom to call.
pub(super) fn call(l: L, town: Option<&Town>) -> String {
    match town {
        Some(town) if !town.phone.is_empty() => l.t_args(
            "declarations-out-call",
            &[("town", (&town.name).into()), ("phone", (&town.phone).into())],
        ),
        Some(town) => l.t1("declarations-out-call-town", "town", &town.name),
        None => l.t("declarations-out-call-any"),
    }
}

/// Takes a declaration in: sealed, on the disk, and only then acknowledged.
async fn send(
    Extension(door): Extension<Arc<Door>>,
    (desk, headers, peer): (Desk, HeaderMap, Peer),
    sent: Fields,
) -> Answer {
    let l = desk.l;
    let published = door.published()?;
    let writing = match fields::read(&sent, &published) {
        Ok(writing) => writing,
        Err(Error::Refusal(refusal)) => return again(&door, &desk, &published, (sent, refusal)),
        Err(fault) => return Err(fault.into()),
    };
    let form = sent.text("once").to_owned();
    if form.len() != 32 || !form.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Refusal::invalid("web.form_unreadable").into());
    }
    let code = code_of(&door.secret, &form);
    let now = door.settings.clock.now();
    let (device, address) = from_of(&door, &headers, &peer);
    let mut marks = door.limits.marks((&device, &address), writing.village.as_str(), now);
    marks.extend(writing.mark_of_number());
    let town = published.town_of(writing.village).cloned();
    let helped = writing.helper.as_ref().map(|_| of_paper(l, &writing, &published));
    let writing = Box::new(writing);
    let what = What::Declaration { writing, marks: marks.iter().map(Mark::to_string).collect() };
    let id = digest_of_code(&code).unwrap_or_default();
    put(&door, &published, (id, town.as_ref().map(|town| town.code)), what).await?;
    let body = ReceiptPage {
        l,
        code,
        day: now.day().to_string(),
        days: i64::from(published.days),
        call: call(l, town.as_ref()),
        helped,
    };
    let shell = shell(&desk, "declarations-out-receipt", &published).act(Act::print(l));
    page_of_form(&shell, body, None)
}

/// What stands on the paper that is signed by thumbprint.
fn of_paper(l: L, writing: &Writing, published: &Published) -> Vec<(String, String)> {
    let line = |id: &str, value: &str| (l.t(&format!("declarations-out-{id}")), value.to_owned());
    let kind = published.kinds.iter().find(|(code, _)| *code == writing.kind);
    let helper = writing.helper.clone().unwrap_or_default();
    vec![
        line("name", &writing.name),
        line("kind", kind.map_or("", |(_, said)| said.get(l.0))),
        line("words", &writing.words),
        line("helper", &format!("{}（{}）", helper.name, helper.relation)),
        line("helper-phone", &helper.phone),
    ]
}

fn again(
    door: &Door,
    desk: &Desk,
    published: &Published,
    (sent, refusal): (Fields, Refusal),
) -> Answer {
    let chosen = AreaCode::parse(sent.text("village")).ok();
    let town = chosen
        .and_then(|village| published.town_of(village))
        .or_else(|| AreaCode::parse(sent.text("town")).ok().and_then(|code| published.town(code)))
        .or_else(|| published.towns.first());
    match town {
        Some(town) => the_form(door, desk, (published, town), (&sent, Some(&refusal))),
        None => Err(refusal.into()),
    }
}

pub(super) async fn put(
    door: &Arc<Door>,
    published: &Published,
    (id, town): (String, Option<AreaCode>),
    what: What,
) -> Result<()> {
    let address = store::LetterAddress::parse(&published.address)
        .ok_or_else(|| Refusal::unavailable("declarations.nothing_published"))?;
    let at = door.settings.clock.now().to_string();
    let letter = Letter { id: id.clone(), at: at.clone(), what };
    let plain = serde_json::to_vec(&letter).map_err(|why| Error::fault(why.to_string()))?;
    let sealed = address.seal(&plain)?.iter().map(|byte| format!("{byte:02x}")).collect();
    let (door, line) = (Arc::clone(door), Line { id, at, town, sealed });
    blocking(move || door.inbox.add(&line)).await.map(drop)
}
