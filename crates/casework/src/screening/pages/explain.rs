//! A reason in words for the one who looks: the sentence with its numbers, then condition, values, sources, thresholds.
//! Values of a class that the person's role does not open are not shown, and the sentence that holds them neither.

use std::collections::BTreeMap;

use facts::{Column, Scalar, Unknown};
use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::time::Day;
use registry::circumstances::incomes::{Income, list_incomes};
use registry::circumstances::{Said, list_records, list_village_records};
use store::{Ctx, Permit};
use web::L;
use web::ui::{Evidence, Source, Tone, Why};

use super::super::actions::{LeadView, Reason};
use super::super::book::Book;
use super::super::rule::{Rule, Severity};
use super::super::sealed::opens;
use super::said;

/// What was recorded about the subject of a lead: where its values come from.
#[derive(Default)]
pub struct Rows {
    said: Vec<Said>,
    income: Option<Income>,
}

/// The rows behind the values of a lead.
pub fn rows(ctx: &Ctx, view: &LeadView) -> Result<Rows> {
    let mut session = ctx.read()?;
    let mut rows = Rows::default();
    if let Some(household) = view.lead.household {
        rows.said = list_records(&mut session, household, ctx.today)?;
        let since = ctx.today.add_months(-24);
        let incomes = list_incomes(&mut session, &household.to_string(), since)?;
        rows.income = incomes.into_iter().max_by_key(|income| income.to);
    }
    rows.said.extend(list_village_records(&mut session, view.lead.village.as_str())?);
    Ok(rows)
}

/// Which topic of records stands behind a list that facts are made of.
fn topic_of(list: &str) -> &'static str {
    match list {
        "medical_stays" => "hospital_stay",
        "school_roll" => "school_roll",
        "dropout_suspects" => "dropout_suspect",
        "social_assistance" => "social_assistance",
        "disability_certificates" => "disability_certificate",
        "house_grades" => "house_grade",
        "water_outages" => "water_outage",
        "job_events" => "job_event",
        "loans" => "loan_state",
        "deaths" => "death",
        "hukou_moves" => "hukou_move",
        "vehicles" => "vehicle",
        "complaints" => "complaint",
        "disaster_losses" => "disaster_loss",
        _ => "",
    }
}

/// The newest row behind a column. What no list brings comes from the register.
fn source_of(l: L, column: &Column, rows: &Rows, today: Day) -> Option<Source> {
    if column.coverage.is_some_and(|coverage| coverage.list == "income") {
        let newest = rows.income.as_ref()?;
        let month = newest.to.in_month().to_string();
        let source = Source::new(l, &newest.source, &month, newest.to.days_until(today));
        let href = format!("/intake/batches/{}/rows/{}", newest.row.0, newest.row.1);
        return Some(source.href(href));
    }
    let topic = column.coverage.map_or("", |coverage| topic_of(coverage.list));
    let from_register = column.coverage.is_none();
    let newest = rows.said.iter().find(|said| {
        let known = said.topic.as_str();
        if from_register {
            matches!(known, "register_household" | "register_person")
        } else {
            !topic.is_empty() && known == topic
        }
    })?;
    let month = newest.period_to.as_deref().and_then(|day| day.get(..7)).unwrap_or_default();
    let office = super::department_word(l, &newest.department);
    let source = Source::new(l, &office, month, newest.on.days_until(today));
    Some(source.href(newest.href()).tip(l.t(newest.topic.title_id())))
}

/// What the explanation of a lead needs beside the lead.
pub struct Behind<'a> {
    /// Words.
    pub l: L,
    /// What the person may see.
    pub permit: &'a Permit,
    /// The rule book of today.
    pub book: Option<&'a Book>,
    /// Rows behind the values.
    pub rows: &'a Rows,
    /// Today.
    pub today: Day,
    /// Where the subject stands: thresholds may differ by area.
    pub village: AreaCode,
}

