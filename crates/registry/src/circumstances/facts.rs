//! From dated records to the columns that rules, lists and indicators ask.
//!
//! Pure and total: the same records on the same day give the same row, and a row can always be made again. Which source
//! speaks for a value is decided here and nowhere else: the latest one, where a department's list and a visit count like
//! the register if they are younger than it. What happened to people who died or moved away no longer counts for those
//! who stay, except bills and losses, which the household has borne.

mod acted;
mod events;
mod happened;
mod income;
mod input;
mod members;
mod own;
mod person;
mod picture;
mod quality;
mod read;
mod standing;
mod table;
mod trace;
mod village;

pub use acted::{Acted, CaseFacts, HelpFacts};
pub use events::EventFacts;
pub use income::IncomeFacts;
pub use input::{
    HouseholdRecords, Income, Member, Origin, Record, Status, Surroundings, Turn, Windows,
};
pub use members::MemberFacts;
pub use own::OwnListFacts;
pub use person::{PersonFactRow, PersonFacts};
pub use quality::QualityFacts;
pub use read::BadBody;
pub use standing::StandingFacts;
pub use trace::{Evidence, Trace, Unheard};
pub use village::{VillageFactRow, VillageFacts, village_events};

use facts::{Column, Scalar};
use kernel::ids::HouseholdId;
use kernel::time::Day;

use self::happened::Scene;
use self::picture::pictures;
use self::read::Reader;

/// One row of `household_facts`, without the village code.
#[derive(Clone, Debug, PartialEq)]
pub struct HouseholdFactRow {
    /// The household.
    pub household: HouseholdId,
    /// How it stands.
    pub standing: StandingFacts,
    /// Who lives there.
    pub members: MemberFacts,
    /// Its income.
    pub income: IncomeFacts,
    /// What happened.
    pub events: EventFacts,
    /// What does not fit together.
    pub quality: QualityFacts,
    /// Rows of the county's own lists.
    pub own: OwnListFacts,
    /// Its help.
    pub help: HelpFacts,
    /// Its case.
    pub case: CaseFacts,
    /// The day on which a value next changes by itself: an age, a window, a count of days.
    pub changes_on: Option<Day>,
}

impl HouseholdFactRow {
    /// The stored values in the order of the household columns of [`columns`].
    #[must_use]
    pub fn scalars(&self) -> Vec<Scalar> {
        let mut all = self.standing.scalars();
        all.extend(self.members.scalars());
        all.extend(self.income.scalars());
        all.extend(self.events.scalars());
        all.extend(self.quality.scalars());
        all.extend(self.own.scalars());
        all.extend(self.help.scalars());
        all.extend(self.case.scalars());
        all
    }
}

/// Every column that the register derives, of all three tables, in the order of the rows.
pub fn columns() -> impl Iterator<Item = Column> {
    [
        StandingFacts::COLUMNS,
        MemberFacts::COLUMNS,
        IncomeFacts::COLUMNS,
        EventFacts::COLUMNS,
        QualityFacts::COLUMNS,
        OwnListFacts::COLUMNS,
        HelpFacts::COLUMNS,
        CaseFacts::COLUMNS,
        PersonFacts::COLUMNS,
        VillageFacts::COLUMNS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

/// Derives the facts of a household and of its members on a day.
///
/// # Errors
/// When a body cannot be read; it names batch and row.
pub fn derive(
    records: &HouseholdRecords,
    day: Day,
    around: &Surroundings,
) -> Result<(HouseholdFactRow, Vec<PersonFactRow>), BadBody> {
    derive_heard(records, day, around, &mut Unheard)
}

/// The rows behind every column of a household on a day.
///
/// # Errors
/// When a body cannot be read; it names batch and row.
pub fn evidence(
    records: &HouseholdRecords,
    day: Day,
    around: &Surroundings,
) -> Result<Evidence, BadBody> {
    let mut heard = Evidence::default();
    derive_heard(records, day, around, &mut heard)?;
    Ok(heard)
}

/// The rows of own lists about a household and its members on a day, as its facts hold them.
///
/// # Errors
/// When a body cannot be read; it names batch and row.
pub fn own_rows(of: &HouseholdRecords, day: Day) -> Result<Option<String>, BadBody> {
    Ok(derive_heard(of, day, &Surroundings::default(), &mut Unheard)?.0.own.own_lists)
}

fn derive_heard(
    of: &HouseholdRecords,
    day: Day,
    around: &Surroundings,
    trace: &mut impl Trace,
) -> Result<(HouseholdFactRow, Vec<PersonFactRow>), BadBody> {
    let windows = Windows::ending(day);
    let mut turn = Turn::after(day);
    let reader = Reader::of(&of.records, day)?;
    reader.turning_days().for_each(|changes| turn.on(changes));
    let people = pictures(&of.members, &reader, day, &mut turn)?;
    let mut counted: Vec<_> =
        people.iter().filter(|one| one.is_here()).map(|one| one.person).collect();
    counted.extend(moved_on(&of.members, &people, day));

    let (standing, size) = standing::standing(of, &reader, &counted, &mut turn, trace)?;
    let mut members = members::members(&people, trace);
    let mut income = income::income(&of.incomes, windows, &mut turn, trace);
    let quality = quality::quality(&people, size, trace);
    let mut scene = Scene {
        counted: &counted,
        people: &people,
        reader: &reader,
        windows,
        around,
        turn: &mut turn,
        trace,
    };
    let events = happened::events(&mut scene)?;
    income.per_head(members.persons.unwrap_or(0), &events);
    members.guarantees(
        standing.house_grade.as_deref(),
        events.house_cd.as_deref(),
        events.dropout_suspects,
    );
    let own = own::of_household(&reader, &people, &mut turn)?;
    let Acted { help, case, changes_on } = of.acted.clone();
    changes_on.into_iter().for_each(|changes| turn.on(changes));
    let elsewhere = Reader::of(&of.elsewhere, day)?;
    let persons = person::persons(of.household, &people, (&reader, &elsewhere), windows)?;
    let row = HouseholdFactRow {
        household: of.household,
        standing,
        members,
        income,
        events,
        quality,
        own,
        help,
        case,
        changes_on: turn.next(),
    };
    Ok((row, persons))
}

/// People who lived here and now live in another household: what this household bore or got for them still counts, unless
/// they have died, as for those who died here.
fn moved_on<'a>(
    members: &'a [Member],
    people: &'a [picture::Picture],
    day: Day,
) -> impl Iterator<Item = kernel::ids::PersonId> + 'a {
    members
        .iter()
        .filter(move |stay| stay.died_on.is_none_or(|died_on| died_on > day))
        .map(|stay| stay.person)
        .filter(|person| !people.iter().any(|one| one.person == *person))
}
