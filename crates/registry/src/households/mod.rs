//! Households: who lives together, where, since when.
mod absences;
mod actions;
pub mod api;
mod carry_out;
mod change;
mod correct;
mod how;
mod form_reading;
mod forms;
mod kin;
mod known_number;
mod model;
mod monitoring;
mod not_listed;
mod page_of;
mod pages;
mod panels;
mod proposals;
mod put_right;
mod queries;
mod residents;
mod sheet;
mod search;
#[cfg(test)]
pub(crate) mod sample;
mod status;
mod store_changes;
mod values;
mod waiting;
#[cfg(test)]
mod form_tests;
#[cfg(test)]
pub(crate) mod pages_tests;
#[cfg(test)]
mod tests;

pub use absences::{Absence, Answered, count_absences, list_absences};
pub use actions::{
    Outcome, confirm, confirm_seen, note_export, propose, refuse, reveal, try_change,
};
pub use change::{Change, Newcomer, kin_of};
pub use how::{HowIn, HowOut};
pub use kin::Kin;
pub use model::{ChangeError, Edits, EndedStay, House, Membership};
pub use monitoring::{
    DECIDED, begin_monitoring, end_monitoring, part_monitoring, rejoin_monitoring,
    resume_monitoring,
};
pub use not_listed::say_stays;
pub use page_of::opens_row;
pub use pages::routes;
pub use panels::{EventsOf, Panel, PanelOf, Panels, Place, Subject};
pub use queries::{
    Filter, Household, Line, Status, count_households, list_households, list_places, list_statuses,
    load_house, load_household,
};
pub use residents::{Resident, list_residents};
pub use search::{Found, find_households, find_people};
pub use status::{Recorded, Scheme, StatusValue, held};
pub use store_changes::Papers;
pub use waiting::{LaterChange, Proposal, changed_since, list_proposals};
