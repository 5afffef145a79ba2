//! A measure of help, what may be written of it, and whether help fits the risks. Pure.

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use kernel::ids::{HouseholdId, MeasureId, PersonId};
use kernel::money::Money;
use kernel::time::Day;
use registry::policies::ShippedCodes;

/// Longest text that is kept, in characters.
const LONGEST: usize = 500;

/// For whom help is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A household.
    Household(HouseholdId),
    /// One person of a household.
    Person(HouseholdId, PersonId),
    /// A whole village.
    Village(AreaCode),
}

impl Subject {
    /// The household, unless it is for a village.
    #[must_use]
    pub const fn household(self) -> Option<HouseholdId> {
        match self {
            Self::Household(id) | Self::Person(id, _) => Some(id),
            Self::Village(_) => None,
        }
    }

    /// The person, when it is for one.
    #[must_use]
    pub const fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(_, person) => Some(person),
            Self::Household(_) | Self::Village(_) => None,
        }
    }
}

/// What shows that help was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// Money was paid: with its amount.
    Payment,
    /// A contract was signed: post, loan, lease, doctor.
    Contract,
    /// The household signed for goods or work.
    Receipt,
    /// Minutes, a decision, an entry of an office's own register.
    Record,
}

/// Every kind of proof, in the order in which it is offered.
pub const PROOFS: [Proof; 4] = [Proof::Payment, Proof::Contract, Proof::Receipt, Proof::Record];

impl Proof {
    /// What is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Payment => "payment",
            Self::Contract => "contract",
            Self::Receipt => "receipt",
            Self::Record => "record",
        }
    }

    /// The proof of a stored code.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        PROOFS.into_iter().find(|one| one.code() == code)
    }
}

/// That help was given, and what shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivered {
    /// The day.
    pub on: Day,
    /// What shows it.
    pub proof: Proof,
    /// Number of the paper: voucher, contract, list.
    pub number: String,
    /// Money, where money was given.
    pub amount: Option<Money>,
    /// Until when it runs: end of the loan, of the contract, of the stage of schooling.
    pub term: Option<Day>,
}

/// How a measure ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It was given and is over.
    Ended,
    /// It was never given and will not be.
    Withdrawn,
}

impl Ending {
    /// What is stored.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// A measure as it stood on the day asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    /// Its id.
    pub id: MeasureId,
    /// For whom.
    pub subject: Subject,
    /// The village in which it was planned.
    pub village: AreaCode,
    /// Code of the kind.
    pub kind: String,
    /// Codes of the risks at which it is aimed.
    pub aims: Vec<String>,
    /// In words; may be empty.
    pub words: String,
    /// Office that answers for it; may be empty.
    pub office: String,
    /// Who answers for it.
    pub owner: String,
    /// Since when it is promised.
    pub promised_on: Day,
    /// By when it is to be given.
    pub due_on: Day,
    /// That it was given.
    pub delivered: Option<Delivered>,
    /// Its end: from which day, how, why.
    pub ended: Option<(Day, Ending, String)>,
    /// Who wrote it down.
    pub by: String,
    /// Counts the changes.
    pub version: i64,
    /// Whether it stood on the day asked: promised or running, not ended, not run out.
    pub stands: bool,
}

impl Measure {
    pub(super) fn stands_on(&self, day: Day) -> bool {
        let runs_out = self.delivered.as_ref().and_then(|given| given.term);
        self.promised_on <= day
            && self.ended.as_ref().is_none_or(|(on, _, _)| day < *on)
            && runs_out.is_none_or(|last| day <= last)
    }

    /// Whether it was given by a day.
    #[must_use]
    pub fn delivered_by(&self, day: Day) -> bool {
        self.delivered.as_ref().is_some_and(|given| given.on <= day)
    }

    /// Whether it was to be given by now and was not.
    #[must_use]
    pub fn is_overdue(&self, today: Day) -> bool {
        self.delivered.is_none() && self.ended.is_none() && self.due_on < today
    }

    /// Whether its kind carries a tag of the code list.
    #[must_use]
    pub fn is(&self, tag: &str) -> bool {
        ShippedCodes::Measures.find(&self.kind).is_some_and(|kind| kind.is(tag))
    }

    /// Checks that giving it can be written down.
    ///
    /// # Errors
    /// A refusal that says what does not fit.
    pub fn checked(&self, given: &Delivered, today: Day) -> Result<()> {
        if self.ended.is_some() {
            return Err(Refusal::conflict("assistance.ended").into());
        }
        if self.delivered.is_some() {
            return Err(Refusal::conflict("assistance.delivered_already").into());
        }
        if given.on > today || given.on < self.promised_on {
            let refusal = Refusal::invalid("assistance.delivered_when");
            return Err(refusal.field("on", "web.required").into());
        }
        if given.number.trim().is_empty() {
            let refusal = Refusal::invalid("assistance.proof_needed");
            return Err(refusal.field("number", "web.required").into());
        }
        let paid = given.amount.is_some_and(|amount| amount.fen() > 0);
        if given.amount.is_some() != paid || (given.proof == Proof::Payment && !paid) {
            let refusal = Refusal::invalid("assistance.amount_needed");
            return Err(refusal.field("amount", "web.required").into());
        }
        if given.term.is_some_and(|last| last < given.on) {
            return Err(Refusal::invalid("assistance.term").field("term", "web.required").into());
        }
        Ok(())
    }
}

