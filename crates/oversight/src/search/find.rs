//! Asks every room for what a text can mean; each room asks for its own permission.

use casework::screening::{self, LeadLine};
use kernel::error::Result;
use kernel::lang::Lang;
use kernel::name::{SearchKey, search_keys, search_terms};
use kernel::permission::{Permission, allows};
use registry::areas::{self, Area};
use registry::households::{self, Filter, Found, Line};
use registry::intake::batch::Batch;
use registry::intake::{self, BatchFilter, Templates};
use registry::views::{self, View};
use store::Ctx;

/// Things of one kind that are shown; more are in the lists.
pub const MOST: usize = 8;
/// Lists that are looked through at a time, the newest first, until enough are found or none is left.
const LISTS: i64 = 500;

/// What a search found.
#[derive(Debug, Clone, Default)]
pub struct Everything {
    /// People, the nearest first.
    pub people: Vec<Found>,
    /// Households by their own number or phone, and not through a person above.
    pub households: Vec<Line>,
    /// Open leads of the households found.
    pub leads: Vec<LeadLine>,
    /// Townships and villages by name, former name, sound or code.
    pub areas: Vec<Area>,
    /// Delivered lists by title or file.
    pub batches: Vec<Batch>,
    /// Rules by title: id and title.
    pub rules: Vec<(String, String)>,
    /// The reader's own views by name.
    pub views: Vec<View>,
}

impl Everything {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
            && self.households.is_empty()
            && self.areas.is_empty()
            && self.batches.is_empty()
            && self.rules.is_empty()
            && self.views.is_empty()
    }
}

fn may(ctx: &Ctx, permission: Permission) -> bool {
    allows(ctx.actor.role, permission)
}

/// Everything that a text can mean.
///
/// # Errors
/// What the database refuses.
pub fn find(ctx: &Ctx, templates: &Templates, text: &str) -> Result<Everything> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Everything::default());
    }
    let mut found = Everything::default();
    people(ctx, text, &mut found)?;
    leads(ctx, &mut found)?;
    found.areas = places(ctx, text)?;
    let spoken = text.to_lowercase();
    found.batches = batches(ctx, templates, &spoken)?;
    found.views = views::list(ctx)?;
    found.views.retain(|view| is_called(text, &view.name));
    found.views.truncate(MOST);
    if may(ctx, Permission::RuleSee) {
        let title = |(id, zh, en): (String, String, String)| {
            let title = if ctx.lang == Lang::Zh { zh } else { en };
            (id, title)
        };
        let rules = screening::rule_titles(ctx)?.into_iter().map(title);
        found.rules =
            rules.filter(|(_, title)| title.to_lowercase().contains(&spoken)).take(MOST).collect();
    }
    Ok(found)
}

fn people(ctx: &Ctx, text: &str, found: &mut Everything) -> Result<()> {
    let permit = ctx.permit(Permission::HouseholdSee)?;
    let mut session = ctx.read()?;
    let most = i64::try_from(MOST).unwrap_or(8);
    found.people = households::find_people(ctx, &mut session, &permit, text, most)?;
    let mut ids = households::find_households(ctx, &mut session, &permit, text, most)?;
    ids.retain(|id| !found.people.iter().any(|one| one.household.to_string() == *id));
    if !ids.is_empty() && found.people.len() < MOST {
        let filter = Filter { ids: Some(ids), ..Filter::default() };
        found.households = households::list_households(&mut session, &permit, &filter, most)?;
    }
    Ok(())
}

fn leads(ctx: &Ctx, found: &mut Everything) -> Result<()> {
    if !may(ctx, Permission::LeadSee) {
        return Ok(());
    }
    let mut ids: Vec<String> = Vec::new();
    let of_people = found.people.iter().map(|one| one.household.to_string());
    for id in of_people.chain(found.households.iter().map(|line| line.id.to_string())) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let mut session = ctx.read()?;
    for id in ids.iter().take(MOST) {
        found.leads.extend(screening::of_household(ctx, &mut session, id)?);
    }
    found.leads.truncate(MOST);
    Ok(())
}

/// Whether a name holds the text, or begins with it as it sounds (full pinyin or initials).
fn is_called(text: &str, name: &str) -> bool {
    let sounds = |key: &SearchKey, term: &SearchKey| {
        key.kind == term.kind && key.text.starts_with(&term.text)
    };
    name.to_lowercase().contains(&text.to_lowercase()) || {
        let keys = search_keys(&kernel::name::normal(name).text);
        search_terms(text).iter().any(|term| keys.iter().any(|key| sounds(key, term)))
    }
}

/// Townships and villages in which the person works.
fn places(ctx: &Ctx, text: &str) -> Result<Vec<Area>> {
    if !may(ctx, Permission::AreaSee) {
        return Ok(Vec::new());
    }
    let digits = text.len() >= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    let named = |name: &str| is_called(text, name);
    let is_meant = |area: &Area| {
        let code = digits && area.row.code.as_str().starts_with(text);
        let row = &area.row;
        code || (!digits && (named(&row.name) || row.former_names.iter().any(|name| named(name))))
    };
    let mut all = areas::list_areas(&mut ctx.read()?, ctx.actor.home)?;
    all.retain(|area| ctx.actor.works_in(area.row.code) && area.span.is_open() && is_meant(area));
    all.sort_by_key(|area| (area.row.name != text, area.row.code));
    all.truncate(MOST);
    Ok(all)
}

fn batches(ctx: &Ctx, templates: &Templates, text: &str) -> Result<Vec<Batch>> {
    if !may(ctx, Permission::IntakeSee) || text.chars().count() < 2 {
        return Ok(Vec::new());
    }
    let titled = |list: &str| {
        templates.iter().filter(|template| template.list == list).any(|template| {
            let title = if ctx.lang == Lang::Zh { &template.title.zh } else { &template.title.en };
            title.to_lowercase().contains(text)
        })
    };
    let is_meant =
        |batch: &Batch| batch.file_name.to_lowercase().contains(text) || titled(&batch.list);
    let mut found: Vec<Batch> = Vec::new();
    let mut filter = BatchFilter::default();
    loop {
        let page = intake::list(ctx, &filter, LISTS)?;
        filter.before = page.last().map(|(batch, _)| batch.id);
        let whole = i64::try_from(page.len()).unwrap_or(0) == LISTS;
        found.extend(page.into_iter().map(|(batch, _)| batch).filter(is_meant));
        if found.len() >= MOST || !whole {
            found.truncate(MOST);
            return Ok(found);
        }
    }
}
