//! What a person asks to try: values typed for parameters, another condition, another day. All of it stands in the
//! address, so nothing of it can be trusted.

use std::collections::BTreeMap;

use facts::{AreaValue, Kind, Params, Scalar, suggest};
use kernel::time::Day;

/// What the address asks for, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Parameter → value, `?p.oop_line=18000`; money in yuan. An empty value is as good as none.
    pub values: BTreeMap<String, String>,
    /// The condition, `?when=…`.
    pub when: Option<String>,
    /// The day, `?day=2026-06-30`.
    pub day: Option<String>,
}

impl Wanted {
    /// Reads the names and values of an address; other names are left alone.
    pub fn of<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut wanted = Wanted::default();
        for (name, value) in pairs.filter(|(_, value)| !value.trim().is_empty()) {
            match (name, name.strip_prefix("p.")) {
                ("when", _) => wanted.when = Some(value.replace("\r\n", "\n").trim().to_owned()),
                ("day", _) => wanted.day = Some(value.trim().to_owned()),
                (_, Some(parameter)) => {
                    wanted.values.insert(parameter.to_owned(), value.trim().to_owned());
                }
                _ => {}
            }
        }
        wanted
    }
}

/// Why a value of the address cannot be tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mistake {
    /// The pack has no such parameter.
    NoParameter {
        /// As written.
        name: String,
        /// Names that look alike.
        near: Vec<String>,
    },
    /// It is no number (whole number, day, yes or no) as the parameter needs.
    NoValue {
        /// The parameter.
        name: String,
        /// As typed.
        text: String,
        /// What is needed.
        kind: Kind,
    },
    /// A number that no threshold can be.
    OutOfRange {
        /// The parameter.
        name: String,
        /// As typed.
        text: String,
        /// The largest that is taken, in its unit.
        most: i64,
    },
    /// The condition does not read the parameter: another value changes nothing.
    NotRead {
        /// The parameter.
        name: String,
    },
    /// It is no day.
    BadDay {
        /// As typed.
        text: String,
    },
    /// The day is still to come.
    ToCome {
        /// The day.
        day: Day,
    },
}

impl Mistake {
    /// The parameter it is about.
    pub fn parameter(&self) -> Option<&str> {
        match self {
            Self::NoParameter { name, .. }
            | Self::NoValue { name, .. }
            | Self::OutOfRange { name, .. }
            | Self::NotRead { name } => Some(name),
            Self::BadDay { .. } | Self::ToCome { .. } => None,
        }
    }

    /// Nothing is asked until it is put right; the others are only said.
    pub fn stops(&self) -> bool {
        !matches!(self, Self::NotRead { .. })
    }
}

/// The largest amount of money in yuan, and the largest other number.
const MOST: [i64; 2] = [100_000_000, 1_000_000];

/// The parameters with the values of the address in place of theirs, everywhere in the county; and what is wrong.
pub fn resolved(today: &Params, wanted: &Wanted) -> (Params, Vec<Mistake>) {
    let mut params = today.clone();
    let mut mistakes = Vec::new();
    for (name, text) in &wanted.values {
        let Some(param) = params.get_mut(name) else {
            let near = suggest(name, today.keys().map(String::as_str));
            mistakes.push(Mistake::NoParameter { name: name.clone(), near });
            continue;
        };
        match value(name, text, param.kind) {
            Ok(value) if param.values.iter().all(|area| area.value == value) => {}
            Ok(value) => {
                let (low, high) = ("0".repeat(12), "9".repeat(12));
                param.values = vec![AreaValue { low, high, value }];
            }
            Err(mistake) => mistakes.push(mistake),
        }
    }
    (params, mistakes)
}

/// A value as typed, as the tables store it: yuan become fen.
fn value(name: &str, text: &str, kind: Kind) -> Result<Scalar, Mistake> {
    let wrong = || Mistake::NoValue { name: name.to_owned(), text: text.to_owned(), kind };
    let range =
        |most: i64| Mistake::OutOfRange { name: name.to_owned(), text: text.to_owned(), most };
    let digits: String = text.chars().filter(|c| !matches!(c, ',' | '，' | ' ')).collect();
    let number =
        || digits.parse::<f64>().ok().filter(|number| number.is_finite()).ok_or_else(wrong);
    let [yuan, other] = MOST;
    #[allow(clippy::cast_precision_loss)]
    let within = |number: f64, most: i64| match (0.0..=most as f64).contains(&number) {
        true => Ok(number),
        false => Err(range(most)),
    };
    #[allow(clippy::cast_possible_truncation)]
    match kind {
        Kind::Money => {
            let fen = within(number()?, yuan)? * 100.0;
            let whole = fen.round();
            if (fen - whole).abs() > 1e-6 { Err(wrong()) } else { Ok(Scalar::Int(whole as i64)) }
        }
        Kind::Int => {
            let number = within(number()?, other)?;
            if number.fract() == 0.0 { Ok(Scalar::Int(number as i64)) } else { Err(wrong()) }
        }
        Kind::Real => within(number()?, other).map(Scalar::Real),
        Kind::Bool => match text {
            "1" | "yes" | "true" => Ok(Scalar::Int(1)),
            "0" | "no" | "false" => Ok(Scalar::Int(0)),
            _ => Err(wrong()),
        },
        Kind::Day => Day::parse(text).map(|day| Scalar::Text(day.to_string())).map_err(|_| wrong()),
        Kind::Text => Ok(Scalar::Text(text.to_owned())),
    }
}

