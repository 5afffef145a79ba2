//! The two languages of the interface.

use std::fmt;
use std::str::FromStr;

use crate::text::BadText;

/// A language of the interface. Simplified Chinese is the default everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// Simplified Chinese, `zh-CN`.
    #[default]
    Zh,
    /// English, `en`.
    En,
}

impl Lang {
    /// Both languages.
    pub const ALL: [Lang; 2] = [Lang::Zh, Lang::En];

    /// Tag, which is also the name of the folder of locale files: `zh-CN` or `en`.
    pub const fn tag(self) -> &'static str {
        match self {
            Lang::Zh => "zh-CN",
            Lang::En => "en",
        }
    }

    /// The language of an `Accept-Language` header: the first of ours that it names.
    pub fn of_header(header: &str) -> Self {
        header
            .split(',')
            .filter_map(|part| part.split(';').next())
            .find_map(|tag| tag.trim().parse().ok())
            .unwrap_or_default()
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.tag())
    }
}

impl FromStr for Lang {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        let lower = text.to_ascii_lowercase();
        match lower.split(['-', '_']).next() {
            Some("zh") => Ok(Lang::Zh),
            Some("en") => Ok(Lang::En),
            _ => Err(BadText { code: "kernel.not_a_language" }),
        }
    }
}

serde_as_text!(Lang);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_of_the_header_wins() {
        assert_eq!(Lang::of_header("fr, en-GB;q=0.8, zh;q=0.5"), Lang::En);
        assert_eq!(Lang::of_header("zh-TW,en"), Lang::Zh);
        assert_eq!(Lang::of_header(""), Lang::Zh);
        assert_eq!("zh-CN".parse(), Ok(Lang::Zh));
    }
}
