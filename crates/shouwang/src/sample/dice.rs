//! Chance that can be repeated: the same seed throws the same numbers on every machine.

use kernel::time::Day;

/// A source of numbers (SplitMix64).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that always fall the same way for a seed.
    pub fn new(seed: u64) -> Self {
        Dice(seed ^ 0x5368_6f75_7761_6e67)
    }

    /// Dice of their own for a part, so that a change in one list leaves the others as they are.
    pub fn apart(&self, part: &str) -> Self {
        let mixed = part
            .bytes()
            .fold(self.0, |mixed, byte| (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Dice(mixed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 for an end of 0.
    pub fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(1).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = usize::try_from(high.saturating_sub(low)).unwrap_or(0).saturating_add(1);
        low.saturating_add(i64::try_from(self.below(span)).unwrap_or(0))
    }

    /// Whether something happens that happens so often in a thousand.
    pub fn often(&mut self, per_mille: usize) -> bool {
        self.below(1000) < per_mille
    }

    /// One of these.
    pub fn of<T: Copy + Default, const N: usize>(&mut self, from: [T; N]) -> T {
        from.get(self.below(N)).copied().unwrap_or_default()
    }

    /// One of these words.
    pub fn word<'a>(&mut self, from: &'a [String]) -> &'a str {
        from.get(self.below(from.len())).map_or("", String::as_str)
    }

    /// One character of a text.
    pub fn letter(&mut self, from: &str) -> char {
        from.chars().nth(self.below(from.chars().count())).unwrap_or('一')
    }

    /// A day from `first` to `last`.
    pub fn day(&mut self, first: Day, last: Day) -> Day {
        first.add_days(self.between(0, first.days_until(last)))
    }

    /// Brings a list into an order of chance.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            let other = self.below(at + 1);
            list.swap(at, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_falls_the_same_way_and_parts_differ() {
        let (mut one, mut two) = (Dice::new(7), Dice::new(7));
        let ten = |dice: &mut Dice| (0..10).map(|_| dice.below(1000)).collect::<Vec<_>>();
        assert_eq!(ten(&mut one), ten(&mut two));
        assert_ne!(ten(&mut one.apart("a")), ten(&mut one.apart("b")));
        assert_ne!(ten(&mut Dice::new(7)), ten(&mut Dice::new(8)));
    }

    #[test]
    fn numbers_stay_within_their_bounds() {
        let mut dice = Dice::new(1);
        assert!((0..1000).all(|_| (-3..=4).contains(&dice.between(-3, 4))));
        assert_eq!(dice.below(0), 0);
        assert_eq!(dice.between(5, 5), 5);
    }
}
