//! Traditional and variant characters.

use std::collections::HashMap;
use std::sync::LazyLock;

static PAIRS: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    include_str!("variants.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
        .filter_map(|pair| {
            let mut characters = pair.chars();
            Some((characters.next()?, characters.next()?))
        })
        .collect()
});

/// The simplified character that this one is compared as; itself if it is none of the table.
pub(super) fn one(character: char) -> char {
    if character.is_ascii() {
        return character;
    }
    PAIRS.get(&character).copied().unwrap_or(character)
}

/// The text with traditional and variant characters as simplified ones.
pub fn simplified(text: &str) -> String {
    text.chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_the_table_is_two_characters_and_leads_nowhere_further() {
        let pairs = include_str!("variants.txt").lines().filter(|line| !line.starts_with('#'));
        let mut count = 0;
        for pair in pairs.flat_map(str::split_whitespace) {
            let characters: Vec<char> = pair.chars().collect();
            assert_eq!(characters.len(), 2, "{pair}");
            assert_ne!(characters[0], characters[1], "{pair}");
            assert_eq!(one(characters[0]), characters[1], "{pair} stands twice");
            assert_eq!(one(characters[1]), characters[1], "{pair} leads further");
            count += 1;
        }
        assert_eq!(PAIRS.len(), count);
        assert!(count > 2_500);
    }

    #[test]
    fn names_that_differ_only_in_script_are_one() {
        for (written, plain) in [
            ("劉國強", "刘国强"),
            ("張曉麗", "张晓丽"),
            ("馬鵬", "马鹏"),
            ("趙澤語", "赵泽语"),
            ("蔣濤", "蒋涛"),
            ("蕭長雲", "萧长云"),
            ("李峯", "李峰"),
            ("鄧夢潔", "邓梦洁"),
            ("錢義興", "钱义兴"),
            ("湯喬葉", "汤乔叶"),
        ] {
            assert_eq!(simplified(written), plain);
        }
        // Names of their own.
        assert_eq!(simplified("李喆王堃赵昇陶乾"), "李喆王堃赵昇陶乾");
    }
}
