//! What the derivation reads: everything that is recorded about one household, loaded by the queries.

use kernel::ids::{BatchId, HouseholdId, PersonId};
use kernel::time::{Day, Instant};

use super::acted::Acted;
use crate::circumstances::topics::Topic;

/// The row of a delivered file (or of a form filled by hand) that a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// The batch.
    pub batch: BatchId,
    /// The row in the batch.
    pub row: i64,
}

/// One stay of a person in the household, as in `memberships` joined with `persons`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// Code of the relation to the head; `head` for the head.
    pub kin: String,
    /// `male` or `female`.
    pub sex: Option<String>,
    /// Day of birth as the county holds it.
    pub birth_day: Option<Day>,
    /// Day of death, once known.
    pub died_on: Option<Day>,
    /// `persons.id_state`: `ok`, `wrong_check`, `twice`, `missing`, `unverified`.
    pub id_state: String,
    /// First day of the stay.
    pub valid_from: Day,
    /// How it began. A stay that began with a register is taken to have begun before it.
    pub how_in: String,
    /// First day on which it no longer holds.
    pub valid_to: Option<Day>,
    /// Why it ended: `death`, `left`, or a reason that has the person counted elsewhere or not at all.
    pub how_out: Option<String>,
}

impl Member {
    /// Whether the stay began with a register.
    #[must_use]
    pub fn from_register(&self) -> bool {
        self.how_in == "register"
    }

    /// Whether the person came into the household with this stay, from outside or from another one; a register and another
    /// head only find somebody there.
    #[must_use]
    pub fn came_in(&self) -> bool {
        !matches!(self.how_in.as_str(), "register" | "head" | "correction")
    }
}

/// A dated status, as in `statuses`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Where it came from.
    pub origin: Origin,
    /// Of one person, or of the household.
    pub person: Option<PersonId>,
    /// `monitored`, `dibao`, `tekun` …
    pub scheme: String,
    /// The value within the scheme.
    pub value: String,
    /// First day.
    pub valid_from: Day,
    /// First day on which it no longer holds.
    pub valid_to: Option<Day>,
    /// Whether the register brought it: then the register's own row speaks.
    pub from_register: bool,
}

/// One dated record that counts: its batch is accepted, it is not withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The row it came from.
    pub origin: Origin,
    /// The person it speaks of; `None` for household and village records.
    pub person: Option<PersonId>,
    /// What it is about.
    pub topic: Topic,
    /// The day of the event or state.
    pub valid_from: Day,
    /// First day on which it no longer holds, where somebody said so.
    pub valid_to: Option<Day>,
    /// When the county came to know it.
    pub recorded_at: Instant,
    /// The body in JSON.
    pub body: String,
}

/// One entry of `incomes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Income {
    /// The row it came from.
    pub origin: Origin,
    /// Line of the form: block letter and digit, `a1` … `e4`.
    pub line: [u8; 2],
    /// Last day of the time it was earned in; it decides the window.
    pub to_day: Day,
    /// Fen; costs positive.
    pub amount_fen: i64,
}

/// Everything recorded about one household.
#[derive(Clone, Debug, PartialEq)]
pub struct HouseholdRecords {
    /// The household.
    pub household: HouseholdId,
    /// All stays, past and present.
    pub members: Vec<Member>,
    /// Statuses of the household and its members.
    pub statuses: Vec<Status>,
    /// Records of the household and its members.
    pub records: Vec<Record>,
    /// Bills of members that the household in which they lived then has borne: facts of the person, not of this household.
    pub elsewhere: Vec<Record>,
    /// Income entries of the last two years (older ones change nothing).
    pub incomes: Vec<Income>,
    /// What the rooms that act say of it.
    pub acted: Acted,
}

/// What the derivation has to know beyond the household itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The newest accepted batches of the lists that replace one another (drop-outs, loans, vehicles), per area.
    /// A record of another batch of such a list no longer says how things stand. Where a list is not mentioned, the
    /// newest record of the household counts.
    pub latest: Vec<(Topic, BatchId)>,
    /// Days without water of the household's village in the last twelve months; `None` when no outage is recorded.
    pub water_outage_days: Option<i64>,
    /// The rows that say so.
    pub water_outage_rows: Vec<Origin>,
}

impl Surroundings {
    /// Whether a record of this batch still says how things stand; `None` where the list is not mentioned.
    pub(super) fn is_latest(&self, topic: Topic, batch: BatchId) -> Option<bool> {
        let mut named = self.latest.iter().filter(|(of, _)| *of == topic).peekable();
        named.peek()?;
        Some(named.any(|(_, newest)| *newest == batch))
    }
}

/// The twelve months up to a day and the twelve before them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// The day.
    pub day: Day,
    /// First day of the last twelve months.
    pub from: Day,
    /// First day of the twelve months before.
    pub before: Day,
}

impl Windows {
    /// The windows that end on `day`: 2026-10-31 gives 2025-11-01 … 2026-10-31.
    #[must_use]
    pub fn ending(day: Day) -> Self {
        let next = day.add_days(1);
        Self { day, from: next.add_months(-12), before: next.add_months(-24) }
    }

    /// Within the last twelve months.
    #[must_use]
    pub fn holds(&self, event: Day) -> bool {
        event >= self.from && event <= self.day
    }

    /// Within the twelve months before.
    #[must_use]
    pub fn held_before(&self, event: Day) -> bool {
        event >= self.before && event < self.from
    }
}

/// Collects the day on which a derived row next changes by itself.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    today: Day,
    next: Option<Day>,
}

impl Turn {
    /// Nothing known yet.
    #[must_use]
    pub const fn after(today: Day) -> Self {
        Self { today, next: None }
    }

    /// The day itself.
    #[must_use]
    pub const fn today(self) -> Day {
        self.today
    }

    /// Something changes on `day`; days that are past do not matter.
    pub fn on(&mut self, day: Day) {
        if day > self.today && self.next.is_none_or(|next| day < next) {
            self.next = Some(day);
        }
    }

    /// An event enters the twelve months on its day and leaves them a year later.
    pub fn event(&mut self, event: Day) {
        self.on(event);
        self.on(event.add_months(12));
    }

    /// The earliest of them.
    #[must_use]
    pub const fn next(self) -> Option<Day> {
        self.next
    }
}
