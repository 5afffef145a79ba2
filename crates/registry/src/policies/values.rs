//! A new value in the text of a parameter: earlier values end the day before, later ones keep their days.

use kernel::area::AreaCode;
use kernel::time::Day;
use serde::{Deserialize, Serialize};

use super::pack::{PackFault, PackProblem, problem, read_toml};
use super::parameter::{Written, WrittenValue, kind_of, read_parameter};

/// A value that somebody wants a parameter to have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewValue {
    /// The name of the parameter.
    pub parameter: String,
    /// Area code, empty for everywhere.
    pub area: String,
    /// As typed; money in yuan.
    pub value: String,
    /// The document that sets it; either this or `set_locally`.
    pub source: Option<String>,
    /// Why the county sets it.
    pub set_locally: Option<String>,
}

/// The text of a parameter file with the value from a day on, until the next value that is set already.
pub(super) fn with_value(
    file: &str,
    text: &str,
    new: &NewValue,
    from: Day,
) -> Result<String, Vec<PackProblem>> {
    let one = |fault| vec![problem(file, fault)];
    let mut written: Written = read_toml(file, text).map_err(|problem| vec![problem])?;
    let unit = facts::Unit::from_code(&written.unit).unwrap_or(facts::Unit::None);
    let kind = kind_of(unit, &written.values);
    let area = match new.area.as_str() {
        "" => String::new(),
        code => {
            let read = AreaCode::parse_short(code);
            let read = read.map_err(|_| one(PackFault::Area(code.to_owned())))?;
            read.prefix().to_owned()
        }
    };
    let value = typed(&new.value, kind).ok_or_else(|| one(PackFault::Value(new.value.clone())))?;
    let same_area = |known: &WrittenValue| known.area == area;
    let next = written.values.iter().filter(|known| same_area(known) && known.from > from);
    let to = next.map(|known| known.from.add_days(-1)).min();
    written.values.retain(|known| !(same_area(known) && known.from == from));
    for known in written.values.iter_mut().filter(|known| known.area == area && known.from < from) {
        if known.to.is_none_or(|to| to >= from) {
            known.to = Some(from.add_days(-1));
        }
    }
    written.values.push(WrittenValue {
        area,
        from,
        to,
        value,
        source: new.source.clone(),
        set_locally: new.set_locally.clone(),
    });
    written.values.sort_by(|a, b| (&a.area, a.from).cmp(&(&b.area, b.from)));
    let text =
        toml::to_string(&written).map_err(|why| one(PackFault::Unreadable(why.to_string())))?;
    read_parameter(file, &text)?;
    Ok(text)
}

/// What was typed, as the file writes it; `None` when it does not fit the kind.
fn typed(text: &str, kind: facts::Kind) -> Option<toml::Value> {
    use facts::Kind;
    let plain: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
    match kind {
        Kind::Int => plain.parse().ok().map(toml::Value::Integer),
        Kind::Money | Kind::Real => match plain.parse::<i64>() {
            Ok(whole) => Some(toml::Value::Integer(whole)),
            Err(_) => plain.parse::<f64>().ok().filter(|n| n.is_finite()).map(toml::Value::Float),
        },
        Kind::Bool => match plain.as_str() {
            "true" | "1" | "yes" | "是" => Some(toml::Value::Boolean(true)),
            "false" | "0" | "no" | "否" => Some(toml::Value::Boolean(false)),
            _ => None,
        },
        Kind::Text | Kind::Day => (!plain.is_empty()).then(|| toml::Value::String(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policies::parameter::resolve;
    use facts::Scalar;

    const LINE: &str = r#"
id = "line"
title = { zh = "线", en = "line" }
unit = "yuan"
[[values]]
from = "2026-01-01"
value = 7000
set_locally = "test"
[[values]]
from = "2027-01-01"
value = 7500
set_locally = "later"
"#;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn new(value: &str, area: &str) -> NewValue {
        NewValue {
            parameter: "line".into(),
            area: area.into(),
            value: value.into(),
            source: None,
            set_locally: Some("县里定".into()),
        }
    }

    fn at(text: &str, on: &str) -> Scalar {
        let parameter = read_parameter("line.toml", text).unwrap();
        let county = AreaCode::parse_short("140430").unwrap();
        resolve(&[parameter], county, day(on))["line"].at("140430203001")
    }

    #[test]
    fn a_new_value_holds_from_its_day_to_the_next_one_that_is_set() {
        let text = with_value("line.toml", LINE, &new("8,000.5", ""), day("2026-11-01")).unwrap();
        assert_eq!(at(&text, "2026-10-31"), Scalar::Int(700_000));
        assert_eq!(at(&text, "2026-11-01"), Scalar::Int(800_050));
        assert_eq!(at(&text, "2026-12-31"), Scalar::Int(800_050));
        assert_eq!(at(&text, "2027-01-01"), Scalar::Int(750_000));
        let again = with_value("line.toml", &text, &new("9000", ""), day("2026-11-01")).unwrap();
        assert_eq!(at(&again, "2026-11-02"), Scalar::Int(900_000));
        let town = with_value("line.toml", &again, &new("1", "140430203"), day("2026-12-01"));
        let town = town.unwrap();
        assert_eq!(at(&town, "2027-06-01"), Scalar::Int(100));
        assert_eq!(at(&town, "2026-11-30"), Scalar::Int(900_000));
    }

    #[test]
    fn what_is_no_amount_no_area_or_has_no_reason_is_named() {
        let fault = |new: NewValue| {
            let wrong = with_value("line.toml", LINE, &new, day("2026-11-01")).unwrap_err();
            wrong.into_iter().next().unwrap().fault
        };
        assert_eq!(fault(new("about 8000", "")), PackFault::Value("about 8000".into()));
        assert_eq!(fault(new("8000", "14x")), PackFault::Area("14x".into()));
        let silent = NewValue { set_locally: None, ..new("8000", "") };
        assert_eq!(fault(silent), PackFault::Source);
    }
}
