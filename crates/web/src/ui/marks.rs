//! Small marks inside a line: icon, chip, clock, source, tick.

use std::fmt;

use askama::Template;
use kernel::time::Day;

use crate::words::L;

/// An icon of `assets/icons.svg` by name, hidden from readers of the screen: the word stands beside it.
#[derive(Clone, Copy, Debug)]
pub struct Icon(pub &'static str);

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let address = crate::assets::asset("icons.svg");
        write!(
            f,
            r#"<svg class="sw-icon" aria-hidden="true"><use href="{address}#{}"></use></svg>"#,
            self.0
        )
    }
}

/// What a colour means. A tone never stands alone: a word or an icon says the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// In order, in time.
    Green,
    /// Soon; cannot tell.
    Amber,
    /// Late; broken; refused.
    Red,
    /// Neutral.
    Grey,
    /// Ours: chosen, current.
    Accent,
}

impl Tone {
    /// The CSS class that sets the tone of a part.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Tone::Green => "is-green",
            Tone::Amber => "is-amber",
            Tone::Red => "is-red",
            Tone::Grey => "is-grey",
            Tone::Accent => "is-accent",
        }
    }
}

/// A status in a word or two: 监测户, 已答复, 待确认.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/chip.html")]
pub struct Chip {
    tone: Tone,
    text: String,
    icon: Option<Icon>,
    href: Option<String>,
    tip: Option<String>,
}

impl Chip {
    /// A chip of this tone with this word.
    #[must_use]
    pub fn new(tone: Tone, text: impl Into<String>) -> Chip {
        Chip { tone, text: text.into(), icon: None, href: None, tip: None }
    }

    /// With an icon before the word.
    #[must_use]
    pub fn icon(mut self, name: &'static str) -> Chip {
        self.icon = Some(Icon(name));
        self
    }

    /// Opens `href`.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Chip {
        self.href = Some(href.into());
        self
    }

    /// Says more when pointed at.
    #[must_use]
    pub fn tip(mut self, tip: impl Into<String>) -> Chip {
        self.tip = Some(tip.into());
        self
    }
}

/// How long is left until a due day: green with more than two days, amber up to it, red after.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/clock.html")]
pub struct Clock {
    tone: Tone,
    words: String,
    due: String,
    tip: String,
}

impl Clock {
    /// The clock of something due on `due`, looked at on `today`.
    #[must_use]
    pub fn new(l: L, today: Day, due: Day) -> Clock {
        let left = today.days_until(due);
        let (tone, words) = match left {
            ..0 => (Tone::Red, l.t1("web-clock-over", "n", -left)),
            0 => (Tone::Amber, l.t("web-clock-today")),
            1..=2 => (Tone::Amber, l.t1("web-clock-left", "n", left)),
            _ => (Tone::Green, l.t1("web-clock-left", "n", left)),
        };
        Clock { tone, words, due: due.to_string(), tip: String::new() }
    }

    /// The tip: from when it runs, which calendar, which rule.
    #[must_use]
    pub fn tip(mut self, tip: impl Into<String>) -> Clock {
        self.tip = tip.into();
        self
    }
}

/// Where a value comes from: "医保局 · 2026-09 名单 · 23 天前"; opens the row of the file.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/source.html")]
pub struct Source {
    text: String,
    href: Option<String>,
    tip: Option<String>,
    old: bool,
}

impl Source {
    /// `department` and `list` as words, `age` in days since the value's day.
    #[must_use]
    pub fn new(l: L, department: &str, list: &str, age: i64) -> Source {
        let parts = [department, list, &l.ago(age)];
        let text =
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        Source { text, href: None, tip: None, old: false }
    }

    /// A further row of the source before it, by its own words.
    #[must_use]
    pub fn named(text: impl Into<String>) -> Source {
        Source { text: text.into(), href: None, tip: None, old: false }
    }

    /// The row of the file it opens.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Source {
        self.href = Some(href.into());
        self
    }

    /// File, sheet and row in words.
    #[must_use]
    pub fn tip(mut self, tip: impl Into<String>) -> Source {
        self.tip = Some(tip.into());
        self
    }

    /// Older than its list should be: shown in amber.
    #[must_use]
    pub fn old(mut self) -> Source {
        self.old = true;
        self
    }
}

/// A judged value: in order ✓, not in order !, cannot tell ?
#[derive(Clone, Debug, Template)]
#[template(path = "ui/mark.html")]
pub struct Mark {
    class: &'static str,
    icon: Icon,
    text: String,
}

impl Mark {
    /// ✓
    #[must_use]
    pub fn ok(text: impl Into<String>) -> Mark {
        Mark { class: "sw-ok", icon: Icon("check"), text: text.into() }
    }

    /// !
    #[must_use]
    pub fn bad(text: impl Into<String>) -> Mark {
        Mark { class: "sw-bad", icon: Icon("bang"), text: text.into() }
    }

    /// ? with what is missing.
    #[must_use]
    pub fn ask(text: impl Into<String>) -> Mark {
        Mark { class: "sw-ask", icon: Icon("ask"), text: text.into() }
    }
}
