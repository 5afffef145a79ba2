//! Two texts side by side, what differs marked letter by letter.

use std::fmt;

use askama::filters::{Html, escape};

/// A text in pieces; the marked ones differ from the other text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diff(Vec<(String, bool)>);

impl fmt::Display for Diff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (text, differs) in &self.0 {
            let text = escape(text, Html).map_err(|_| fmt::Error)?;
            if *differs { write!(f, "<mark>{text}</mark>")? } else { write!(f, "{text}")? }
        }
        Ok(())
    }
}

/// Left and right with the letters marked that are not in their longest common sequence.
///
/// Texts of more than 200 letters are marked whole: this is for names, numbers and addresses.
#[must_use]
pub fn differences(left: &str, right: &str) -> (Diff, Diff) {
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if a.len() > 200 || b.len() > 200 {
        let whole = |text: &str| Diff(vec![(text.to_owned(), left != right)]);
        return (whole(left), whole(right));
    }
    let common = common_places(&a, &b);
    let side = |letters: &[char], kept: &[usize]| {
        let mut pieces: Vec<(String, bool)> = Vec::new();
        for (at, letter) in letters.iter().enumerate() {
            let differs = !kept.contains(&at);
            match pieces.last_mut() {
                Some((text, same)) if *same == differs => text.push(*letter),
                _ => pieces.push((letter.to_string(), differs)),
            }
        }
        Diff(pieces)
    };
    let (of_a, of_b): (Vec<usize>, Vec<usize>) = common.into_iter().unzip();
    (side(&a, &of_a), side(&b, &of_b))
}

/// Which letters belong together. Texts of one length that differ in few places are compared place by place,
/// as a person compares two numbers; others by their longest common sequence.
fn common_places(a: &[char], b: &[char]) -> Vec<(usize, usize)> {
    let same: Vec<(usize, usize)> =
        a.iter().zip(b).enumerate().filter(|(_, (a, b))| a == b).map(|(at, _)| (at, at)).collect();
    if a.len() == b.len() && same.len() * 2 >= a.len() { same } else { common(a, b) }
}

/// Pairs of positions of a longest common sequence.
fn common(a: &[char], b: &[char]) -> Vec<(usize, usize)> {
    let width = b.len() + 1;
    let mut longest = vec![0_u16; (a.len() + 1) * width];
    let at = |longest: &[u16], i: usize, j: usize| longest.get(i * width + j).copied().unwrap_or(0);
    for (i, left) in a.iter().enumerate().rev() {
        for (j, right) in b.iter().enumerate().rev() {
            let best = if left == right {
                at(&longest, i + 1, j + 1) + 1
            } else {
                at(&longest, i + 1, j).max(at(&longest, i, j + 1))
            };
            if let Some(cell) = longest.get_mut(i * width + j) {
                *cell = best;
            }
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a.len() && j < b.len() {
        if a.get(i) == b.get(j) {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if at(&longest, i + 1, j) >= at(&longest, i, j + 1) {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_letters_that_differ_are_marked() {
        let (left, right) = differences("张国强", "张国祥");
        assert_eq!(left.to_string(), "张国<mark>强</mark>");
        assert_eq!(right.to_string(), "张国<mark>祥</mark>");
    }

    #[test]
    fn swapped_digits_are_both_marked() {
        let (left, right) = differences("1234", "1243");
        assert_eq!(left.to_string(), "12<mark>34</mark>");
        assert_eq!(right.to_string(), "12<mark>43</mark>");
    }

    #[test]
    fn equal_texts_have_no_mark_and_html_is_escaped() {
        let (left, right) = differences("<b>", "<b>");
        assert_eq!(left, right);
        assert!(!left.to_string().contains("mark") && !left.to_string().contains("<b>"));
    }

    #[test]
    fn a_missing_letter_is_marked_on_the_longer_side_only() {
        let (left, right) = differences("5002341", "500341");
        assert!(left.to_string().contains("<mark>"));
        assert_eq!(right.to_string(), "500341");
    }
}
