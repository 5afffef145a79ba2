//! In what characters a text table is written.

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};

/// The encodings that departments send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Charset {
    /// UTF-8, with or without byte order mark.
    Utf8,
    /// GB18030, of which GBK and GB2312 are parts.
    Gb18030,
    /// What Excel calls Unicode text, lower byte first.
    Utf16Le,
    /// The same, higher byte first.
    Utf16Be,
}

impl Charset {
    /// From the first bytes of the file (a few hundred kilobytes; a character cut off at the end does no harm).
    pub(crate) fn detect(head: &[u8]) -> Self {
        if head.starts_with(b"\xff\xfe") {
            return Self::Utf16Le;
        }
        if head.starts_with(b"\xfe\xff") {
            return Self::Utf16Be;
        }
        if let Some(unmarked) = Self::wide(head) {
            return unmarked;
        }
        match std::str::from_utf8(head) {
            Ok(_) => Self::Utf8,
            Err(error) if error.error_len().is_none() => Self::Utf8,
            Err(_) => Self::Gb18030,
        }
    }

    /// UTF-16 that does not announce itself: digits, separators and line ends leave a zero in every second byte, always on
    /// the same side.
    pub(crate) fn wide(head: &[u8]) -> Option<Self> {
        let whole = head.get(..head.len().min(4096)).unwrap_or(head);
        let zeros = |side: usize| whole.iter().skip(side).step_by(2).filter(|b| **b == 0).count();
        let (first, second) = (zeros(0), zeros(1));
        let (less, more) = (first.min(second), first.max(second));
        // 一 and few other characters have their zero on the other side
        let plain = more > (whole.len() / 20).max(2) && more > less * 4;
        plain.then_some(if second > first { Self::Utf16Le } else { Self::Utf16Be })
    }

    /// One line, or a whole text. `false` = some bytes are no characters in any of the encodings and were replaced.
    pub(crate) fn decode(self, bytes: &[u8]) -> (String, bool) {
        match self {
            Self::Utf8 => match std::str::from_utf8(bytes) {
                Ok(text) => (text.to_owned(), true),
                Err(_) => gb18030(bytes).map_or_else(
                    || (String::from_utf8_lossy(bytes).into_owned(), false),
                    |t| (t, true),
                ),
            },
            Self::Gb18030 => match gb18030(bytes) {
                Some(text) => (text, true),
                None => match std::str::from_utf8(bytes) {
                    Ok(text) => (text.to_owned(), true),
                    Err(_) => (GB18030.decode_without_bom_handling(bytes).0.into_owned(), false),
                },
            },
            Self::Utf16Le => {
                let (text, bad) = UTF_16LE.decode_with_bom_removal(bytes);
                (text.into_owned(), !bad)
            }
            Self::Utf16Be => {
                let (text, bad) = UTF_16BE.decode_with_bom_removal(bytes);
                (text.into_owned(), !bad)
            }
        }
    }
}

fn gb18030(bytes: &[u8]) -> Option<String> {
    GB18030
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_shows_in_the_bytes() {
        let gbk = encoding_rs::GB18030.encode("姓名,身份证号,𠮷").0.into_owned();
        assert_eq!(Charset::detect(&gbk), Charset::Gb18030);
        assert_eq!(Charset::Gb18030.decode(&gbk), ("姓名,身份证号,𠮷".to_owned(), true));
        assert_eq!(Charset::detect("姓名".as_bytes()), Charset::Utf8);
        assert_eq!(Charset::detect(b"abc"), Charset::Utf8);
        let cut = "姓名".as_bytes();
        assert_eq!(Charset::detect(&cut[..4]), Charset::Utf8);
        assert_eq!(Charset::detect(b"\xff\xfea\0"), Charset::Utf16Le);
        let text = "姓名,身份证号\r\n张三,110101\r\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(Charset::detect(&little), Charset::Utf16Le);
        assert_eq!(Charset::detect(&big), Charset::Utf16Be);
        assert_eq!(Charset::Utf16Le.decode(&little), (text.to_owned(), true));
    }

    #[test]
    fn a_line_in_the_other_encoding_is_still_read() {
        let gbk = encoding_rs::GB18030.encode("关面乡").0.into_owned();
        assert_eq!(Charset::Utf8.decode(&gbk), ("关面乡".to_owned(), true));
        assert!(!Charset::Utf8.decode(b"\xff\xff\xff").1);
    }
}
