//! The work that a changed rule makes, by village and township.

use std::collections::BTreeMap;

use facts::{Param, Scalar};
use kernel::error::Result;
use store::Session;

use super::trial::{Answered, township};
use crate::screening::queries;

/// What changes in one village or township.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// 12-digit code.
    pub code: String,
    /// Its name; its code where the areas do not know it.
    pub name: String,
    /// Hit only after.
    pub came_in: i64,
    /// Hit only before.
    pub dropped_out: i64,
    /// Hit before and after.
    pub unchanged: i64,
    /// Came in and has no live lead.
    pub new_leads: i64,
    /// Came in and has a live lead already.
    pub joined: i64,
    /// In how many weeks the new leads can be given out: that of the busiest village, of a township. None where no
    /// weekly number is set.
    pub weeks: Option<i64>,
}

impl Place {
    fn and(&mut self, other: &Place) {
        self.came_in += other.came_in;
        self.dropped_out += other.dropped_out;
        self.unchanged += other.unchanged;
        self.new_leads += other.new_leads;
        self.joined += other.joined;
        self.weeks = self.weeks.max(other.weeks);
    }
}

/// Villages by code while rows are counted.
#[derive(Debug, Default)]
pub(super) struct Places(BTreeMap<String, Place>);

impl Places {
    /// One row.
    pub fn add(&mut self, row: &Answered, has_lead: bool) {
        let place = match self.0.get_mut(&row.village) {
            Some(place) => place,
            None => self.0.entry(row.village.clone()).or_default(),
        };
        let one = |yes: bool| i64::from(yes);
        place.came_in += one(row.came_in());
        place.dropped_out += one(row.dropped_out());
        place.unchanged += one(row.was == Some(true) && row.is == Some(true));
        place.joined += one(row.came_in() && has_lead);
        place.new_leads += one(row.came_in() && !has_lead);
    }

    /// Townships and villages with their names and weeks, most new leads first, then most changes.
    pub fn named(
        mut self,
        session: &mut Session,
        budget: Option<&Param>,
    ) -> Result<(Vec<Place>, Vec<Place>)> {
        let mut townships: BTreeMap<String, Place> = BTreeMap::new();
        for (code, place) in &mut self.0 {
            code.clone_into(&mut place.code);
            if let Some(Scalar::Int(each)) = budget.map(|budget| budget.at(code))
                && each > 0
            {
                place.weeks = Some((place.new_leads + each - 1).div_euclid(each));
            }
            let above = township(code).map_or_else(|| code.clone(), |above| above.to_string());
            townships.entry(above).or_default().and(place);
        }
        for (code, place) in &mut townships {
            code.clone_into(&mut place.code);
        }
        let codes: Vec<String> = self.0.keys().chain(townships.keys()).cloned().collect();
        let names = queries::what_if::area_names(session, &codes)?;
        let sorted = |places: BTreeMap<String, Place>| {
            let mut places: Vec<Place> = places
                .into_values()
                .map(|place| {
                    let name = names.get(&place.code).unwrap_or(&place.code).clone();
                    Place { name, ..place }
                })
                .collect();
            places.sort_by_key(|place| {
                let changes = place.came_in + place.dropped_out;
                (std::cmp::Reverse((place.new_leads, changes, place.unchanged)), place.code.clone())
            });
            places
        };
        Ok((sorted(townships), sorted(self.0)))
    }
}
