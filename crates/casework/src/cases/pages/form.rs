//! Steps and parts of a case as forms: fields as the life has them.

use kernel::error::Refusal;
use web::ui::{Choice, Field};
use web::{Fields, L};

use super::super::book::CaseBook;
use super::super::life::{Ask, AskKind, Need, StepDef};
use super::super::model::Case;
use super::super::removal::Held;

/// A form on the page of a case.
pub struct FormCard {
    /// What it does.
    pub title: String,
    /// Where it is sent.
    pub action: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// What must be there first; with any of these nothing can be sent.
    pub lacks: Vec<String>,
    /// A line above the fields.
    pub help: String,
}

/// The fields of a step.
pub fn fields_of(
    l: L,
    (book, step): (&CaseBook, &StepDef),
    (sent, refused): (&Fields, Option<&Refusal>),
) -> Vec<Field> {
    step.asks.iter().map(|ask| field(l, book, ask).filled(l, sent, refused)).collect()
}

fn field(l: L, book: &CaseBook, ask: &Ask) -> Field {
    let (name, title) = (ask.id.clone(), ask.title.get(l.0).to_owned());
    let label = if ask.optional { l.t1("cases-optional", "what", title.clone()) } else { title };
    let field = match ask.kind {
        AskKind::Text => Field::text(name, label),
        AskKind::Words => Field::area(name, label),
        AskKind::Day => Field::input("date", name, label),
        AskKind::Number => Field::input("number", name, label),
        AskKind::Yes => Field::boxes(name, String::new(), vec![Choice::new("yes", label)]),
        AskKind::Choice => {
            let known = ask.options.iter();
            let known = known.map(|one| Choice::new(one.code.as_str(), one.title.get(l.0)));
            Field::radio(name, label, known.collect())
        }
        AskKind::Class => {
            let known = book.classes.class.iter();
            let known = known.map(|one| {
                Choice::new(
                    one.code.as_str(),
                    if l.is_zh() { one.zh.as_str() } else { one.en.as_str() },
                )
            });
            Field::radio(name, label, known.collect())
        }
    };
    if ask.public { field.help(l.t("cases-public-help")) } else { field }
}

/// What a form of a step holds when it opens: today for days, what was known before.
pub fn opened(step: &StepDef, today: kernel::time::Day, suggested: Option<(&str, &str)>) -> Fields {
    let mut fields = Fields::default();
    for ask in &step.asks {
        let value = match (ask.kind, suggested) {
            (AskKind::Day, _) => today.to_string(),
            (AskKind::Class, Some((_, class))) => class.to_owned(),
            (AskKind::Choice, Some((trigger, _))) if ask.id == "trigger" => trigger.to_owned(),
            _ => continue,
        };
        fields = fields.with(&ask.id, value);
    }
    fields
}

/// What a step still needs, in words.
pub fn lacks_words(
    l: L,
    case: &Case,
    lacks: &[Need],
    (removal, plan): (&[(String, Held)], &[String]),
) -> Vec<String> {
    let mut words = Vec::new();
    for need in lacks {
        match need {
            Need::NoticeOver => {
                let until = case.notice_until.map(|day| day.to_string()).unwrap_or_default();
                words.push(l.t1("cases-lacks-notice_over", "until", until));
            }
            Need::Removal => {
                let missing = removal.iter().filter(|(_, held)| held.holds != Some(true));
                words.extend(missing.map(|(title, held)| {
                    let id =
                        if held.holds.is_none() { "cases-lacks-untold" } else { "cases-lacks-not" };
                    l.t1(id, "what", title.clone())
                }));
            }
            Need::Plan => words.extend(plan.iter().map(|lack| super::plan_word(l, lack))),
            other => words.push(l.t(&format!("cases-lacks-{}", other.code()))),
        }
    }
    words
}
