//! Milestones of plans, and which unit has received which document. Pure.

use std::sync::Arc;

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::ids::{DocumentId, MilestoneId};
use kernel::time::{Day, Instant};
use store::Ctx;

kernel::word_list! {
    /// On which side of its target a value is good.
    Direction, "policies.not_a_direction", code:
    /// Not less.
    AtLeast = "at_least";
    /// Not more.
    AtMost = "at_most";
}

kernel::word_list! {
    /// How a milestone stands on a day.
    MilestoneState, "policies.not_a_state", code:
    /// Its value was recorded and is good.
    Met = "met";
    /// Its value was recorded by its day and is not good, or its day is past without a value.
    Missed = "missed";
    /// Its day is today or to come.
    Due = "due";
}

/// Something that a plan is to have reached by a day (阶段目标).
#[derive(Debug, Clone, PartialEq)]
pub struct Milestone {
    /// Its id.
    pub id: MilestoneId,
    /// The plan.
    pub document: DocumentId,
    /// What is to be reached.
    pub title: String,
    /// By when.
    pub due_on: Day,
    /// The indicator whose value it is; none where it is written by hand.
    pub indicator: Option<String>,
    /// Of which area; none for the whole county.
    pub area: Option<AreaCode>,
    /// What stands behind the number.
    pub unit: String,
    /// On which side of the target it is good.
    pub direction: Direction,
    /// The target.
    pub target: f64,
    /// The value as it was recorded, and when: later corrections of the facts do not move it.
    pub value: Option<(f64, Day)>,
    /// What was said with it.
    pub note: String,
}

impl Milestone {
    /// Whether a value reaches the target.
    #[must_use]
    pub fn reached_by(&self, value: f64) -> bool {
        match self.direction {
            Direction::AtLeast => value >= self.target,
            Direction::AtMost => value <= self.target,
        }
    }

    /// How it stands on a day: by what was recorded, never by what a value happens to be now.
    #[must_use]
    pub fn state(&self, today: Day) -> MilestoneState {
        match self.value {
            Some((value, _)) if self.reached_by(value) => MilestoneState::Met,
            _ if today > self.due_on => MilestoneState::Missed,
            _ => MilestoneState::Due,
        }
    }

    /// Refused without title or unit, and for a target that is no number.
    ///
    /// # Errors
    /// `policies.milestone_form` with the fields.
    pub fn check(&self) -> Result<()> {
        let mut refusal = Refusal::invalid("policies.milestone_form");
        for (name, text) in [("title", &self.title), ("unit", &self.unit)] {
            if text.trim().is_empty() {
                refusal = refusal.field(name, "web.required");
            }
        }
        if !self.target.is_finite() {
            refusal = refusal.field("target", "web.not_a_number");
        }
        if refusal.fields.is_empty() { Ok(()) } else { Err(refusal.into()) }
    }
}

/// The value of an indicator now, for an area or the whole county: `None` where the reader does not see all of it. The
/// room of the indicators gives it; the binary hands it in, as a layer of the router.
pub type Measuring = dyn Fn(&Ctx, &str, Option<AreaCode>) -> Result<Option<f64>> + Send + Sync;

/// How indicators are asked.
#[derive(Clone)]
pub struct Measure(pub Arc<Measuring>);

kernel::word_list! {
    /// Who receives a document.
    UnitKind, "policies.not_a_unit", code:
    /// An office of the county.
    Office = "office";
    /// A township.
    Town = "town";
    /// A village.
    Village = "village";
}

/// A document that was sent to a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// What the unit is.
    pub kind: UnitKind,
    /// Code of the office or of the area.
    pub unit: String,
    /// Name of the area; its code where it is an office.
    pub name: String,
    /// When it was sent.
    pub issued_on: Day,
    /// When and by whom it was received; none is without receipt.
    pub received: Option<(Instant, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn milestone(direction: Direction, value: Option<f64>) -> Milestone {
        Milestone {
            id: MilestoneId::parse("01900000000070008000000000000001").unwrap(),
            document: DocumentId::parse("01900000000070008000000000000002").unwrap(),
            title: "饮水安全".into(),
            due_on: day("2026-06-30"),
            indicator: None,
            area: None,
            unit: "%".into(),
            direction,
            target: 95.0,
            value: value.map(|value| (value, day("2026-06-01"))),
            note: String::new(),
        }
    }

    #[test]
    fn a_milestone_is_met_by_what_was_recorded_and_missed_when_its_day_is_past() {
        let at = |direction, value, today: &str| milestone(direction, value).state(day(today));
        assert_eq!(at(Direction::AtLeast, None, "2026-06-30"), MilestoneState::Due);
        assert_eq!(at(Direction::AtLeast, None, "2026-07-01"), MilestoneState::Missed);
        assert_eq!(at(Direction::AtLeast, Some(95.0), "2026-07-01"), MilestoneState::Met);
        assert_eq!(at(Direction::AtLeast, Some(94.9), "2026-06-30"), MilestoneState::Due);
        assert_eq!(at(Direction::AtLeast, Some(94.9), "2026-07-01"), MilestoneState::Missed);
        assert_eq!(at(Direction::AtMost, Some(94.9), "2026-07-01"), MilestoneState::Met);
        assert_eq!(at(Direction::AtMost, Some(95.1), "2026-07-01"), MilestoneState::Missed);
        let mut bare = milestone(Direction::AtMost, None);
        bare.unit = " ".into();
        bare.target = f64::NAN;
        let refused = bare.check().unwrap_err();
        let fields: Vec<&str> =
            refused.refusal().unwrap().fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(fields, ["unit", "target"]);
    }
}
