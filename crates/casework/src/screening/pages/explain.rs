//! A reason in words for the one who looks: the sentence with its numbers, then condition, values, sources, thresholds.
//! Values of a class that the person's role does not open are not shown, and the sentence that holds them neither.

use std::collections::{BTreeMap, BTreeSet};

use facts::{Column, Scalar, Unknown};
use kernel::area::AreaCode;
use kernel::error::{Error, Result};
use kernel::ids::HouseholdId;
use kernel::permission::Permission;
use kernel::time::Day;
use registry::circumstances::ledger::{evidence_of, fields_of};
use registry::circumstances::topics::{OwnListRow, Topic};
use registry::circumstances::{Said, list_in_village, list_village_records};
use registry::households::opens_row;
use registry::intake::batch::place_of;
use store::{Ctx, Permit, Session};
use web::L;
use web::ui::{Evidence, Source, Tone, Why};

use super::super::actions::{LeadView, Reason};
use super::super::book::Book;
use super::super::people::{Channel, said_of, words_of_said};
use super::super::rule::{Rule, Severity};
use super::super::sealed::{opens, opens_told};
use super::said;

/// Sources that are shown of one value: so many rows stand one by one; of more, the first few and their number.
const MOST_SOURCES: usize = 12;
const FEW_SOURCES: usize = 3;

/// A row behind a value, as its chip says it.
struct Came {
    office: String,
    file: String,
    on: Option<Day>,
    row: i64,
    href: String,
}

/// The rows behind the values of a lead, column by column, the latest first.
#[derive(Default)]
pub struct Rows(BTreeMap<String, Vec<Came>>);

/// The columns on which the reasons of a lead rest.
fn columns_of(view: &LeadView) -> BTreeSet<String> {
    let of = |reason: &Reason| -> BTreeMap<String, serde_json::Value> {
        serde_json::from_str(&reason.evidence).unwrap_or_default()
    };
    view.reasons.iter().flat_map(|reason| of(reason).into_keys()).collect()
}

/// The rows behind the values of a lead. A household is derived once more and says which rows counted; a village has its
/// own rows, and for the sums over its households the rows of those.
pub fn rows(ctx: &Ctx, view: &LeadView) -> Result<Rows> {
    let permit = ctx.permit(Permission::LeadSee)?;
    let mut session = ctx.read()?;
    let columns = columns_of(view);
    let mut rows = Rows::default();
    if let Some(household) = view.lead.household {
        let names: Vec<&str> = columns.iter().map(String::as_str).collect();
        rows = rows_of(ctx, (&mut session, &permit), household, &names)?;
    } else {
        let village = view.lead.village.as_str();
        let own = list_village_records(&mut session, village)?;
        let since = ctx.today.add_months(-12);
        for column in columns {
            if let Some(named) = facts::own::named(&column) {
                rows.0.insert(column.clone(), of_own_list(&own, &named));
                continue;
            }
            let Some((topic, summed)) = topic_of(&column) else { continue };
            let said: Vec<Said> = match summed {
                false => own.iter().filter(|said| said.topic == topic).cloned().collect(),
                true => list_in_village(&mut session, &permit, village, (topic, since))?,
            };
            let fields = fields_of(list_of(topic), &column);
            let came = |said: Said| Came {
                row: place_of(said.row.1).1,
                href: match fields {
                    [] => said.href(),
                    fields => format!("{}?field={}", said.href(), fields.join(",")),
                },
                office: said.department,
                file: String::new(),
                on: Some(said.on),
            };
            rows.0.insert(column, said.into_iter().map(came).collect());
        }
    }
    for came in rows.0.values_mut() {
        came.sort_by_key(|one| std::cmp::Reverse(one.on));
    }
    Ok(rows)
}

/// The rows behind values of a household; none where the household is not the person's to see.
pub fn rows_of(
    ctx: &Ctx,
    (session, permit): (&mut Session, &Permit),
    household: HouseholdId,
    columns: &[&str],
) -> Result<Rows> {
    let behind = match evidence_of(ctx, (session, permit), household, columns) {
        Ok(behind) => behind,
        Err(Error::Refusal(_)) => Vec::new(),
        Err(fault) => return Err(fault),
    };
    let mut rows = Rows::default();
    for row in behind {
        let mut href = row.href();
        if row.list == "income" {
            href.push_str(if href.contains('?') { "&of=" } else { "?of=" });
            href.push_str(&household.to_string());
        }
        let (_, number) = place_of(row.row);
        let (office, file, on) = (row.department, row.file, row.on);
        let came = Came { office, file, on, row: number, href };
        rows.0.entry(row.column).or_default().push(came);
    }
    for came in rows.0.values_mut() {
        came.sort_by_key(|one| std::cmp::Reverse(one.on));
    }
    Ok(rows)
}

/// The rows of an own list about a village.
fn of_own_list(said: &[Said], named: &facts::own::Named<'_>) -> Vec<Came> {
    let of_list =
        |said: &&Said| said.body::<OwnListRow>().is_some_and(|row| row.list == named.list);
    let came = |said: &Said| Came {
        row: place_of(said.row.1).1,
        href: match named.field {
            None => said.href(),
            Some(field) => format!("{}?field={field}", said.href()),
        },
        office: said.department.clone(),
        file: String::new(),
        on: Some(said.on),
    };
    said.iter().filter(of_list).map(came).collect()
}

/// The list that brings a topic.
fn list_of(topic: Topic) -> &'static str {
    match topic {
        Topic::WaterOutage => "water_outages",
        Topic::DisasterLoss => "disaster_losses",
        Topic::Complaint => "complaints",
        Topic::HouseGrade => "house_grades",
        Topic::JobEvent => "job_events",
        Topic::LoanState => "loans",
        _ => "register",
    }
}

