//! What our case and the national register say of one household, and where they differ. No database, no clock.

use kernel::area::AreaCode;
use kernel::ids::CaseId;
use kernel::time::Day;
use registry::circumstances::topics::RegisterHousehold;
use registry::households::Scheme;
use registry::policies::ShippedCodes;

use super::super::model::Case;
use super::super::record::risk_named;

/// What is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// 监测对象类别.
    Class,
    /// 风险识别时间.
    IdentifiedOn,
    /// 风险类型.
    Risks,
    /// 风险是否消除: a state, which only a step of the case changes.
    Removed,
    /// 风险消除时间.
    RemovedOn,
    /// 风险消除方式.
    Way,
}

impl Field {
    /// Every field, in the order of the page.
    pub const ALL: [Field; 6] = [
        Field::Class,
        Field::IdentifiedOn,
        Field::Risks,
        Field::Removed,
        Field::RemovedOn,
        Field::Way,
    ];

    /// The text in tables and addresses.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Class => "class",
            Self::IdentifiedOn => "identified_on",
            Self::Risks => "risks",
            Self::Removed => "removed",
            Self::RemovedOn => "removed_on",
            Self::Way => "way",
        }
    }

    /// The field of a code.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.code() == code)
    }
}

/// Whose value holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Ours stays.
    Ours,
    /// Theirs is taken over.
    Theirs,
}

impl Choice {
    /// The text in tables.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Theirs => "theirs",
        }
    }
}

/// One field of one household on which the two differ. Values are codes and days; words of theirs that no list knows stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The case and its version.
    pub case: (CaseId, i64),
    /// 户编号.
    pub number: String,
    /// The head.
    pub head: String,
    /// Code and name of the village.
    pub village: (AreaCode, String),
    /// What.
    pub field: Field,
    /// As the case has it.
    pub ours: String,
    /// As the register has it.
    pub theirs: String,
    /// The day of the register, and its row.
    pub said: (Day, String),
}

fn way_of(word: &str) -> &str {
    match word {
        "帮扶消除" => "helped",
        "自然消除" => "natural",
        other => other,
    }
}

/// The official word of a way in which a risk went.
pub fn way_word(code: &str) -> &str {
    match code {
        "helped" => "帮扶消除",
        "natural" => "自然消除",
        other => other,
    }
}

fn class_of(word: &str) -> String {
    let known =
        Scheme::Monitored.values().iter().find(|(code, known)| *known == word || *code == word);
    known.map_or_else(|| word.to_owned(), |(code, _)| (*code).to_owned())
}

fn risk_code(word: &str) -> String {
    let known = risk_named(word).or_else(|| ShippedCodes::Risks.find(word));
    known.map_or_else(|| word.to_owned(), |one| one.code.clone())
}

fn sorted(mut codes: Vec<String>) -> Vec<String> {
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// What the two say of a field: ours, theirs. `None` where the register says nothing or both say the same.
pub fn differ(
    field: Field,
    (case, risks): (&Case, &[String]),
    there: &RegisterHousehold,
) -> Option<(String, String)> {
    let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    let yes = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
    let (ours, theirs) = match field {
        Field::Class => {
            (case.class.clone().unwrap_or_default(), class_of(there.monitor_type.as_deref()?))
        }
        Field::IdentifiedOn => (day(case.identified_on), there.identified_on?.to_string()),
        Field::Removed => (yes(case.closed_on.is_some()), yes(there.risk_removed?)),
        Field::RemovedOn => {
            case.closed_on?;
            (day(case.closed_on), there.removed_on?.to_string())
        }
        Field::Way => {
            case.closed_on?;
            let theirs = way_of(there.removal_way.as_deref()?).to_owned();
            (case.closed_how.clone().unwrap_or_default(), theirs)
        }
        Field::Risks if there.risks.is_empty() => return None,
        Field::Risks => {
            let theirs: Vec<String> = there.risks.iter().map(|word| risk_code(word)).collect();
            if sorted(theirs.clone()) == sorted(risks.to_vec()) {
                return None;
            }
            (risks.join(","), theirs.join(","))
        }
    };
    (ours != theirs).then_some((ours, theirs))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_register_are_codes_here() {
        assert_eq!(class_of("突发严重困难户"), "sudden");
        assert_eq!(class_of("别的"), "别的");
        assert_eq!(way_of("帮扶消除"), "helped");
        assert_eq!(way_word(way_of("自然消除")), "自然消除");
        assert_eq!(risk_code("因病"), "illness");
    }
}
