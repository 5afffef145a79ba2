//! The fields of the form of a rule: what was typed becomes a rule, a rule becomes what would be typed.

use kernel::error::Result;
use kernel::lang::Lang;
use registry::policies::Words;
use web::{Checks, Fields};

use super::super::own_rule::{Example, Typed, Understood, expected_code, sentence_of};
use super::super::rule::{Calendar, Due, Expected, Level, RaiseAgain, RuleDef, Severity};

/// Rows for examples.
pub const EXAMPLES: usize = 4;
/// Most examples that are read.
const MOST_EXAMPLES: usize = 200;

/// Of what the rule is asked.
pub fn level_of(fields: &Fields) -> Level {
    if fields.text("level") == "village" { Level::Village } else { Level::Household }
}

/// The form of a rule as it would be typed.
pub fn fields_of(typed: &Typed) -> Fields {
    let def = &typed.def;
    let level = if def.level == Level::Village { "village" } else { "household" };
    let calendar = if def.clock.calendar == Calendar::Working { "working" } else { "calendar" };
    let again = def.raise_again.after_months.map(|n| n.to_string()).unwrap_or_default();
    let mut pairs = vec![
        ("title_zh", def.title.zh.clone()),
        ("title_en", def.title.en.clone()),
        ("basis", def.basis.clone().unwrap_or_default()),
        ("why", def.set_locally.clone().unwrap_or_default()),
        ("level", level.to_owned()),
        ("severity", def.severity.code().to_owned()),
        ("department", def.department.clone()),
        ("when", def.when.clone()),
        ("explain_zh", def.explain.zh.clone()),
        ("explain_en", def.explain.en.clone()),
        ("days", def.clock.days.to_string()),
        ("calendar", calendar.to_owned()),
        ("again", again),
        ("evidence_more", def.evidence.join("、")),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect::<Vec<_>>();
    for (n, one) in typed.examples.iter().enumerate() {
        pairs.push((format!("e{n}_name"), one.name.clone()));
        pairs.push((format!("e{n}_facts"), one.facts.clone()));
        pairs.push((format!("e{n}_missing"), one.not_delivered.clone()));
        pairs.push((format!("e{n}_expect"), expected_code(one.expect).to_owned()));
    }
    pairs.into_iter().collect()
}

/// Names apart by 、 or semicolons.
pub fn names_in(text: &str) -> Vec<String> {
    // commas stand inside listed('list', 12) too
    let parts = text.split(['、', ';', '；', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn examples(fields: &Fields) -> Vec<Example> {
    let one = |n: usize| {
        let get = |what: &str| fields.text(&format!("e{n}_{what}")).to_owned();
        let expect = match get("expect").as_str() {
            "miss" => Expected::Miss,
            "unknown" => Expected::Unknown,
            _ => Expected::Hit,
        };
        let (name, facts, not_delivered) = (get("name"), get("facts"), get("missing"));
        let name = if name.is_empty() { expected_code(expect).to_owned() } else { name };
        let typed = !facts.is_empty() || !not_delivered.is_empty();
        typed.then_some(Example { name, facts, not_delivered, expect })
    };
    let there = |n: &usize| *n < EXAMPLES || !fields.text(&format!("e{n}_facts")).is_empty();
    (0..MOST_EXAMPLES).take_while(there).filter_map(one).collect()
}

/// The rule that was typed, over the one that was there.
pub fn typed(fields: &Fields, before: Option<&Typed>, read: &Understood) -> Result<Typed> {
    let mut checks = Checks::new(fields);
    let id = before.map_or_else(|| fields.text("id").to_owned(), |known| known.def.id.clone());
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if id.is_empty() || !id.chars().all(plain) {
        checks.wrong("id", "screening.rule_bad_id");
    }
    let title_zh = checks.required("title_zh").unwrap_or_default().to_owned();
    let when = checks.required("when").unwrap_or_default().to_owned();
    let (basis, why) = (fields.text("basis"), fields.text("why"));
    if basis.is_empty() && why.is_empty() {
        checks.wrong("why", "policies.unfit_source");
    }
    let days = fields.text("days").parse().unwrap_or(0_u16);
    if !(1..=366).contains(&days) {
        checks.wrong("days", "screening.rule_bad_clock");
    }
    let again = fields.text("again");
    let after_months = again.parse().ok();
    if !again.is_empty() && after_months.is_none() {
        checks.wrong("again", "web.not_a_number");
    }
    checks.finish("screening.rule_incomplete")?;
    let title_en = Some(fields.text("title_en")).filter(|t| !t.is_empty()).unwrap_or(&title_zh);
    let mut evidence: Vec<String> = fields.all("evidence").to_vec();
    for name in names_in(fields.text("evidence_more")) {
        if !evidence.contains(&name) {
            evidence.push(name);
        }
    }
    if evidence.is_empty() {
        evidence = read.columns.iter().map(|column| column.name.to_owned()).collect();
    }
    let sentence = |name: &str, lang: Lang, title: &str| match fields.text(name) {
        "" => sentence_of(title, &read.columns, lang),
        said => said.to_owned(),
    };
    let explain = Words {
        zh: sentence("explain_zh", Lang::Zh, &title_zh),
        en: sentence("explain_en", Lang::En, title_en),
    };
    let severity = match fields.text("severity") {
        "severe" => Severity::Severe,
        "notice" => Severity::Notice,
        _ => Severity::Serious,
    };
    let calendar = match fields.text("calendar") {
        "calendar" => Calendar::Calendar,
        _ => Calendar::Working,
    };
    let kept = before.map(|known| &known.def);
    let or_worse_by = kept.and_then(|def| def.raise_again.or_worse_by.clone());
    let title = Words { zh: title_zh.clone(), en: title_en.to_owned() };
    let def = RuleDef {
        id,
        title,
        basis: Some(basis.to_owned()).filter(|basis| !basis.is_empty()),
        set_locally: Some(why.to_owned()).filter(|_| basis.is_empty()),
        level: level_of(fields),
        table: kept.and_then(|def| def.table.clone()),
        severity,
        when,
        evidence,
        explain,
        department: fields.text("department").to_owned(),
        channel: kept.map_or_else(|| "部门筛查预警".to_owned(), |def| def.channel.clone()),
        clock: Due { days, calendar },
        raise_again: RaiseAgain { after_months, or_worse_by },
        mechanism: kept.map(|def| def.mechanism.clone()).unwrap_or_default(),
    };
    Ok(Typed { def, examples: examples(fields) })
}
