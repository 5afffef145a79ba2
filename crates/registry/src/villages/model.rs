//! Classes of villages by what their collective earns.

use kernel::word_list;

word_list! {
    /// The class of a village in a year.
    Collective, "villages.not_a_class", text:
    /// 空壳村: earns nothing, or next to nothing.
    Shell = "shell";
    /// 薄弱村: earns less than the county's line.
    Weak = "weak";
    /// Neither.
    Over = "over";
    /// Nobody has written down what it earned, or no threshold is set.
    Unknown = "unknown";
}

/// The lines of a year in fen; `None` where none is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Thresholds {
    /// Up to this a village is a shell.
    pub shell: Option<i64>,
    /// Below this it is weak.
    pub weak: Option<i64>,
}

/// The class that follows from an income in fen.
#[must_use]
pub fn classify(income: Option<i64>, lines: Thresholds) -> Collective {
    match (income, lines.shell, lines.weak) {
        (Some(income), Some(shell), _) if income <= shell => Collective::Shell,
        (Some(income), Some(_), Some(weak)) if income < weak => Collective::Weak,
        (Some(_), Some(_), Some(_)) => Collective::Over,
        _ => Collective::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_follows_from_the_income_and_an_unknown_is_no_class() {
        let lines = Thresholds { shell: Some(0), weak: Some(5_000_000) };
        assert_eq!(classify(Some(0), lines), Collective::Shell);
        assert_eq!(classify(Some(-100), lines), Collective::Shell);
        assert_eq!(classify(Some(1), lines), Collective::Weak);
        assert_eq!(classify(Some(4_999_999), lines), Collective::Weak);
        assert_eq!(classify(Some(5_000_000), lines), Collective::Over);
        assert_eq!(classify(None, lines), Collective::Unknown);
        assert_eq!(classify(Some(0), Thresholds { shell: None, ..lines }), Collective::Unknown);
        assert_eq!(classify(Some(1), Thresholds { weak: None, ..lines }), Collective::Unknown);
    }
}
