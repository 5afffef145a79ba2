//! What is wrong with a predicate: where, what, and which names were perhaps meant.

use std::fmt;

/// A predicate that cannot be used. The words people read stand in `locales/*/facts.ftl` under
/// `finding-facts-<code>`; `Display` is for logs and developers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Line in the predicate, from 1; 0 when the place is not known.
    pub line: u64,
    /// Column in the line, from 1, in characters; 0 when the place is not known.
    pub column: u64,
    /// What is wrong.
    pub trouble: Trouble,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// The text is no expression.
    #[error("cannot be read: {0}")]
    Syntax(String),
    /// Too long, too deep or too wide.
    #[error("too large: {0}")]
    TooLarge(&'static str),
    /// The table has no such column.
    #[error("no column {name} in {table}{}", near(.suggestions))]
    NoColumn {
        /// As written.
        name: String,
        /// The fact table.
        table: String,
        /// Names that look alike.
        suggestions: Vec<String>,
    },
    /// No such parameter in the pack.
    #[error("no parameter :{name}{}", near(.suggestions))]
    NoParam {
        /// As written.
        name: String,
        /// Names that look alike.
        suggestions: Vec<String>,
    },
    /// No such function.
    #[error("no function {name}{}", near(.suggestions))]
    NoFunction {
        /// As written.
        name: String,
        /// Names that look alike.
        suggestions: Vec<String>,
    },
    /// Wrong number or kind of arguments.
    #[error("{name} is written {form}")]
    Arguments {
        /// The function.
        name: String,
        /// Its form.
        form: &'static str,
    },
    /// No own list of this code, or it is not about the rows of the table.
    #[error("no own list {name} about the rows of {table}{}", near(.suggestions))]
    NoList {
        /// As written.
        name: String,
        /// The fact table.
        table: String,
        /// Lists that there are: those that look alike first.
        suggestions: Vec<String>,
    },
    /// The own list has no such column.
    #[error("the list {list} has no column {name}{}", near(.suggestions))]
    NoField {
        /// The list.
        list: String,
        /// As written.
        name: String,
        /// Its columns.
        suggestions: Vec<String>,
    },
    /// A window of no month, or of more than are held.
    #[error("{0} months: 1 to 36 may be looked back")]
    BadMonths(String),
    /// Two things that cannot be compared or reckoned together.
    #[error("{left} and {right} cannot be joined by {operator}")]
    Mismatch {
        /// Kind of the left side.
        left: &'static str,
        /// The operator as written.
        operator: String,
        /// Kind of the right side.
        right: &'static str,
    },
    /// Another kind is needed here.
    #[error("{found} where {wanted} is needed")]
    Wanted {
        /// The kind needed.
        wanted: &'static str,
        /// The kind found.
        found: &'static str,
    },
    /// A day that is none.
    #[error("{0} is no day; days are written 'YYYY-MM-DD'")]
    BadDay(String),
    /// A number out of bounds.
    #[error("the number {0} is too large or too fine")]
    BadNumber(String),
    /// Division by a literal zero.
    #[error("division by zero")]
    DivisionByZero,
    /// `= null`, or null as a value.
    #[error("null has no value; write \"is null\" or \"is not null\"")]
    BareNull,
    /// `members` inside `members`, or outside a household.
    #[error("{0}(…) is for rules about households and cannot stand inside itself")]
    NotHere(String),
    /// A part of SQL that is not in the language.
    #[error("{0} is not part of the language of predicates")]
    NotAllowed(String),
}

fn near(suggestions: &[String]) -> String {
    if suggestions.is_empty() {
        String::new()
    } else {
        format!("; perhaps {}", suggestions.join(", "))
    }
}

impl Trouble {
    /// The last part of the message code, as in `locales/*/facts.ftl`.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Syntax(_) => "facts.syntax",
            Self::TooLarge(_) => "facts.too_large",
            Self::NoColumn { .. } => "facts.no_column",
            Self::NoParam { .. } => "facts.no_param",
            Self::NoFunction { .. } => "facts.no_function",
            Self::Arguments { .. } => "facts.arguments",
            Self::NoList { .. } => "facts.no_list",
            Self::NoField { .. } => "facts.no_field",
            Self::BadMonths(_) => "facts.bad_months",
            Self::Mismatch { .. } => "facts.mismatch",
            Self::Wanted { .. } => "facts.wanted",
            Self::BadDay(_) => "facts.bad_day",
            Self::BadNumber(_) => "facts.bad_number",
            Self::DivisionByZero => "facts.division_by_zero",
            Self::BareNull => "facts.bare_null",
            Self::NotHere(_) => "facts.not_here",
            Self::NotAllowed(_) => "facts.not_allowed",
        }
    }

    /// The arguments of the message.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let joined = |names: &[String]| names.join(", ");
        match self {
            Self::NoColumn { name, table, suggestions } => vec![
                ("name", name.clone()),
                ("table", table.clone()),
                ("near", joined(suggestions)),
            ],
            Self::NoParam { name, suggestions } | Self::NoFunction { name, suggestions } => {
                vec![("name", name.clone()), ("near", joined(suggestions))]
            }
            Self::Arguments { name, form } => {
                vec![("name", name.clone()), ("form", (*form).to_owned())]
            }
            Self::Mismatch { left, operator, right } => vec![
                ("left", (*left).to_owned()),
                ("operator", operator.clone()),
                ("right", (*right).to_owned()),
            ],
            Self::Wanted { wanted, found } => {
                vec![("wanted", (*wanted).to_owned()), ("found", (*found).to_owned())]
            }
            Self::TooLarge(text) => vec![("text", (*text).to_owned())],
            Self::NoList { name, table, suggestions } => vec![
                ("name", name.clone()),
                ("table", table.clone()),
                ("near", joined(suggestions)),
            ],
            Self::NoField { list, name, suggestions } => {
                vec![("list", list.clone()), ("name", name.clone()), ("near", joined(suggestions))]
            }
            Self::Syntax(text) | Self::BadMonths(text) | Self::BadDay(text) => {
                vec![("text", text.clone())]
            }
            Self::BadNumber(text) | Self::NotHere(text) | Self::NotAllowed(text) => {
                vec![("text", text.clone())]
            }
            Self::DivisionByZero | Self::BareNull => Vec::new(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 1 {
            write!(out, "line {}, character {}: {}", self.line, self.column, self.trouble)
        } else if self.column > 0 {
            write!(out, "character {}: {}", self.column, self.trouble)
        } else {
            write!(out, "{}", self.trouble)
        }
    }
}

impl std::error::Error for Problem {}

/// At most three of `names` that look like `name`, the nearest first.
pub fn suggest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let limit = (name.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = names
        .into_iter()
        .map(|other| (distance(&name.to_ascii_lowercase(), other), other))
        .filter(|(far, other)| *far <= limit || (name.len() > 3 && other.contains(name)))
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(3).map(|(_, other)| other.to_owned()).collect()
}

/// Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        for ((y, diagonal), above) in b.iter().zip(&row).zip(row.iter().skip(1)) {
            let swap = diagonal + usize::from(x != *y);
            left = swap.min(left + 1).min(above + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_come_first_and_far_ones_not_at_all() {
        let names = ["oop_12m", "oop_max_stay", "edu_cost", "oop_2m"];
        assert_eq!(suggest("oop_12", names), ["oop_12m", "oop_2m"]);
        assert_eq!(suggest("educost", names), ["edu_cost"]);
        assert!(suggest("zzzzzz", names).is_empty());
    }
}
