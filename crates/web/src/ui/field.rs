//! The parts of a form: a field with label, help and mistake; the summary of mistakes; the hidden token.

use std::borrow::Cow;

use askama::Template;
use kernel::error::Refusal;

use super::marks::Icon;
use crate::answer::words_of_fields;
use crate::forms::Fields;
use crate::words::L;

/// One of several answers.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A line below the label, or empty.
    pub help: String,
    chosen: bool,
}

impl Choice {
    /// An answer and its label.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into(), help: String::new(), chosen: false }
    }

    /// A line below the label.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Choice {
        self.help = help.into();
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Input(&'static str),
    Area,
    Select,
    Radio,
    Boxes,
}

/// A form field: label above, control, help and mistake below.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/field.html")]
pub struct Field {
    kind: Kind,
    name: Cow<'static, str>,
    label: String,
    value: String,
    help: String,
    wrong: Option<String>,
    choices: Vec<Choice>,
    auto: Option<&'static str>,
    focus: bool,
    required: bool,
}

impl Field {
    fn of(kind: Kind, name: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Field {
        let (value, help) = (String::new(), String::new());
        Field {
            kind,
            name: name.into(),
            label: label.into(),
            value,
            help,
            wrong: None,
            choices: Vec::new(),
            auto: None,
            focus: false,
            required: false,
        }
    }

    /// One line of text.
    #[must_use]
    pub fn text(name: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Field {
        Field::of(Kind::Input("text"), name, label)
    }

    /// A control of another HTML input type: `date`, `month`, `number`, `password`, `file`, `search`.
    #[must_use]
    pub fn input(
        kind: &'static str,
        name: impl Into<Cow<'static, str>>,
        label: impl Into<String>,
    ) -> Field {
        Field::of(Kind::Input(kind), name, label)
    }

    /// Several lines of text.
    #[must_use]
    pub fn area(name: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Field {
        Field::of(Kind::Area, name, label)
    }

    /// One of a list that opens.
    #[must_use]
    pub fn select(
        name: impl Into<Cow<'static, str>>,
        label: impl Into<String>,
        choices: Vec<Choice>,
    ) -> Field {
        Field { choices, ..Field::of(Kind::Select, name, label) }
    }

    /// One of a few, all visible.
    #[must_use]
    pub fn radio(
        name: impl Into<Cow<'static, str>>,
        label: impl Into<String>,
        choices: Vec<Choice>,
    ) -> Field {
        Field { choices, ..Field::of(Kind::Radio, name, label) }
    }

    /// Any of a few.
    #[must_use]
    pub fn boxes(
        name: impl Into<Cow<'static, str>>,
        label: impl Into<String>,
        choices: Vec<Choice>,
    ) -> Field {
        Field { choices, ..Field::of(Kind::Boxes, name, label) }
    }

    /// A line of help below.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Field {
        self.help = help.into();
        self
    }

    /// The value of the `autocomplete` attribute.
    #[must_use]
    pub fn autocomplete(mut self, auto: &'static str) -> Field {
        self.auto = Some(auto);
        self
    }

    /// The cursor starts here.
    #[must_use]
    pub fn focus(mut self) -> Field {
        self.focus = true;
        self
    }

    /// Must be filled in.
    #[must_use]
    pub fn required(mut self) -> Field {
        self.required = true;
        self
    }

    /// Fills in what was typed and what was wrong with it. A password is never sent back.
    #[must_use]
    pub fn filled(mut self, l: L, fields: &Fields, refusal: Option<&Refusal>) -> Field {
        if self.kind != Kind::Input("password") && self.kind != Kind::Input("file") {
            fields.text(&self.name).clone_into(&mut self.value);
        }
        for choice in &mut self.choices {
            choice.chosen = fields.all(&self.name).contains(&choice.value);
        }
        let wrong = refusal.into_iter().flat_map(|refusal| words_of_fields(l, refusal));
        self.wrong = wrong.filter(|(name, _)| *name == self.name).map(|(_, words)| words).next();
        self
    }
}

/// The summary above a form: what is wrong, each with a link to its field. Prints nothing when nothing is wrong.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/errors.html")]
pub struct Errors {
    title: String,
    advice: Option<String>,
    items: Vec<(String, String)>,
}

impl Errors {
    /// What `refusal` says.
    #[must_use]
    pub fn new(l: L, refusal: Option<&Refusal>) -> Errors {
        let Some(refusal) = refusal else {
            return Errors { title: String::new(), advice: None, items: Vec::new() };
        };
        let (title, advice) = crate::answer::words_of_refusal(l, refusal);
        Errors { title, advice, items: words_of_fields(l, refusal) }
    }

    /// Each mistake with the label of its field before it.
    #[must_use]
    pub fn labelled(mut self, l: L, fields: &[Field]) -> Errors {
        for (name, text) in &mut self.items {
            if let Some(field) = fields.iter().find(|field| field.name == name.as_str()) {
                *text = l.t_args(
                    "web-field-wrong",
                    &[("field", (&field.label).into()), ("what", (&*text).into())],
                );
            }
        }
        self
    }
}

/// The hidden field that proves a form came from our own page. Every form that posts has one.
#[derive(Clone, Debug, Template)]
#[template(source = r#"<input type="hidden" name="_csrf" value="{{ self.0 }}">"#, ext = "html")]
pub struct Csrf(pub String);
