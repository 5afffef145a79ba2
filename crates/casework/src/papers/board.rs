//! What must not hang on a board.

/// Digits in a row that may be an identity number, a phone or an account.
const DIGITS: usize = 6;
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
    for c in text.chars() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_words_is_read() {
        assert!(health().len() > 20);
        assert_eq!(not_public("因住院花费较大").as_deref(), Some("住院"));
        assert_eq!(not_public("公示时间 2026年11月23日"), None);
    }
}