impl Behind<'_> {
    fn rule(&self, id: &str) -> Option<&Rule> {
        self.book.and_then(|book| book.rule(id)).map(|(_, rule)| rule)
    }

    /// The whole explanation of a reason.
    pub fn why(&self, reason: &Reason) -> Why {
        let l = self.l;
        let tone = match reason.severity {
            Severity::Severe => Tone::Red,
            Severity::Serious => Tone::Amber,
            Severity::Notice => Tone::Grey,
        };
        let rule = self.rule(&reason.rule);
        let sentence = said(l, &reason.zh, &reason.en);
        let condition = match (rule, self.book) {
            (Some(rule), Some(book)) => rule.in_words(&book.params, l.0),
            _ => l.t("screening-rule-retired"),
        };
        let mut why = Why::new(l, tone, sentence, condition).evidence(self.evidence(reason, rule));
        for (name, text) in self.thresholds(rule) {
            why = why.basis(name, text);
        }
        if let Some(rule) = rule {
            let basis = rule.def.basis.as_deref().or(rule.def.set_locally.as_deref());
            why = why.basis(l.t("screening-basis"), basis.unwrap_or_default());
        }
        let (pack, version) = &reason.pack;
        let version = l.t_args(
            "screening-rule-version",
            &[
                ("rule", reason.rule.as_str().into()),
                ("pack", pack.into()),
                ("version", (*version).into()),
            ],
        );
        why.basis(l.t("screening-rule"), version)
            .basis(l.t("screening-hit-on"), reason.hit_on.to_string())
    }

    fn evidence(&self, reason: &Reason, rule: Option<&Rule>) -> Vec<Evidence> {
        let l = self.l;
        let values: BTreeMap<String, serde_json::Value> =
            serde_json::from_str(&reason.evidence).unwrap_or_default();
        let columns = rule.map(|rule| rule.evidence.as_slice()).unwrap_or_default();
        columns
            .iter()
            .map(|column| {
                let stored = values.get(column.name).map_or(Scalar::Null, of_json);
                let shown = opens(self.permit, &reason.department, column);
                let value = if shown {
                    facts::shown(&stored, column.kind, column.unit, l.0)
                } else {
                    l.t("screening-sealed")
                };
                let source = if shown && stored != Scalar::Null {
                    source_of(l, column, self.rows, self.today)
                } else {
                    None
                };
                Evidence { label: column.title.get(l.0).to_owned(), value, source }
            })
            .collect()
    }

    /// Each parameter of the rule with its value here and the document that sets it.
    fn thresholds(&self, rule: Option<&Rule>) -> Vec<(String, String)> {
        let (Some(rule), Some(book)) = (rule, self.book) else { return Vec::new() };
        let names = rule.predicate.params();
        let found = names.iter().filter_map(|name| {
            let param = book.params.get(name)?;
            let value = param.at(self.village.as_str());
            let title = said(self.l, &param.title_zh, &param.title_en).to_owned();
            let shown = facts::shown(&value, param.kind, param.unit, self.l.0);
            let source = source_of_parameter(book, name, (self.village, self.today));
            Some((title, if source.is_empty() { shown } else { format!("{shown} · {source}") }))
        });
        found.collect()
    }

    /// What is unknown, in a few words.
    pub fn unknown(&self, unknown: &Unknown) -> String {
        let l = self.l;
        match unknown {
            Unknown::NotDelivered(column) => {
                l.t1("screening-unknown-not_delivered", "what", column.title.get(l.0))
            }
            Unknown::NotRecorded(column) => {
                l.t1("screening-unknown-not_recorded", "what", column.title.get(l.0))
            }
            Unknown::NoValue(name) => {
                let param = self.book.and_then(|book| book.params.get(name));
                let what = param.map_or(name.as_str(), |p| said(l, &p.title_zh, &p.title_en));
                l.t1("screening-unknown-no_value", "what", what)
            }
        }
    }
}

/// The document behind the value of a parameter in a village on a day.
pub fn source_of_parameter(book: &Book, name: &str, (village, day): (AreaCode, Day)) -> String {
    let Some(parameter) = book.pack.parameters.iter().find(|one| one.id == name) else {
        return String::new();
    };
    let holds = parameter.values.iter().filter(|value| {
        value.from <= day
            && value.to.is_none_or(|to| day <= to)
            && value.area.is_none_or(|area| area.contains(village))
    });
    let narrowest = holds.max_by_key(|value| value.area.map_or(0, |area| area.prefix().len()));
    let text = narrowest.and_then(|value| value.source.as_ref().or(value.set_locally.as_ref()));
    text.cloned().unwrap_or_default()
}

fn of_json(value: &serde_json::Value) -> Scalar {
    match value {
        serde_json::Value::Number(number) => number
            .as_i64()
            .map(Scalar::Int)
            .or_else(|| number.as_f64().map(Scalar::Real))
            .unwrap_or_default(),
        serde_json::Value::String(text) => Scalar::Text(text.clone()),
        _ => Scalar::Null,
    }
}
