//! Whom the register no longer names. A register can lack people for many reasons, and most of them are mistakes: nobody is
//! removed for it. They are put on a list that somebody answers.

use kernel::area::AreaCode;
use kernel::finding::{Finding, Severity};
use kernel::ids::{HouseholdId, PersonId};
use store::Value;

use super::{Group, Member, Plan};
use crate::circumstances::register::queries::KnownHousehold;

impl Plan<'_> {
    /// The people of a known household whom its rows do not name: who stands in another household of this register lives
    /// there now; of the others somebody must say what became of them.
    pub(super) fn not_named(
        &mut self,
        group: &Group<'_>,
        members: &[Member<'_>],
        known: &KnownHousehold,
    ) {
        let mut missing = 0_usize;
        for stay in &known.stays {
            if members.iter().any(|member| member.id == stay.person) {
                continue;
            }
            if self.named.contains(&stay.person) {
                let ended = self.ended(known.id, stay.person, stay.from, "register");
                self.late.ended_stays.push(ended);
            } else {
                missing += 1;
                self.absent(known.id, Some(stay.person), group.row.village);
            }
        }
        if missing > 0 {
            self.left_out += missing;
            let finding = Finding::new("people.not_listed", Severity::Warning);
            self.find(group.row.row_no, finding.arg("n", missing));
        }
    }

    /// The households that stand in a village of the register and have no row in it.
    pub(super) fn households_not_named(&mut self) {
        let mut missing: Vec<(HouseholdId, AreaCode)> = self
            .known
            .households
            .values()
            .filter(|known| known.stays.iter().any(|stay| !self.named.contains(&stay.person)))
            .filter_map(|known| Some((known.id, known.village?)))
            .filter(|(_, village)| self.late.covered.contains(village))
            .collect();
        missing.sort_unstable();
        for (household, village) in &missing {
            self.absent(*household, None, *village);
        }
        if !missing.is_empty() {
            let finding = Finding::new("households.not_listed", Severity::Warning);
            self.find(0, finding.arg("n", missing.len()));
        }
    }

    fn absent(&mut self, household: HouseholdId, person: Option<PersonId>, village: AreaCode) {
        let key = (household.to_string(), person.map(|id| id.to_string()).unwrap_or_default());
        let said = self.known.answered.get(&key);
        let (by, at, why) = match said.cloned() {
            Some((by, at, why)) => (Some(by), Some(at), why),
            None => (None, None, None),
        };
        self.late.absent.push(vec![
            self.delivery.batch.to_string().into(),
            Value::from(&key.0),
            Value::from(&key.1),
            village.into(),
            if by.is_some() { "stays" } else { "open" }.into(),
            self.ctx.now.into(),
            by.into(),
            at.into(),
            why.into(),
        ]);
    }
}
