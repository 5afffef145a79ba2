//! The seam by which later rooms put what they know on a household's page, without this room knowing them.

use std::sync::Arc;

use kernel::error::Result;
use kernel::time::Day;
use store::{Ctx, Permit, Session};
use web::L;
use web::ui::Event;

use super::queries::Household;
use super::residents::Resident;

/// The household that is looked at.
pub struct Subject<'a> {
    /// Who looks.
    pub ctx: &'a Ctx,
    /// What they may see.
    pub permit: &'a Permit,
    /// The household.
    pub household: &'a Household,
    /// Who lives there on the day that is looked at.
    pub residents: &'a [Resident],
    /// The day that is looked at.
    pub as_of: Day,
    /// In which language.
    pub l: L,
}

/// Where a panel stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The broad column in the middle.
    Middle,
    /// The column at the side: what is open, who is responsible.
    Side,
}

/// A rendered panel.
#[derive(Clone, Debug)]
pub struct Panel {
    /// Where it stands.
    pub place: Place,
    /// Safe HTML, rendered by a template of the room that contributes it.
    pub html: String,
}

/// Makes a panel, or none where there is nothing to show.
pub type PanelOf = fn(&mut Session, &Subject) -> Result<Option<Panel>>;
/// Events for the one timeline, in any order.
pub type EventsOf = fn(&mut Session, &Subject) -> Result<Vec<Event>>;

/// What rooms contribute to the household page; the binary fills it and puts it into each request as an extension.
#[derive(Clone, Default)]
pub struct Panels {
    /// Panels in the order in which they stand.
    pub panels: Arc<[PanelOf]>,
    /// Contributors to the timeline.
    pub events: Arc<[EventsOf]>,
}
