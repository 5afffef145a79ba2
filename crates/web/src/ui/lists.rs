//! Parts that hold several things: figures, tabs, bars, timelines; and what stands where there is nothing.

use askama::Template;

use super::marks::{Icon, Source, Tone};

/// One large number that opens its list.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/stat.html")]
pub struct Stat {
    tone: Option<Tone>,
    icon: Option<Icon>,
    number: String,
    label: String,
    small: String,
    href: Option<String>,
}

impl Stat {
    /// The number as text and what it counts.
    #[must_use]
    pub fn new(number: impl Into<String>, label: impl Into<String>) -> Stat {
        Stat {
            tone: None,
            icon: None,
            number: number.into(),
            label: label.into(),
            small: String::new(),
            href: None,
        }
    }

    /// Coloured, with an icon that says the same.
    #[must_use]
    pub fn tone(mut self, tone: Tone, icon: &'static str) -> Stat {
        self.tone = Some(tone);
        self.icon = Some(Icon(icon));
        self
    }

    /// A line below the label.
    #[must_use]
    pub fn small(mut self, small: impl Into<String>) -> Stat {
        self.small = small.into();
        self
    }

    /// Opens `href`.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Stat {
        self.href = Some(href.into());
        self
    }
}

/// A row of large numbers.
#[derive(Clone, Debug, Template)]
#[template(
    source = r#"<div class="sw-stats">{% for stat in self.0 %}{{ stat }}{% endfor %}</div>"#,
    ext = "html"
)]
pub struct Stats(pub Vec<Stat>);

/// What stands where a list is empty: what will appear here and how to make it appear.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/empty.html")]
pub struct Empty {
    title: String,
    text: String,
    action: Option<(String, String)>,
}

impl Empty {
    /// What will appear here, and how.
    #[must_use]
    pub fn new(title: impl Into<String>, text: impl Into<String>) -> Empty {
        Empty { title: title.into(), text: text.into(), action: None }
    }

    /// The way to make it appear: label and address.
    #[must_use]
    pub fn action(mut self, label: impl Into<String>, href: impl Into<String>) -> Empty {
        self.action = Some((label.into(), href.into()));
        self
    }
}

/// A boxed remark: something done, something to know, something wrong.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/note.html")]
pub struct Note {
    tone: Tone,
    icon: Icon,
    title: String,
    text: String,
}

impl Note {
    /// A bold first line and plain text; either may be empty.
    #[must_use]
    pub fn new(tone: Tone, title: impl Into<String>, text: impl Into<String>) -> Note {
        let icon = match tone {
            Tone::Green => "check",
            Tone::Amber | Tone::Red => "bang",
            Tone::Grey | Tone::Accent => "info",
        };
        Note { tone, icon: Icon(icon), title: title.into(), text: text.into() }
    }
}

/// One tab: an address, a label, perhaps a count.
#[derive(Clone, Debug)]
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// Its word.
    pub label: String,
    /// Shown behind the word.
    pub count: Option<String>,
    /// Is this where we are?
    pub current: bool,
}

/// Views of the same thing, each with its own address.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/tabs.html")]
pub struct Tabs(pub Vec<Tab>);

/// How far a long work is.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/progress.html")]
pub struct Progress {
    /// Done so far.
    pub done: u64,
    /// Of how many.
    pub of: u64,
    /// What is being done.
    pub label: String,
    /// Rows per second, time left.
    pub detail: String,
}

/// One part of a [`Split`].
#[derive(Clone, Debug)]
pub struct SplitPart {
    /// Its colour.
    pub tone: Tone,
    /// Its size; the bar is drawn in proportion.
    pub size: i64,
    /// The size as text.
    pub number: String,
    /// What it is.
    pub label: String,
    /// Opens its rows.
    pub href: String,
}

/// A whole and its parts as one bar with a key of links: taken, asked, rejected, not ours.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/split.html")]
pub struct Split(pub Vec<SplitPart>);

/// One event of a timeline.
#[derive(Clone, Debug)]
pub struct Event {
    /// `2026-03-05`.
    pub day: String,
    /// Colour of its dot.
    pub tone: Tone,
    /// What happened.
    pub title: String,
    /// One sentence more, or empty.
    pub text: String,
    /// Where it is known from.
    pub source: Option<Source>,
    /// Opens it.
    pub href: Option<String>,
}

/// Events, newest first.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/timeline.html")]
pub struct Timeline(pub Vec<Event>);
