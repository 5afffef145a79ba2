//! What one column of a fact table means: type, unit, owner, words, and the list that must have arrived.

use kernel::lang::Lang;

/// Words in both languages of the product, written beside the thing they name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Title {
    /// Simplified Chinese, the official term where there is one.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Title {
    /// Both languages at once.
    pub const fn new(zh: &'static str, en: &'static str) -> Self {
        Self { zh, en }
    }

    /// The words in one language.
    pub const fn get(self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }
}

/// How a column is stored and what may be done with it in a predicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Whole fen (BIGINT). Predicates are written in yuan; the compiler scales.
    Money,
    /// A whole number (BIGINT).
    Int,
    /// A fraction (DOUBLE PRECISION).
    Real,
    /// 0 or 1 (BIGINT); usable bare in a predicate: `monitored and not dibao`.
    Bool,
    /// A code or a word (TEXT); compared for equality only.
    Text,
    /// A day `YYYY-MM-DD` (TEXT); compared with days, counted with `days_since(…)`.
    Day,
}

impl Kind {
    /// The column type, one text for both engines.
    pub const fn sql_type(self) -> &'static str {
        match self {
            Self::Money | Self::Int | Self::Bool => "BIGINT",
            Self::Real => "DOUBLE PRECISION",
            Self::Text | Self::Day => "TEXT",
        }
    }

    /// The English name of the kind, as in the reference page.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Money => "money",
            Self::Int => "whole number",
            Self::Real => "fraction",
            Self::Bool => "yes/no",
            Self::Text => "text",
            Self::Day => "day",
        }
    }
}

/// What a number counts; it is written after the number wherever people read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Codes, days, yes/no: nothing is written after it.
    None,
    /// 元. Stored in fen where the kind is [`Kind::Money`].
    Yuan,
    /// 元/人.
    YuanPerHead,
    /// 人.
    Persons,
    /// 户.
    Households,
    /// 次.
    Times,
    /// 天.
    Days,
    /// 个月.
    Months,
    /// 年.
    Years,
    /// 岁.
    Age,
    /// 件, for requests and work orders.
    Cases,
    /// 项, for measures and risks.
    Items,
    /// 辆.
    Vehicles,
    /// 亩.
    Mu,
    /// 平方米.
    SquareMetres,
    /// 公里.
    Kilometres,
    /// %.
    Percent,
}

impl Unit {
    /// Every unit with its word in pack files.
    pub const CODES: &[(&str, Unit)] = &[
        ("none", Self::None),
        ("yuan", Self::Yuan),
        ("yuan_per_head", Self::YuanPerHead),
        ("persons", Self::Persons),
        ("households", Self::Households),
        ("times", Self::Times),
        ("days", Self::Days),
        ("months", Self::Months),
        ("years", Self::Years),
        ("age", Self::Age),
        ("cases", Self::Cases),
        ("items", Self::Items),
        ("vehicles", Self::Vehicles),
        ("mu", Self::Mu),
        ("square_metres", Self::SquareMetres),
        ("kilometres", Self::Kilometres),
        ("percent", Self::Percent),
    ];

    /// The unit of a word in a pack file.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::CODES.iter().find(|(word, _)| *word == code).map(|(_, unit)| *unit)
    }

    /// The unit in both languages; empty for [`Unit::None`].
    pub const fn title(self) -> Title {
        match self {
            Self::None => Title::new("", ""),
            Self::Yuan => Title::new("元", "yuan"),
            Self::YuanPerHead => Title::new("元/人", "yuan per head"),
            Self::Persons => Title::new("人", "persons"),
            Self::Households => Title::new("户", "households"),
            Self::Times => Title::new("次", "times"),
            Self::Days => Title::new("天", "days"),
            Self::Months => Title::new("个月", "months"),
            Self::Years => Title::new("年", "years"),
            Self::Age => Title::new("岁", "years old"),
            Self::Cases => Title::new("件", "cases"),
            Self::Items => Title::new("项", "items"),
            Self::Vehicles => Title::new("辆", "vehicles"),
            Self::Mu => Title::new("亩", "mu"),
            Self::SquareMetres => Title::new("平方米", "m²"),
            Self::Kilometres => Title::new("公里", "km"),
            Self::Percent => Title::new("%", "%"),
        }
    }

    /// The unit of a single one in English: 1 person.
    pub const fn one_in_english(self) -> &'static str {
        match self {
            Self::Persons => "person",
            Self::Households => "household",
            Self::Times => "time",
            Self::Days => "day",
            Self::Months => "month",
            Self::Years => "year",
            Self::Age => "year old",
            Self::Cases => "case",
            Self::Items => "item",
            Self::Vehicles => "vehicle",
            other => other.title().en,
        }
    }

    /// Whether amounts in this unit are money.
    pub const fn is_money(self) -> bool {
        matches!(self, Self::Yuan | Self::YuanPerHead)
    }
}

