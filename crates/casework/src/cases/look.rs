//! One case with everything that is known beside it and what may be done next.

use std::sync::Arc;

use facts::{CoverageView, FactRow, Scalar, Situation};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::ids::{CaseId, SittingId};
use kernel::permission::{Permission, allows};
use kernel::time::Day;
use registry::policies::ShippedCodes;
use registry::{areas, households};
use store::{Ctx, Permit, Session};

use super::actions::{CONSENT, permission_of};
use super::book::{CaseBook, book};
use super::life::{Life, Need, StepDef};
use super::model::{Case, Known};
use super::queries::comparison::{Question, list_questions};
use super::queries::followed::{self, Followed};
use super::queries::objections::{self, Objection};
use super::queries::papers::{Paper, Risk, list_papers, list_risks};
use super::queries::reminders::{self, Reminder};
use super::queries::splits::{self, Split};
use super::queries::{self, Step};
use super::removal::{Held, with_case};
use crate::screening;

/// A condition of removal as a page shows it: id, words, condition in plain words, how it stands.
pub type Standing = (String, registry::policies::Words, Held);

/// A case with everything about it.
#[derive(Debug, Clone)]
pub struct View {
    /// What the pack of today says.
    pub book: Arc<CaseBook>,
    /// The case.
    pub case: Case,
    /// Its steps.
    pub steps: Vec<Step>,
    /// Signed papers.
    pub papers: Vec<Paper>,
    /// Risks in their order.
    pub risks: Vec<Risk>,
    /// The comparison with departments.
    pub questions: Vec<Question>,
    /// Facts of the household today.
    pub facts: FactRow,
    /// Conditions of removal.
    pub removal: Vec<Standing>,
    /// What is there for the next step.
    pub known: Known,
    /// Steps that start here and that the person may take, with what they still need.
    pub offered: Vec<(StepDef, Vec<Need>)>,
    /// What became of the household since the case began.
    pub followed: Followed,
    /// Households that split off its household.
    pub splits: Vec<Split>,
    /// Objections from the public page, opened.
    pub objections: Vec<(Objection, String)>,
    /// What the clocks recall of it.
    pub reminders: Vec<Reminder>,
    /// Names of the areas down to the village.
    pub path: Vec<(AreaCode, String)>,
    /// The household.
    pub household: households::Household,
    /// Name of the head.
    pub head: String,
    /// Sittings of the village in which it was: id, day, state, result.
    pub sittings: Vec<(SittingId, Day, String, String)>,
    /// Name of the member that the case is about, in the lives of one person.
    pub person: Option<String>,
    /// The number of the household for which it was opened, where that is held to be this one now.
    pub merged: Option<String>,
}

impl View {
    /// The life that the case leads.
    pub fn life(&self) -> Result<&Life> {
        self.book.life(&self.case.life)
    }
}

/// One case. Outside the scope it is not found.
pub fn show(ctx: &Ctx, id: CaseId) -> Result<View> {
    let permit = ctx.permit(Permission::CaseSee)?;
    let mut session = ctx.read()?;
    let case = visible(ctx, &mut session, &permit, id)?;
    let book = book(&mut session, ctx.today)?;
    let beside = Beside::load(ctx, &mut session, &book, &case)?;
    let life = book.life(&case.life)?;
    let state = life.state(&case.state);
    let may = |step: &&StepDef| allows(ctx.actor.role, permission_of(step.by));
    let offered = state.into_iter().flat_map(|state| life.steps_from(state)).filter(may);
    let who = (ctx.actor.account.as_str(), ctx.today);
    let offered =
        offered.map(|step| (step.clone(), case.lacks(step, &beside.known, who))).collect();
    let path = areas::path_of(&mut session, case.village)?;
    let seen = ctx.permit(Permission::HouseholdSee)?;
    let household =
        households::load_household(ctx, &mut session, &seen, &case.household.to_string())?;
    let head = queries::papers::head_of(&mut session, case.household)?;
    let person = match case.person {
        Some(person) => Some(queries::papers::name_of(&mut session, person)?),
        None => None,
    };
    let Beside { papers, risks, questions, facts, removal, known } = beside;
    let steps = queries::list_steps(&mut session, id)?;
    let merged = queries::find_merged(&mut session, id)?;
    let reminders = reminders::of_case(&mut session, id)?;
    let said = objections::list(&mut session, id)?;
    let opened = |one: Objection| Ok((ctx.db.keys().open_text(&one.sealed)?, one));
    let objections = said.into_iter().map(opened).collect::<Result<Vec<(String, Objection)>>>()?;
    let objections = objections.into_iter().map(|(words, one)| (one, words)).collect();
    let sittings = super::sittings::of_case(&mut session, id)?;
    let followed = followed::since(&mut session, case.household, case.discovered_on)?;
    let splits = match case.life == super::book::MONITORING {
        true => splits::of_case(&mut session, id)?,
        false => Vec::new(),
    };
    Ok(View {
        splits,
        followed,
        objections,
        reminders,
        book,
        case,
        steps,
        papers,
        risks,
        questions,
        facts,
        removal,
        known,
        offered,
        path,
        household,
        head,
        sittings,
        person,
        merged,
    })
}

