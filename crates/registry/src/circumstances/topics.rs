//! What a dated record says: one topic, one body.
//!
//! Every value that enters the county, whether from a department's file, a visit, a declaration or a form filled by
//! hand, becomes a row of `records` with a topic and a body in JSON. The bodies are the contract between those who
//! write (intake, the forms) and those who read (the derivation of the facts, the timeline of a household): the keys
//! are short because there are hundreds of thousands of bodies, absent keys mean "not said", money is in fen and days
//! are `YYYY-MM-DD`.
//!
//! The day of the event itself is never in the body: it is `records.valid_from` (the day the row names: settlement,
//! change, outage, inspection, state of the loan book). A department row that names a person is a record of that
//! person, even where it speaks of the household's house or field, because the row stops counting when the person was
//! wrongly matched; `records.household_id` carries the household for which it was delivered. Where it counts once the
//! person has lived in several households says [`Topic::stays_behind`].

mod lists;
mod register;
mod said;
mod words;

pub use lists::{
    Complaint, Death, DisabilityCertificate, DisasterLoss, DropoutSuspect, HospitalStay,
    HouseGradeRow, HukouMove, JobEvent, LoanState, OwnListRow, SchoolRoll, SocialAssistance,
    Vehicle, WaterOutage,
};
pub use register::{OldRegister, RegisterHousehold, RegisterPerson};
pub use said::{
    Clothing, Correction, Food, Health, Housing, Insurance, Labour, Schooling, Water, Work,
};
pub use words::{
    CertificateChange, DropoutState, HealthWords, HouseGrade, HouseState, JobChange, LabourSkill,
    MoveDirection, ReliefKind, disability_level,
};

use serde::{Deserialize, Serialize};

/// Whom a record speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// A household.
    Household,
    /// A person, and through the person the household of the record.
    Person,
    /// A whole village.
    Village,
}

impl Subject {
    /// The text in `records.subject`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Household => "household",
            Self::Person => "person",
            Self::Village => "village",
        }
    }
}

/// How closely a value is kept; a permit opens classes, not columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldClass {
    /// What neighbours know: members, place, kin, house.
    Basic,
    /// Numbers that identify: certificates, phones.
    Identity,
    /// Illness, disability, hospital bills.
    Health,
    /// Income, bills, loans, relief.
    Money,
    /// Vehicles and other property: sealed, a rule may use it, the value shows only inside a case.
    Asset,
}

macro_rules! topics {
    ($($variant:ident = $text:literal, $subject:ident, $class:ident, $doc:literal;)+) => {
        /// What a record is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Topic {
            $(#[doc = $doc] $variant,)+
        }

        impl Topic {
            /// Every topic, in the order of the departments.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The text in `records.topic`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The topic of a text; `None` when no such topic exists.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }

            /// Whom a record of this topic speaks of.
            #[must_use]
            pub const fn subject(self) -> Subject {
                match self { $(Self::$variant => Subject::$subject,)+ }
            }

            /// How closely its values are kept.
            #[must_use]
            pub const fn class(self) -> FieldClass {
                match self { $(Self::$variant => FieldClass::$class,)+ }
            }

            /// The Fluent message with the topic's title.
            #[must_use]
            pub const fn title_id(self) -> &'static str {
                match self { $(Self::$variant => concat!("circumstances-topic-", $text),)+ }
            }
        }
    };
}

