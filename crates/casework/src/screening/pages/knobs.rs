//! The parameters that can be turned on the page of a what-if, each with its slider and its value in force.

use facts::{Kind, Scalar, shown};
use web::L;

use super::super::what_if::{Trial, Wanted};
use super::said;
use super::what_if::mistake_words;

/// A parameter that can be turned.
pub struct Knob {
    /// The name in predicates.
    pub name: String,
    /// For people.
    pub title: String,
    /// What it counts; empty for a bare number.
    pub unit: &'static str,
    /// The control: `number`, `date` or `text`.
    pub control: &'static str,
    /// As typed, or as it stands.
    pub value: String,
    /// Least, most, step and value of the slider.
    pub slider: Option<(String, String, String, String)>,
    /// Values in force, each with its source.
    pub today: Vec<(String, String)>,
    /// What to know about several values.
    pub note: String,
    /// What is wrong with what was typed; empty if nothing.
    pub wrong: String,
}

/// The parameters that the rule reads before or after, and those that were typed wrongly.
pub fn knobs(l: L, trial: &Trial, wanted: &Wanted) -> Vec<Knob> {
    let rules = trial.before.iter().chain(&trial.after);
    let mut names: Vec<String> = rules.flat_map(|rule| rule.predicate.params()).collect();
    names.extend(
        wanted
            .values
            .keys()
            .filter(|name| {
                let wrong = trial
                    .mistakes
                    .iter()
                    .any(|one| one.parameter() == Some(name.as_str()) && one.stops());
                wrong && trial.params.contains_key(*name)
            })
            .cloned(),
    );
    names.sort();
    names.dedup();
    names.into_iter().filter_map(|name| knob(l, trial, wanted, name)).collect()
}

fn knob(l: L, trial: &Trial, wanted: &Wanted, name: String) -> Option<Knob> {
    let param = trial.params.get(&name)?;
    let tried = trial.tried.get(&name)?;
    let dated = trial.parameters.iter().find(|one| one.id == name);
    let today = param.values.iter().map(|area| {
        let holds =
            dated.iter().flat_map(|one| &one.values).find(|value| value.value == area.value);
        let source =
            holds.and_then(|value| value.source.clone().or_else(|| value.set_locally.clone()));
        let value = shown(&area.value, param.kind, param.unit, l.0);
        (value, l.half(&source.unwrap_or_default()))
    });
    let typed = wanted.values.get(&name).cloned();
    let value = tried.values.last().map(|area| plain(&area.value, param.kind));
    let first = param.values.last().and_then(|area| number(&area.value, param.kind));
    let at = tried.values.last().and_then(|area| number(&area.value, param.kind)).or(first);
    let whole = param.kind == Kind::Int;
    let amount = matches!(param.kind, Kind::Money | Kind::Int | Kind::Real);
    let wrong =
        trial.mistakes.iter().find(|one| one.parameter() == Some(name.as_str()) && one.stops());
    Some(Knob {
        title: said(l, &param.title_zh, &param.title_en).to_owned(),
        unit: if param.kind == Kind::Money && !param.unit.is_money() {
            ""
        } else {
            param.unit.title().get(l.0)
        },
        control: match param.kind {
            Kind::Money | Kind::Int | Kind::Real => "number",
            Kind::Day => "date",
            Kind::Bool | Kind::Text => "text",
        },
        value: typed.or(value).unwrap_or_default(),
        slider: first.zip(at).filter(|_| amount).map(|(first, at)| slider(first, at, whole)),
        today: today.collect(),
        note: if param.values.len() > 1 { l.t("screening-what-if-areas") } else { String::new() },
        wrong: wrong.map(|mistake| mistake_words(l, mistake)).unwrap_or_default(),
        name,
    })
}

/// A stored amount in the unit people read.
#[allow(clippy::cast_precision_loss)]
fn number(value: &Scalar, kind: Kind) -> Option<f64> {
    match value {
        Scalar::Int(fen) if kind == Kind::Money => Some(*fen as f64 / 100.0),
        Scalar::Int(number) => Some(*number as f64),
        Scalar::Real(number) => Some(*number),
        _ => None,
    }
}

/// A value as the field holds it.
fn plain(value: &Scalar, kind: Kind) -> String {
    match value {
        Scalar::Text(text) => text.clone(),
        other => number(other, kind).map(|number| number.to_string()).unwrap_or_default(),
    }
}

/// Least, most and step of a slider, and where it stands: from nothing to twice the value, in steps that meet the value.
fn slider(first: f64, at: f64, whole: bool) -> (String, String, String, String) {
    let least = first.min(at).min(0.0);
    let mut step = if first == 0.0 {
        if whole { 1.0 } else { 100.0 }
    } else {
        10_f64.powf(first.abs().log10().floor())
    };
    let meets = |step: f64| ((first / step) - (first / step).round()).abs() < 1e-9;
    while (step > first.abs() / 50.0 && first != 0.0 && !(whole && step <= 1.0)) || !meets(step) {
        let next = if step.log10().fract().abs() < 1e-9 { step / 2.0 } else { step / 5.0 };
        if next < 1e-6 || (whole && next < 1.0) {
            break;
        }
        step = next;
    }
    let twice = (first.abs() * 2.0).max(if whole { 10.0 } else { step * 20.0 });
    let most = (twice.max(at * 1.25) / step).ceil() * step;
    let text = |number: f64| format!("{}", (number * 1e9).round() / 1e9);
    (text(least), text(most), text(step), text(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slider_meets_the_value_of_today_and_holds_the_one_that_is_tried() {
        for (first, at, whole) in [
            (20_000.0, 18_000.0, false),
            (8800.0, 30_000.0, false),
            (12.0, 12.0, true),
            (1.0, 3.0, true),
            (0.1, 0.2, false),
            (0.7, 0.7, false),
            (0.0, 5.0, true),
        ] {
            let (least, most, step, value) = slider(first, at, whole);
            let [least, most, step, value] =
                [least, most, step, value].map(|text| text.parse::<f64>().unwrap());
            assert!(least <= at && at <= most && value == at, "{first} {at}: {least} to {most}");
            let steps = (first - least) / step;
            assert!((steps - steps.round()).abs() < 1e-6, "{first} in steps of {step}");
            assert!(!whole || step >= 1.0);
            assert!((most - least) / step >= 10.0, "{first}: {step}");
        }
    }
}
