//! Money: whole fen, never floats.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Fault};
use crate::text::BadText;

/// An amount in fen (1 yuan = 100 fen); may be negative. JSON holds the number of fen.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Money(i64);

/// A sum too large to be an amount of money; a fault, never a wrong number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount of money left the range of 64-bit fen")]
pub struct MoneyOverflow;

impl From<MoneyOverflow> for Error {
    fn from(overflow: MoneyOverflow) -> Self {
        Error::Fault(Fault::new(overflow.to_string()))
    }
}

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// So many fen.
    pub const fn from_fen(fen: i64) -> Self {
        Money(fen)
    }

    /// The amount in fen.
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// So many whole yuan.
    ///
    /// # Errors
    /// [`MoneyOverflow`].
    pub fn from_yuan(yuan: i64) -> Result<Self, MoneyOverflow> {
        yuan.checked_mul(100).map(Money).ok_or(MoneyOverflow)
    }

    /// An amount in yuan, half a fen rounded away from zero.
    ///
    /// # Errors
    /// [`MoneyOverflow`].
    pub fn from_yuan_decimal(yuan: Decimal) -> Result<Self, MoneyOverflow> {
        yuan.checked_mul(Decimal::ONE_HUNDRED)
            .map(|fen| fen.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero))
            .and_then(|fen| fen.to_i64())
            .map(Money)
            .ok_or(MoneyOverflow)
    }

    /// The amount in yuan, exactly.
    pub fn yuan(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// Plain yuan for files and inputs, without separators: `12345.60`.
    pub fn plain(self) -> String {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        format!("{sign}{}.{:02}", fen / 100, fen % 100)
    }

    /// The two together.
    ///
    /// # Errors
    /// [`MoneyOverflow`].
    pub fn plus(self, other: Money) -> Result<Money, MoneyOverflow> {
        self.0.checked_add(other.0).map(Money).ok_or(MoneyOverflow)
    }

    /// This less the other.
    ///
    /// # Errors
    /// [`MoneyOverflow`].
    pub fn minus(self, other: Money) -> Result<Money, MoneyOverflow> {
        self.0.checked_sub(other.0).map(Money).ok_or(MoneyOverflow)
    }

    /// So many times this.
    ///
    /// # Errors
    /// [`MoneyOverflow`].
    pub fn times(self, count: i64) -> Result<Money, MoneyOverflow> {
        self.0.checked_mul(count).map(Money).ok_or(MoneyOverflow)
    }

    /// All together.
    ///
    /// # Errors
    /// [`MoneyOverflow`].
    pub fn sum(amounts: impl IntoIterator<Item = Money>) -> Result<Money, MoneyOverflow> {
        amounts.into_iter().try_fold(Money::ZERO, Money::plus)
    }

    /// An equal part for each of `heads`, half a fen rounded away from zero; `None` for no head.
    pub fn per_head(self, heads: u32) -> Option<Money> {
        (heads > 0).then(|| Money(divide_half_up(i128::from(self.0), i128::from(heads))))
    }

    /// The part `numerator / denominator` of it (days of a year, a rate), half a fen rounded away
    /// from zero; `None` if the denominator is not positive or the result too large.
    pub fn part(self, numerator: i64, denominator: i64) -> Option<Money> {
        if denominator <= 0 {
            return None;
        }
        let product = i128::from(self.0).checked_mul(i128::from(numerator))?;
        let denominator = i128::from(denominator);
        let twice = product.abs().checked_mul(2)?.checked_add(denominator)?;
        let rounded = twice / (denominator.checked_mul(2)?) * product.signum();
        i64::try_from(rounded).ok().map(Money)
    }
}

/// Rounds half away from zero; the quotient of an `i64` by a positive number always fits.
fn divide_half_up(amount: i128, by: i128) -> i64 {
    let rounded = (amount.abs() * 2 + by) / (by * 2) * amount.signum();
    i64::try_from(rounded).unwrap_or(if amount < 0 { i64::MIN } else { i64::MAX })
}

/// Yuan with separators, as a page shows it: `12,345.60`, `-3.50`.
impl fmt::Display for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain = self.plain();
        let (sign, digits) = match plain.strip_prefix('-') {
            Some(rest) => ("-", rest),
            None => ("", plain.as_str()),
        };
        let (whole, fen) = digits.split_once('.').unwrap_or((digits, "00"));
        let mut grouped = String::with_capacity(digits.len() + whole.len() / 3);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        out.pad(&format!("{sign}{grouped}.{fen}"))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

