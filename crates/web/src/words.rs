//! The words of the interface: Fluent files in `locales/`, one folder per language, one file per room.
//!
//! A message is asked for by its id through [`L`]. An id that does not exist is a mistake of ours:
//! it stops a debug build (so every rendered page tests its words) and in a release shows the id.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use kernel::lang::Lang;
use unic_langid::LanguageIdentifier;

type Bundle = FluentBundle<FluentResource>;

static ZH: LazyLock<Bundle> = LazyLock::new(|| bundle("zh-CN"));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle("en"));

fn bundle(tag: &str) -> Bundle {
    let language: LanguageIdentifier = tag.parse().unwrap_or_default();
    let folder = format!("{tag}/");
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 =>
        {
            #[allow(clippy::cast_possible_truncation)]
            Some(crate::figures::grouped(number.value as i64))
        }
        _ => None,
    }));
    for (path, bytes) in crate::embedded::locales() {
        if !path.starts_with(&folder) || !path.ends_with(".ftl") {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let resource = FluentResource::try_new(text).unwrap_or_else(|(resource, errors)| {
            tracing::error!(path, ?errors, "a file of words has faulty lines");
            debug_assert!(false, "{path}: {errors:?}");
            resource
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(path, ?errors, "a message is defined twice");
            debug_assert!(false, "{path}: {errors:?}");
        }
    }
    bundle
}

/// A value put into a message: text, or a number (which also chooses plural forms and is grouped by thousands).
#[derive(Clone, Debug, PartialEq)]
pub enum Arg {
    /// Shown as it is.
    Text(String),
    /// Shown as `12,345`; selects plural forms.
    Int(i64),
}

macro_rules! arg_from {
    ($($from:ty => $how:expr),* $(,)?) => {$(
        impl From<$from> for Arg {
            fn from(value: $from) -> Arg { let how: fn($from) -> Arg = $how; how(value) }
        }
    )*};
}
arg_from! {
    &str => |v| Arg::Text(v.to_owned()), String => Arg::Text, &String => |v| Arg::Text(v.clone()),
    i64 => Arg::Int, &i64 => |v| Arg::Int(*v), i32 => |v| Arg::Int(v.into()), &i32 => |v| Arg::Int((*v).into()), u32 => |v| Arg::Int(v.into()),
    usize => |v| Arg::Int(i64::try_from(v).unwrap_or(i64::MAX)), &usize => |v| Arg::Int(i64::try_from(*v).unwrap_or(i64::MAX)),
}

/// A text that is a small whole number, as refusals and findings carry it: it chooses plural forms too. A larger one may be
/// the number of a household, which nobody groups by thousands.
fn counted(text: &str) -> Option<i64> {
    let short = text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = if short { text.parse().ok()? } else { return None };
    (number.to_string() == text).then_some(number)
}

/// The language of one answer, and the way to its words and number forms.
///
/// Cheap to copy; every page struct and component carries one. In a template: `{{ l.t("web-save") }}`,
/// `{{ l.t1("web-count-rows", "n", rows.len()) }}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct L(pub Lang);

impl L {
    /// Words in `lang`.
    #[must_use]
    pub fn new(lang: Lang) -> L {
        L(lang)
    }

    /// Is this Chinese?
    #[must_use]
    pub fn is_zh(self) -> bool {
        self.0 == Lang::Zh
    }

    /// The value of the `lang` attribute of a page.
    #[must_use]
    pub fn tag(self) -> &'static str {
        if self.is_zh() { "zh-CN" } else { "en" }
    }

    /// The other language: its tag and its own name, for the switch.
    #[must_use]
    pub fn other(self) -> (&'static str, &'static str) {
        if self.is_zh() { ("en", "English") } else { ("zh-CN", "简体中文") }
    }

    /// The reader's half of a text that stands in both languages, `中文 (English)`: a basis, a source. A text in one
    /// language stands as it is.
    #[must_use]
    pub fn half(self, text: &str) -> String {
        let halves = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
        match halves {
            Some((zh, en)) if en.is_ascii() && !zh.is_ascii() => {
                (if self.is_zh() { zh } else { en }).to_owned()
            }
            _ => text.to_owned(),
        }
    }

    /// The message `id`.
    #[must_use]
    pub fn t(self, id: &str) -> String {
        self.t_args(id, &[])
    }

    /// The message `id` with one value.
    #[must_use]
    pub fn t1(self, id: &str, name: &str, value: impl Into<Arg>) -> String {
        self.t_args(id, &[(name, value.into())])
    }

    /// The message `id` with its values.
    #[must_use]
    pub fn t_args(self, id: &str, args: &[(&str, Arg)]) -> String {
        self.find(id, args).unwrap_or_else(|| {
            tracing::error!(id, lang = self.tag(), "no such message");
            debug_assert!(false, "no message `{id}` in {}", self.tag());
            id.to_owned()
        })
    }

    /// The message `id` if there is one. `refusal-x.advice` asks for the attribute `advice` of `refusal-x`.
    #[must_use]
    pub fn find(self, id: &str, args: &[(&str, Arg)]) -> Option<String> {
        let bundle: &Bundle = if self.is_zh() { &ZH } else { &EN };
        let (id, attribute) =
            id.split_once('.').map_or((id, None), |(id, attribute)| (id, Some(attribute)));
        let message = bundle.get_message(id)?;
        let pattern = match attribute {
            Some(name) => message.get_attribute(name)?.value(),
            None => message.value()?,
        };
        let mut given = FluentArgs::new();
        for (name, value) in args {
            match value {
                Arg::Text(text) => match counted(text) {
                    Some(number) => given.set(*name, number),
                    None => given.set(*name, text.as_str()),
                },
                Arg::Int(number) => given.set(*name, *number),
            }
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&given), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(id, ?errors, "a message lacks a value");
            debug_assert!(false, "message `{id}` in {}: {errors:?}", self.tag());
        }
        Some(text)
    }
}
