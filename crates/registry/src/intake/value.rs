//! One cell read as the type that its column has.

use kernel::cells::{
    CellProblem, Unit, day_of_serial, is_empty, read_amount, read_amount_number, read_day,
    read_day_number, read_day_within, read_yes_no,
};
use kernel::money::Money;
use kernel::time::Day;
use sheets::Cell;

use super::evidence::AsRead;
use super::period::Said;
use super::reading::FieldValue;
use super::template::FieldType;

/// What a cell turned out to be.
pub(super) enum Read {
    /// A value of the row.
    Field(FieldValue),
    /// Something that identifies.
    Id(AsRead),
    /// Something that helps to find.
    Word(String),
}

/// Why a cell holds no value of its type.
pub(super) enum Problem {
    /// The kernel's reason.
    Cell(CellProblem),
    /// A code of this room.
    Code(&'static str),
    /// A code of this room; the words are kept.
    Kept(&'static str, String),
}

impl Problem {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::Cell(problem) => problem.code(),
            Self::Code(code) | Self::Kept(code, _) => code,
        }
    }
}

impl From<CellProblem> for Problem {
    fn from(problem: CellProblem) -> Self {
        Self::Cell(problem)
    }
}

/// Reads a cell that is not blank; `None` = it says that there is no value (`/`, `无`). The unit is that of its column;
/// what the list says of its time tells the year of a day that has none.
pub(super) fn read(
    kind: FieldType,
    cell: &Cell,
    (unit, said): (Unit, &Said),
) -> Result<Option<Read>, Problem> {
    match cell {
        Cell::Error(_) => return Err(Problem::Code("intake.error_cell")),
        Cell::Formula => return Err(Problem::Code("intake.formula_without_value")),
        _ => {}
    }
    Ok(match kind {
        FieldType::Id
        | FieldType::RollNumber
        | FieldType::Certificate
        | FieldType::Phone
        | FieldType::HouseholdNumber
        | FieldType::PersonNumber => as_read(cell).map(Read::Id),
        FieldType::Name
        | FieldType::Sex
        | FieldType::Town
        | FieldType::Village
        | FieldType::Address
        | FieldType::Guardian => words(cell).map(Read::Word),
        FieldType::Birth => day(cell)?.map(|day| Read::Word(day.to_string())),
        FieldType::Date => day_of_list(cell, said)?.map(|day| Read::Field(FieldValue::Day(day))),
        FieldType::Amount => amount(cell, unit)?.map(|money| Read::Field(FieldValue::Money(money))),
        FieldType::Int => whole(cell)?.map(|number| Read::Field(FieldValue::Int(number))),
        FieldType::Hundredths => {
            hundredths(cell)?.map(|number| Read::Field(FieldValue::Int(number)))
        }
        FieldType::YesNo => yes_no(cell)?.map(|value| Read::Field(FieldValue::Bool(value))),
        FieldType::Code | FieldType::Text => {
            words(cell).map(|words| Read::Field(FieldValue::Text(words)))
        }
    })
}

fn as_read(cell: &Cell) -> Option<AsRead> {
    match cell {
        Cell::Number(number) | Cell::Serial(number) => Some(AsRead::Number(*number)),
        _ => words(cell).map(AsRead::Text),
    }
}

fn words(cell: &Cell) -> Option<String> {
    let shown = cell.shown();
    (!is_empty(&shown)).then_some(shown)
}

fn day(cell: &Cell) -> Result<Option<Day>, Problem> {
    Ok(match cell {
        Cell::Serial(serial) => Some(day_of_serial(*serial).ok_or(CellProblem::NotADate)?),
        Cell::Number(number) => Some(read_day_number(*number)?),
        other => read_day(&other.shown())?,
    })
}

fn day_of_list(cell: &Cell, said: &Said) -> Result<Option<Day>, Problem> {
    day(cell).or_else(|why| {
        let found = cell.text().zip(said.period);
        found.and_then(|(text, period)| read_day_within(text, period)).map(Some).ok_or(why)
    })
}

fn amount(cell: &Cell, unit: Unit) -> Result<Option<Money>, Problem> {
    Ok(match cell {
        Cell::Number(number) | Cell::Serial(number) => Some(read_amount_number(*number, unit)?),
        other => read_amount(&other.shown(), unit)?,
    })
}

