//! Two side by side, and what somebody says about them.

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect};
use kernel::error::{Refusal, Result};
use kernel::permission::{FieldClass, Permission};
use store::Ctx;
use web::ui::{Chip, Choice, Csrf, Errors, Field};
use web::{Address, Answer, CtxOf, Desk, Failure, Fields, L, blocking, done, page_of_form};

use super::{chip_of, href_of, open_pairs};
use crate::duplicates::actions::{self, Chosen, Outcome, Pair, homes_of};
use crate::duplicates::compare::{self, Line};
use crate::duplicates::queries::{self, Kind, Side};

#[derive(Template)]
#[template(path = "duplicates/templates/pair.html")]
struct PairPage {
    l: L,
    csrf: Csrf,
    errors: Errors,
    here: String,
    kind: Kind,
    reasons: Vec<Chip>,
    lines: Vec<Line>,
    homes: (String, String),
    names: (String, String),
    numbers: (String, String),
    second: bool,
    fields: Vec<Field>,
    skip: String,
    left: usize,
    direct: bool,
}

struct Found {
    sides: (Side, Side),
    reasons: Vec<crate::duplicates::Reason>,
    next: Option<String>,
    left: usize,
    lines: Vec<Line>,
}

fn gather(ctx: &Ctx, l: L, (pair, address): (&Pair, &Address)) -> Result<Found> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    let mut session = ctx.read()?;
    let homes = homes_of(ctx, &mut session, (&permit, pair))?;
    let mut side = |id: &str, home: String| -> Result<Side> {
        let person = (pair.kind == Kind::Person).then_some(id);
        queries::find_side(&mut session, (person, &home))?
            .ok_or_else(|| ctx.not_found("duplicates.no_such_record", id))
    };
    let one = side(&pair.goes, homes.0.id.to_string())?;
    let other = side(&pair.stays, homes.1.id.to_string())?;
    let open = open_pairs(ctx, &mut session, (&permit, address))?;
    let is = |open: &super::Open| {
        let ids = [open.pair.one.as_str(), open.pair.other.as_str()];
        ids.contains(&pair.goes.as_str()) && ids.contains(&pair.stays.as_str())
    };
    let at = open.iter().position(is);
    let next = match at {
        Some(at) => open.get(at + 1).or(open.first().filter(|_| at > 0)),
        None => open.first(),
    };
    let next =
        next.map(|open| href_of((open.pair.kind, &open.pair.one, &open.pair.other), address));
    let reasons = at.and_then(|at| open.get(at)).map(|open| open.pair.reasons.clone());
    let opens = permit.opens(FieldClass::Identity);
    let lines = compare::lines(l, ctx.db.keys(), (pair.kind, opens), (&one, &other));
    Ok(Found {
        sides: (one, other),
        reasons: reasons.unwrap_or_default(),
        next,
        left: open.len(),
        lines,
    })
}

fn pair_of((kind, one, other): (&str, String, String)) -> std::result::Result<Pair, Failure> {
    let kind =
        kind.parse().map_err(|_| Failure::from(Refusal::not_found("duplicates.no_such_record")))?;
    Ok(Pair { kind, goes: one, stays: other })
}

fn fields_of(
    l: L,
    (kind, found): (Kind, &Found),
    sent: Option<(&Fields, Option<&Refusal>)>,
) -> Vec<Field> {
    let (one, other) = &found.sides;
    let second = compare::second_stays(one, other);
    let side = |second: bool| if second { "other" } else { "one" };
    let both = |read: &dyn Fn(&Side) -> String| {
        vec![Choice::new("one", read(one)), Choice::new("other", read(other))]
    };
    let mut fields = Vec::new();
    let home = side(compare::second_home(one, other));
    let mut filled = vec![("name", side(second).to_owned()), ("home", home.to_owned())];
    match kind {
        Kind::Person => {
            if one.name != other.name {
                fields.push(Field::radio(
                    "name",
                    l.t("duplicates-field-name"),
                    both(&|side| side.name.clone()),
                ));
            }
            if one.home != other.home {
                let home = |side: &Side| {
                    format!(
                        "{} {} · {}",
                        side.place.0,
                        side.household,
                        side.members
                            .iter()
                            .map(|(_, name)| name.as_str())
                            .collect::<Vec<_>>()
                            .join(if l.is_zh() { "、" } else { ", " })
                    )
                };
                fields.push(
                    Field::radio("home", l.t("duplicates-field-home"), both(&home))
                        .help(l.t("duplicates-field-home-help")),
                );
            }
        }
        Kind::Household => {
            let same = compare::same_members(one, other);
            let value =
                |pair: &((String, String), (String, String))| format!("{}:{}", pair.0.0, pair.1.0);
            let choices: Vec<Choice> = same
                .iter()
                .map(|pair| Choice::new(value(pair), format!("{} = {}", pair.0.1, pair.1.1)))
                .collect();
            filled.extend(same.iter().map(|pair| ("same", value(pair))));
            if !choices.is_empty() {
                fields.push(
                    Field::boxes("same", l.t("duplicates-field-same"), choices)
                        .help(l.t("duplicates-field-same-help")),
                );
            }
        }
    }
    fields.push(Field::text("reason", l.t("duplicates-field-reason")));
    let (filled, refusal) = match sent {
        Some((sent, refusal)) => (sent.clone(), refusal),
        None => (filled.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(), None),
    };
    fields.into_iter().map(|field| field.filled(l, &filled, refusal)).collect()
}

