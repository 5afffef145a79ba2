//! Dated parameters: a line, a threshold, a number of days, by area and period, each value with its source.

use facts::{AreaValue, Kind, Param, Params, Scalar, Unit};
use kernel::area::AreaCode;
use kernel::time::Day;
use serde::{Deserialize, Serialize};

use super::Words;
use super::pack::{PackFault, PackProblem, day, opt_day, problem, read_toml};

/// A parameter with all its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// The name in predicates, without the colon.
    pub id: String,
    /// For people.
    pub title: Words,
    /// What the number counts.
    pub unit: Unit,
    /// What it may be compared with.
    pub kind: Kind,
    /// The values, as written.
    pub values: Vec<DatedValue>,
}

/// One value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct DatedValue {
    /// Where it holds; none for everywhere.
    pub area: Option<AreaCode>,
    /// The first day.
    pub from: Day,
    /// The last day; none for until further notice.
    pub to: Option<Day>,
    /// As stored: money in fen.
    pub value: Scalar,
    /// The document that sets it.
    pub source: Option<String>,
    /// Why the county set it without a document.
    pub set_locally: Option<String>,
}

/// A parameter as its file writes it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub id: String,
    pub title: Words,
    pub unit: String,
    pub values: Vec<WrittenValue>,
}

/// A value as its file writes it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenValue {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub area: String,
    #[serde(deserialize_with = "day", serialize_with = "written_day")]
    pub from: Day,
    #[serde(default, deserialize_with = "opt_day", serialize_with = "written_opt_day")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Day>,
    pub value: toml::Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_locally: Option<String>,
}

fn written_day<S: serde::Serializer>(day: &Day, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(day)
}

#[allow(clippy::ref_option)]
fn written_opt_day<S: serde::Serializer>(day: &Option<Day>, to: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => to.collect_str(day),
        None => to.serialize_none(),
    }
}

/// Reads one parameter file. All problems are reported.
pub(super) fn read_parameter(file: &str, text: &str) -> Result<Parameter, Vec<PackProblem>> {
    let written: Written = read_toml(file, text).map_err(|problem| vec![problem])?;
    let mut faults = Vec::new();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !written.id.starts_with(|c: char| c.is_ascii_lowercase()) || !written.id.chars().all(plain) {
        faults.push(PackFault::Name(written.id.clone()));
    }
    if !written.title.complete() {
        faults.push(PackFault::Words);
    }
    if written.values.is_empty() {
        faults.push(PackFault::NoValue);
    }
    let unit = Unit::from_code(&written.unit);
    if unit.is_none() {
        faults.push(PackFault::Unit(written.unit.clone()));
    }
    let unit = unit.unwrap_or(Unit::None);
    let kind = kind_of(unit, &written.values);
    let mut values = Vec::new();
    for value in &written.values {
        match dated(value, kind) {
            Ok(value) => values.push(value),
            Err(fault) => faults.push(fault),
        }
    }
    faults.extend(overlaps(&values));
    if faults.is_empty() {
        return Ok(Parameter { id: written.id, title: written.title, unit, kind, values });
    }
    Err(faults.into_iter().map(|fault| problem(file, fault)).collect())
}

/// Money by its unit; otherwise what the values are: all days, all texts, all yes/no, whole or broken numbers.
pub(super) fn kind_of(unit: Unit, values: &[WrittenValue]) -> Kind {
    let all = |fits: fn(&toml::Value) -> bool| values.iter().all(|value| fits(&value.value));
    if unit.is_money() {
        Kind::Money
    } else if all(|value| value.as_str().is_some_and(|text| Day::parse(text).is_ok())) {
        Kind::Day
    } else if all(toml::Value::is_str) {
        Kind::Text
    } else if all(toml::Value::is_bool) {
        Kind::Bool
    } else if all(toml::Value::is_integer) {
        Kind::Int
    } else {
        Kind::Real
    }
}

