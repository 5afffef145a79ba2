//! The histogram around a threshold: which comparison of the condition, where its buckets begin, what they hold.

use facts::{Against, Binding, Buckets, Comparison, Params};

use super::super::rule::Rule;

/// Most buckets on one side of the threshold.
const MOST: u16 = 40;

/// Rows in one bucket.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bar {
    /// All rows whose amount lies here.
    pub rows: i64,
    /// Hit before and after.
    pub unchanged: i64,
    /// Hit only after.
    pub came_in: i64,
    /// Hit only before.
    pub dropped_out: i64,
}

/// How the rows are spread around a threshold. Amounts are as stored: money in fen.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// The amount and the way it is compared.
    pub comparison: Comparison,
    /// The threshold before.
    pub before: Option<f64>,
    /// The threshold after.
    pub after: Option<f64>,
    /// Where the first bucket begins.
    pub low: f64,
    /// How wide each is.
    pub width: f64,
    /// What lies below the first.
    pub below: Bar,
    /// The buckets.
    pub bars: Vec<Bar>,
    /// What lies above the last.
    pub above: Bar,
    /// Rows whose amount is not known.
    pub unknown: i64,
}

impl Bars {
    /// Empty buckets around the threshold of the rule that says most: the one that is changed, else one that is a
    /// parameter, else the last number of the condition. None where no amount is held against one number.
    pub fn around(rule: &Rule, (before, after): (&Params, &Params), village: &str) -> Option<Self> {
        let at = |one: &Comparison, params: &Params| one.threshold(params, village);
        let mut found = rule.predicate.comparisons(after);
        let changed = found.iter().position(|one| at(one, before) != at(one, after));
        let named = || found.iter().position(|one| matches!(one.against, Against::Param(_)));
        let chosen = changed.or_else(named).or(found.len().checked_sub(1))?;
        let comparison = found.swap_remove(chosen);
        let (before, after) = (at(&comparison, before), at(&comparison, after));
        let (low, width, count) = scale(before.or(after)?, after, &comparison);
        let (below, above, unknown) = (Bar::default(), Bar::default(), 0);
        let bars = vec![Bar::default(); usize::from(count)];
        Some(Bars { comparison, before, after, low, width, below, bars, above, unknown })
    }

    /// What the statement counts into them.
    pub fn buckets<'a>(&'a self, binding: Binding<'a>) -> Buckets<'a> {
        let count = u16::try_from(self.bars.len()).unwrap_or(MOST);
        Buckets { comparison: &self.comparison, binding, low: self.low, width: self.width, count }
    }

    /// What somebody else counted of other rows.
    pub fn join(&mut self, other: &Self) {
        let bars = self.bars.iter_mut().chain([&mut self.below, &mut self.above]);
        for (bar, more) in bars.zip(other.bars.iter().chain([&other.below, &other.above])) {
            bar.rows += more.rows;
            bar.unchanged += more.unchanged;
            bar.came_in += more.came_in;
            bar.dropped_out += more.dropped_out;
        }
        self.unknown += other.unknown;
    }

    /// One row, by the number of its bucket: 0 below the first, one more than there are above the last, then unknown.
    pub fn add(&mut self, bucket: i64, was: bool, is: bool) {
        let Ok(place) = usize::try_from(bucket) else { return };
        let count = self.bars.len();
        let bar = match place {
            0 => &mut self.below,
            _ if place == count + 1 => &mut self.above,
            _ => match self.bars.get_mut(place - 1) {
                Some(bar) => bar,
                None => {
                    self.unknown += 1;
                    return;
                }
            },
        };
        bar.rows += 1;
        bar.unchanged += i64::from(was && is);
        bar.came_in += i64::from(is && !was);
        bar.dropped_out += i64::from(was && !is);
    }
}

/// Where the buckets begin, how wide and how many they are: edges fall on the threshold before, so that its bars are hits or
/// misses as a whole, and the threshold after lies among them unless it is far away.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn scale(before: f64, after: Option<f64>, comparison: &Comparison) -> (f64, f64, u16) {
    let after = after.unwrap_or(before);
    let whole = |width: f64| if comparison.whole { width.ceil().max(1.0) } else { width };
    if before <= 0.0 {
        // a threshold of nothing: what is above it in round steps
        let least = if comparison.unit.is_money() { 100_000.0 } else { 1.0 };
        let width = whole(((after - before).abs() * 1.25 / 20.0).max(least));
        return (before, width, 20);
    }
    let top = (before * 2.0).max(after * 1.25);
    let under = (20.0 * before / top).floor().clamp(1.0, 10.0);
    let width = whole(before / under);
    let under = (before / width).floor().max(1.0);
    let over = ((top - before) / width - 1e-9).ceil().clamp(1.0, f64::from(MOST));
    (before - under * width, width, (under + over) as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn comparison(whole: bool) -> Comparison {
        let column = facts::Column::household(
            "c",
            if whole { facts::Kind::Int } else { facts::Kind::Money },
        )
        .room("r")
        .title("列", "column")
        .sentence("句。", "Sentence.");
        let schema = facts::Schema::of([column]).unwrap();
        let params = Params::new();
        let scope = facts::Scope { schema: &schema, table: "household_facts", params: &params };
        facts::compile("c > 5", scope).unwrap().comparisons(&params).remove(0)
    }

    #[test]
    fn edges_fall_on_the_threshold_and_both_thresholds_lie_inside() {
        for (before, after) in [
            (880_000.0, 880_000.0),
            (880_000.0, 3_000_000.0),
            (2_000_000.0, 0.0),
            (12.0, 30.0),
            (0.1, 0.3),
        ] {
            for whole in [false, true] {
                if whole && before < 1.0 {
                    continue;
                }
                let (low, width, count) = scale(before, Some(after), &comparison(whole));
                let high = low + width * f64::from(count);
                assert!(low <= after && after <= high, "{before} {after}: {low} to {high}");
                let steps = (before - low) / width;
                assert!(
                    (steps - steps.round()).abs() < 1e-6 && (4..=60).contains(&count),
                    "{before} {after}: {width} × {count}"
                );
                assert!(!whole || width.fract() == 0.0);
            }
        }
        let (low, width, count) = scale(880_000.0, Some(1.0e12), &comparison(false));
        assert_eq!((low, width, count), (0.0, 880_000.0, 41), "far away: not drawn");
        let (low, width, count) = scale(0.0, Some(0.0), &comparison(true));
        assert_eq!((low, width, count), (0.0, 1.0, 20));
    }
}