fn render(
    desk: &Desk,
    (pair, found): (&Pair, Found),
    sent: Option<(&Fields, Option<&Refusal>)>,
) -> Answer {
    let l = desk.l;
    let refusal = sent.and_then(|(_, refusal)| refusal);
    let fields = fields_of(l, (pair.kind, &found), sent);
    let (one, other) = &found.sides;
    let list = Address::new("/duplicates", "");
    let body = PairPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refusal),
        here: href_of((pair.kind, &pair.goes, &pair.stays), &desk.address),
        kind: pair.kind,
        reasons: found.reasons.iter().map(|reason| chip_of(l, *reason)).collect(),
        homes: (one.home.clone(), other.home.clone()),
        names: (one.name.clone(), other.name.clone()),
        numbers: (one.number.clone(), other.number.clone()),
        second: compare::second_stays(one, other),
        lines: found.lines,
        fields,
        skip: found.next.unwrap_or_else(|| list.to_string()),
        left: found.left,
        direct: desk.may(Permission::HouseholdConfirm),
    };
    let shell = desk.shell("duplicates-pair").nav("households").wide();
    let shell = shell
        .crumb(l.t("nav-households"), "/households")
        .crumb(l.t("duplicates-list-title"), "/duplicates");
    page_of_form(&shell, body, refusal)
}

/// `GET /duplicates/pairs/{kind}/{one}/{other}`
pub(super) async fn show(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path((kind, one, other)): Path<(String, String, String)>,
) -> Answer {
    let pair = pair_of((&kind, one, other))?;
    let (l, asked, address) = (desk.l, pair.clone(), desk.address.clone());
    let standing = {
        let (ctx, pair) = (ctx.clone(), pair.clone());
        blocking(move || {
            queries::standing_of(&mut ctx.read()?, pair.kind, (&pair.goes, &pair.stays))
        })
        .await?
    };
    if let Some(merge) = standing {
        return Ok(Redirect::to(&format!("/duplicates/merges/{merge}")).into_response());
    }
    let found = blocking(move || gather(&ctx, l, (&asked, &address))).await?;
    render(&desk, (&pair, found), None)
}

/// `POST /duplicates/pairs/{kind}/{one}/{other}`: the decision; the next pair follows.
pub(super) async fn decide(
    CtxOf(ctx): CtxOf,
    desk: Desk,
    Path((kind, one, other)): Path<(String, String, String)>,
    fields: Fields,
) -> Answer {
    ctx.permit(Permission::HouseholdPropose)?;
    let pair = pair_of((&kind, one, other))?;
    let (l, asked, address) = (desk.l, pair.clone(), desk.address.clone());
    let (again, sent) = (ctx.clone(), fields.clone());
    let answer = blocking(move || {
        let found = gather(&ctx, l, (&asked, &address))?;
        let next = found.next.unwrap_or_else(|| "/duplicates".to_owned());
        let id = act(&ctx, &asked, &sent)?;
        Ok((next, id))
    })
    .await;
    match answer {
        Ok((next, id)) => done(&next, id),
        Err(error) => {
            let Some(refusal) = error.refusal().cloned() else { return Err(error.into()) };
            if refusal.code == "duplicates.no_such_record" || refusal.code.starts_with("access.") {
                return Err(error.into());
            }
            let (asked, address) = (pair.clone(), desk.address.clone());
            let found = blocking(move || gather(&again, l, (&asked, &address))).await?;
            render(&desk, (&pair, found), Some((&fields, Some(&refusal))))
        }
    }
}

fn act(ctx: &Ctx, pair: &Pair, fields: &Fields) -> Result<&'static str> {
    let reason = fields.text("reason").to_owned();
    let turned = Pair { kind: pair.kind, goes: pair.stays.clone(), stays: pair.goes.clone() };
    // the address names the two; the button says which of them stays
    let (meant, goes) = match fields.text("pick") {
        "differ" => {
            actions::not_the_same(ctx, pair, &reason)?;
            return Ok("duplicates-done-differ");
        }
        "one" => (turned, "other"),
        "other" => (pair.clone(), "one"),
        _ => return Err(Refusal::invalid("web.form_unreadable").into()),
    };
    let turn = goes == "other";
    let same =
        fields.all("same").iter().filter_map(|text| text.split_once(':')).map(
            |(a, b)| match turn {
                true => (b.to_owned(), a.to_owned()),
                false => (a.to_owned(), b.to_owned()),
            },
        );
    let chosen = Chosen {
        name_of_goes: fields.text("name") == goes,
        home_of_goes: fields.text("home") == goes,
        same: same.collect(),
        reason,
    };
    Ok(match actions::merge(ctx, &meant, &chosen)? {
        Outcome::Done(_) => "duplicates-done-merged",
        Outcome::Waits(_) => "duplicates-done-proposed",
    })
}

/// `POST /duplicates/again`: two of whom it was said that they are two may be suggested again.
pub(super) async fn again(CtxOf(ctx): CtxOf, fields: Fields) -> Answer {
    ctx.permit(Permission::HouseholdPropose)?;
    let pair = pair_of((
        fields.text("kind"),
        fields.text("one").to_owned(),
        fields.text("other").to_owned(),
    ))?;
    blocking(move || actions::ask_again(&ctx, &pair)).await?;
    done("/duplicates", "duplicates-again-done")
}
