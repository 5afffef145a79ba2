//! What stands on a slip.

use kernel::area::AreaCode;

/// Leads of one village as numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Given out since yesterday.
    pub fresh: i64,
    /// Due today.
    pub today: i64,
    /// Due within the next days.
    pub soon: i64,
    /// Past their day.
    pub overdue: i64,
    /// All that are open.
    pub open: i64,
    /// Answered in the last seven days.
    pub answered: i64,
}

impl Counts {
    /// The same for several villages together.
    #[must_use]
    pub fn plus(self, other: Counts) -> Counts {
        Counts {
            fresh: self.fresh + other.fresh,
            today: self.today + other.today,
            soon: self.soon + other.soon,
            overdue: self.overdue + other.overdue,
            open: self.open + other.open,
            answered: self.answered + other.answered,
        }
    }
}

/// What happened in seven days.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Week {
    /// Leads given out.
    pub given: i64,
    /// Leads answered.
    pub answered: i64,
    /// Of them, risk confirmed.
    pub confirmed: i64,
}

/// The slip of one village.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VillageSlip {
    /// The village.
    pub code: AreaCode,
    /// Its name.
    pub name: String,
    /// Its numbers.
    pub counts: Counts,
    /// Lists that came in the last seven days and cover it: the list and its time.
    pub came: Vec<(String, Option<kernel::time::Period>)>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_villages_add_up() {
        let one = Counts { fresh: 1, today: 2, soon: 3, overdue: 4, open: 9, answered: 5 };
        let sum = one.plus(one);
        assert_eq!((sum.fresh, sum.today, sum.soon), (2, 4, 6));
        assert_eq!((sum.overdue, sum.open, sum.answered), (8, 18, 10));
    }
}
