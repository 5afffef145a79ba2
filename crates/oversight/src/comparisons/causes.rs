//! Why something differs: the rows behind a value on the one day and on the other, changes by hand, who came and went,
//! rules, answers.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Column, Scalar, Unit};
use kernel::error::{Error, Result};
use kernel::ids::HouseholdId;
use kernel::permission::Permission;
use kernel::time::{Day, Instant};
use registry::circumstances::ledger::{Behind, evidence_of};
use registry::households::opens_row;
use registry::households::{Proposal, list_proposals};
use registry::intake::batch::place_of;
use registry::policies;
use store::{Ctx, Permit, Session};

use super::model::Way;
use super::queries::{self, LeadThen};

/// Rows of one kind that are told one by one.
const MOST: usize = 4;
/// Changes by hand that are looked through.
const MOST_BY_HAND: i64 = 100;

/// A row of a delivered list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOf {
    /// The office that sent it.
    pub department: String,
    /// The list.
    pub list: String,
    /// The file.
    pub file: String,
    /// The row in it.
    pub row: i64,
    /// The day that it names.
    pub on: Option<Day>,
    /// Its page, for who may open it.
    pub href: Option<String>,
    /// Who took the list in (or back), and when.
    pub by: Option<(String, Instant)>,
}

/// One reason for a difference.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// A row counts that did not count before.
    Row(RowOf),
    /// Its list was taken back or replaced.
    TakenBack(RowOf),
    /// It no longer counts: it has passed out of the window, or a later row took its place.
    Past(RowOf),
    /// So many more rows.
    More(usize),
    /// Somebody came into the household.
    Came(String, String, Day),
    /// Somebody left it.
    Went(String, String, Day),
    /// A change by hand: its kind and day, who proposed, who confirmed and when.
    ByHand(String, Day, String, Option<(String, String)>),
    /// Somebody who needs nobody's confirmation changed it: the verb of the journal, who, when.
    Done(String, String, Instant),
    /// A list has come, so that it can be told; or its time has passed, so that it cannot.
    List(String, bool),
    /// A rule found it: the rule, the version of the book, the day.
    Rule(String, i64, String),
    /// Another version of the rule book holds.
    Book(String, String),
    /// A reason no longer holds: the rule, since when.
    Gone(String, String),
    /// Somebody answered: who, on which day, what.
    Answered(String, String, String),
    /// A lead was given out or taken away: its state now.
    State(String),
    /// The line itself is another.
    Line(Scalar, Scalar),
    /// It stands where the person does not look.
    Elsewhere,
    /// Only time has passed between the two days.
    Time,
    /// Nothing on record says why.
    Unclear,
}

/// The two days as somebody sees them.
pub struct Both<'a> {
    /// The first day.
    pub from: &'a Ctx,
    /// The second.
    pub to: &'a Ctx,
    permits: (Permit, Permit),
    sessions: (Session, Session),
    present: Session,
}

/// A lead as it stood on the two days.
pub type LeadOnBoth = (Option<LeadThen>, Option<LeadThen>);

/// The rows behind some columns, on the two days.
type Rows = (Vec<Behind>, Vec<Behind>);

impl<'a> Both<'a> {
    /// Opens the two days.
    ///
    /// # Errors
    /// Refused without `household.see`.
    pub fn new(from: &'a Ctx, to: &'a Ctx) -> Result<Self> {
        let see = Permission::HouseholdSee;
        let (permits, sessions) =
            ((from.permit(see)?, to.permit(see)?), (from.read()?, to.read()?));
        Ok(Both { from, to, permits, sessions, present: to.present().read()? })
    }

    /// The session of the first day and of the second.
    pub fn sessions(&mut self) -> (&mut Session, &mut Session) {
        (&mut self.sessions.0, &mut self.sessions.1)
    }

    fn rows(&mut self, household: &str, names: &[&str]) -> Result<Rows> {
        let Ok(id) = household.parse::<HouseholdId>() else { return Ok(Rows::default()) };
        let of = |ctx: &Ctx, (session, permit): (&mut Session, &Permit)| {
            match evidence_of(ctx, (session, permit), id, names) {
                // not there on that day, or not to be seen
                Err(Error::Refusal(_)) => Ok(Vec::new()),
                found => found,
            }
        };
        let before = of(self.from, (&mut self.sessions.0, &self.permits.0))?;
        Ok((before, of(self.to, (&mut self.sessions.1, &self.permits.1))?))
    }

