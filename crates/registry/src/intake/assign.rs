//! Gives the rows of a list to people, households and villages, and says what became of each.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::finding::{Finding, Severity};
use kernel::ids::{BatchId, HouseholdId, PersonId};
use serde_json::json;
use store::{Ctx, Keys, Session};

use super::batch::{RowOutcome, RowResult};
use super::lookup;
use super::matching::{
    Candidate, Decision, Matcher, Member, Places, RegisterIndex, Subject, event_key,
};
use super::period::Said;
use super::queries;
use super::reading::ReadRow;
use super::template::{Names, Template};

/// The register as the matcher sees it; loaded once for a run over many files.
pub struct Register {
    /// People.
    pub index: RegisterIndex,
    /// Places.
    pub places: Places,
    /// Decisions of people about the same evidence before, by digest.
    decided: HashMap<String, Decided>,
}

/// What somebody decided about a row in the match queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It speaks of this person in this household.
    Person(PersonId, HouseholdId),
    /// It speaks of this household.
    Household(HouseholdId),
    /// It speaks of nobody in the register.
    NotHere,
    /// It cannot be used.
    Rejected,
}

impl Register {
    /// Loads people, places and remembered decisions.
    pub fn load(ctx: &Ctx) -> Result<Arc<Self>> {
        let index = lookup::load_register(ctx)?;
        let mut session = ctx.read()?;
        Ok(Arc::new(Register {
            index,
            places: lookup::load_places(&mut session)?,
            decided: queries::decisions(&mut session)?,
        }))
    }
}

/// A row that waits for a person to say who it is about.
#[derive(Debug, Clone)]
pub struct Question {
    /// Row key in the batch.
    pub key: i64,
    /// Sealed evidence.
    pub evidence: String,
    /// Keyed digest of the evidence.
    pub digest: String,
    /// Candidates as JSON: persons, households, what agrees and what differs.
    pub candidates: String,
    /// The smallest area that holds all candidates: who works there may decide.
    pub village: Option<AreaCode>,
    /// Why it is asked.
    pub reason: String,
    /// What is recorded once it is known about whom, sealed.
    pub statement: String,
}

/// What became of a row, with the question if it is asked.
pub struct Assigned {
    /// The outcome.
    pub result: RowResult,
    /// What the match queue shows.
    pub question: Option<Question>,
    /// What is doubtful about it.
    pub findings: Vec<Finding>,
}

/// Assigns the rows of one sheet.
pub struct Assigner<'a> {
    register: &'a Register,
    keys: &'a Keys,
    session: RefCell<Session>,
    seen: HashMap<String, i64>,
    batch: BatchId,
    replaced: Option<BatchId>,
}

impl<'a> Assigner<'a> {
    /// For the rows of one batch, which may take the place of another.
    pub fn new(
        ctx: &'a Ctx,
        register: &'a Register,
        batch: BatchId,
        replaced: Option<BatchId>,
    ) -> Result<Self> {
        Ok(Assigner {
            register,
            keys: ctx.db.keys(),
            session: RefCell::new(ctx.read()?),
            seen: HashMap::new(),
            batch,
            replaced,
        })
    }

    /// Assigns a piece of a sheet: rows with their keys, in the order of the file.
    pub fn assign(
        &mut self,
        template: &Template,
        said: &Said,
        rows: &[(i64, ReadRow)],
    ) -> Result<Vec<Assigned>> {
        let mut assigned = self.decide_all(template, rows)?;
        for (one, (_, row)) in assigned.iter_mut().zip(rows) {
            one.result.event_key = self.key_of(template, said, row, &one.result);
        }
        let wanted: Vec<String> =
            assigned.iter().filter_map(|one| one.result.event_key.clone()).collect();
        let before = self.before(&wanted)?;
        for one in &mut assigned {
            self.mark_repeat(&mut one.result, &before);
        }
        Ok(assigned)
    }

    fn decide_all(&self, template: &Template, rows: &[(i64, ReadRow)]) -> Result<Vec<Assigned>> {
        let digest = |text: &str| lookup::key_of_text(self.keys, text);
        let open = |member: Member| self.open(member);
        let matcher = Matcher::new(&self.register.index, &self.register.places, &digest, &open);
        let subject =
            if template.subject == Names::Village { Subject::Village } else { Subject::Person };
        rows.iter().map(|(key, row)| self.decide(&matcher, subject, *key, row)).collect()
    }

    fn open(&self, member: Member) -> Option<String> {
        let person = self.register.index.person(member)?.person;
        let mut session = self.session.try_borrow_mut().ok()?;
        let sealed = queries::find_sealed_number(&mut session, person).ok()??;
        self.keys.open_text(&sealed).ok()
    }

    fn decide(
        &self,
        matcher: &Matcher<'_>,
        subject: Subject,
        key: i64,
        row: &ReadRow,
    ) -> Result<Assigned> {
        let mut result = RowResult {
            key,
            outcome: RowOutcome::Rejected,
            reason: String::new(),
            person: None,
            household: None,
            village: None,
            event_key: None,
            event_day: row.event_date,
            amount: row.amount,
            repeats: None,
        };
        let decision = matcher.decide(subject, &row.evidence);
        result.reason = decision.reason().code().to_owned();
        // A cell that counts and cannot be read keeps the row back, whoever it speaks of.
        let broken = row.findings.iter().find(|finding| finding.severity == Severity::Error);
        let mut question = None;
        match decision {
            Decision::Sure { member, person, household, .. } => {
                result.outcome = RowOutcome::Taken;
                result.person = Some(person);
                result.household = Some(household);
                result.village = self.village_of(member);
            }
            Decision::Village { code, .. } => {
                result.outcome = RowOutcome::Taken;
                result.village = AreaCode::parse(&code.to_string()).ok();
            }
            Decision::Ask { candidates, .. } => {
                question = Some(self.ask(&mut result, row, &candidates)?)
            }
            Decision::NotHere { .. } => result.outcome = RowOutcome::NotHere,
            Decision::Rejected { .. } => {}
        }
        let question = question.flatten();
        if let Some(finding) = broken.filter(|_| result.outcome == RowOutcome::Taken) {
            result.outcome = RowOutcome::Rejected;
            result.reason = finding.code.to_string();
        }
        Ok(Assigned { result, question, findings: row.findings.clone() })
    }

