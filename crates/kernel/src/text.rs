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
