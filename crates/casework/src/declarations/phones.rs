//! Whom the applicants of a township call: on the public page, on the poster, in the answer to a code.

use kernel::area::{AreaCode, AreaLevel};
use kernel::error::{Refusal, Result};
use kernel::permission::Permission;
use registry::areas;
use store::{Ctx, Entry};

use super::model::LONGEST_FIELD;
use super::queries;

/// Whom the applicants of a township call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// The township.
    pub town: AreaCode,
    /// Its name.
    pub name: String,
    /// The phone; empty where nobody has said it.
    pub phone: String,
}

/// The phones of the townships in which the person works.
pub fn list_phones(ctx: &Ctx) -> Result<Vec<Phone>> {
    ctx.permit(Permission::DeclarationPrint)?;
    let mut session = ctx.read()?;
    let phones = queries::out::phones(&mut session)?;
    let towns = areas::list_areas(&mut session, None)?.into_iter().filter(|one| {
        let code = one.row.code;
        let own =
            ctx.actor.works_in(code) || ctx.actor.home.is_some_and(|home| code.contains(home));
        one.span.is_open() && one.row.level == AreaLevel::Town && own
    });
    Ok(towns
        .map(|one| Phone {
            town: one.row.code,
            name: one.row.name,
            phone: phones.get(&one.row.code).cloned().unwrap_or_default(),
        })
        .collect())
}

/// Says whom the applicants of a township call.
pub fn save_phone(ctx: &Ctx, town: AreaCode, phone: &str) -> Result<()> {
    ctx.permit(Permission::DeclarationPhone)?;
    if !ctx.actor.works_in(town) || town.level() != AreaLevel::Town {
        return Err(ctx.not_found("declarations.no_town", town.as_str()));
    }
    let phone: String = phone.trim().chars().take(LONGEST_FIELD).collect();
    if phone.chars().filter(char::is_ascii_digit).count() < 3 {
        return Err(Refusal::invalid("declarations.form")
            .field("phone", "phone.wrong_length")
            .into());
    }
    let mut tx = ctx.begin()?;
    queries::save_phone(&mut tx, ctx, (town, &phone))?;
    let entry = Entry::new(ctx, "declaration.phone").about("area", town.to_string()).area(town);
    tx.commit(entry)?;
    Ok(())
}
