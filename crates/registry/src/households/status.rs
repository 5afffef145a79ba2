//! Dated statuses of a household or of one person in it: what kind of household it is, whether it is monitored, dibao,
//! tekun, and the register of poor households before 2020.

use kernel::ids::PersonId;
use kernel::time::{Day, Instant};

use crate::areas::Span;

macro_rules! schemes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal { $($code:literal = $official:literal,)* },)+) => {
        /// A family of statuses that exclude each other.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Scheme { $($(#[$doc])* $variant,)+ }

        impl Scheme {
            /// All schemes, in the order in which a page shows them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The text in `statuses.scheme`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The scheme of a text.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }

            /// Code and official word of each value that is known.
            #[must_use]
            pub const fn values(self) -> &'static [(&'static str, &'static str)] {
                match self { $(Self::$variant => &[$(($code, $official),)*],)+ }
            }
        }
    };
}

schemes! {
    /// 户类型: an ordinary household or one lifted out of poverty.
    Type = "type" {
        "general" = "一般户",
        "lifted" = "脱贫户",
        "lifted_without_policy" = "脱贫不享受政策户",
    },
    /// 监测对象类别.
    Monitored = "monitored" {
        "unstable" = "脱贫不稳定户",
        "marginal" = "边缘易致贫户",
        "sudden" = "突发严重困难户",
        "object" = "防止返贫致贫对象",
    },
    /// 最低生活保障.
    Dibao = "dibao" { "yes" = "低保", },
    /// 特困供养.
    Tekun = "tekun" { "yes" = "特困", },
    /// 建档立卡: the register of poor households before 2020, with causes and year of exit in the detail.
    Legacy = "legacy" { "registered" = "建档立卡户", },
}

impl Scheme {
    /// The code of an official word; a word that is not in the list is kept as it is.
    #[must_use]
    pub fn code_of(self, official: &str) -> String {
        let word = official.trim();
        let known = self.values().iter().find(|(_, known)| *known == word);
        known.map_or_else(|| word.to_owned(), |(code, _)| (*code).to_owned())
    }

    /// The official word of a code; a value that is not in the list is its own word.
    #[must_use]
    pub fn official(self, code: &str) -> &str {
        self.values().iter().find(|(known, _)| *known == code).map_or(code, |(_, word)| word)
    }

    /// What the register's column 低保/特困 means.
    #[must_use]
    pub fn of_relief(word: &str) -> Option<Self> {
        match word.trim() {
            "低保" | "低保户" => Some(Self::Dibao),
            "特困" | "特困户" | "特困供养" => Some(Self::Tekun),
            _ => None,
        }
    }

    /// Whether a register that no longer states such a status ends it. The old register of poor households is history.
    #[must_use]
    pub const fn stated_by_register(self) -> bool {
        !matches!(self, Self::Legacy)
    }
}

/// A status before it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusValue {
    /// The person, or `None` for the household.
    pub person: Option<PersonId>,
    /// The family of statuses.
    pub scheme: Scheme,
    /// The code of the value.
    pub value: String,
    /// From and until when.
    pub span: Span,
    /// JSON with what else is known.
    pub detail: Option<String>,
    /// The row that says so.
    pub row_no: i64,
}

impl StatusValue {
    /// A status of the household from `from` on.
    #[must_use]
    pub const fn plain(scheme: Scheme, value: String, from: Day, row_no: i64) -> Self {
        Self { person: None, scheme, value, span: Span::since(from), detail: None, row_no }
    }
}

/// When something dated was written down, and when its end was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Written down.
    pub at: Instant,
    /// When its end became known.
    pub ended_at: Option<Instant>,
}

/// Whether a dated row held on `as_of`, as far as was known at `known_at`: an end that was written down later did not yet
/// count then.
#[must_use]
pub fn held(span: Span, recorded: Recorded, as_of: Day, known_at: Instant) -> bool {
    if recorded.at > known_at {
        return false;
    }
    let end_known = recorded.ended_at.is_none_or(|at| at <= known_at);
    let seen = if end_known { span } else { Span::since(span.from) };
    seen.holds_on(as_of)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(offset: i64) -> Day {
        "2025-01-01".parse::<Day>().unwrap().add_days(offset)
    }

    fn noon(offset: i64) -> Instant {
        Instant::start_of(day(offset)).add_millis(43_200_000)
    }

    #[test]
    fn every_word_has_its_code_and_back() {
        for scheme in Scheme::ALL {
            assert_eq!(Scheme::parse(scheme.as_str()), Some(*scheme));
            for (code, word) in scheme.values() {
                assert_eq!(scheme.code_of(word), *code);
                assert_eq!(scheme.official(code), *word);
            }
        }
        assert_eq!(Scheme::Type.code_of("新类型"), "新类型");
        assert_eq!(Scheme::of_relief("特困"), Some(Scheme::Tekun));
    }

    #[test]
    fn a_late_report_of_an_end_does_not_change_what_was_known() {
        let span = Span { from: day(0), to: Some(day(10)) };
        let recorded = Recorded { at: noon(0), ended_at: Some(noon(30)) };
        assert!(held(span, recorded, day(12), noon(20)));
        assert!(!held(span, recorded, day(12), noon(31)));
        assert!(!held(span, recorded, day(5), noon(-1)));
    }

    proptest! {
        #[test]
        fn with_everything_known_the_span_decides(from in 0i64..50, length in 0i64..50, probe in 0i64..120) {
            let span = Span { from: day(from), to: Some(day(from + length)) };
            let recorded = Recorded { at: noon(0), ended_at: Some(noon(1)) };
            prop_assert_eq!(held(span, recorded, day(probe), noon(500)), span.holds_on(day(probe)));
        }
    }
}
