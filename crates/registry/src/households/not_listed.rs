//! Whom the newest register does not name: the list, and the word of somebody that they live here all the same. Who died,
//! left or lives elsewhere is recorded with the forms of the household; then they leave this list by themselves.

use askama::Template;
use axum::extract::Path;
use kernel::error::{Refusal, Result};
use kernel::permission::Permission;
use serde_json::json;
use store::{Ctx, Entry};
use web::ui::{Csrf, Empty, Tab, Tabs};
use web::{Answer, CtxOf, Desk, Fields, L, blocking, done, page};

use super::absences::{self, Absence, Answered, list_absences};
use super::pages::csrf_of;
use super::queries::load_household;

/// Lines on the page at most; a register that lacks more than that is a wrong file.
const MOST: i64 = 500;

/// Says that a household, or a person of it, lives here although the newest register does not name them.
///
/// # Errors
/// Refused to whom may not propose changes; *not found* outside the scope; invalid without a reason; a conflict when
/// nobody is missed any more.
pub fn say_stays(ctx: &Ctx, household: &str, person: Option<&str>, reason: &str) -> Result<()> {
    let permit = ctx.permit(Permission::HouseholdPropose)?;
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::invalid("households.reason_needed")
            .field("reason", "households.reason_needed")
            .into());
    }
    let mut tx = ctx.begin()?;
    let home = load_household(ctx, &mut tx, &permit, household)?;
    let whom = (household, person.unwrap_or_default());
    if !absences::say_stays(&mut tx, whom, (&ctx.actor.account, reason))? {
        return Err(Refusal::conflict("households.not_missed").into());
    }
    let entry = Entry::new(ctx, "household.stays").about("household", household).area(home.village);
    tx.commit(entry.detail(json!({ "person": person, "reason": reason })))?;
    Ok(())
}

#[derive(Template)]
#[template(path = "households/templates/not_listed.html")]
struct NotListedPage {
    l: L,
    csrf: Csrf,
    tabs: Tabs,
    rows: Vec<Absence>,
    may: bool,
    empty: Empty,
}

pub(super) async fn list(CtxOf(ctx): CtxOf, desk: Desk) -> Answer {
    let l = desk.l;
    let answered = desk.address.get("state") == Some("stays");
    let which = if answered { Answered::Stays } else { Answered::NotYet };
    let rows = blocking(move || {
        let permit = ctx.permit(Permission::HouseholdSee)?;
        list_absences(&mut ctx.read()?, &permit, which, MOST)
    })
    .await?;
    let tab = |id: &str, href: &str, current: bool| Tab {
        href: href.to_owned(),
        label: l.t(id),
        count: None,
        current,
    };
    let body = NotListedPage {
        l,
        tabs: Tabs(vec![
            tab("households-not_listed-open", "/households/not-listed", !answered),
            tab("households-not_listed-stays", "/households/not-listed?state=stays", answered),
        ]),
        csrf: csrf_of(&desk),
        rows,
        may: desk.may(Permission::HouseholdPropose) && !answered,
        empty: Empty::new(
            l.t("households-not_listed-none"),
            l.t("households-not_listed-none-help"),
        ),
    };
    let shell = desk.shell("households-not_listed").nav("households").wide();
    page(&shell.crumb(l.t("nav-households"), "/households"), body)
}

pub(super) async fn stays(CtxOf(ctx): CtxOf, Path(id): Path<String>, fields: Fields) -> Answer {
    ctx.permit(Permission::HouseholdPropose)?;
    let person = Some(fields.text("person").to_owned()).filter(|id| !id.is_empty());
    let reason = fields.text("reason").to_owned();
    blocking(move || say_stays(&ctx, &id, person.as_deref(), &reason)).await?;
    done("/households/not-listed", "households-not_listed-done")
}
