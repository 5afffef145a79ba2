//! What may be shown of a cell: numbers of identity, phones and accounts only with stars, whatever the column is called.

use super::template::{FieldType, Template};

/// Digits from which on a run is a number that names somebody: a phone has 11, an account 16 and more.
const NAMES_SOMEBODY: usize = 11;

/// The text of a cell of a column of this kind, as pages and stored samples show it.
pub fn shown(kind: Option<FieldType>, text: &str) -> String {
    match kind {
        Some(FieldType::Id | FieldType::RollNumber | FieldType::Certificate) => {
            let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
            starred(&letters)
        }
        Some(FieldType::Phone) => {
            let letters: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
            if letters.len() >= 7 { starred(&letters) } else { letters.into_iter().collect() }
        }
        _ => runs(text),
    }
}

/// Any text: every run of eleven or more digits gets stars.
pub fn runs(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut run: Vec<char> = Vec::new();
    for c in text.chars().chain(['\n']) {
        let digit = c.is_ascii_digit() || ('０'..='９').contains(&c);
        let check = matches!(c, 'x' | 'X' | 'ｘ' | 'Ｘ') && run.len() >= 14;
        if digit || check {
            run.push(c);
            continue;
        }
        if run.len() >= NAMES_SOMEBODY {
            out.push_str(&starred(&run));
        } else {
            out.extend(&run);
        }
        run.clear();
        out.push(c);
    }
    out.pop();
    out
}

/// `5002**********1234`, `138****5678`; of a short one only the first two.
fn starred(letters: &[char]) -> String {
    let (head, tail) = match letters.len() {
        15.. => (4, 4),
        11.. => (3, 4),
        7.. => (2, 2),
        _ => (1, 0),
    };
    let last = letters.len().saturating_sub(tail);
    letters
        .iter()
        .enumerate()
        .map(|(at, c)| if at < head || at >= last { *c } else { '*' })
        .collect()
}

/// Two numbers side by side: stars where they agree, the places where they differ open, if these are at most four.
/// What differs is what a person must see to decide; what agrees is nobody's business.
pub fn pair(left: &str, right: &str) -> (String, String) {
    let (a, b): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    // What a spreadsheet left of a number (`5.00110E+17`) names nobody: it is shown as it stands.
    if left.contains('+') && left.contains('.') {
        return (left.to_owned(), starred(&b));
    }
    let differing = a.iter().zip(&b).filter(|(a, b)| a != b).count();
    if a.len() != b.len() || differing > 4 || a.len() < NAMES_SOMEBODY {
        return (starred(&a), starred(&b));
    }
    let open = |letters: &[char], other: &[char]| -> String {
        let star = starred(letters);
        let cells = letters.iter().zip(other).zip(star.chars());
        cells.map(|((own, other), star)| if own == other { star } else { *own }).collect()
    };
    (open(&a, &b), open(&b, &a))
}

/// Lists of what people own (vehicles) are sealed: by them only who it is about is shown.
pub fn is_sealed(template: &Template, field: Option<&str>) -> bool {
    let sealed = template.topic.as_deref() == Some("vehicle");
    let kind = field.and_then(|field| template.column(field)).map(|column| column.kind);
    sealed
        && !matches!(
            kind,
            Some(
                FieldType::Name
                    | FieldType::Id
                    | FieldType::Sex
                    | FieldType::Birth
                    | FieldType::Phone
                    | FieldType::Town
                    | FieldType::Village
                    | FieldType::Address
            )
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_people_are_starred_in_any_column() {
        assert_eq!(shown(Some(FieldType::Id), "1101 0519 4912 3100 2X"), "1101**********002X");
        assert_eq!(shown(None, "电话13812345678，欠3000元"), "电话138****5678，欠3000元");
        assert_eq!(shown(Some(FieldType::Phone), "13812345678"), "138****5678");
        assert_eq!(shown(Some(FieldType::Text), "11010519491231002X"), "1101**********002X");
        assert_eq!(shown(Some(FieldType::Date), "2026-03-05"), "2026-03-05");
    }

    #[test]
    fn two_numbers_show_only_where_they_differ() {
        let (a, b) = pair("110105194912310021", "110105194912310028");
        assert_eq!((a.as_str(), b.as_str()), ("1101**********0021", "1101**********0028"));
        let (a, b) = pair("110105194912310021", "110105195912310021");
        assert_eq!((a.as_str(), b.as_str()), ("1101****4*****0021", "1101****5*****0021"));
        assert_eq!(pair("1.10105E+17", "110105194912310021").0, "1.10105E+17");
        let (a, _) = pair("110105194912310021", "330205198101024321");
        assert_eq!(a, "1101**********0021");
    }
}
