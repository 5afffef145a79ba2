//! What the rooms that act say of households. They stand to the right of this wing, so that it cannot name them: the program
//! brings them here when it starts. Where nobody was brought, nothing is known of help and cases.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use kernel::error::Result;
use kernel::time::{Day, Instant};
use store::Session;

use super::View;
use crate::circumstances::facts::Acted;

/// Of which day is asked, and by what was known when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The day.
    pub day: Day,
    /// Only what was written by then; later than all where it is asked of now. Compared as text.
    pub known: String,
    /// Only what was done by then: the end of a past day, if that is earlier than `known`.
    pub done: String,
    /// Whether rows may have been otherwise at that time.
    pub past: bool,
}

/// Says of households, by id, what is done about them; every household that is asked for is in the answer.
pub type Says = fn(&mut Session, &[String], &Moment) -> Result<BTreeMap<String, Acted>>;

static HEARD: OnceLock<Says> = OnceLock::new();

/// Brings what says of households what is done about them. Once, before the facts are first worked out; a second time
/// changes nothing.
pub fn hear(says: Says) {
    let _ = HEARD.set(says);
}

/// What is done about some households.
pub(super) fn acted(
    session: &mut Session,
    ids: &[String],
    view: &View,
) -> Result<BTreeMap<String, Acted>> {
    let Some(says) = HEARD.get() else { return Ok(BTreeMap::new()) };
    let known = view.known.clone();
    let end = Instant::start_of(view.day.add_days(1)).add_millis(-1).to_string();
    let done = if view.past { known.clone().min(end) } else { known.clone() };
    says(session, ids, &Moment { day: view.day, known, done, past: view.past })
}