fn dated(written: &WrittenValue, kind: Kind) -> Result<DatedValue, PackFault> {
    let said = |text: &Option<String>| text.as_ref().is_some_and(|text| !text.trim().is_empty());
    if said(&written.source) == said(&written.set_locally) {
        return Err(PackFault::Source);
    }
    if written.to.is_some_and(|to| to < written.from) {
        return Err(PackFault::Backwards);
    }
    let area = match written.area.as_str() {
        "" => None,
        code => {
            let area = AreaCode::parse_short(code);
            Some(area.map_err(|_| PackFault::Area(code.to_owned()))?)
        }
    };
    let value =
        stored(&written.value, kind).ok_or_else(|| PackFault::Value(written.value.to_string()))?;
    Ok(DatedValue {
        area,
        from: written.from,
        to: written.to,
        value,
        source: written.source.clone(),
        set_locally: written.set_locally.clone(),
    })
}

/// A value as written, as the tables store it: yuan become fen.
fn stored(value: &toml::Value, kind: Kind) -> Option<Scalar> {
    match (kind, value) {
        (Kind::Money, toml::Value::Integer(yuan)) => yuan.checked_mul(100).map(Scalar::Int),
        (Kind::Money, toml::Value::Float(yuan)) => {
            let fen = yuan * 100.0;
            #[allow(clippy::cast_possible_truncation)]
            let whole = fen.round() as i64;
            let exact = (fen - fen.round()).abs() < 1e-6 && fen.abs() < 9e15;
            exact.then_some(Scalar::Int(whole))
        }
        (Kind::Int, toml::Value::Integer(number)) => Some(Scalar::Int(*number)),
        #[allow(clippy::cast_precision_loss)]
        (Kind::Real, toml::Value::Integer(number)) => Some(Scalar::Real(*number as f64)),
        (Kind::Real, toml::Value::Float(number)) if number.is_finite() && number.abs() < 1e15 => {
            Some(Scalar::Real(*number))
        }
        (Kind::Bool, toml::Value::Boolean(yes)) => Some(Scalar::Int(i64::from(*yes))),
        (Kind::Text | Kind::Day, toml::Value::String(text)) => Some(Scalar::Text(text.clone())),
        _ => None,
    }
}

fn overlaps(values: &[DatedValue]) -> Option<PackFault> {
    for (n, one) in values.iter().enumerate() {
        for other in values.iter().skip(n + 1) {
            let day = one.from.max(other.from);
            let holds = |value: &DatedValue| value.to.is_none_or(|to| day <= to);
            if one.area == other.area && holds(one) && holds(other) {
                let area = one.area.map_or("*".to_owned(), |area| area.prefix().to_owned());
                return Some(PackFault::Overlap { area, day });
            }
        }
    }
    None
}

/// The parameters of one day for a county (or any area): for each place the value of the narrowest area that holds it.
/// A parameter without any value there stays known by name, so that a rule over it says *cannot tell*.
pub fn resolve(parameters: &[Parameter], within: AreaCode, day: Day) -> Params {
    let resolved = |parameter: &Parameter| {
        let mut values: Vec<&DatedValue> = parameter
            .values
            .iter()
            .filter(|value| value.from <= day && value.to.is_none_or(|to| day <= to))
            .collect();
        values.sort_by_key(|value| {
            std::cmp::Reverse(value.area.map_or(0, |area| area.prefix().len()))
        });
        let mut areas = Vec::new();
        for value in values {
            let wide = value.area.is_none_or(|area| area.contains(within));
            let (low, high) = match value.area {
                Some(area) if !wide && within.contains(area) => area.range(),
                _ if wide => {
                    areas.push(everywhere(&value.value));
                    break;
                }
                _ => continue,
            };
            let (low, high) = (low.as_str().to_owned(), high.as_str().to_owned());
            areas.push(AreaValue { low, high, value: value.value.clone() });
        }
        let (title_zh, title_en) = (parameter.title.zh.clone(), parameter.title.en.clone());
        let (kind, unit) = (parameter.kind, parameter.unit);
        (parameter.id.clone(), Param { kind, unit, title_zh, title_en, values: areas })
    };
    parameters.iter().map(resolved).collect()
}

fn everywhere(value: &Scalar) -> AreaValue {
    AreaValue { low: "0".repeat(12), high: "9".repeat(12), value: value.clone() }
}
