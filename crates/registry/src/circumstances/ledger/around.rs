//! What a household's facts need to know beyond the household: which list speaks last, and what happened to the village.

use std::collections::{BTreeMap, BTreeSet};

use kernel::area::AreaCode;
use kernel::error::{OrFault, Result};
use kernel::ids::BatchId;
use kernel::time::{Day, Instant};
use store::Session;

use super::{View, load, queries};
use crate::circumstances::facts::{Surroundings, VillageFactRow, village_events};
use crate::circumstances::topics::Topic;

/// Lists of which the newest says how things stand, with the topic of their rows.
const SNAPSHOTS: [(&str, Topic); 3] = [
    ("dropout_suspects", Topic::DropoutSuspect),
    ("loans", Topic::LoanState),
    ("vehicles", Topic::Vehicle),
];

/// A list has arrived for an area and a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cover {
    pub(crate) list: String,
    pub(crate) area: AreaCode,
    pub(crate) from: Day,
    pub(crate) to: Day,
    pub(crate) batch: BatchId,
    /// The day on which it came to be known: a month's list that came early speaks from then on.
    pub(crate) known_on: Day,
}

/// The coverage of lists as a view sees it, also what a beginning batch will cover.
pub(super) fn covers(session: &mut Session, lists: &[&str], view: &View) -> Result<Vec<Cover>> {
    let mut found = Vec::new();
    for row in queries::coverage(session, &queries::listed(lists), view)? {
        found.push(Cover {
            list: row.text(0)?,
            area: row.parse(1)?,
            from: row.parse(2)?,
            to: row.parse(3)?,
            batch: row.parse(4)?,
            known_on: row.parse::<Instant>(5)?.day(),
        });
    }
    let coming = view.covers.iter().filter(|cover| lists.contains(&cover.list.as_str()));
    for cover in coming {
        if !found.contains(cover) {
            found.push(cover.clone());
        }
    }
    Ok(found)
}

/// The newest batches of one list for an area, by the last day they speak of.
fn newest<'c>(covers: &'c [Cover], list: &str, area: AreaCode, day: Day) -> BTreeSet<BatchId> {
    let speaks = |cover: &&'c Cover| {
        cover.list == list && cover.area.contains(area) && cover.to.min(cover.known_on) <= day
    };
    let last = covers.iter().filter(speaks).map(|cover| cover.to).max();
    covers
        .iter()
        .filter(speaks)
        .filter(|cover| Some(cover.to) == last)
        .map(|cover| cover.batch)
        .collect()
}

/// What surrounds the households of any village, worked out once for each.
pub(super) struct Around {
    covers: Vec<Cover>,
    counting: Option<queries::Counting>,
    villages: BTreeMap<AreaCode, (Surroundings, VillageFactRow)>,
}

impl Around {
    pub(super) fn load(session: &mut Session, view: &View) -> Result<Self> {
        let lists = SNAPSHOTS.map(|(list, _)| list);
        let covers = covers(session, &lists, view)?;
        Ok(Self { covers, counting: None, villages: BTreeMap::new() })
    }

    /// The same for who derives many households in this session.
    pub(super) fn load_for_many(session: &mut Session, view: &View) -> Result<Self> {
        let counting = Some(queries::counting(session, view)?);
        Ok(Self { counting, ..Self::load(session, view)? })
    }

    /// Which batches count, where that was asked once for all.
    pub(super) fn counting(&self) -> Option<&queries::Counting> {
        self.counting.as_ref()
    }

    /// The surroundings of a village's households, and the village's own events as a row.
    pub(super) fn of(
        &mut self,
        session: &mut Session,
        village: AreaCode,
        view: &View,
    ) -> Result<&(Surroundings, VillageFactRow)> {
        if !self.villages.contains_key(&village) {
            let mut around =
                Surroundings { latest: self.latest(village, view.day), ..Surroundings::default() };
            let records = load::village_records(session, village, view)?;
            let row = village_events(&records, view.day, &mut around).or_fault("village facts")?;
            self.villages.insert(village, (around, row));
        }
        self.villages
            .get(&village)
            .ok_or_else(|| kernel::Error::fault("a village just kept is gone"))
    }

    /// Forgets what was worked out, to hold little while many villages pass.
    pub(super) fn forget(&mut self) {
        self.villages.clear();
    }

    fn latest(&self, village: AreaCode, day: Day) -> Vec<(Topic, BatchId)> {
        let mut all = Vec::new();
        for (list, topic) in SNAPSHOTS {
            all.extend(newest(&self.covers, list, village, day).into_iter().map(|id| (topic, id)));
        }
        all
    }
}

/// Batches that say how things stand under one view and not under the other: the households on them change although no
/// row about them came or went.
pub(super) fn shifted(session: &mut Session, before: &View, after: &View) -> Result<Vec<BatchId>> {
    let lists = SNAPSHOTS.map(|(list, _)| list);
    let was = covers(session, &lists, before)?;
    let is = covers(session, &lists, after)?;
    if was == is {
        return Ok(Vec::new());
    }
    let areas: BTreeSet<AreaCode> = was.iter().chain(&is).map(|cover| cover.area).collect();
    let mut changed = BTreeSet::new();
    for (list, _) in SNAPSHOTS {
        for area in &areas {
            let old = newest(&was, list, *area, before.day);
            let new = newest(&is, list, *area, after.day);
            changed.extend(old.symmetric_difference(&new).copied());
        }
    }
    Ok(changed.into_iter().collect())
}