fn hundredths(cell: &Cell) -> Result<Option<i64>, Problem> {
    const MEASURES: [&str; 10] =
        ["平方米", "平米", "㎡", "m²", "m2", "公里", "千米", "km", "亩", "元"];
    let found = match cell {
        Cell::Number(number) | Cell::Serial(number) => {
            Some(read_amount_number(*number, Unit::Yuan)?)
        }
        other => {
            let shown = sheets::squeeze(&other.shown());
            let bare = MEASURES.iter().find_map(|unit| shown.strip_suffix(unit)).unwrap_or(&shown);
            read_amount(bare, Unit::Yuan).map_err(|_| Problem::Code("intake.not_a_number"))?
        }
    };
    Ok(found.map(Money::fen))
}

fn whole(cell: &Cell) -> Result<Option<i64>, Problem> {
    const COUNTED: [&str; 10] = ["个月", "人", "口", "户", "天", "日", "月", "间", "个", "次"];
    let not_whole = Problem::Code("intake.not_a_whole_number");
    let text = match cell {
        Cell::Number(number) | Cell::Serial(number) => format!("{number}"),
        other => sheets::squeeze(&other.shown()),
    };
    if is_empty(&text) {
        return Ok(None);
    }
    let bare = COUNTED.iter().find_map(|unit| text.strip_suffix(unit)).unwrap_or(&text);
    let bare = bare.trim_matches(['\'', '"', '‘', '’']).replace(',', "");
    let bare = match bare.split_once('.') {
        Some((before, after)) if after.bytes().all(|digit| digit == b'0') => before,
        Some(_) => return Err(not_whole),
        None => &bare,
    };
    bare.parse().map(Some).map_err(|_| not_whole)
}

fn yes_no(cell: &Cell) -> Result<Option<bool>, Problem> {
    if let Cell::Bool(value) = cell {
        return Ok(Some(*value));
    }
    let shown = cell.shown();
    if let Some(value) = read_yes_no(&shown) {
        return Ok(Some(value));
    }
    match sheets::squeeze(&shown).as_str() {
        "寄宿" | "住校" | "已参加" | "参加" | "已参保" | "已消除" | "已再就业" | "已就业" => {
            Ok(Some(true))
        }
        "走读" | "未参加" | "未参保" | "未消除" | "未再就业" | "未就业" => {
            Ok(Some(false))
        }
        _ if is_empty(&shown) => Ok(None),
        _ => Err(Problem::Kept("intake.not_yes_or_no", shown)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(kind: FieldType, cell: Cell) -> Option<FieldValue> {
        match read(kind, &cell, (Unit::TenThousand, &Said::default())) {
            Ok(Some(Read::Field(value))) => Some(value),
            _ => None,
        }
    }

    #[test]
    fn cells_become_what_their_column_holds() {
        let text = |text: &str| Cell::Text(text.to_owned());
        assert_eq!(field(FieldType::Int, text("134户")), Some(FieldValue::Int(134)));
        assert_eq!(field(FieldType::Int, Cell::Number(3.0)), Some(FieldValue::Int(3)));
        assert_eq!(
            field(FieldType::Hundredths, Cell::Number(81.099_999_999)),
            Some(FieldValue::Int(8110))
        );
        assert_eq!(field(FieldType::Hundredths, text("40.8㎡")), Some(FieldValue::Int(4080)));
        assert_eq!(field(FieldType::YesNo, text("走读")), Some(FieldValue::Bool(false)));
        assert_eq!(field(FieldType::Text, text("—")), None);
        assert_eq!(
            field(FieldType::Amount, Cell::Number(0.168)),
            Some(FieldValue::Money(Money::from_fen(168_000)))
        );
        let day = Day::parse("2026-04-29").expect("a day");
        assert_eq!(field(FieldType::Date, Cell::Number(20_260_429.0)), Some(FieldValue::Day(day)));
        assert_eq!(field(FieldType::Date, Cell::Serial(46_141.0)), Some(FieldValue::Day(day)));
    }

    #[test]
    fn a_broken_cell_says_why() {
        let said = Said::default();
        let code =
            |kind, cell| read(kind, &cell, (Unit::Yuan, &said)).err().map(|problem| problem.code());
        assert_eq!(
            code(FieldType::Amount, Cell::Text("约五百".into())),
            Some("cells.not_an_amount")
        );
        assert_eq!(code(FieldType::Int, Cell::Number(1.5)), Some("intake.not_a_whole_number"));
        assert_eq!(code(FieldType::Name, Cell::Error("#N/A".into())), Some("intake.error_cell"));
        assert_eq!(code(FieldType::Date, Cell::Formula), Some("intake.formula_without_value"));
        assert_eq!(code(FieldType::YesNo, Cell::Text("不详".into())), Some("intake.not_yes_or_no"));
    }
}
