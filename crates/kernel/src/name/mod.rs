//! Names of people: one normal form to compare by, likeness by sound, and keys to search by.
//!
//! The normal form is for comparing and searching. What a paper says is kept as it was written.

mod likeness;
mod sound;
mod variants;

pub use likeness::{NameLikeness, compare};
pub use sound::{SearchKey, SearchKind, search_keys, search_terms, sound_key, surname};
pub use variants::simplified;

use crate::width::{half_width, is_blank};

/// A name taken apart.
#[derive(Clone, PartialEq, Eq)]
pub struct NormalName {
    /// The normal form: simplified, without blanks and marks, one kind of dot, Latin letters in
    /// capitals with single blanks. Empty if the cell held no name.
    pub text: String,
    /// What stood in brackets or behind the name: `户主`, `已核`, `*`.
    pub remarks: Vec<String>,
}

/// Names must not reach a log.
impl std::fmt::Debug for NormalName {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "NormalName({} characters)", self.text.chars().count())
    }
}

/// The normal form of a name as a cell holds it.
pub fn normal(cell: &str) -> NormalName {
    let (bare, mut remarks) = without_brackets(cell);
    let mut text = String::with_capacity(bare.len());
    let mut gap = false;
    for character in bare.chars().map(variants::one) {
        if is_blank(character) {
            gap = true;
        } else if is_dot(character) {
            push_dot(&mut text);
            gap = false;
        } else if character.is_alphabetic() {
            let latin = is_latin(character);
            if gap && latin && text.chars().next_back().is_some_and(is_latin) {
                text.push(' ');
            }
            gap = false;
            if latin { text.extend(character.to_uppercase()) } else { text.push(character) }
        } else {
            remarks.push(character.to_string());
        }
    }
    if text.ends_with('·') {
        text.pop();
    }
    NormalName { text, remarks }
}

/// Whether it can be a name at all: two to fifty characters, no 某, not 匿名 or 先生.
pub fn is_whole_name(normal: &str) -> bool {
    let length = normal.chars().count();
    let title = ["先生", "女士", "同志", "大爷", "大妈", "师傅", "某某"];
    (2..=50).contains(&length)
        && !normal.contains('某')
        && !["匿名", "不详", "未知", "无名", "群众", "村民", "居民"].contains(&normal)
        && !title.iter().any(|title| normal.ends_with(title))
}

fn push_dot(text: &mut String) {
    if !text.is_empty() && !text.ends_with('·') {
        text.push('·');
    }
}

/// The dots between the parts of a minority name, as the many input methods write them.
fn is_dot(character: char) -> bool {
    matches!(
        character,
        '·' | '•'
            | '・'
            | '･'
            | '‧'
            | '∙'
            | '⋅'
            | '●'
            | '。'
            | '.'
            | '﹒'
            | '᛫'
            | '˙'
            | 'ㆍ'
    )
}

fn is_latin(character: char) -> bool {
    character.is_alphabetic() && u32::from(character) < 0x0250
}

/// The text without its bracketed parts, half-width; and those parts.
fn without_brackets(cell: &str) -> (String, Vec<String>) {
    let mut bare = String::with_capacity(cell.len());
    let mut remarks = Vec::new();
    let mut remark: Option<String> = None;
    for character in cell.chars().map(half_width) {
        let opens = matches!(character, '(' | '[' | '{' | '<' | '【' | '〔' | '《' | '〈' | '「');
        let closes = matches!(character, ')' | ']' | '}' | '>' | '】' | '〕' | '》' | '〉' | '」');
        match remark.as_mut() {
            _ if opens => keep_remark(&mut remarks, remark.replace(String::new())),
            Some(_) if closes => keep_remark(&mut remarks, remark.take()),
            None if closes => {}
            Some(inside) => inside.push(character),
            // A variation selector changes only the shape of the character before it.
            None if matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}') => {}
            None => bare.push(character),
        }
    }
    keep_remark(&mut remarks, remark);
    (bare, remarks)
}

fn keep_remark(remarks: &mut Vec<String>, remark: Option<String>) {
    let text = remark.map(|text| crate::width::tidy(&text)).unwrap_or_default();
    if !text.is_empty() {
        remarks.push(text);
    }
}

#[cfg(test)]
mod tests;
