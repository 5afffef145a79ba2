//! `/declarations/new`: what came by hotline, petition or media; `/declarations/report`: what was found in a village.

use askama::Template;
use kernel::area::AreaCode;
use kernel::error::{Error, Refusal, RefusalKind, Result};
use kernel::ids::HouseholdId;
use kernel::permission::Permission;
use kernel::time::Day;
use store::Ctx;
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Answer as Page, CtxOf, Desk, Fields, L, blocking, done, page_of_form};

use super::super::actions::{self, Entered, Finding};
use super::super::model::Writing;
use super::super::queries::desk::{Somebody, find_by_number, find_somebody};
use super::super::queries::{find_standing, names_of_villages};
use super::kind_choices;
use crate::screening::Channel;

#[derive(Template)]
#[template(path = "declarations/templates/enter.html")]
struct EnterPage {
    csrf: Csrf,
    errors: Errors,
    to: &'static str,
    household: Option<(String, String, String)>,
    fields: Vec<Field>,
    send: String,
}

const WAYS: [Channel; 3] = [Channel::Hotline, Channel::Petition, Channel::Media];

fn known(ctx: &Ctx, permission: Permission, id: &str) -> Result<Option<Somebody>> {
    let permit = ctx.permit(permission)?;
    if id.is_empty() {
        return Ok(None);
    }
    let missing = || ctx.not_found("declarations.no_household", id);
    let id = HouseholdId::parse(id).map_err(|_| missing())?;
    find_somebody(&mut ctx.read()?, &permit, (id, None))?
        .map_or_else(|| Err(missing()), |one| Ok(Some(one)))
}

fn told(household: &Somebody) -> (String, String, String) {
    (
        household.household.to_string(),
        household.name.clone(),
        format!("{} · {}", household.number, household.place),
    )
}

/// Fields that a finding and an entry share: the kind, the words, the day, whether it can wait.
fn shared(l: L, today: Day) -> [Field; 4] {
    let urgent = Choice::new("yes", l.t("declarations-urgent-yes"));
    [
        Field::select("kind", l.t("declarations-fact-kind"), kind_choices(l, today)),
        Field::area("words", l.t("declarations-what")),
        Field::input("date", "on", l.t("declarations-fact-on")),
        Field::boxes("urgent", l.t("declarations-urgent"), vec![urgent])
            .help(l.t("declarations-urgent-help")),
    ]
}

fn day_of(sent: &Fields) -> Result<Day> {
    Day::parse(sent.text("on"))
        .map_err(|_| Refusal::invalid("declarations.form").field("on", "web.not_a_day").into())
}

/// `GET /declarations/report?household=…`
pub async fn report_page(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let id = desk.address.get("household").unwrap_or_default().to_owned();
    let sent = Fields::default().with("household", id).with("on", ctx.today);
    report_form(ctx, desk, sent, None).await
}

async fn report_form(ctx: Ctx, desk: Desk, sent: Fields, refused: Option<Refusal>) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let id = sent.text("household").to_owned();
    let found = blocking(move || known(&ctx, Permission::DeclarationReport, &id)).await?;
    let household = found.ok_or_else(|| Refusal::not_found("declarations.no_household"))?;
    let refused = refused.as_ref();
    let fields = shared(l, today).map(|field| field.filled(l, &sent, refused));
    let body = EnterPage {
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused).labelled(l, &fields),
        to: "/declarations/report",
        household: Some(told(&household)),
        fields: fields.into(),
        send: l.t("declarations-report-send"),
    };
    let shell = desk
        .shell("declarations-report")
        .nav("households")
        .crumb(household.name.clone(), format!("/households/{}", household.household));
    page_of_form(&shell, body, refused)
}