    fn row(&mut self, behind: &Behind) -> Result<RowOf> {
        let opens = opens_row(self.to.present(), &behind.department);
        let by = queries::who_did(&mut self.present, &behind.batch.to_string())?;
        Ok(RowOf {
            department: behind.department.clone(),
            list: behind.list.clone(),
            file: behind.file.clone(),
            row: place_of(behind.row).1,
            on: behind.on,
            href: opens.then(|| behind.href()),
            by,
        })
    }

    /// Why some columns of a household differ, column by column.
    ///
    /// # Errors
    /// What the databases refuse.
    pub fn of_facts(
        &mut self,
        household: &str,
        columns: &[(Column, Scalar, Scalar)],
    ) -> Result<BTreeMap<&'static str, Vec<Cause>>> {
        let names: Vec<&str> = columns.iter().map(|(column, ..)| column.name).collect();
        let rows = self.rows(household, &names)?;
        let members = self.members(household)?;
        let mut all = BTreeMap::new();
        for (column, old, new) in columns {
            let mut causes = self.of_rows(&rows, column.name)?;
            if column.room == "people" || column.unit == Unit::YuanPerHead {
                causes.extend(members.iter().cloned());
            }
            if let (true, Some(list)) = (causes.is_empty(), column.coverage) {
                let told = (*old == Scalar::Null, *new == Scalar::Null);
                if told.0 != told.1 {
                    causes.push(Cause::List(list.list.to_owned(), told.0));
                }
            }
            if causes.is_empty() {
                causes.push(self.otherwise());
            }
            all.insert(column.name, causes);
        }
        Ok(all)
    }

    /// What is said when no row and no person made a difference.
    fn otherwise(&self) -> Cause {
        if self.from.today == self.to.today { Cause::Unclear } else { Cause::Time }
    }

    fn of_rows(&mut self, rows: &Rows, column: &str) -> Result<Vec<Cause>> {
        let of = |rows: &[Behind]| -> Vec<Behind> {
            rows.iter().filter(|row| row.column == column).cloned().collect()
        };
        let (old, new) = (of(&rows.0), of(&rows.1));
        let ids = |rows: &[Behind]| -> BTreeSet<(String, i64)> {
            rows.iter().map(|row| (row.batch.to_string(), row.row)).collect()
        };
        let (before, after) = (ids(&old), ids(&new));
        let fresh = |row: &&Behind, known: &BTreeSet<(String, i64)>| {
            !known.contains(&(row.batch.to_string(), row.row))
        };
        let came: Vec<&Behind> = new.iter().filter(|row| fresh(row, &before)).collect();
        let went: Vec<&Behind> = old.iter().filter(|row| fresh(row, &after)).collect();
        let mut causes = Vec::new();
        for row in came.iter().take(MOST) {
            causes.push(Cause::Row(self.row(row)?));
        }
        for row in went.iter().take(MOST) {
            let state = queries::batch_state(&mut self.sessions.1, &row.batch.to_string())?;
            let counts = state.is_some_and(|(state, _)| state == "accepted");
            let told = self.row(row)?;
            causes.push(if counts { Cause::Past(told) } else { Cause::TakenBack(told) });
        }
        let more = came.len().saturating_sub(MOST) + went.len().saturating_sub(MOST);
        causes.extend((more > 0).then_some(Cause::More(more)));
        Ok(causes)
    }

    /// Who came and who went, with the changes by hand that say so.
    ///
    /// # Errors
    /// What the databases refuse.
    pub fn members(&mut self, household: &str) -> Result<Vec<Cause>> {
        let mut stays = [BTreeMap::new(), BTreeMap::new()];
        let days =
            [(&mut self.sessions.0, &self.permits.0), (&mut self.sessions.1, &self.permits.1)];
        for ((session, permit), stays) in days.into_iter().zip(&mut stays) {
            for row in queries::stays(session, permit, household)? {
                // the last stay of each
                stays.insert(row.text(0)?, row);
            }
        }
        let [before, after] = &stays;
        if after.is_empty() && !before.is_empty() {
            return Ok(vec![Cause::Elsewhere]);
        }
        let lives = |stays: &BTreeMap<String, store::Row>, id: &str| {
            stays.get(id).is_some_and(|row| row.opt_text(5).is_ok_and(|end| end.is_none()))
        };
        let by_hand = self.by_hand(household)?;
        let mut causes = Vec::new();
        let everybody: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        for id in everybody {
            let (was, is) = (lives(before, id), lives(after, id));
            let Some(row) = after.get(id).or(before.get(id)).filter(|_| was != is) else {
                continue;
            };
            let (how, on) = match is {
                true => (row.text(2)?, row.parse::<Day>(4)?),
                false => (
                    row.opt_text(3)?.unwrap_or_default(),
                    row.opt_parse::<Day>(5)?.unwrap_or(self.to.today),
                ),
            };
            let name = row.text(1)?;
            causes.push(match is {
                true => Cause::Came(name, how.clone(), on),
                false => Cause::Went(name, how.clone(), on),
            });
            let kind = match how.as_str() {
                "marriage" => "marriage_in",
                "left" => "leave",
                other => other,
            };
            let made = by_hand.iter().find(|one| one.kind == kind && one.on == on);
            causes.extend(made.map(told));
        }
        if !causes.is_empty() && !causes.iter().any(|one| matches!(one, Cause::ByHand(..))) {
            causes.extend(self.done(household)?);
        }
        Ok(causes)
    }

    /// What the journal says of a household between what was known on the one day and on the other.
    fn done(&mut self, household: &str) -> Result<Vec<Cause>> {
        let between = (self.from.now, self.to.now);
        let rows = queries::changes_of(&mut self.present, household, between)?;
        rows.iter().map(|row| Ok(Cause::Done(row.text(0)?, row.text(1)?, row.parse(2)?))).collect()
    }

    /// Changes by hand that hold on the second day and did not on the first.
    fn by_hand(&mut self, household: &str) -> Result<Vec<Proposal>> {
        let of = |session: &mut Session, permit: &Permit| {
            let about = (None, Some(household));
            list_proposals(session, permit, Some("confirmed"), about, MOST_BY_HAND)
        };
        let before = of(&mut self.sessions.0, &self.permits.0)?;
        let before: BTreeSet<String> = before.into_iter().map(|one| one.id).collect();
        let mut after = of(&mut self.sessions.1, &self.permits.1)?;
        after.retain(|one| !before.contains(&one.id));
        Ok(after)
    }

    /// Why a household, or somebody in it, is counted on one day only.
    ///
    /// # Errors
    /// What the databases refuse.
    pub fn of_household(&mut self, household: &str) -> Result<Vec<Cause>> {
        let mut causes = self.members(household)?;
        for one in self.by_hand(household)? {
            let cause = told(&one);
            if matches!(one.kind.as_str(), "split" | "merge" | "move") && !causes.contains(&cause) {
                causes.push(cause);
            }
        }
        if causes.is_empty() {
            causes.push(self.otherwise());
        }
        Ok(causes)
    }

    /// A lead on the two days, and why it went this way; of one rule or of all.
    ///
    /// # Errors
    /// What the databases refuse.
    pub fn of_lead(
        &mut self,
        id: &str,
        (way, only): (Way, Option<&str>),
    ) -> Result<(LeadOnBoth, Vec<Cause>)> {
        let before = queries::lead(&mut self.sessions.0, &self.permits.0, id)?;
        let after = queries::lead(&mut self.sessions.1, &self.permits.1, id)?;
        let mut causes = Vec::new();
        if let Some(lead) = &after {
            let of = lead.reasons.iter().filter(|reason| only.is_none_or(|rule| reason.0 == rule));
            for (rule, version, hit, gone) in of {
                match (way, gone) {
                    (Way::Out, Some(gone)) => causes.push(Cause::Gone(rule.clone(), gone.clone())),
                    (Way::In | Way::Changed, None) => {
                        causes.push(Cause::Rule(rule.clone(), *version, hit.clone()));
                    }
                    _ => {}
                }
            }
            if let (Way::Out, Some((who, on, what))) = (way, &lead.answered) {
                causes.insert(0, Cause::Answered(who.clone(), on.clone(), what.clone()));
            }
            if before.as_ref().is_some_and(|before| before.state != lead.state) {
                causes.push(Cause::State(lead.state.clone()));
            }
        }
        if way == Way::In {
            causes.extend(self.book()?);
        }
        if causes.is_empty() {
            causes.push(self.otherwise());
        }
        Ok(((before, after), causes))
    }

    /// The rule books of the two days, if they are not one.
    fn book(&mut self) -> Result<Option<Cause>> {
        let of = |session: &mut Session, day| -> Result<Option<String>> {
            let pack = policies::find_pack_on(session, day)?;
            Ok(pack.map(|pack| format!("{} {}", pack.head.id, pack.head.version)))
        };
        let old = of(&mut self.sessions.0, self.from.today)?;
        let new = of(&mut self.sessions.1, self.to.today)?;
        Ok(old.zip(new).filter(|(old, new)| old != new).map(|(old, new)| Cause::Book(old, new)))
    }
}

fn told(one: &Proposal) -> Cause {
    Cause::ByHand(one.kind.clone(), one.on, one.by.clone(), one.decided.clone())
}
