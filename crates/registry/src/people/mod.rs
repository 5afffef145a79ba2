//! People: who somebody is. Name, sex, birthday, certificate and phone; where they live is a matter of `households`.
//!
//! Identity numbers and phones are kept sealed; what is compared are keyed digests, what is shown is masked, and seeing
//! one in full is an act with a purpose that the journal keeps.
//!
//! Never here: an identity number in clear in a table or a log; two people with one number without a mark on both.

mod merged;
mod model;
mod search;

pub use kernel::idnumber::Sex;
pub use merged::{EVER, Merged, PersonThen, StatusThen, StayThen, stay_key, text_at};
pub use model::{Certificate, IdState};
pub use search::{Asked, NameKeys, SearchKind, asked, key_texts, search_keys};