/// The day of the address; today without one, and where it is none.
pub fn day_of(wanted: &Wanted, today: Day) -> (Day, Option<Mistake>) {
    let Some(text) = &wanted.day else { return (today, None) };
    match Day::parse(text) {
        Ok(day) if day > today => (today, Some(Mistake::ToCome { day })),
        Ok(day) => (day, None),
        Err(_) => (today, Some(Mistake::BadDay { text: text.clone() })),
    }
}

#[cfg(test)]
mod tests {
    use facts::{Param, Unit};

    use super::*;

    fn params() -> Params {
        let of = |kind, unit, value| Param::everywhere(kind, unit, value);
        Params::from([
            ("line".to_owned(), of(Kind::Money, Unit::Yuan, Scalar::Int(2_000_000))),
            ("months".to_owned(), of(Kind::Int, Unit::Months, Scalar::Int(12))),
            ("share".to_owned(), of(Kind::Real, Unit::None, Scalar::Real(0.1))),
            ("from".to_owned(), of(Kind::Day, Unit::None, Scalar::Text("2026-01-01".to_owned()))),
        ])
    }

    fn asked(name: &str, text: &str) -> Result<Scalar, Mistake> {
        let wanted = Wanted::of([(format!("p.{name}").as_str(), text)].into_iter());
        let (params, mistakes) = resolved(&params(), &wanted);
        match mistakes.into_iter().next() {
            Some(mistake) => Err(mistake),
            None => Ok(params[name].values[0].value.clone()),
        }
    }

    #[test]
    fn values_are_read_in_the_unit_of_the_parameter() {
        assert_eq!(asked("line", "18000").unwrap(), Scalar::Int(1_800_000));
        assert_eq!(asked("line", "18,000.55").unwrap(), Scalar::Int(1_800_055));
        assert_eq!(asked("months", "6").unwrap(), Scalar::Int(6));
        assert_eq!(asked("share", "0.25").unwrap(), Scalar::Real(0.25));
        assert_eq!(asked("from", "2026-02-01").unwrap(), Scalar::Text("2026-02-01".to_owned()));
        assert_eq!(asked("line", " ").unwrap(), Scalar::Int(2_000_000), "empty: as it is today");
    }

    #[test]
    fn what_is_no_value_is_said_with_its_name() {
        for (name, text) in [
            ("line", "lots"),
            ("line", "NaN"),
            ("line", "1.234"),
            ("months", "1.5"),
            ("from", "spring"),
        ] {
            assert!(matches!(asked(name, text), Err(Mistake::NoValue { .. })), "{name} {text}");
        }
        for (name, text) in
            [("line", "-1"), ("line", "1e15"), ("months", "1000001"), ("share", "1e99")]
        {
            assert!(matches!(asked(name, text), Err(Mistake::OutOfRange { .. })), "{name} {text}");
        }
        let unknown = Wanted::of([("p.lines", "1")].into_iter());
        let (_, mistakes) = resolved(&params(), &unknown);
        assert_eq!(
            mistakes,
            [Mistake::NoParameter { name: "lines".into(), near: vec!["line".into()] }]
        );
    }

    #[test]
    fn a_day_is_one_that_has_been() {
        let today: Day = "2026-10-31".parse().unwrap();
        let of = |text: &str| day_of(&Wanted::of([("day", text)].into_iter()), today);
        assert_eq!(of("2026-06-30"), ("2026-06-30".parse().unwrap(), None));
        assert_eq!(of(""), (today, None));
        assert!(matches!(of("2027-01-01").1, Some(Mistake::ToCome { .. })));
        assert!(matches!(of("June").1, Some(Mistake::BadDay { .. })));
    }
}
