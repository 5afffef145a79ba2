//! The explanation of a hit: plain words with `{column}` and `{:parameter}` in them.

use facts::Unit;

/// One piece of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Words as they stand.
    Text(String),
    /// The value of a column of the row that hit.
    Column(String),
    /// The value of a parameter on the day of the run.
    Param(String),
}

/// A parsed explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The pieces in order.
    pub parts: Vec<Part>,
}

/// An explanation whose brackets do not close or hold no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// `{` without `}`.
    #[error("a bracket opened at character {at} is not closed")]
    Open {
        /// Character in the text, from 1.
        at: usize,
    },
    /// `{}` or `{two words}`.
    #[error("the bracket at character {at} must hold one name: {{column}} or {{:parameter}}")]
    NoName {
        /// Character in the text, from 1.
        at: usize,
    },
}

impl Template {
    /// Reads an explanation. Errors say the character.
    pub fn parse(text: &str) -> Result<Self, TemplateError> {
        let mut parts = Vec::new();
        let mut rest = text;
        let mut at = 1;
        while let Some((words, after)) = rest.split_once('{') {
            at += words.chars().count();
            let (name, tail) = after.split_once('}').ok_or(TemplateError::Open { at })?;
            if !words.is_empty() {
                parts.push(Part::Text(words.to_owned()));
            }
            parts.push(placeholder(name).ok_or(TemplateError::NoName { at })?);
            at += name.chars().count() + 2;
            rest = tail;
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        Ok(Self { parts })
    }

    /// The unit behind a number: where the words say 人均 or "per head" themselves, the unit does not say it again.
    #[must_use]
    pub fn unit(&self, unit: Unit) -> Unit {
        let says = |part: &Part| match part {
            Part::Text(words) => words.contains("人均") || words.contains("per head"),
            _ => false,
        };
        if unit == Unit::YuanPerHead && self.parts.iter().any(says) { Unit::Yuan } else { unit }
    }

    /// The names of the columns it shows.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Column(name) => Some(name.as_str()),
            _ => None,
        })
    }

    /// The names of the parameters it shows.
    pub fn params(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            Part::Param(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

fn placeholder(name: &str) -> Option<Part> {
    let plain = |s: &str| {
        !s.is_empty() && s.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    match name.strip_prefix(':') {
        Some(param) => plain(param).then(|| Part::Param(param.to_owned())),
        None => {
            let own = facts::own::named(name).is_some();
            (plain(name) || own).then(|| Part::Column(name.to_owned()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_columns_and_parameters_are_told_apart() {
        let template = Template::parse("自付 {oop_12m}，高于 {:oop_line}。").unwrap();
        assert_eq!(template.parts.len(), 5);
        assert_eq!(template.columns().collect::<Vec<_>>(), ["oop_12m"]);
        assert_eq!(template.params().collect::<Vec<_>>(), ["oop_line"]);
    }

    #[test]
    fn per_head_is_said_once() {
        let unit = |text: &str, unit| Template::parse(text).unwrap().unit(unit);
        assert_eq!(unit("人均纯收入 {income_pc}。", Unit::YuanPerHead), Unit::Yuan);
        assert_eq!(unit("Less than {:line} per head.", Unit::YuanPerHead), Unit::Yuan);
        assert_eq!(unit("Income {income_pc}.", Unit::YuanPerHead), Unit::YuanPerHead);
        assert_eq!(unit("人均 {persons}", Unit::Persons), Unit::Persons);
    }

    #[test]
    fn careless_brackets_are_pointed_at() {
        assert_eq!(Template::parse("自付 {oop"), Err(TemplateError::Open { at: 4 }));
        assert_eq!(Template::parse("{} x"), Err(TemplateError::NoName { at: 1 }));
        assert_eq!(Template::parse("{a} {two words}"), Err(TemplateError::NoName { at: 5 }));
    }
}
