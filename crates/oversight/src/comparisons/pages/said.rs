//! Lines, values and causes in words.

use std::collections::BTreeMap;

use casework::departments::{list_name, office_name};
use facts::{Column, Kind, Scalar, Unit};
use registry::intake::Templates;
use web::L;

use super::super::actions::Two;
use super::super::causes::{Cause, RowOf};
use super::moment;

/// A cause as it is told, and where it leads.
pub struct Told {
    pub text: String,
    pub href: Option<String>,
}

/// What words need beside the language.
pub struct Words<'a> {
    pub l: L,
    pub templates: &'a Templates,
    /// Titles of rules by their ids.
    pub rules: BTreeMap<String, (String, String)>,
}

impl Words<'_> {
    /// The title of a rule; of one that is no longer there its id.
    pub fn rule(&self, id: &str) -> String {
        let title = self.rules.get(id);
        title.map_or_else(
            || id.to_owned(),
            |(zh, en)| if self.l.is_zh() { zh.clone() } else { en.clone() },
        )
    }

    /// A line.
    pub fn line(&self, code: &str, columns: &[Column]) -> String {
        let l = self.l;
        let title = |name: &str| {
            let column = columns.iter().find(|column| column.name == name);
            column.map_or_else(|| name.to_owned(), |column| column.title.get(l.0).to_owned())
        };
        match code.split_once('.') {
            Some(("yes" | "fact", name)) => title(name),
            Some(("class", rest)) => match rest.split_once('.') {
                Some((name, value)) => {
                    let args = [("what", title(name).into()), ("value", value.into())];
                    l.t_args("comparisons-class", &args)
                }
                None => title(rest),
            },
            Some(("income", band)) => l.t(&format!("comparisons-income-{band}")),
            Some(("lead", severity)) => l.t(&format!("screening-severity-{severity}")),
            Some(("rule", rule)) => self.rule(rule),
            _ => l.t(&format!("comparisons-line-{code}")),
        }
    }

    /// A line where no heading says of what it is.
    pub fn line_alone(&self, code: &str, columns: &[Column]) -> String {
        let group = match code.split_once('.') {
            Some(("lead" | "rule", _)) => "comparisons-leads",
            Some(("income", _)) => "comparisons-income-alone",
            _ => return self.line(code, columns),
        };
        let args = [("what", self.l.t(group).into()), ("value", self.line(code, columns).into())];
        self.l.t_args("comparisons-class", &args)
    }

    /// A value; *not known* where there is none.
    pub fn value(&self, column: &Column, value: &Scalar) -> String {
        match value {
            Scalar::Null => self.l.t("indicators-not-known"),
            Scalar::Text(text) if text.is_empty() => self.l.t("comparisons-none"),
            value => column.shown(value, self.l.0),
        }
    }

    /// What it is, the old and the new.
    pub fn two(&self, two: &Two) -> (String, String, String) {
        let l = self.l;
        match two {
            Two::Fact(column, old, new) => {
                (column.title.get(l.0).to_owned(), self.value(column, old), self.value(column, new))
            }
            Two::Village(old, new) => {
                let word = |village: &Option<String>| {
                    village.clone().unwrap_or_else(|| l.t("comparisons-not-there"))
                };
                (l.t("comparisons-stands"), word(old), word(new))
            }
            Two::Lives(old, new) => {
                let word = |lives: bool| {
                    l.t(if lives { "comparisons-lives" } else { "comparisons-not-there" })
                };
                (l.t("comparisons-line-people"), word(*old), word(*new))
            }
            Two::Lead(old, new) => {
                let word = |state: &Option<String>| match state {
                    None => l.t("comparisons-no-lead"),
                    Some(state) => l.t(&format!("screening-state-{state}")),
                };
                (l.t("comparisons-lead"), word(old), word(new))
            }
        }
    }

    fn row(&self, id: &str, row: &RowOf) -> Told {
        let l = self.l;
        let mut text = l.t_args(
            &format!("comparisons-why-{id}"),
            &[
                ("office", office_name(l, &row.department).into()),
                ("list", list_name(l, self.templates, &row.list).into()),
                ("row", row.row.to_string().into()),
                ("file", row.file.as_str().into()),
            ],
        );
        if let Some(on) = row.on {
            text.push_str(&l.t1("comparisons-why-of", "on", on.to_string()));
        }
        if let Some((who, at)) = &row.by {
            let args = [("who", who.into()), ("at", moment(*at).into())];
            text.push_str(&l.t_args("comparisons-why-by", &args));
        }
        Told { text, href: row.href.clone() }
    }

    /// A cause.
    pub fn cause(&self, cause: &Cause) -> Told {
        let l = self.l;
        let say = |id: &str, args: &[(&str, web::Arg)]| Told {
            text: l.t_args(&format!("comparisons-why-{id}"), args),
            href: None,
        };
        let how = |way: &str, how: &str| match l.find(&format!("comparisons-{way}-{how}"), &[]) {
            Some(word) => word,
            None => how.to_owned(),
        };
        match cause {
            Cause::Row(row) => self.row("row", row),
            Cause::TakenBack(row) => self.row("taken-back", row),
            Cause::Past(row) => self.row("past", row),
            Cause::More(n) => say("more", &[("n", (*n).into())]),
            Cause::Came(name, word, on) => say(
                "came",
                &[
                    ("name", name.into()),
                    ("how", how("in", word).into()),
                    ("on", on.to_string().into()),
                ],
            ),
            Cause::Went(name, word, on) => say(
                "went",
                &[
                    ("name", name.into()),
                    ("how", how("out", word).into()),
                    ("on", on.to_string().into()),
                ],
            ),
            Cause::ByHand(kind, on, by, decided) => {
                let kind = l.t(&format!("households-change-{kind}"));
                let mut told = say(
                    "by-hand",
                    &[("kind", kind.into()), ("on", on.to_string().into()), ("by", by.into())],
                );
                if let Some((who, at)) = decided {
                    let args = [("who", who.into()), ("at", at.into())];
                    told.text.push_str(&l.t_args("comparisons-why-confirmed", &args));
                }
                told
            }
            Cause::Done(verb, who, at) => {
                let verb = l.t(&format!("journal-verb-{}", verb.replace('.', "-")));
                let args = [("what", verb.into()), ("who", who.into()), ("at", moment(*at).into())];
                say("done", &args)
            }
            Cause::List(list, came) => {
                let name = list_name(l, self.templates, list);
                say(if *came { "list-came" } else { "list-over" }, &[("list", name.into())])
            }
            Cause::Rule(rule, version, on) => say(
                "rule",
                &[
                    ("rule", self.rule(rule).into()),
                    ("version", version.to_string().into()),
                    ("on", on.into()),
                ],
            ),
            Cause::Book(old, new) => say("book", &[("old", old.into()), ("new", new.into())]),
            Cause::Gone(rule, on) => {
                say("gone", &[("rule", self.rule(rule).into()), ("on", on.into())])
            }
            Cause::Answered(who, on, outcome) => {
                let outcome = l.t(&format!("screening-outcome-{outcome}"));
                let args = [("who", who.into()), ("on", on.into()), ("outcome", outcome.into())];
                say("answered", &args)
            }
            Cause::State(state) => {
                let state = l.t(&format!("screening-state-{state}"));
                say("state", &[("state", state.into())])
            }
            Cause::Line(old, new) => {
                let yuan =
                    |value: &Scalar| facts::shown(value, Kind::Money, Unit::YuanPerHead, l.0);
                say("line", &[("old", yuan(old).into()), ("new", yuan(new).into())])
            }
            Cause::Elsewhere => say("elsewhere", &[]),
            Cause::Time => say("time", &[]),
            Cause::Unclear => say("unclear", &[]),
        }
    }
}
