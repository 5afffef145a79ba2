//! Numbers, money, days as each language writes them. Chinese uses 万 for large sums; both group by thousands.

use crate::words::L;

/// `1234567` → `1,234,567`.
#[must_use]
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + 6);
    if number < 0 {
        text.push('-');
    }
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Fen as yuan with two decimals: `1234560` → `12,345.60`.
#[must_use]
pub fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let whole = i64::try_from(fen.unsigned_abs() / 100).unwrap_or(i64::MAX);
    format!("{sign}{}.{:02}", grouped(whole), fen.unsigned_abs() % 100)
}

impl L {
    /// A count: `12,345`.
    #[must_use]
    pub fn count(self, number: impl TryInto<i64>) -> String {
        grouped(number.try_into().unwrap_or(i64::MAX))
    }

    /// An exact amount of money in fen: `12,345.60 元` / `¥12,345.60`.
    #[must_use]
    pub fn money(self, fen: i64) -> String {
        let sign = if fen < 0 { "-" } else { "" };
        let size = i64::try_from(fen.unsigned_abs()).unwrap_or(i64::MAX);
        if self.is_zh() {
            format!("{sign}{} 元", yuan(size))
        } else {
            format!("{sign}¥{}", yuan(size))
        }
    }

    /// A rounded amount for boards, in 万元 or thousands/millions from ten thousand yuan up; put [`L::money`] in the tip.
    #[must_use]
    pub fn money_short(self, fen: i64) -> String {
        let sign = if fen < 0 { "-" } else { "" };
        let size = fen.unsigned_abs();
        let with = |unit: u64, places: u64, word: &str| {
            let scaled = size.saturating_mul(places).saturating_add(unit / 2) / unit;
            let whole = grouped(i64::try_from(scaled / places).unwrap_or(i64::MAX));
            let rest = scaled % places;
            let width = if places == 100 { 2 } else { 1 };
            if self.is_zh() {
                format!("{sign}{whole}.{rest:0width$} {word}")
            } else {
                format!("{sign}¥{whole}.{rest:0width$}{word}")
            }
        };
        match (size, self.is_zh()) {
            (..1_000_000, _) => self.money(fen),
            (..10_000_000_000, true) => with(1_000_000, 100, "万元"),
            (_, true) => with(10_000_000_000, 100, "亿元"),
            (..100_000_000, false) => with(100_000, 10, "k"),
            (_, false) => with(100_000_000, 100, "m"),
        }
    }

    /// A share of a whole in per cent with one decimal, `—` when there is no whole.
    #[must_use]
    pub fn percent(self, part: i64, whole: i64) -> String {
        if whole == 0 {
            return "—".to_owned();
        }
        let tenths = (i128::from(part) * 1000 + i128::from(whole) / 2) / i128::from(whole);
        format!("{}.{}%", tenths / 10, (tenths % 10).abs())
    }

    /// A time span in words: `23 天` / `23 days`.
    #[must_use]
    pub fn days(self, number: i64) -> String {
        self.t1("web-days", "n", number)
    }

    /// How long ago a day was, in the unit a person would say: today, 3 days ago, 4 months ago.
    #[must_use]
    pub fn ago(self, days: i64) -> String {
        match days {
            ..0 => self.t1("web-in-days", "n", -days),
            0 => self.t("web-today"),
            1..=60 => self.t1("web-days-ago", "n", days),
            61..=729 => self.t1("web-months-ago", "n", days / 30),
            _ => self.t1("web-years-ago", "n", days / 365),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::lang::Lang;

    #[test]
    fn money_reads_as_each_language_writes_it() {
        let (zh, en) = (L(Lang::Zh), L(Lang::En));
        assert_eq!(zh.money(1_234_560), "12,345.60 元");
        assert_eq!(en.money(-5), "-¥0.05");
        assert_eq!(zh.money_short(1_234_560_000), "1,234.56 万元");
        assert_eq!(en.money_short(1_234_560_000), "¥12.35m");
        assert_eq!(zh.money_short(99_999), "999.99 元");
        assert_eq!(zh.money_short(2_000_000_000_000), "200.00 亿元");
    }

    #[test]
    fn thousands_are_grouped_at_every_length() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(-999), "-999");
        assert_eq!(grouped(1_000), "1,000");
        assert_eq!(grouped(i64::MIN), "-9,223,372,036,854,775,808");
    }

    #[test]
    fn a_share_of_nothing_is_a_dash() {
        assert_eq!(L(Lang::Zh).percent(1, 0), "—");
        assert_eq!(L(Lang::Zh).percent(1, 3), "33.3%");
        assert_eq!(L(Lang::Zh).percent(2, 3), "66.7%");
    }
}
