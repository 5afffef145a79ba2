//! The statements behind a figure: how many rows meet a condition (of how many), by village, and exactly those rows.
//!
//! Who may see which rows is said by the caller in `within`, a condition over `f`; nothing else in them is text of an author
//! except quoted literals.

use crate::pass::Pass;
use crate::predicate::{Engine, Predicate};

/// Rows of a figure that can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Those that meet the condition.
    Hits,
    /// Those of which the share is taken.
    Base,
    /// Those for which it cannot be told.
    Unknown,
}

impl Part {
    fn condition(self) -> &'static str {
        match self {
            Self::Hits => "n = 1",
            Self::Base => "b = 1",
            Self::Unknown => "(n is null or b is null)",
        }
    }
}

impl Pass<'_> {
    /// How many rows there are by village. Columns: village code, hits, base, cannot tell, all rows. Without a base all
    /// rows are it. The condition is expected to hold the base already.
    pub fn by_village(&self, of: (&Predicate, Option<&Predicate>), within: &str) -> String {
        let sum = |part: Part| {
            let condition = part.condition();
            format!("cast(sum(case when {condition} then 1 else 0 end) as bigint)")
        };
        format!(
            "select v, {}, {}, {}, count(*) from ({}) counted group by v",
            sum(Part::Hits),
            sum(Part::Base),
            sum(Part::Unknown),
            self.answered(of, within)
        )
    }

    /// The rows of one part, in the order of the villages. Columns: key, household, village code; `page` ends the
    /// statement (`limit $5 offset $6`).
    pub fn rows_of(
        &self,
        of: (&Predicate, Option<&Predicate>),
        (part, within): (Part, &str),
        page: &str,
    ) -> String {
        format!(
            "select k, h, v from ({}) counted where {} order by v, k {page}",
            self.answered(of, within),
            part.condition()
        )
    }

    fn answered(&self, (hit, base): (&Predicate, Option<&Predicate>), within: &str) -> String {
        let base = base.map_or_else(|| "1".to_owned(), |base| self.answer(base));
        // the answers are used several times: without the fence they would be worked out anew each time
        let fence = match self.engine {
            Engine::Sqlite => "limit -1",
            Engine::Postgres => "offset 0",
        };
        format!(
            "select f.{} as k, f.household_id as h, f.village_code as v, {} as n, {base} as b from {} f where {within} {fence}",
            self.table.key,
            self.answer(hit),
            self.table.name
        )
    }
}
