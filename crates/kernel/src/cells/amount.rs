//! Amounts of money in cells.

use rust_decimal::Decimal;

use super::{CellProblem, is_empty};
use crate::money::Money;
use crate::width::compact;

/// In what the numbers of a column are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Unit {
    /// 元.
    #[default]
    Yuan,
    /// 千元.
    Thousand,
    /// 万元.
    TenThousand,
    /// 亿元.
    HundredMillion,
}

/// Unit words, the longer before those that they end with.
const UNITS: [(&str, Unit); 12] = [
    ("亿元", Unit::HundredMillion),
    ("万元", Unit::TenThousand),
    ("千元", Unit::Thousand),
    ("万圆", Unit::TenThousand),
    ("元整", Unit::Yuan),
    ("亿", Unit::HundredMillion),
    ("万", Unit::TenThousand),
    ("千", Unit::Thousand),
    ("人民币", Unit::Yuan),
    ("元", Unit::Yuan),
    ("圆", Unit::Yuan),
    ("块", Unit::Yuan),
];

impl Unit {
    /// How many yuan one of it is.
    pub const fn yuan(self) -> i64 {
        match self {
            Unit::Yuan => 1,
            Unit::Thousand => 1_000,
            Unit::TenThousand => 10_000,
            Unit::HundredMillion => 100_000_000,
        }
    }

    /// The unit that a heading or a note declares: `金额(万元)`, `金额单位：元`, `单位：万元`. What
    /// stands in brackets or after 单位 counts; `None` if nothing does. A heading outranks the note
    /// of its sheet, and a unit inside a cell outranks both.
    pub fn declared_in(text: &str) -> Option<Self> {
        let text = compact(text);
        let bracketed = text
            .split(['(', '[', '【', '〔'])
            .skip(1)
            .filter_map(|part| part.split([')', ']', '】', '〕']).next().and_then(Unit::of_word));
        let after = text.split("单位").skip(1).filter_map(|part| {
            let part = part.trim_start_matches([':', '是', '为']);
            let end = part.find(|c: char| !"亿万千元圆人民币".contains(c)).unwrap_or(part.len());
            part.get(..end).and_then(Unit::of_word)
        });
        bracketed.chain(after).next()
    }

    fn of_word(word: &str) -> Option<Self> {
        // 元/月, 元/年: per month or year, still yuan.
        let word = word.split('/').next().unwrap_or(word);
        let word = word.strip_prefix("单位:").unwrap_or(word);
        let word = word.strip_prefix("人民币").filter(|rest| !rest.is_empty()).unwrap_or(word);
        UNITS.into_iter().find(|(known, _)| *known == word).map(|(_, unit)| unit)
    }
}

/// Reads an amount: separators, full-width digits, words such as 壹仟贰佰元整, ￥, a minus or accounting brackets; a unit inside
/// the cell outranks the unit of the column. `None` if the cell is empty.
///
/// # Errors
/// Why it is no amount.
pub fn read_amount(cell: &str, unit: Unit) -> Result<Option<Money>, CellProblem> {
    if is_empty(cell) {
        return Ok(None);
    }
    let text = compact(cell);
    let text = text.trim_matches(crate::width::is_quote);
    let (negative, text) = sign(text);
    let text = ["¥", "￥", "RMB", "人民币"]
        .into_iter()
        .find_map(|mark| text.strip_prefix(mark))
        .unwrap_or(text);
    // The sign may also stand behind the mark of the currency.
    let (inner, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    if !text.contains(|c: char| c.is_ascii_digit())
        && let Some(fen) = super::words::fen(text, unit == Unit::Yuan)
    {
        return Ok(Some(Money::from_fen(if negative != inner { -fen } else { fen })));
    }
    let (text, unit) = UNITS
        .into_iter()
        .find_map(|(word, own)| text.strip_suffix(word).map(|rest| (rest, own)))
        .unwrap_or((text, unit));
    let number = decimal(text)?;
    let yuan = number.checked_mul(Decimal::from(unit.yuan())).ok_or(CellProblem::AmountTooLarge)?;
    let signed = if negative != inner { -yuan } else { yuan };
    Money::from_yuan_decimal(signed).map(Some).map_err(|_| CellProblem::AmountTooLarge)
}

/// Reads a cell that holds a number. The shortest decimal of the number is what somebody typed.
///
/// # Errors
/// [`CellProblem::NotAnAmount`] or [`CellProblem::AmountTooLarge`].
pub fn read_amount_number(number: f64, unit: Unit) -> Result<Money, CellProblem> {
    if !number.is_finite() {
        return Err(CellProblem::NotAnAmount);
    }
    let text = if number.abs() < 1e-9 { "0".to_owned() } else { format!("{number}") };
    let number: Decimal = text.parse().map_err(|_| CellProblem::AmountTooLarge)?;
    let yuan = number.checked_mul(Decimal::from(unit.yuan())).ok_or(CellProblem::AmountTooLarge)?;
    Money::from_yuan_decimal(yuan).map_err(|_| CellProblem::AmountTooLarge)
}

fn sign(text: &str) -> (bool, &str) {
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (true, inner);
    }
    match text.strip_prefix(['-', '−', '－']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

fn decimal(text: &str) -> Result<Decimal, CellProblem> {
    let text = text.replace(['，', '、', '\'', '’'], ",");
    let (whole, fraction) = text.split_once('.').unwrap_or((text.as_str(), ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let whole = if whole.contains(',') {
        let mut groups = whole.split(',');
        let first = groups.next().unwrap_or_default();
        if !digits(&whole.replace(',', "")) {
            return Err(CellProblem::NotAnAmount);
        }
        if !(1..=3).contains(&first.len()) || !groups.all(|group| group.len() == 3) {
            return Err(CellProblem::WrongGrouping);
        }
        whole.replace(',', "")
    } else {
        whole.to_owned()
    };
    if (whole.is_empty() && fraction.is_empty()) || !digits(&whole) || !digits(fraction) {
        return Err(CellProblem::NotAnAmount);
    }
    let fraction = if fraction.is_empty() { "0" } else { fraction };
    // Twelve decimals are more than any amount has; a decimal holds 28 digits in all.
    let fraction = fraction.get(..12).unwrap_or(fraction);
    format!("0{whole}.{fraction}").parse().map_err(|_| CellProblem::AmountTooLarge)
}