/// Which topic stands behind a value of a whole village, and whether the value adds up its households.
fn topic_of(column: &str) -> Option<(Topic, bool)> {
    Some(match column {
        "water_outage_days" | "water_outages_12m" | "water_out_now" => (Topic::WaterOutage, false),
        "disaster_households_12m" | "disaster_loss_12m" => (Topic::DisasterLoss, true),
        "complaints_12m" | "complaints_water_12m" => (Topic::Complaint, true),
        "dangerous_houses" => (Topic::HouseGrade, true),
        "jobless_12m" => (Topic::JobEvent, true),
        "loans_overdue" => (Topic::LoanState, true),
        "households" | "persons" | "water_unsafe_households" => (Topic::RegisterHousehold, true),
        _ => return None,
    })
}

/// What the explanation of a lead needs beside the lead.
pub struct Behind<'a> {
    /// Who looks.
    pub ctx: &'a Ctx,
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

    /// The explanations of reasons; an only one is opened from the start.
    pub fn whys(&self, reasons: Vec<&Reason>) -> Vec<Why> {
        let only = reasons.len() == 1;
        let why = |reason: &&Reason| if only { self.why(reason).open() } else { self.why(reason) };
        reasons.iter().map(why).collect()
    }

    /// The whole explanation of a reason.
    pub fn why(&self, reason: &Reason) -> Why {
        let l = self.l;
        let tone = match reason.severity {
            Severity::Severe => Tone::Red,
            Severity::Serious => Tone::Amber,
            Severity::Notice => Tone::Grey,
        };
        let sentence = said(l, &reason.zh, &reason.en);
        if let Some(channel) = Channel::of_rule(&reason.rule) {
            return self
                .told(Why::new(l, tone, sentence, l.t("screening-told-how")), reason)
                .basis(l.t("screening-told-way"), channel.word(l));
        }
        let rule = self.rule(&reason.rule);
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
            let basis = l.half(basis.unwrap_or_default());
            why = why.basis(l.t("screening-basis"), basis);
        }
        let title = |rule: &Rule| {
            let title = &rule.def.title;
            if l.is_zh() { title.zh.clone() } else { title.en.clone() }
        };
        let (pack, version) = &reason.pack;
        let version = l.t_args(
            "screening-rule-version",
            &[
                ("rule", rule.map_or_else(|| reason.rule.clone(), title).into()),
                ("pack", pack.into()),
                ("version", (*version).into()),
            ],
        );
        why.basis(l.t("screening-rule"), version)
            .basis(l.t("screening-hit-on"), reason.hit_on.to_string())
    }

    /// What people said, each with the place where it can be read.
    fn told(&self, why: Why, reason: &Reason) -> Why {
        let whole = opens_told(self.permit);
        let all = said_of(&reason.evidence);
        let each = all.iter().filter(|_| whole).map(|one| Evidence {
            label: one.on.to_string(),
            value: words_of_said(one, self.l),
            sources: vec![
                Source::named(self.l.t("screening-told-read"))
                    .href(format!("/declarations/{}", one.declaration)),
            ],
            note: String::new(),
        });
        why.evidence(each.collect())
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
                let label = column.title.get(l.0).to_owned();
                if !shown {
                    let (value, note) = ("—".to_owned(), l.t("screening-sealed"));
                    return Evidence { label, value, sources: Vec::new(), note };
                }
                let value = column.shown(&stored, l.0);
                let (sources, note) = self.sources(column, &stored);
                Evidence { label, value, sources, note }
            })
            .collect()
    }

    /// The latest rows behind a value, and what else there is to say: how many more, or why there is none.
    fn sources(&self, column: &Column, stored: &Scalar) -> (Vec<Source>, String) {
        let l = self.l;
        let came = self.rows.0.get(column.name).map(Vec::as_slice).unwrap_or_default();
        // of an own list whose newest delivery says how things stand, only that one counts
        let replaces = column.own.is_some_and(|own| !own.adds);
        let newest = came.first().map(|came| came.on);
        let came: Vec<&Came> =
            came.iter().filter(|came| !replaces || Some(came.on) == newest).collect();
        let shown = if came.len() > MOST_SOURCES { FEW_SOURCES } else { came.len() };
        let mut before: Option<(&str, Option<Day>)> = None;
        let mut sources = Vec::new();
        for came in came.iter().copied().take(shown) {
            let source = if before == Some((came.office.as_str(), came.on)) {
                // what looks the same as the one before says only its row
                Source::named(l.t1("screening-row", "n", came.row.to_string()))
            } else {
                let office = super::department_word(l, &came.office);
                let day = came.on.map(|day| day.to_string()).unwrap_or_default();
                let age = came.on.map_or(0, |day| day.days_until(self.today));
                Source::new(l, &office, &day, age)
            };
            before = Some((came.office.as_str(), came.on));
            let tip = l.t_args(
                "screening-row-of",
                &[("file", came.file.as_str().into()), ("n", came.row.to_string().into())],
            );
            let source = source.tip(tip.trim().to_owned());
            let opens = opens_row(self.ctx, &came.office);
            sources.push(if opens { source.href(&came.href) } else { source });
        }
        let note = match (came.len(), stored) {
            (0, Scalar::Null) => String::new(),
            (0, _) if column.coverage.is_some() => l.t("screening-not-on-list"),
            (0, _) => l.t("screening-none-recorded"),
            (n, _) if n > shown => l.t1("screening-more-rows", "n", n - shown),
            _ => String::new(),
        };
        (sources, note)
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
            let source = self.l.half(&source);
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
