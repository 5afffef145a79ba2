//! Types that are written as one short text: how they enter and leave JSON, and what is said when
//! a text is not one of them.

/// A text that is not what its place asks for.
///
/// It carries the code of the sentence to show and never the text itself, which may be personal.
/// As an [`crate::Error`] it is a refusal of kind *invalid*.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unreadable text: {code}")]
pub struct BadText {
    /// Code of the sentence, e.g. `time.not_a_day`.
    pub code: &'static str,
}

/// A closed list of words: a type each of whose values is one short text in tables, JSON, journal, addresses and locale
/// files. Named are the type, the code of the sentence for a text that is none of them, and the function that gives the
/// text.
#[macro_export]
macro_rules! word_list {
    ($(#[$doc:meta])* $type:ident, $bad:literal, $text_of:ident: $($(#[$item_doc:meta])* $item:ident = $text:literal;)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$item_doc])* $item,)+ }

        impl $type {
            /// Every one, in the order of the list.
            pub const ALL: &'static [$type] = &[$($type::$item),+];

            /// The text in tables, JSON, journal, addresses and locale files.
            #[must_use]
            pub const fn $text_of(self) -> &'static str {
                match self { $($type::$item => $text,)+ }
            }
        }

        impl ::std::fmt::Display for $type {
            fn fmt(&self, out: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                out.pad(self.$text_of())
            }
        }

        impl ::std::str::FromStr for $type {
            type Err = $crate::BadText;
            fn from_str(text: &str) -> ::std::result::Result<Self, $crate::BadText> {
                let known = $type::ALL.iter().copied().find(|item| item.$text_of() == text);
                known.ok_or($crate::BadText { code: $bad })
            }
        }
    };
}

/// Gives a type with `Display` and `FromStr` the same text in JSON.
macro_rules! serde_as_text {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as serde::Deserialize>::deserialize(input)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
