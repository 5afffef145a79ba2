//! An indicator that somebody defines by a form: what its condition means and finds while it is typed, and the change of
//! policy that it makes.

use casework::screening;
use facts::{Binding, Problem};
use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use kernel::permission::Permission;
use registry::circumstances::ledger;
use registry::policies::{Change, IndicatorDef, resolve, text_in};
use store::Ctx;

use super::model::{Counts, Sound, prove};
use super::queries::{self, Within};

/// What a definition means and finds.
#[derive(Debug, Clone, Default)]
pub struct Read {
    /// Condition and base in plain words; empty while one is wrong.
    pub words: (String, String),
    /// The field that is wrong, and how.
    pub problem: Option<(&'static str, Problem)>,
    /// What it finds today over all that the person sees; none where it was not asked.
    pub counts: Option<Counts>,
    /// It takes longer than an indicator may.
    pub slow: bool,
}

/// What a definition means over the pack of a draft (or of today), and what it finds.
///
/// # Errors
/// Refused without `policy.manage` and `indicator.see`; *unavailable* before a pack is published.
pub fn understood(ctx: &Ctx, def: &IndicatorDef, draft: Option<DraftId>) -> Result<Read> {
    ctx.permit(Permission::PolicyManage)?;
    let permit = ctx.permit(Permission::IndicatorSee)?;
    let mut session = ctx.read()?;
    let pack = screening::pack_of(ctx, &mut session, draft)?;
    let schema = screening::schema_of(&pack)?;
    let county = screening::find_county(&mut session)?
        .ok_or_else(|| Error::from(Refusal::unavailable("screening.no_book")))?;
    let params = resolve(&pack.parameters, county, ctx.today);
    let sound = match prove(def, (&schema, &params)) {
        Ok(sound) => sound,
        Err(problem) => return Ok(Read { problem: Some(problem), ..Read::default() }),
    };
    let alone = IndicatorDef { base: None, ..def.clone() };
    let when = prove(&alone, (&schema, &params)).map(|one| one.hit.explain(&params, ctx.lang));
    let base = sound.base.as_ref().map(|base| base.explain(&params, ctx.lang));
    let words = (when.unwrap_or_default(), base.unwrap_or_default());
    let coverage = ledger::coverage_view(&mut session, ctx.today)?;
    let binding = Binding { today: ctx.today, params: &params, coverage: &coverage };
    let (low, high) = permit.hull();
    let bounds = (low.to_owned(), high.to_owned());
    let within = Within { permit: &permit, bounds, past: false };
    let mut read = Read { words, ..Read::default() };
    match counted(&mut session, (&sound, binding), &within) {
        Err(Error::Refusal(refusal)) if refusal.code == "indicators.too_slow" => read.slow = true,
        counts => read.counts = Some(counts?),
    }
    Ok(read)
}

fn counted(
    session: &mut store::Session,
    asked: (&Sound, Binding<'_>),
    within: &Within<'_>,
) -> Result<Counts> {
    let places = queries::by_village(session, asked, within)?;
    Ok(places.into_iter().fold(Counts::default(), |sum, (_, counts)| sum.and(counts)))
}

/// The indicator of a draft, or of today.
///
/// # Errors
/// Not found where there is none.
pub fn known(ctx: &Ctx, id: &str, draft: Option<DraftId>) -> Result<IndicatorDef> {
    ctx.permit(Permission::PolicyManage)?;
    let path = IndicatorDef::path_of(id);
    let text = text_in(&mut ctx.read()?, &path, (draft, ctx.today))?;
    let text = text.filter(|text| !text.trim().is_empty());
    let read = text.and_then(|text| IndicatorDef::read(&path, &text).ok());
    read.ok_or_else(|| ctx.not_found("indicators.none_such", id))
}

/// The change of a draft that makes the indicator what was typed, or takes it away. Refused with the field where its
/// condition or base cannot be asked, and where a new one has the code of another; nothing is stored.
///
/// # Errors
/// `indicators.form` with the fields; `indicators.there`.
pub fn changes(
    ctx: &Ctx,
    (def, is_new): (&IndicatorDef, bool),
    draft: Option<DraftId>,
) -> Result<Vec<Change>> {
    let path = IndicatorDef::path_of(&def.id);
    if is_new && known(ctx, &def.id, draft).is_ok() {
        let refusal = Refusal::conflict("indicators.there").arg("id", &def.id);
        return Err(refusal.field("id", "indicators.there").into());
    }
    let read = understood(ctx, def, draft)?;
    if let Some((field, problem)) = read.problem {
        let refusal = Refusal::invalid("indicators.form").arg("what", problem.to_string());
        return Err(refusal.field(field, "screening.rule_bad_when").into());
    }
    if read.slow {
        let refusal = Refusal::invalid("indicators.form").arg("what", &def.when);
        return Err(refusal.field("when", "indicators.slow").into());
    }
    let text = toml::to_string(def).map_err(|why| Error::fault(why.to_string()))?;
    Ok(vec![Change::File { path, text }])
}