/// `POST /declarations/report`
pub async fn report_post(CtxOf(ctx): CtxOf, desk: Desk, sent: Fields) -> Page {
    ctx.permit(Permission::DeclarationReport)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let id = form.text("household");
        let missing = || acting.not_found("declarations.no_household", id);
        let finding = Finding {
            household: HouseholdId::parse(id).map_err(|_| missing())?,
            kind: form.text("kind").to_owned(),
            words: form.text("words").to_owned(),
            on: day_of(&form)?,
            urgent: !form.text("urgent").is_empty(),
        };
        actions::report(&acting, finding)
    })
    .await;
    match result {
        Ok(_) => {
            done(&format!("/households/{}", sent.text("household")), "declarations-reported-done")
        }
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            report_form(ctx, desk, sent, Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}

/// `GET /declarations/new?household=…`
pub async fn new_page(CtxOf(ctx): CtxOf, desk: Desk) -> Page {
    let id = desk.address.get("household").unwrap_or_default().to_owned();
    let sent = Fields::default().with("household", id).with("on", ctx.today);
    new_form(ctx, desk, sent, None).await
}

async fn new_form(ctx: Ctx, desk: Desk, sent: Fields, refused: Option<Refusal>) -> Page {
    let (l, today) = (desk.l, ctx.today);
    let id = sent.text("household").to_owned();
    let (household, villages) = blocking(move || {
        let household = known(&ctx, Permission::DeclarationEnter, &id)?;
        let villages = names_of_villages(&mut ctx.read()?)?;
        let own = villages.into_iter().filter(|(code, _)| ctx.actor.works_in(*code));
        Ok((household, own.collect::<Vec<_>>()))
    })
    .await?;
    let refused = refused.as_ref();
    let ways = WAYS.map(|way| Choice::new(way.code(), way.word(l)));
    let mut fields = vec![
        Field::radio("channel", l.t("declarations-fact-channel"), ways.into()),
        Field::text("source", l.t("declarations-fact-source"))
            .help(l.t("declarations-source-help")),
    ];
    if household.is_none() {
        let choice = |(code, (village, town)): &(AreaCode, (String, String))| {
            Choice::new(code.as_str(), format!("{town} {village}"))
        };
        let first = Choice::new("", l.t("declarations-pick"));
        let all = std::iter::once(first).chain(villages.iter().map(choice)).collect();
        fields.extend([
            Field::text("name", l.t("declarations-fact-name")),
            Field::input("tel", "phone", l.t("declarations-fact-phone")),
            Field::text("number", l.t("declarations-fact-number"))
                .help(l.t("declarations-number-help")),
            Field::select("village", l.t("declarations-fact-village"), all),
            Field::text("household_number", l.t("declarations-household-number"))
                .help(l.t("declarations-known-household-help")),
        ]);
    }
    fields.extend(shared(l, today));
    let fields: Vec<Field> =
        fields.into_iter().map(|field| field.filled(l, &sent, refused)).collect();
    let body = EnterPage {
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused).labelled(l, &fields),
        to: "/declarations/new",
        household: household.as_ref().map(told),
        fields,
        send: l.t("declarations-enter-send"),
    };
    let shell = desk
        .shell("declarations-enter")
        .nav("leads")
        .crumb(l.t("declarations-title"), "/declarations");
    page_of_form(&shell, body, refused)
}

fn entered(ctx: &Ctx, form: &Fields) -> Result<Entered> {
    let wrong = |name: &str| -> Error {
        Refusal::invalid("declarations.form").field(name, "web.required").into()
    };
    let permit = ctx.permit(Permission::DeclarationEnter)?;
    let id = form.text("household");
    let number = form.text("household_number");
    let household = if !id.is_empty() {
        Some(HouseholdId::parse(id).map_err(|_| ctx.not_found("declarations.no_household", id))?)
    } else if number.is_empty() {
        None
    } else {
        let found = find_by_number(&mut ctx.read()?, &permit, number)?;
        let missing = || {
            let refusal = Refusal::invalid("declarations.form");
            Error::from(refusal.field("household_number", "declarations.no_household"))
        };
        Some(found.ok_or_else(missing)?)
    };
    // of a known household the village is its own
    let village = match household {
        Some(household) => find_standing(&mut ctx.read()?, household)?.map(|one| one.village),
        None => AreaCode::parse(form.text("village")).ok(),
    };
    Ok(Entered {
        channel: form.text("channel").parse().map_err(|_| wrong("channel"))?,
        household,
        writing: Writing {
            name: form.text("name").to_owned(),
            phone: form.text("phone").to_owned(),
            number: form.text("number").to_owned(),
            words: form.text("words").to_owned(),
            village: village.ok_or_else(|| wrong("village"))?,
            kind: form.text("kind").to_owned(),
            helper: None,
            source: form.text("source").to_owned(),
        },
        on: day_of(form)?,
        urgent: !form.text("urgent").is_empty(),
    })
}

/// `POST /declarations/new`
pub async fn new_post(CtxOf(ctx): CtxOf, desk: Desk, sent: Fields) -> Page {
    ctx.permit(Permission::DeclarationEnter)?;
    let (acting, form) = (ctx.clone(), sent.clone());
    let result = blocking(move || {
        let entered = entered(&acting, &form)?;
        actions::enter(&acting, entered)
    })
    .await;
    match result {
        Ok(id) => done(&format!("/declarations/{id}"), "declarations-entered-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            new_form(ctx, desk, sent, Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}