topics! {
    RegisterHousehold = "register_household", Household, Basic, "A row of the household sheet of the register (户).";
    RegisterPerson = "register_person", Person, Basic, "A row of the person sheet of the register (人).";
    HospitalStay = "hospital_stay", Person, Health, "One settled hospital bill (医保 住院结算).";
    SchoolRoll = "school_roll", Person, Basic, "One pupil on a term's roll (教育 学籍).";
    DropoutSuspect = "dropout_suspect", Person, Basic, "A child on a list of suspected drop-outs (疑似失学辍学).";
    SocialAssistance = "social_assistance", Person, Money, "A change of dibao, tekun or temporary relief (民政).";
    DisabilityCertificate = "disability_certificate", Person, Health, "A certificate issued or changed (残联).";
    HouseGrade = "house_grade", Person, Basic, "A house graded by the housing department (住建 危房台账), named by its head.";
    WaterOutage = "water_outage", Village, Basic, "A village without water for some days (水利).";
    JobEvent = "job_event", Person, Money, "A job lost, a return home, wages unpaid (人社).";
    DisasterLoss = "disaster_loss", Person, Money, "A loss counted after a disaster (应急), named by the household's head.";
    LoanState = "loan_state", Person, Money, "A small loan at a month's end (农商行).";
    Death = "death", Person, Basic, "A death struck from the household book (公安 死亡注销).";
    HukouMove = "hukou_move", Person, Basic, "A household registration moved in or out (公安 户口迁移).";
    Vehicle = "vehicle", Person, Asset, "A vehicle in a person's name on the day of the list (公安 机动车).";
    Complaint = "complaint", Person, Basic, "A hotline ticket (信访/12345); of a household where only that is known.";
    Insurance = "insurance", Person, Health, "Medical and pension insurance as said or seen.";
    Schooling = "schooling", Person, Basic, "Whether and where somebody goes to school, as said or seen.";
    Housing = "housing", Household, Basic, "State of the house as said or seen.";
    Water = "water", Household, Basic, "Drinking water as said or seen.";
    Health = "health", Person, Health, "Health as said or seen.";
    Labour = "labour", Person, Basic, "Ability to work as said or seen.";
    Work = "work", Person, Money, "Where somebody works and since when, as said or seen.";
    Food = "food", Household, Basic, "Whether there is enough to eat (不愁吃).";
    Clothing = "clothing", Household, Basic, "Whether there are clothes for the seasons (不愁穿).";
    OldRegister = "old_register", Person, Basic, "A row of the register of poor households before 2020 (建档立卡), named by its head.";
    OwnListRow = "own_list", Person, Money, "A row of a list that the county made itself (自建名单).";
    Correction = "correction", Household, Basic, "One value of an earlier record put right by hand, old and new.";
}

impl Topic {
    /// Whether a record stays with the household in which the person lived on its day, because that household bore or
    /// got it (a bill, a loss, relief, its house, its complaint) or lost the person then. Everything else is so of the
    /// person and goes where the person goes.
    #[must_use]
    pub const fn stays_behind(self) -> bool {
        matches!(
            self,
            Self::HospitalStay
                | Self::SocialAssistance
                | Self::HouseGrade
                | Self::DisasterLoss
                | Self::Complaint
                | Self::Death
                | Self::HukouMove
                | Self::OldRegister
        )
    }
}

/// A line of the income form (收入项): a wage, b business, c property, d transfer, e business cost.
///
/// Net income is a + b + c + d - e; costs are stored positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IncomeLine {
    code: &'static str,
}

/// The five blocks of the income form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IncomeBlock {
    /// a: wages (工资性收入).
    Wage,
    /// b: business receipts (生产经营性收入).
    Business,
    /// c: property (财产性收入).
    Property,
    /// d: transfers (转移性收入).
    Transfer,
    /// e: cost of business (生产经营性支出), taken off.
    Cost,
}

impl IncomeLine {
    /// Every line, in the order of the form.
    pub const ALL: &'static [Self] = &[
        Self { code: "a1" },
        Self { code: "a2" },
        Self { code: "a3" },
        Self { code: "a4" },
        Self { code: "a5" },
        Self { code: "b1" },
        Self { code: "b2" },
        Self { code: "b3" },
        Self { code: "b4" },
        Self { code: "c1" },
        Self { code: "c2" },
        Self { code: "c3" },
        Self { code: "c4" },
        Self { code: "c5" },
        Self { code: "d1" },
        Self { code: "d2" },
        Self { code: "d3" },
        Self { code: "d4" },
        Self { code: "d5" },
        Self { code: "d6" },
        Self { code: "e1" },
        Self { code: "e2" },
        Self { code: "e3" },
        Self { code: "e4" },
    ];

    /// The line of a code such as `a1`; `None` when the form has no such line.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|line| line.code == code)
    }

    /// The code in `incomes.line`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.code
    }

    /// The block it belongs to.
    #[must_use]
    pub fn block(self) -> IncomeBlock {
        match self.code.as_bytes().first() {
            Some(b'a') => IncomeBlock::Wage,
            Some(b'b') => IncomeBlock::Business,
            Some(b'c') => IncomeBlock::Property,
            Some(b'd') => IncomeBlock::Transfer,
            _ => IncomeBlock::Cost,
        }
    }

    /// The Fluent message with the line's name, `circumstances-line-a1`.
    #[must_use]
    pub fn title_id(self) -> String {
        format!("circumstances-line-{}", self.code)
    }
}