/// Reads yuan as a person types it: `12345.6`, `12,345.60`, `-3`. At most two decimals: a text
/// with more is refused rather than rounded. Cells of delivered files, with units and full-width
/// digits, are read by [`crate::cells`].
impl FromStr for Money {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        read_yuan(text.trim()).ok_or(BadText { code: "money.not_an_amount" })
    }
}

fn read_yuan(text: &str) -> Option<Money> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let whole = if whole.contains(',') { ungrouped(whole)? } else { whole.to_owned() };
    let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits_only(&whole) || !digits_only(fraction) || fraction.len() > 2 {
        return None;
    }
    let fen = format!("{}{whole}{fraction:0<2}", if negative { "-" } else { "" });
    fen.parse().ok().map(Money)
}

/// `12,345` to `12345`, only if every group after the first has three digits.
fn ungrouped(whole: &str) -> Option<String> {
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let fine = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    fine.then(|| whole.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn yuan_are_read_and_shown() {
        for (text, fen, shown) in [
            ("0", 0, "0.00"),
            ("12345.6", 1_234_560, "12,345.60"),
            ("12,345.60", 1_234_560, "12,345.60"),
            ("-3", -300, "-3.00"),
            ("-0.05", -5, "-0.05"),
            ("1234567.89", 123_456_789, "1,234,567.89"),
            ("999", 99_900, "999.00"),
        ] {
            let money: Money = text.parse().unwrap();
            assert_eq!(money.fen(), fen, "{text}");
            assert_eq!(money.to_string(), shown);
        }
        for bad in ["", "-", ".5", "1.234", "1,23", "1,2345", ",123", "一百", "1e3", "12元"] {
            assert!(bad.parse::<Money>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_head_gets_half_up() {
        assert_eq!(Money(100).per_head(3), Some(Money(33)));
        assert_eq!(Money(200).per_head(3), Some(Money(67)));
        assert_eq!(Money(5).per_head(2), Some(Money(3)));
        assert_eq!(Money(-5).per_head(2), Some(Money(-3)));
        assert_eq!(Money(5).per_head(0), None);
        assert_eq!(Money(36_500).part(30, 365), Some(Money(3_000)));
        assert_eq!(Money(1).part(1, 0), None);
    }

    #[test]
    fn too_much_money_is_an_error_and_no_number() {
        assert_eq!(Money(i64::MAX).plus(Money(1)), Err(MoneyOverflow));
        assert_eq!(Money::from_yuan(i64::MAX), Err(MoneyOverflow));
        assert_eq!(Money(i64::MAX).part(2, 1), None);
        let error = Error::from(MoneyOverflow);
        assert!(error.refusal().is_none());
    }

    #[test]
    fn decimals_round_half_away_from_zero() {
        let decimal = |text: &str| text.parse::<Decimal>().unwrap();
        assert_eq!(Money::from_yuan_decimal(decimal("1.005")), Ok(Money(101)));
        assert_eq!(Money::from_yuan_decimal(decimal("-1.005")), Ok(Money(-101)));
        assert_eq!(Money(101).yuan(), decimal("1.01"));
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(fen in any::<i64>()) {
            let money = Money(fen);
            prop_assert_eq!(money.to_string().parse(), Ok(money));
            prop_assert_eq!(money.plain().parse(), Ok(money));
            prop_assert_eq!(Money::from_yuan_decimal(money.yuan()), Ok(money));
        }

        #[test]
        fn a_sum_does_not_depend_on_the_order(mut fen in prop::collection::vec(-1_000_000_000_i64..1_000_000_000, 0..40)) {
            let sum = |list: &[i64]| Money::sum(list.iter().copied().map(Money));
            let there = sum(&fen);
            fen.reverse();
            prop_assert_eq!(there, sum(&fen));
            prop_assert_eq!(there.map(Money::fen), Ok(fen.iter().sum::<i64>()));
        }

        #[test]
        fn the_parts_of_all_heads_miss_the_whole_by_half_a_fen_each(fen in -1_000_000_000_i64..1_000_000_000, heads in 1_u32..50) {
            let part = Money(fen).per_head(heads).unwrap();
            let missed = (part.fen() * i64::from(heads) - fen).abs() * 2;
            prop_assert!(missed <= i64::from(heads));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "[-0-9,.]{0,30}") {
            let _ = text.parse::<Money>();
        }
    }
}
