//! What must not hang on a board.

use kernel::time::Day;

/// Digits in a row that may be an identity number, a phone or an account.
const DIGITS: usize = 6;
/// Characters of a day in figures.
const LENGTH_OF_A_DAY: usize = 10;
/// Words about health that never hang on a notice board.
static HEALTH: &str = include_str!("../../../../packs/common/codes/notice_words.toml");

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NoticeWords {
    #[allow(dead_code)]
    source: String,
    words: Vec<String>,
}

fn health() -> &'static [String] {
    static READ: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    // a list that cannot be read is found by the test of this file, not by a county
    READ.get_or_init(|| {
        toml::from_str::<NoticeWords>(HEALTH).map(|read| read.words).unwrap_or_default()
    })
}

/// The first place in a text that must not hang on a notice board: many digits in a row (also spaced or full-width), or a
/// word about health.
pub fn not_public(text: &str) -> Option<String> {
    let mut run = String::new();
    for c in without_days(text) {
        let plain = kernel::half_width(c);
        if plain.is_ascii_digit() {
            run.push(plain);
            if run.len() >= DIGITS {
                return Some(run);
            }
        } else if !(plain == ' ' || plain == '-') {
            run.clear();
        }
    }
    health().iter().find(|word| text.contains(word.as_str())).cloned()
}

/// A text whose days in figures (2026-11-23) are no digits any more.
fn without_days(text: &str) -> Vec<char> {
    let mut chars: Vec<char> = text.chars().collect();
    let joins = |c: Option<&char>| c.is_some_and(|c| c.is_ascii_digit() || *c == '-');
    for at in 0..chars.len() {
        let before = at.checked_sub(1).and_then(|before| chars.get(before));
        let Some(day) = chars.get(at..at + LENGTH_OF_A_DAY) else { break };
        let is_day = Day::parse(&day.iter().collect::<String>()).is_ok();
        if is_day && !joins(before) && !joins(chars.get(at + LENGTH_OF_A_DAY)) {
            chars.iter_mut().skip(at).take(LENGTH_OF_A_DAY).for_each(|c| *c = '日');
        }
    }
    chars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_words_is_read() {
        assert!(health().len() > 20);
        assert_eq!(not_public("因住院花费较大").as_deref(), Some("住院"));
        assert_eq!(not_public("公示时间 2026年11月23日"), None);
        assert_eq!(not_public("from 2026-11-18 to 2026-11-23"), None);
        assert_eq!(not_public("2026-11-18-1234").as_deref(), Some("202611"));
        assert_eq!(not_public("因病致困").as_deref(), Some("因病"));
    }
}