/// A body that knows its topic, so that the two cannot be mixed up when a record is written.
pub trait Body: Serialize + for<'de> Deserialize<'de> {
    /// The topic of these bodies.
    const TOPIC: Topic;

    /// The text for `records.body`.
    ///
    /// # Errors
    /// Only if a map key is not a string, which no body has.
    fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Reads `records.body`.
    ///
    /// # Errors
    /// When the text is not a body of this topic: a fault of whoever wrote it.
    fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}

macro_rules! bodies {
    ($($body:ident => $topic:ident),+ $(,)?) => {
        $(impl Body for $body { const TOPIC: Topic = Topic::$topic; })+
    };
}

bodies! {
    RegisterHousehold => RegisterHousehold, RegisterPerson => RegisterPerson, HospitalStay => HospitalStay,
    SchoolRoll => SchoolRoll, DropoutSuspect => DropoutSuspect, SocialAssistance => SocialAssistance,
    DisabilityCertificate => DisabilityCertificate, HouseGradeRow => HouseGrade, WaterOutage => WaterOutage,
    JobEvent => JobEvent, DisasterLoss => DisasterLoss, LoanState => LoanState, Death => Death,
    HukouMove => HukouMove, Vehicle => Vehicle, Complaint => Complaint, Insurance => Insurance,
    Schooling => Schooling, Housing => Housing, Water => Water, Health => Health, Labour => Labour, Work => Work,
    Food => Food, Clothing => Clothing, OldRegister => OldRegister, OwnListRow => OwnListRow,
    Correction => Correction,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_is_found_by_its_text() {
        for topic in Topic::ALL {
            assert_eq!(Topic::parse(topic.as_str()), Some(*topic));
            assert!(topic.title_id().ends_with(topic.as_str()));
        }
        assert_eq!(Topic::parse("hospital"), None);
    }

    #[test]
    fn every_topic_and_line_has_a_title_in_both_languages() {
        for lang in ["zh-CN", "en"] {
            let path =
                format!("{}/../../locales/{lang}/circumstances.ftl", env!("CARGO_MANIFEST_DIR"));
            let words = std::fs::read_to_string(&path).unwrap();
            let has = |id: &str| words.lines().any(|line| line.split(" =").next() == Some(id));
            for topic in Topic::ALL {
                assert!(has(topic.title_id()), "{} in {path}", topic.title_id());
            }
            for line in IncomeLine::ALL {
                assert!(has(&line.title_id()), "{} in {path}", line.title_id());
            }
        }
    }

    #[test]
    fn a_body_keeps_what_was_said_and_leaves_out_what_was_not() {
        let stay = HospitalStay {
            out_of_pocket_fen: Some(82_279),
            total_fen: Some(271_672),
            ..HospitalStay::default()
        };
        let text = stay.to_json().unwrap();
        assert_eq!(text, r#"{"t":271672,"o":82279}"#);
        assert_eq!(HospitalStay::from_json(&text).unwrap(), stay);
        assert_eq!(HospitalStay::from_json("{}").unwrap(), HospitalStay::default());
    }

    #[test]
    fn business_costs_are_the_only_block_that_is_taken_off() {
        assert_eq!(IncomeLine::parse("e4").map(IncomeLine::block), Some(IncomeBlock::Cost));
        assert_eq!(IncomeLine::parse("d6").map(IncomeLine::block), Some(IncomeBlock::Transfer));
        assert_eq!(IncomeLine::parse("a6"), None);
        assert_eq!(IncomeLine::ALL.len(), 24);
    }
}