/// Which department list must have arrived for an absent event to mean "none".
///
/// Inside coverage a NULL of the column is read as 0, no, or the empty text; outside it is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Coverage {
    /// The list, as intake names it (`coverage.list_id`).
    pub list: &'static str,
    /// How many months up to the day of reading the list must cover; 0 for "the latest delivery is enough".
    pub window_months: u16,
    /// More deliveries can only raise the value (a count, sum, maximum, "has happened"). Then what is already known may
    /// prove `column > x` even while a month is missing.
    pub only_grows: bool,
}

impl Coverage {
    /// Events added up over a window: bills, deaths, complaints.
    pub const fn events(list: &'static str, window_months: u16) -> Self {
        Self { list, window_months, only_grows: true }
    }

    /// A state in which the latest list replaces the earlier: overdue loans, suspected drop-outs, vehicles.
    pub const fn latest(list: &'static str, window_months: u16) -> Self {
        Self { list, window_months, only_grows: false }
    }
}

/// One documented column of one fact table. Declared as a constant in the `facts.rs` of the room that owns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The fact table, `household_facts`.
    pub table: &'static str,
    /// The name in SQL and in predicates, `oop_12m`.
    pub name: &'static str,
    /// Type and arithmetic.
    pub kind: Kind,
    /// The room that derives it, `circumstances`.
    pub room: &'static str,
    /// A few words for headings and explanations: 近12个月合规自付.
    pub title: Title,
    /// One sentence that says what exactly is counted.
    pub sentence: Title,
    /// What the number counts.
    pub unit: Unit,
    /// The list whose delivery turns absence into none; `None` for what the register itself says.
    pub coverage: Option<Coverage>,
    /// What of a county's own list it asks; `None` for a stored column.
    pub own: Option<crate::own::Own>,
}

impl Column {
    /// A column without unit or coverage; add them with [`Column::unit`] and [`Column::covered`].
    pub const fn new(table: &'static str, name: &'static str, kind: Kind) -> Self {
        let unit = if matches!(kind, Kind::Money) { Unit::Yuan } else { Unit::None };
        let empty = Title::new("", "");
        let (room, coverage, own) = ("", None, None);
        Self { table, name, kind, room, title: empty, sentence: empty, unit, coverage, own }
    }

    /// A column of `household_facts`.
    pub const fn household(name: &'static str, kind: Kind) -> Self {
        Self::new("household_facts", name, kind)
    }

    /// A column of `person_facts`.
    pub const fn person(name: &'static str, kind: Kind) -> Self {
        Self::new("person_facts", name, kind)
    }

    /// A column of `village_facts`.
    pub const fn village(name: &'static str, kind: Kind) -> Self {
        Self::new("village_facts", name, kind)
    }

    /// Sets the owning room.
    pub const fn room(mut self, room: &'static str) -> Self {
        self.room = room;
        self
    }

    /// Sets the heading in both languages.
    pub const fn title(mut self, zh: &'static str, en: &'static str) -> Self {
        self.title = Title::new(zh, en);
        self
    }

    /// Sets the sentence of the reference page in both languages.
    pub const fn sentence(mut self, zh: &'static str, en: &'static str) -> Self {
        self.sentence = Title::new(zh, en);
        self
    }

    /// Sets the unit.
    pub const fn unit(mut self, unit: Unit) -> Self {
        self.unit = unit;
        self
    }

    /// Sets the list that must have arrived.
    pub const fn covered(mut self, coverage: Coverage) -> Self {
        self.coverage = Some(coverage);
        self
    }
}
