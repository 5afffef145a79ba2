//! Keeping a view, letting one go. Both are about oneself: nobody has a right over another person's views.

use kernel::error::{Refusal, Result};
use kernel::ids::ViewId;
use store::{Ctx, Entry};

use super::model::{MOST, NewView, View};
use super::queries;

/// One's own views, list by list, by name.
///
/// # Errors
/// What the database refuses.
pub fn list(ctx: &Ctx) -> Result<Vec<View>> {
    queries::list_views(&mut ctx.read()?, &ctx.actor.account)
}

/// Keeps a list under a name. The same name on the same list takes the place of the earlier view.
///
/// # Errors
/// `views.too_many` when there are fifty others.
pub fn keep(ctx: &Ctx, new: &NewView) -> Result<ViewId> {
    let owner = ctx.actor.account.as_str();
    let mut tx = ctx.begin()?;
    queries::delete_named(&mut tx, owner, new)?;
    if queries::list_views(&mut tx, owner)?.len() >= MOST {
        return Err(Refusal::conflict("views.too_many").arg("most", MOST).into());
    }
    let id = ctx.new_id::<ViewId>();
    queries::insert_view(&mut tx, owner, id, new)?;
    tx.commit(Entry::new(ctx, "view.keep").about("view", id.to_string()))?;
    Ok(id)
}

/// Lets a view go.
///
/// # Errors
/// Not found when it is not one's own.
pub fn drop_view(ctx: &Ctx, id: ViewId) -> Result<()> {
    let mut tx = ctx.begin()?;
    if queries::delete_view(&mut tx, &ctx.actor.account, id)? == 0 {
        return Err(ctx.not_found("views.unknown", &id.to_string()));
    }
    tx.commit(Entry::new(ctx, "view.drop").about("view", id.to_string()))?;
    Ok(())
}
