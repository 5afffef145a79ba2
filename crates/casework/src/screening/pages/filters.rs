//! The fields by which the inbox is filtered; what they hold stands in the address.

use kernel::area::AreaCode;
use web::ui::{Choice, Field};
use web::{Address, Fields, L};

use super::super::rule::Severity;
use super::inbox::Found;

/// A choice of anything, then the known ones.
pub fn choices<'a>(any: String, known: impl Iterator<Item = (&'a str, String)>) -> Vec<Choice> {
    let first = Choice::new("", any);
    std::iter::once(first).chain(known.map(|(code, word)| Choice::new(code, word))).collect()
}

fn chosen(address: &Address, name: &str) -> Fields {
    Fields::default().with(name, address.get(name).unwrap_or_default())
}

/// By how bad.
pub fn severity_field(l: L, address: &Address) -> Field {
    let known = Severity::ALL
        .iter()
        .map(|severity| (severity.code(), l.t(&format!("screening-severity-{}", severity.code()))));
    let choices = choices(l.t("screening-any"), known);
    Field::select("severity", l.t("screening-severity"), choices).filled(
        l,
        &chosen(address, "severity"),
        None,
    )
}

/// By place.
pub fn place_field(l: L, address: &Address, found: &Found) -> Field {
    place_choices(l, address, (&found.path, &found.below))
}

/// Areas down to the one that is looked at, and those below it.
type Areas<'a> = (&'a [(AreaCode, String)], &'a [(AreaCode, String)]);

/// By place: the one that is chosen and those below it.
pub fn place_choices(l: L, address: &Address, (path, below): Areas<'_>) -> Field {
    let here = address.get("area").and_then(|text| AreaCode::parse_short(text).ok());
    let here = here.and_then(|code| path.iter().find(|(known, _)| *known == code));
    let places: Vec<(String, String)> = here
        .into_iter()
        .chain(below)
        .map(|(code, name)| (code.to_string(), name.clone()))
        .collect();
    let known = places.iter().map(|(code, name)| (code.as_str(), name.clone()));
    let code = here.map(|(code, _)| code.to_string()).unwrap_or_default();
    Field::select("area", l.t("screening-place"), choices(l.t("screening-any-place"), known))
        .filled(l, &Fields::default().with("area", code), None)
}

/// By rule.
pub fn rule_field(l: L, address: &Address, rules: &[(String, String, String)]) -> Field {
    let known = rules.iter().map(|(id, zh, en)| (id.as_str(), super::said(l, zh, en).to_owned()));
    Field::select("rule", l.t("screening-rule"), choices(l.t("screening-any"), known)).filled(
        l,
        &chosen(address, "rule"),
        None,
    )
}

/// By department.
pub fn department_field(l: L, address: &Address, departments: &[String]) -> Field {
    let known = departments.iter().map(|code| (code.as_str(), super::department_word(l, code)));
    Field::select("department", l.t("screening-department"), choices(l.t("screening-any"), known))
        .filled(l, &chosen(address, "department"), None)
}

/// By day.
pub fn due_field(l: L, address: &Address) -> Field {
    let known = ["today", "week", "overdue", "new"]
        .map(|code| (code, l.t(&format!("screening-due-{code}"))));
    Field::select("due", l.t("screening-due"), choices(l.t("screening-any"), known.into_iter()))
        .filled(l, &chosen(address, "due"), None)
}
