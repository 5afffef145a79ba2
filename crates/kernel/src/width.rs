//! Characters that look like others: full-width forms, invisible marks, quotes.

/// The half-width form of a full-width ASCII character or ideographic space; others unchanged.
pub fn half_width(character: char) -> char {
    match character {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(character) - 0xfee0).unwrap_or(character)
        }
        _ => character,
    }
}

/// Whether nothing is seen of it: blanks of every kind, byte order marks, joiners.
pub(crate) fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Quotation marks and apostrophes that spreadsheets leave around a text.
pub(crate) fn is_quote(character: char) -> bool {
    matches!(
        character,
        '\'' | '"'
            | '`'
            | '´'
            | '‘'
            | '’'
            | '“'
            | '”'
            | '「'
            | '」'
            | '′'
            | '\u{ff07}'
            | '\u{ff02}'
    )
}

/// Half-width, without anything unseen at the ends and with single blanks inside.
pub(crate) fn tidy(text: &str) -> String {
    let mut tidy = String::with_capacity(text.len());
    let mut gap = false;
    for character in text.chars() {
        if is_blank(character) {
            gap = true;
            continue;
        }
        if gap && !tidy.is_empty() {
            tidy.push(' ');
        }
        gap = false;
        tidy.push(half_width(character));
    }
    tidy
}

/// Half-width and without anything unseen at all.
pub(crate) fn compact(text: &str) -> String {
    text.chars().filter(|c| !is_blank(*c)).map(half_width).collect()
}
