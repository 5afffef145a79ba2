//! What was typed on the public page, read into a writing. Only what is missing or endless is refused; what is doubtful is
//! taken in and marked.

use kernel::area::AreaCode;
use kernel::error::{Refusal, Result};
use web::Fields;

use super::super::model::{Helper, LONGEST_FIELD, LONGEST_NAME, LONGEST_WORDS, Writing};
use super::published::Published;

/// Digits that a phone number has at least.
const LEAST_DIGITS: usize = 7;

/// Takes out what no text needs: control characters; line ends stay.
fn tidy(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

struct Reading<'a> {
    fields: &'a Fields,
    wrong: Vec<(&'static str, &'static str)>,
}

impl Reading<'_> {
    fn text(&mut self, name: &'static str, (most, needed): (usize, bool)) -> String {
        let text = tidy(self.fields.text(name));
        if text.is_empty() && needed {
            self.wrong.push((name, "web.required"));
        }
        if text.chars().count() > most {
            self.wrong.push((name, "declarations.too_long"));
        }
        text
    }

    fn phone(&mut self, name: &'static str) -> String {
        let text = self.text(name, (LONGEST_FIELD, true));
        let digits = text.chars().filter(|c| c.is_numeric()).count();
        if !text.is_empty() && digits < LEAST_DIGITS {
            self.wrong.push((name, "phone.wrong_length"));
        }
        text
    }
}

/// Reads the form.
///
/// # Errors
/// `declarations.form` with a mistake for each field.
pub fn read(fields: &Fields, published: &Published) -> Result<Writing> {
    let mut reading = Reading { fields, wrong: Vec::new() };
    let helped = !fields.text("helper").is_empty() || !fields.text("helper_phone").is_empty();
    let name = reading.text("name", (LONGEST_NAME, true));
    let phone = reading.phone("phone");
    let number = reading.text("number", (LONGEST_FIELD, !helped));
    let village = AreaCode::parse(fields.text("village")).ok();
    let village = village.filter(|code| published.town_of(*code).is_some());
    if village.is_none() {
        reading.wrong.push(("village", "web.required"));
    }
    let kind = fields.text("kind").to_owned();
    if !published.kinds.iter().any(|(code, _)| *code == kind) {
        reading.wrong.push(("kind", "web.required"));
    }
    let words = reading.text("words", (LONGEST_WORDS, true));
    let helper = helped.then(|| {
        if fields.text("read_back").is_empty() {
            reading.wrong.push(("read_back", "declarations.read_back"));
        }
        Helper {
            name: reading.text("helper", (LONGEST_NAME, true)),
            phone: reading.phone("helper_phone"),
            relation: reading.text("relation", (LONGEST_FIELD, true)),
        }
    });
    let wrong = reading.wrong;
    match village {
        Some(village) if wrong.is_empty() => {
            Ok(Writing { name, phone, number, words, village, kind, helper, source: String::new() })
        }
        _ => {
            let refusal = Refusal::invalid("declarations.form");
            let all = wrong.into_iter();
            Err(all.fold(refusal, |refusal, (name, code)| refusal.field(name, code)).into())
        }
    }
}

/// Reads the words of an objection.
///
/// # Errors
/// `declarations.form` with the mistake at the field.
pub fn objection(fields: &Fields) -> Result<String> {
    let mut reading = Reading { fields, wrong: Vec::new() };
    let words = reading.text("words", (LONGEST_WORDS, true));
    match reading.wrong.first() {
        None => Ok(words),
        Some((name, code)) => Err(Refusal::invalid("declarations.form").field(*name, code).into()),
    }
}