pub(super) fn visible(
    ctx: &Ctx,
    session: &mut Session,
    permit: &Permit,
    id: CaseId,
) -> Result<Case> {
    queries::find(session, permit, id)?
        .ok_or_else(|| ctx.not_found("cases.no_case", &id.to_string()))
}

/// What stands beside a case and decides what may be done with it.
pub(super) struct Beside {
    papers: Vec<Paper>,
    risks: Vec<Risk>,
    questions: Vec<Question>,
    pub(super) facts: FactRow,
    removal: Vec<Standing>,
    pub(super) known: Known,
}

impl Beside {
    pub(super) fn load(
        ctx: &Ctx,
        session: &mut Session,
        book: &CaseBook,
        case: &Case,
    ) -> Result<Self> {
        let papers = list_papers(session, case.id)?;
        let risks = list_risks(session, case.id)?;
        let questions = list_questions(session, case.id)?;
        let household = case.household.to_string();
        let situation = screening::situation(session, screening::Level::Household, &household)?;
        let situation = situation.unwrap_or_default();
        let open: Vec<String> = risks
            .iter()
            .filter(|risk| risk.gone_on.is_none())
            .map(|risk| risk.risk.clone())
            .collect();
        let months = case.identified_on.map_or(0, |from| months_between(from, ctx.today));
        let named: Vec<String> = risks.iter().map(|risk| risk.risk.clone()).collect();
        let delivered = super::plan::count_delivered(session, case, (&named, ctx.today))?;
        let leads = queries::count_open_leads(session, case.household)?;
        let own = [months, i64::try_from(open.len()).unwrap_or(i64::MAX), leads, delivered];
        let facts = situation.row.clone();
        let situation = Situation { row: with_case(situation.row, own), ..situation };
        let coverage = screening::bound(session, ctx.today)?
            .map_or_else(CoverageView::nothing, |bound| bound.coverage.clone());
        let removal: Vec<Standing> = book
            .held(&coverage, &situation)
            .into_iter()
            .map(|(condition, held)| (condition.id.clone(), condition.title.clone(), held))
            .collect();
        let labour = labour(&facts);
        let known = Known {
            consent: papers.iter().any(|paper| paper.kind == CONSENT),
            risks: risks.len(),
            unanswered: unanswered(&questions, ctx.today),
            objections: super::told::count_open(session, case.id)?,
            plan_lacks: super::plan::lacks(session, case, (&open, labour), ctx.today)?,
            removal_lacks: removal
                .iter()
                .filter(|(_, _, held)| held.holds != Some(true))
                .map(|(id, _, _)| id.clone())
                .collect(),
            labour,
        };
        Ok(Self { papers, risks, questions, facts, removal, known })
    }
}

/// Questions of the comparison that are not settled; all of them as long as nobody was asked.
fn unanswered(questions: &[Question], today: Day) -> usize {
    if questions.is_empty() {
        return ShippedCodes::Exclusions.all().iter().filter(|one| one.offered_on(today)).count();
    }
    questions.iter().filter(|question| question.is_open()).count()
}

/// Whether somebody can work, fully or in part.
fn labour(facts: &FactRow) -> Option<bool> {
    let count = |name: &str| match facts.get(name) {
        Some(Scalar::Int(number)) => Some(*number),
        _ => None,
    };
    match (count("labour"), count("labour_weak")) {
        (Some(able), Some(weak)) => Some(able.saturating_add(weak) > 0),
        (Some(able), None) | (None, Some(able)) if able > 0 => Some(true),
        _ => None,
    }
}

fn months_between(from: Day, to: Day) -> i64 {
    (0..=600)
        .take_while(|months| from.add_months(*months + 1) <= to)
        .count()
        .try_into()
        .unwrap_or(0)
}
