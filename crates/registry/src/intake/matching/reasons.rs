//! What a decision says about itself. Every reason has a code; the sentence for it lives in the locales under
//! `intake-reason-CODE`, of an agreement under `intake-agreement-CODE`.

use kernel::ids::{HouseholdId, PersonId};

use super::index::Member;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)+) => {
        /// Why a row was given to somebody, asked, found not to be here, or rejected.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Reason {
            $($(#[$doc])* $name,)+
        }

        impl Reason {
            /// All reasons, for the test that both languages have a sentence for each.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Code for tables, `--rows-out` and locales.
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

reasons! {
    /// Given: the identity number as registered, and the name.
    Number = "number";
    /// Given: the number after repair (15 digits, full width, lower-case x, blanks, quotes), and the name.
    NumberRepaired = "number_repaired";
    /// Given: the number, and a name that differs by ear or in one character, which nobody else around bears.
    NumberNameAlike = "number_name_alike";
    /// Given: the number; the row shows no name.
    NumberAlone = "number_alone";
    /// Given: the number inside the school roll number, and the name.
    RollNumber = "roll_number";
    /// Given: the number inside the disability certificate, and the name.
    Certificate = "certificate";
    /// Given: the first fifteen digits, all that a spreadsheet kept, and the name.
    First15Name = "first15_name";
    /// Given: a number one slip away from the registered one, and the name.
    OneSlipName = "one_slip_name";
    /// Given: a number two digits away from that of the only one of that name in the village.
    TwoSlipsVillageName = "two_slips_village_name";
    /// Given: both ends of a starred number, and the name.
    MaskedNumberName = "masked_number_name";
    /// Given: the register's number of the person, and the name.
    PersonNumberName = "person_number_name";
    /// Given: the register's number of the household, and the name.
    HouseholdNumberName = "household_number_name";
    /// Given: the phone, and the name.
    PhoneName = "phone_name";
    /// Given: birth date and name.
    BirthName = "birth_name";
    /// Given: the only one of that name in the village.
    VillageName = "village_name";
    /// Given: the only head of a household of that name in the village.
    VillageHead = "village_head";
    /// Given: the only one in the village whose name sounds so.
    VillageSound = "village_sound";
    /// Given: the only one of that name in the town; the list names no village.
    TownName = "town_name";
    /// Given: the village (lists of villages).
    PlaceVillage = "place_village";
    /// Asked: the number stands for two people of that name.
    NumberTwice = "number_twice";
    /// Asked: the number belongs to somebody of another name.
    NumberOtherName = "number_other_name";
    /// Asked: the number belongs to one member of a household, the name to another.
    NumberOfRelative = "number_of_relative";
    /// Asked: two numbers in the row belong to two people.
    NumbersDisagree = "numbers_disagree";
    /// Asked: the row's number is right and unknown, but the one registered for this name is doubtful.
    NumberDoubtful = "number_doubtful";
    /// Asked: name and place agree, what is left of the number does not.
    NumberContradicts = "number_contradicts";
    /// Asked: several people of that name there.
    SeveralOfThatName = "several_of_that_name";
    /// Asked: nobody of that name there, several whose names sound so.
    SeveralSoundAlike = "several_sound_alike";
    /// Asked: sex, birth or place say otherwise.
    OtherEvidenceContradicts = "other_evidence_contradicts";
    /// Asked: the village is not known, but there is one of that name in the town.
    PlaceUnknown = "place_unknown";
    /// Asked: a name without any place.
    NoPlace = "no_place";
    /// Asked: the phone is known, the name is not.
    PhoneOnly = "phone_only";
    /// Not here: the number is right and not in the register.
    NumberNotInRegister = "number_not_in_register";
    /// Not here: nobody of that name there.
    NobodyOfThatName = "nobody_of_that_name";
    /// Not here: the row hides who it is about.
    Anonymous = "anonymous";
    /// Not here: the address is in another county.
    Elsewhere = "elsewhere";
    /// Rejected: a list of villages names one that does not exist.
    VillageUnknown = "village_unknown";
    /// Rejected: no name, no number, no phone.
    NothingToGoBy = "nothing_to_go_by";
}

/// One piece of evidence, compared between a row and a person of the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Agreement {
    /// The whole identity number.
    Number,
    /// Its first fifteen digits.
    First15,
    /// The name, letter for letter in normal form.
    Name,
    /// The name by ear, or all but one character.
    NameAlike,
    /// The birth date, of the list or inside the number.
    Birth,
    /// The sex.
    Sex,
    /// The phone, of the person or the household.
    Phone,
    /// The village.
    Village,
    /// The town.
    Town,
    /// The guardian lives in the same household.
    Guardian,
    /// Head of the household.
    Head,
}

impl Agreement {
    /// Code for the match queue and the locales.
    pub fn code(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::First15 => "first15",
            Self::Name => "name",
            Self::NameAlike => "name_alike",
            Self::Birth => "birth",
            Self::Sex => "sex",
            Self::Phone => "phone",
            Self::Village => "village",
            Self::Town => "town",
            Self::Guardian => "guardian",
            Self::Head => "head",
        }
    }
}

/// Somebody the row may speak of, with what speaks for and against it: the two columns of the match queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Position in the index.
    pub member: Member,
    /// The person.
    pub person: PersonId,
    /// The person's household.
    pub household: HouseholdId,
    /// What agrees.
    pub agrees: Vec<Agreement>,
    /// What the row says otherwise.
    pub differs: Vec<Agreement>,
}

/// Whom a row speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// This person, for this reason. For a list of households the household of that person is meant.
    Sure {
        /// Position in the index.
        member: Member,
        /// The person.
        person: PersonId,
        /// The household.
        household: HouseholdId,
        /// Why.
        by: Reason,
    },
    /// This village (lists of villages).
    Village {
        /// Village code as a number.
        code: u64,
        /// Why.
        by: Reason,
    },
    /// A person must say; the likeliest first, at most [`super::decide::MOST_CANDIDATES`].
    Ask {
        /// Who it may be; empty when only the phone or the place gave a hint.
        candidates: Vec<Candidate>,
        /// Why it is asked.
        why: Reason,
    },
    /// Nobody of this register.
    NotHere {
        /// Why.
        reason: Reason,
    },
    /// The row shows nothing by which anybody could be found; it stays with a finding until it is mended.
    Rejected {
        /// What is missing.
        reason: Reason,
    },
}

impl Decision {
    /// The reason, whatever the decision.
    pub fn reason(&self) -> Reason {
        match self {
            Self::Sure { by, .. } | Self::Village { by, .. } => *by,
            Self::Ask { why, .. } => *why,
            Self::NotHere { reason } | Self::Rejected { reason } => *reason,
        }
    }
}
