//! What is wrong with a file of lives: where it stands, and what, so that both languages can say it.

use std::fmt;

use web::L;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The line of the file, from 1.
    pub line: usize,
    /// Which mistake; its words are `cases-wrong-CODE`.
    pub code: &'static str,
    /// What the words name.
    pub args: Vec<(&'static str, String)>,
}

impl Wrong {
    /// A mistake in a line.
    pub fn new(line: usize, code: &'static str) -> Self {
        Self { line, code, args: Vec::new() }
    }

    /// Names something.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// A file that cannot be read, with the line where reading stopped.
    pub fn unreadable(text: &str, why: &toml::de::Error) -> Self {
        let before = why.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        Self::new(line, "unreadable").arg("detail", why.message())
    }

    /// In words.
    pub fn words(&self, l: L) -> String {
        let args: Vec<(&str, web::Arg)> =
            self.args.iter().map(|(name, value)| (*name, value.as_str().into())).collect();
        l.t_args(&format!("cases-wrong-{}", self.code), &args)
    }
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.code)?;
        self.args.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}

/// The line on which a part of a file stands: the table of the name with the id, and in it the line that holds the word. Where
/// no table is named what stands before the first one is meant.
pub fn line_of(text: &str, (table, id): (&str, &str), word: &str) -> usize {
    let header = format!("[[{table}]]");
    let own = format!("id = \"{id}\"");
    let holds = |line: &str| !word.is_empty() && line.contains(word);
    let (mut within, mut begun) = (table.is_empty(), table.is_empty().then_some(1));
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with("[[") {
            if let (true, Some(begun)) = (within, begun) {
                return begun;
            }
            within = line == header;
            continue;
        }
        if !within {
            continue;
        }
        if begun.is_none() {
            if line != own {
                continue;
            }
            begun = Some(at + 1);
        }
        if holds(line) {
            return at + 1;
        }
    }
    begun.unwrap_or(1)
}
