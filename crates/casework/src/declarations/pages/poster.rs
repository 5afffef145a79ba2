//! `GET /declarations/posters`: the poster for a village board, of one village or of all villages of a township.

use askama::Template;
use axum::Extension;
use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Error, Refusal, Result};
use kernel::permission::Permission;
use qrcode::{Color, EcLevel, QrCode};
use registry::areas;
use store::{Ctx, Entry};
use web::ui::{Csrf, Empty, Errors, Field};
use web::{Act, Answer as Page, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::phones::{self, Phone};
use super::Outside;

/// A square pattern as one path of an SVG.
pub struct Square {
    width: usize,
    path: String,
}

/// Light modules around the pattern, as the standard asks.
const QUIET: usize = 4;

/// The pattern of an address.
///
/// # Errors
/// A fault for an address that is too long for any pattern.
pub fn square(text: &str) -> Result<Square> {
    let code = QrCode::with_error_correction_level(text, EcLevel::Q)
        .map_err(|why| Error::fault(format!("a pattern of {} bytes: {why}", text.len())))?;
    let width = code.width();
    let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
    let path: Vec<String> = dark
        .map(|(at, _)| format!("M{} {}h1v1h-1z", at % width + QUIET, at / width + QUIET))
        .collect();
    Ok(Square { width: width + QUIET * 2, path: path.concat() })
}

struct Poster {
    village: String,
    town: String,
    phone: String,
    square: Square,
    address: String,
}

/// Name and address.
type Link = (String, String);

#[derive(Template)]
#[template(path = "declarations/templates/posters.html")]
struct PostersPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    towns: Vec<(Link, Vec<Link>)>,
    phones: Vec<(String, String, Field)>,
    posters: Vec<Poster>,
    empty: Empty,
    days: i64,
}

struct Found {
    phones: Vec<Phone>,
    villages: Vec<(AreaCode, String)>,
    days: u16,
}

fn found(ctx: &Ctx, area: Option<AreaCode>) -> Result<Found> {
    let phones = phones::list_phones(ctx)?;
    let mut session = ctx.read()?;
    let all = areas::list_areas(&mut session, None)?.into_iter().filter(|one| {
        let code = one.row.code;
        one.span.is_open() && one.row.level == AreaLevel::Village && ctx.actor.works_in(code)
    });
    let villages: Vec<(AreaCode, String)> = all.map(|one| (one.row.code, one.row.name)).collect();
    let days =
        crate::screening::days_on(&mut session, ctx.today, crate::screening::Channel::Household)?;
    drop(session);
    if let Some(area) = area {
        let printed = villages.iter().filter(|(code, _)| area.contains(*code)).count();
        if printed > 0 && !ctx.is_past() {
            let entry = Entry::new(ctx, "declaration.print").about("area", area.to_string());
            ctx.journal(entry.detail(serde_json::json!({ "posters": printed })))?;
        }
    }
    Ok(Found { phones, villages, days })
}

fn poster((code, village): &(AreaCode, String), phones: &[Phone], address: &str) -> Result<Poster> {
    let town = phones.iter().find(|phone| phone.town.contains(*code));
    let address = address.trim_end_matches('/');
    Ok(Poster {
        village: village.clone(),
        town: town.map(|town| town.name.clone()).unwrap_or_default(),
        phone: town.map(|town| town.phone.clone()).unwrap_or_default(),
        square: square(&format!("{address}/declare?village={code}"))?,
        address: format!("{address}/declare"),
    })
}

/// `GET /declarations/posters?area=…`
pub async fn show(CtxOf(ctx): CtxOf, desk: Desk, Extension(outside): Extension<Outside>) -> Page {
    posters((ctx, desk, outside), Fields::default(), None).await
}

async fn posters(
    (ctx, desk, outside): (Ctx, Desk, Outside),
    sent: Fields,
    refused: Option<Refusal>,
) -> Page {
    let l = desk.l;
    let area = desk.address.get("area").and_then(|text| AreaCode::parse(text).ok());
    let found = blocking(move || found(&ctx, area)).await?;
    let chosen = found.villages.iter().filter(|(code, _)| area.is_some_and(|a| a.contains(*code)));
    let address = outside.address.as_deref();
    let made: Vec<Poster> = match address {
        Some(address) => {
            chosen.map(|one| poster(one, &found.phones, address)).collect::<Result<_>>()?
        }
        None => Vec::new(),
    };
    let link = |code: &AreaCode| format!("/declarations/posters?area={code}");
    let towns = found.phones.iter().map(|town| {
        let own = found.villages.iter().filter(|(code, _)| town.town.contains(*code));
        let villages = own.map(|(code, name)| (name.clone(), link(code))).collect();
        ((town.name.clone(), link(&town.town)), villages)
    });
    let may = desk.may(Permission::DeclarationPhone) && made.is_empty();
    let refused = refused.as_ref();
    let phones = found.phones.iter().filter(|_| may).map(|town| {
        let here = sent.text("town") == town.town.as_str();
        let typed = if here { sent.clone() } else { Fields::default().with("phone", &town.phone) };
        let field = Field::input("tel", "phone", l.t1("declarations-phone-of", "town", &town.name));
        let field = field.filled(l, &typed, refused.filter(|_| here));
        (town.town.to_string(), town.name.clone(), field)
    });
    let body = PostersPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused),
        towns: if made.is_empty() { towns.collect() } else { Vec::new() },
        phones: phones.collect(),
        empty: match address {
            Some(_) => {
                Empty::new(l.t("declarations-posters-none"), l.t("declarations-posters-none-help"))
            }
            None => Empty::new(l.t("declarations-no-address"), l.t("declarations-no-address-help")),
        },
        posters: made,
        days: i64::from(found.days),
    };
    let mut shell = desk
        .shell("declarations-posters")
        .nav("leads")
        .crumb(l.t("declarations-title"), "/declarations");
    if !body.posters.is_empty() {
        shell = shell.act(Act::print(l));
    }
    page_of_form(&shell, body, refused)
}

/// `POST /declarations/posters/phone`
pub async fn phone(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Extension(outside): Extension<Outside>,
    sent: Fields,
) -> Page {
    ctx.permit(Permission::DeclarationPhone)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let town = AreaCode::parse(form.text("town"))
            .map_err(|_| acting.not_found("declarations.no_town", form.text("town")))?;
        phones::save_phone(&acting, town, form.text("phone"))
    })
    .await;
    match result {
        Ok(()) => done("/declarations/posters", "declarations-phone-done"),
        Err(Error::Refusal(refusal)) if !refusal.fields.is_empty() => {
            posters((ctx, desk, outside), sent, Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}
