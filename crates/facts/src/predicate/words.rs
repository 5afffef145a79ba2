//! The words in which conditions and values are said: the messages of `facts.ftl`, one for each form of a sentence.
//!
//! This crate is below the one that speaks to people, so it reads its own file: plain messages with `{ $name }` in them,
//! nothing else of Fluent. That both languages have the same messages and values is tested with all the other words.

use std::collections::HashMap;
use std::sync::LazyLock;

use kernel::lang::Lang;

type Messages = HashMap<&'static str, &'static str>;

static ZH: LazyLock<Messages> =
    LazyLock::new(|| read(include_str!("../../../../locales/zh-CN/facts.ftl")));
static EN: LazyLock<Messages> =
    LazyLock::new(|| read(include_str!("../../../../locales/en/facts.ftl")));

fn read(text: &'static str) -> Messages {
    let messages = text.lines().filter_map(|line| line.split_once(" = "));
    messages.filter(|(id, _)| id.starts_with("facts-")).collect()
}

/// The message with its values put in; the id itself where there is none, which a test forbids.
pub(super) fn say(lang: Lang, id: &str, values: &[(&str, &str)]) -> String {
    let messages = if lang == Lang::Zh { &ZH } else { &EN };
    let Some(mut rest) = messages.get(id).copied() else { return id.to_owned() };
    let mut said = String::new();
    while let Some((before, after)) = rest.split_once("{ $") {
        let Some((name, tail)) = after.split_once(" }") else { break };
        said.push_str(before);
        let value = values.iter().find(|(known, _)| *known == name);
        said.push_str(value.map_or(name, |(_, value)| value));
        rest = tail;
    }
    said.push_str(rest);
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ids that the explanation asks for.
    fn asked() -> Vec<&'static str> {
        let source = include_str!("explain.rs").split("\"facts-").skip(1);
        source.filter_map(|rest| rest.split('"').next()).collect()
    }

    #[test]
    fn every_form_that_is_said_has_its_words_in_both_languages() {
        assert!(asked().len() > 25);
        for id in asked() {
            let id = format!("facts-{id}");
            assert!(ZH.contains_key(id.as_str()) && EN.contains_key(id.as_str()), "{id}");
        }
        assert_eq!(ZH.len(), EN.len());
        assert_eq!(ZH.len(), asked().iter().collect::<std::collections::BTreeSet<_>>().len());
    }

    #[test]
    fn values_stand_where_the_message_wants_them() {
        let values = [("left", "a"), ("right", "b { $left }")];
        assert_eq!(say(Lang::En, "facts-above", &values), "a above b { $left }");
    }
}