    fn village_of(&self, member: Member) -> Option<AreaCode> {
        let person = self.register.index.person(member)?;
        AreaCode::parse(&person.village.to_string()).ok()
    }

    /// A row that the matcher would ask about: somebody may have decided about the same evidence before.
    fn ask(
        &self,
        result: &mut RowResult,
        row: &ReadRow,
        candidates: &[Candidate],
    ) -> Result<Option<Question>> {
        let evidence = serde_json::to_string(&row.evidence)
            .map_err(|why| Error::fault(format!("evidence: {why}")))?;
        let digest = self.keys.digest(&evidence);
        match self.register.decided.get(&digest) {
            Some(Decided::Person(person, household)) => {
                result.outcome = RowOutcome::Taken;
                "decided_before".clone_into(&mut result.reason);
                (result.person, result.household) = (Some(*person), Some(*household));
                result.village = queries::village_of(&mut self.session.borrow_mut(), *household)?;
                return Ok(None);
            }
            Some(Decided::Household(household)) => {
                result.outcome = RowOutcome::Taken;
                "decided_before".clone_into(&mut result.reason);
                result.household = Some(*household);
                result.village = queries::village_of(&mut self.session.borrow_mut(), *household)?;
                return Ok(None);
            }
            Some(Decided::NotHere) => {
                result.outcome = RowOutcome::NotHere;
                "decided_before".clone_into(&mut result.reason);
                return Ok(None);
            }
            Some(Decided::Rejected) => {
                result.outcome = RowOutcome::Rejected;
                "decided_before".clone_into(&mut result.reason);
                return Ok(None);
            }
            None => {}
        }
        result.outcome = RowOutcome::Asked;
        let list: Vec<_> = candidates
            .iter()
            .map(|one| {
                json!({
                    "person": one.person,
                    "household": one.household,
                    "agrees": one.agrees.iter().map(|a| a.code()).collect::<Vec<_>>(),
                    "differs": one.differs.iter().map(|a| a.code()).collect::<Vec<_>>(),
                })
            })
            .collect();
        let villages: Vec<Option<AreaCode>> =
            candidates.iter().map(|one| self.village_of(one.member)).collect();
        let together = common_area(&villages);
        Ok(Some(Question {
            key: result.key,
            evidence: self.keys.seal_text(&evidence)?,
            digest,
            candidates: json!(list).to_string(),
            village: together,
            reason: result.reason.clone(),
            statement: String::new(),
        }))
    }

    fn key_of(
        &self,
        template: &Template,
        said: &Said,
        row: &ReadRow,
        result: &RowResult,
    ) -> Option<String> {
        if result.outcome != RowOutcome::Taken {
            return None;
        }
        let subject = match (result.person, result.household, result.village) {
            (Some(person), ..) => person.to_string(),
            (None, Some(household), _) => household.to_string(),
            (None, None, Some(village)) => village.to_string(),
            _ => return None,
        };
        Some(self.keys.digest(&event_key(template, said, row, &subject)))
    }

    fn before(&self, wanted: &[String]) -> Result<HashMap<String, (BatchId, i64)>> {
        let found = queries::find_events(&mut self.session.borrow_mut(), wanted)?;
        Ok(found
            .into_iter()
            .filter(|(_, batch, _)| Some(*batch) != self.replaced)
            .map(|(key, batch, row)| (key, (batch, row)))
            .collect())
    }

    fn mark_repeat(&mut self, result: &mut RowResult, before: &HashMap<String, (BatchId, i64)>) {
        let Some(key) = result.event_key.clone() else { return };
        let first =
            before.get(&key).copied().or_else(|| self.seen.get(&key).map(|row| (self.batch, *row)));
        match first {
            Some(first) => {
                result.outcome = RowOutcome::Duplicate;
                "repeats".clone_into(&mut result.reason);
                result.repeats = Some(first);
            }
            None => {
                self.seen.insert(key, result.key);
            }
        }
    }
}

/// The smallest area that holds all of them; `None` when there is none or one is not known.
fn common_area(villages: &[Option<AreaCode>]) -> Option<AreaCode> {
    let mut common = villages.first().copied().flatten()?;
    for village in villages {
        let village = (*village)?;
        while !common.contains(village) {
            common = common.parent()?;
        }
    }
    Some(common)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn candidates_of_two_villages_are_a_question_for_their_town() {
        let code = |text: &str| Some(text.parse::<AreaCode>().unwrap());
        let (one, other) = (code("500154201200"), code("500154201201"));
        assert_eq!(common_area(&[one, one]), one);
        assert_eq!(common_area(&[one, other]), code("500154201000"));
        assert_eq!(common_area(&[one, code("500154202200")]), code("500154000000"));
        assert_eq!(common_area(&[one, None]), None);
        assert_eq!(common_area(&[]), None);
    }
}
