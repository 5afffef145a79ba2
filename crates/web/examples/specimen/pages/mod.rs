//! The bodies of the specimens and the invented data they show.

use super::*;

mod doors;
mod household;
mod intake;
mod kit;
mod lead;
mod matching;
mod rule;
mod sign_in;
mod work;

pub use doors::Doors;
pub use household::Household;
pub use intake::Intake;
pub use kit::Kit;
pub use lead::Lead;
pub use matching::Matching;
pub use rule::Rule;
pub use sign_in::SignIn;
pub use work::Work;

pub struct Task {
    what: String,
    why: String,
    who: String,
    place: String,
    clock: Clock,
    act: String,
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn hospital(l: L) -> Source {
    let text = (
        say(l, "医保局", "Medical insurance"),
        say(l, "2026-10 住院结算", "hospital stays 2026-10"),
    );
    Source::new(l, &text.0, &text.1, 23)
        .href("/intake/1/rows/4117")
        .tip("住院结算_2026-10.xlsx · Sheet1 · 4117")
}

fn source(l: L, zh: (&str, &str), en: (&str, &str), age: i64) -> Source {
    let (who, what) = if l.is_zh() { zh } else { en };
    Source::new(l, who, what, age).href("/intake/1/rows/1")
}

fn people(l: L, names: &[(&str, &str)]) -> Vec<String> {
    names.iter().map(|(zh, en)| say(l, zh, en)).collect()
}