/// What is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMeasure {
    /// For whom.
    pub subject: Subject,
    /// Code of the kind.
    pub kind: String,
    /// Codes of the risks at which it is aimed.
    pub aims: Vec<String>,
    /// In words; some kinds need them.
    pub words: String,
    /// Office that answers for it; may be empty.
    pub office: String,
    /// Who answers for it.
    pub owner: String,
    /// Since when it is promised.
    pub promised_on: Day,
    /// By when it is to be given.
    pub due_on: Day,
}

/// Whether a kind of help can be aimed at a risk; a kind of disaster is a disaster.
#[must_use]
pub fn aims_at(kind: &str, risk: &str) -> bool {
    let (Some(kind), Some(found)) =
        (ShippedCodes::Measures.find(kind), ShippedCodes::Risks.find(risk))
    else {
        return false;
    };
    let is = |aim: &String| *aim == found.code || Some(aim) == found.of.as_ref();
    kind.aims.is_empty() || kind.aims.iter().any(is)
}

/// Kinds that can be chosen: those of which no other is a kind.
pub fn offered(today: Day) -> Vec<&'static registry::policies::ListedCode> {
    let all = ShippedCodes::Measures.all();
    let group = |code: &str| all.iter().any(|one| one.of.as_deref() == Some(code));
    all.iter().filter(|one| one.offered_on(today) && !group(&one.code)).collect()
}

impl NewMeasure {
    /// The measure with tidy texts, if it can be planned.
    ///
    /// # Errors
    /// A refusal that says what does not fit.
    pub fn checked(mut self, today: Day) -> Result<Self> {
        let tidy = |text: &str| -> String { text.trim().chars().take(LONGEST).collect() };
        self.words = tidy(&self.words);
        self.office = tidy(&self.office);
        self.owner = tidy(&self.owner);
        let kind = offered(today).into_iter().find(|one| one.code == self.kind);
        let Some(kind) = kind else {
            let refusal = Refusal::invalid("assistance.no_kind");
            return Err(refusal.field("kind", "web.required").into());
        };
        if kind.is("needs_text") && self.words.is_empty() {
            let refusal = Refusal::invalid("assistance.words_needed");
            return Err(refusal.field("words", "web.required").into());
        }
        self.aims.sort_unstable();
        self.aims.dedup();
        if self.aims.iter().any(|risk| !aims_at(&kind.code, risk)) {
            let refusal = Refusal::invalid("assistance.does_not_aim");
            return Err(refusal.field("aims", "web.required").into());
        }
        if self.owner.is_empty() {
            let refusal = Refusal::invalid("assistance.owner_needed");
            return Err(refusal.field("owner", "web.required").into());
        }
        if self.promised_on > today || self.due_on < self.promised_on {
            let refusal = Refusal::invalid("assistance.due_when");
            return Err(refusal.field("due", "web.required").into());
        }
        Ok(self)
    }
}

/// What help lacks beside the risks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fit {
    /// Risks at which nothing that stands is aimed.
    pub missing: Vec<String>,
    /// There is labour, but no real development measure: training or "other" alone does not count.
    pub lacks_development: bool,
    /// There is no labour, and the safety net does not hold the household yet.
    pub lacks_safety_net: bool,
}

impl Fit {
    /// Whether nothing is missing.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.missing.is_empty() && !self.lacks_development && !self.lacks_safety_net
    }
}

/// Whether the measures that stand fit the risks. Where it is not known whether the household has labour, nothing is said
/// of that.
#[must_use]
pub fn fits(risks: &[String], measures: &[Measure], has_labour: Option<bool>) -> Fit {
    let same = |risk: &str, aim: &str| {
        let of = |code: &str| ShippedCodes::Risks.find(code).and_then(|one| one.of.clone());
        risk == aim || of(risk).as_deref() == Some(aim) || of(aim).as_deref() == Some(risk)
    };
    let standing = || measures.iter().filter(|one| one.stands);
    let met =
        |risk: &&String| standing().any(|one| one.aims.iter().any(|aim| same(risk.as_str(), aim)));
    let some = |tag: &str| standing().any(|one| one.is(tag));
    Fit {
        missing: risks.iter().filter(|risk| !met(risk)).cloned().collect(),
        lacks_development: has_labour == Some(true) && !some("development"),
        lacks_safety_net: has_labour == Some(false) && !some("safety_net"),
    }
}
