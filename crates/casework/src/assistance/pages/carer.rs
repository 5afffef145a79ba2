//! `GET /households/{id}/helper`: names the helper of a household, or hands over to another.

use axum::extract::Path;
use kernel::error::{Error, Refusal, RefusalKind, Result};
use kernel::ids::{HelperId, HouseholdId};
use kernel::permission::Permission;
use kernel::phone::Phone;
use store::Ctx;
use web::ui::{Choice, Csrf, Errors, Field};
use web::{Answer as Page, Checks, CtxOf, Desk, Fields, blocking, done, page_of_form};

use super::plan::{FormPage, household};
use crate::assistance::carers::{self, Helper, NewHelper};
use crate::assistance::queries::carers::list_helper_accounts;

struct Found {
    head: String,
    now: Option<Helper>,
    accounts: Vec<(String, String)>,
}

fn found(ctx: &Ctx, id: HouseholdId) -> Result<Found> {
    let (head, _) = household(ctx, id, Permission::AssistanceAssign)?;
    let mut session = ctx.read()?;
    let now = carers::helpers_of(&mut session, id, ctx.today)?;
    let home = ctx.actor.home.map(|home| (home.range().0.to_string(), home.range().1.to_string()));
    let home = home.unwrap_or_else(|| (String::new(), "~".to_owned()));
    Ok(Found {
        head,
        now: now.into_iter().find(|one| one.to.is_none()),
        accounts: list_helper_accounts(&mut session, (&home.0, &home.1))?,
    })
}

async fn page_of(
    ctx: Ctx,
    desk: Desk,
    (id, sent): (HouseholdId, Fields),
    refused: Option<Refusal>,
) -> Page {
    let l = desk.l;
    let found = blocking(move || found(&ctx, id)).await?;
    let none = Choice::new("", l.t("assistance-helper-no-account"));
    let accounts = found.accounts.iter().map(|(id, name)| Choice::new(id, name));
    let label = |id: &str| l.t(&format!("assistance-helper-{id}"));
    let mut fields = vec![
        Field::text("name", label("person")).required(),
        Field::text("unit", label("unit")).required(),
        Field::input("tel", "phone", label("phone")),
        Field::select("account", label("account"), std::iter::once(none).chain(accounts).collect())
            .help(label("account-help")),
        Field::input("date", "from", label("from")).required(),
    ];
    if found.now.is_some() {
        fields.push(Field::text("why", label("why")).required());
    }
    let fields: Vec<Field> =
        fields.into_iter().map(|field| field.filled(l, &sent, refused.as_ref())).collect();
    let seen = found.now.as_ref().map(|one| one.id.to_string()).unwrap_or_default();
    let note = found.now.as_ref().map(|one| {
        let since = ("day", one.from.to_string().into());
        l.t_args("assistance-helper-now", &[("name", (&one.name).into()), since])
    });
    let title = if found.now.is_some() { "change" } else { "name" };
    let body = FormPage {
        l,
        csrf: Csrf(desk.csrf.clone()),
        errors: Errors::new(l, refused.as_ref()).labelled(l, &fields),
        note,
        hidden: vec![("seen", seen)],
        fields,
        send: l.t("web-save"),
        back: format!("/households/{id}"),
    };
    let shell = desk
        .untitled()
        .title(format!("{} · {}", found.head, label(title)))
        .nav("households")
        .crumb(found.head.clone(), format!("/households/{id}"));
    page_of_form(&shell, body, refused.as_ref())
}

/// `GET /households/{id}/helper`
pub(super) async fn form(CtxOf(ctx): CtxOf, (desk, Path(id)): (Desk, Path<HouseholdId>)) -> Page {
    let sent = Fields::default().with("from", ctx.today);
    page_of(ctx, desk, (id, sent), None).await
}

fn read(sent: &Fields) -> Result<(Option<HelperId>, NewHelper)> {
    let mut checks = Checks::new(sent);
    let (name, unit) = (checks.required("name"), checks.required("unit"));
    let from = checks.day("from");
    let phone = checks.optional("phone").map(Phone::read);
    if phone.as_ref().is_some_and(std::result::Result::is_err) {
        checks.wrong("phone", "assistance.not_a_phone");
    }
    let account = checks.optional("account").map(str::to_owned);
    checks.finish("assistance.form")?;
    let from = from.ok_or_else(|| Error::from(Refusal::invalid("assistance.form")))?;
    let new = NewHelper {
        name: name.unwrap_or_default().to_owned(),
        unit: unit.unwrap_or_default().to_owned(),
        phone: phone.and_then(std::result::Result::ok),
        account,
        from,
        why: sent.text("why").to_owned(),
    };
    Ok((HelperId::parse(sent.text("seen")).ok(), new))
}

/// `POST /households/{id}/helper`
pub(super) async fn post(
    CtxOf(ctx): CtxOf,
    (desk, Path(id)): (Desk, Path<HouseholdId>),
    sent: Fields,
) -> Page {
    ctx.permit(Permission::AssistanceAssign)?;
    let (form, acting) = (sent.clone(), ctx.clone());
    let result = blocking(move || {
        let (seen, new) = read(&form)?;
        carers::assign(&acting, id, seen, new)
    })
    .await;
    match result {
        Ok(_) => done(&format!("/households/{id}"), "assistance-assigned-done"),
        Err(Error::Refusal(refusal)) if refusal.kind != RefusalKind::NotFound => {
            page_of(ctx, desk, (id, sent), Some(refusal)).await
        }
        Err(error) => Err(error.into()),
    }
}
