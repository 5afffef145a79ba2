//! What a comparison is made of. Pure.

use std::collections::{BTreeMap, HashMap};

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::time::Day;
use registry::past::{Asked, Known};

/// The two states that are compared; none is the county of today as it is known now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asking {
    /// The earlier one, on the left.
    pub from: Option<Asked>,
    /// The later one, on the right.
    pub to: Option<Asked>,
}

impl Asking {
    /// Reads the days of an address. Without words a month ago is compared with today, and each day is taken as it was
    /// known when it ended.
    ///
    /// # Errors
    /// `past.not_a_day`, `past.day_to_come`.
    pub fn read(
        (from, known_from): (Option<&str>, Option<&str>),
        (to, known_to): (Option<&str>, Option<&str>),
        today: Day,
    ) -> Result<Asking> {
        let first = today.add_months(-1).to_string();
        let last = today.to_string();
        let (from, to) = (from.unwrap_or(&first), to.unwrap_or(&last));
        Ok(Asking {
            from: Asked::read((Some(from), Some(known_from.unwrap_or(from))), today)?,
            to: Asked::read((Some(to), Some(known_to.unwrap_or(to))), today)?,
        })
    }

    /// The day and until when it is known, as texts of an address.
    #[must_use]
    pub fn texts(side: Option<Asked>, today: Day) -> (String, String) {
        let known =
            |known: Option<Known>| known.map_or_else(|| today.to_string(), |at| at.to_string());
        side.map_or_else(
            || (today.to_string(), today.to_string()),
            |asked| (asked.day.to_string(), known(asked.known)),
        )
    }
}

/// On which of the two days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The first.
    From,
    /// The second.
    To,
}

/// Where something that is counted was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The household; empty for a lead about a village.
    pub household: String,
    /// Its village.
    pub village: AreaCode,
}

/// Something that is counted on one day only, or elsewhere on the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Which line counts it.
    pub line: usize,
    /// The household, person or lead.
    pub key: String,
    /// Where it was on the first day, if it was counted then.
    pub from: Option<Place>,
    /// Where it is on the second.
    pub to: Option<Place>,
}

/// Which way something went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Not counted on the first day, counted on the second.
    In,
    /// The other way round.
    Out,
    /// There on both days, with another value.
    Changed,
}

impl Way {
    /// The word of an address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Way::In => "in",
            Way::Out => "out",
            Way::Changed => "changed",
        }
    }

    /// The way of a word.
    #[must_use]
    pub fn of(code: &str) -> Option<Way> {
        [Way::In, Way::Out, Way::Changed].into_iter().find(|way| way.code() == code)
    }
}

impl Item {
    /// Which way it went for an area.
    #[must_use]
    pub fn way(&self, area: Option<AreaCode>) -> Option<Way> {
        let inside = |place: &Option<Place>| {
            place.as_ref().is_some_and(|place| area.is_none_or(|area| area.contains(place.village)))
        };
        match (inside(&self.from), inside(&self.to)) {
            (false, true) => Some(Way::In),
            (true, false) => Some(Way::Out),
            _ => None,
        }
    }

    /// Where it is, or was.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.to.as_ref().or(self.from.as_ref())
    }
}

/// A household that is there on both days and of which facts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The household.
    pub household: String,
    /// Its villages on the two days.
    pub villages: (AreaCode, AreaCode),
    /// Which facts, by their place in [`Comparison::columns`].
    pub columns: Vec<usize>,
}

impl Changed {
    /// Whether it was in an area on both days.
    #[must_use]
    pub fn within(&self, area: Option<AreaCode>) -> bool {
        area.is_none_or(|area| area.contains(self.villages.0) && area.contains(self.villages.1))
    }
}

/// One line of a comparison.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figure {
    /// Counted on the first day.
    pub from: i64,
    /// Counted on the second.
    pub to: i64,
    /// Came in.
    pub came: i64,
    /// Went out.
    pub went: i64,
}

impl Figure {
    /// What is more.
    #[must_use]
    pub fn more(&self) -> i64 {
        self.to - self.from
    }

    /// Whether anything moved.
    #[must_use]
    pub fn moved(&self) -> bool {
        self.came + self.went != 0
    }
}

type Counts = BTreeMap<(usize, AreaCode), (i64, i64)>;

/// Hears what is counted on both days, in any order, and keeps only what differs.
#[derive(Default)]
pub struct Tally {
    lines: Vec<String>,
    numbers: HashMap<String, usize>,
    open: HashMap<(usize, String), (Side, Place)>,
    counts: Counts,
    items: Vec<Item>,
}

impl Tally {
    /// The number of a line.
    pub fn line(&mut self, code: &str) -> usize {
        if let Some(known) = self.numbers.get(code) {
            return *known;
        }
        self.lines.push(code.to_owned());
        self.numbers.insert(code.to_owned(), self.lines.len() - 1);
        self.lines.len() - 1
    }

    /// Something is counted on a day.
    pub fn saw(&mut self, side: Side, line: usize, (key, place): (&str, Place)) {
        let count = self.counts.entry((line, place.village)).or_default();
        match side {
            Side::From => count.0 += 1,
            Side::To => count.1 += 1,
        }
        let mut at = (line, key.to_owned());
        loop {
            match self.open.remove(&at) {
                None => {
                    self.open.insert(at, (side, place));
                    return;
                }
                // counted twice on one day: each is an item of its own
                Some((known, other)) if known == side => {
                    self.open.insert(at.clone(), (known, other));
                    at.1.push('+');
                }
                Some((_, other)) => {
                    let (from, to) = match side {
                        Side::From => (place, other),
                        Side::To => (other, place),
                    };
                    if from.village != to.village {
                        let key = at.1;
                        self.items.push(Item { line, key, from: Some(from), to: Some(to) });
                    }
                    return;
                }
            }
        }
    }

    /// Everything was heard.
    #[must_use]
    pub fn done(mut self) -> Comparison {
        for ((line, key), (side, place)) in self.open {
            let (from, to) = match side {
                Side::From => (Some(place), None),
                Side::To => (None, Some(place)),
            };
            self.items.push(Item { line, key, from, to });
        }
        let order = |item: &Item| {
            item.place().map(|place| (place.village, place.household.clone(), item.key.clone()))
        };
        self.items.sort_by_cached_key(|item| (item.line, order(item)));
        let (lines, counts, items) = (self.lines, self.counts, self.items);
        Comparison { lines, counts, items, ..Comparison::default() }
    }
}

/// Two days side by side, over all that the reader sees.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// The lines by their number: `households`, `yes.dibao`, `lead.severe` …
    pub lines: Vec<String>,
    counts: Counts,
    /// What is counted on one day only, or elsewhere: by line, village, household.
    pub items: Vec<Item>,
    /// The facts that were compared.
    pub columns: Vec<facts::Column>,
    /// The households of which some differ, by village.
    pub changed: Vec<Changed>,
}

impl Comparison {
    /// The number of a line.
    #[must_use]
    pub fn line(&self, code: &str) -> Option<usize> {
        self.lines.iter().position(|line| line == code)
    }

    /// Every line in an area.
    #[must_use]
    pub fn figures(&self, area: Option<AreaCode>) -> Vec<Figure> {
        let mut all = vec![Figure::default(); self.lines.len()];
        for ((line, village), (from, to)) in &self.counts {
            if let Some(figure) = all.get_mut(*line)
                && area.is_none_or(|area| area.contains(*village))
            {
                figure.from += from;
                figure.to += to;
            }
        }
        for item in &self.items {
            if let (Some(way), Some(figure)) = (item.way(area), all.get_mut(item.line)) {
                match way {
                    Way::In => figure.came += 1,
                    Way::Out => figure.went += 1,
                    Way::Changed => {}
                }
            }
        }
        all
    }

    /// One line by the parts of an area.
    #[must_use]
    pub fn places(
        &self,
        line: usize,
        area: Option<AreaCode>,
        part_of: fn(AreaCode, Option<AreaCode>) -> AreaCode,
    ) -> BTreeMap<AreaCode, Figure> {
        let mut all: BTreeMap<AreaCode, Figure> = BTreeMap::new();
        let inside = |village: AreaCode| area.is_none_or(|area| area.contains(village));
        for ((known, village), (from, to)) in &self.counts {
            if *known == line && inside(*village) {
                let figure = all.entry(part_of(*village, area)).or_default();
                figure.from += from;
                figure.to += to;
            }
        }
        for item in self.items.iter().filter(|item| item.line == line) {
            let part = |place: &Option<Place>| {
                let village = place.as_ref().map(|place| place.village);
                village.filter(|village| inside(*village)).map(|village| part_of(village, area))
            };
            let (from, to) = (part(&item.from), part(&item.to));
            if from == to {
                continue;
            }
            if let Some(part) = to {
                all.entry(part).or_default().came += 1;
            }
            if let Some(part) = from {
                all.entry(part).or_default().went += 1;
            }
        }
        all
    }

    /// How many households have another value, fact by fact.
    #[must_use]
    pub fn changes(&self, area: Option<AreaCode>) -> Vec<i64> {
        let mut all = vec![0; self.columns.len()];
        for one in self.changed.iter().filter(|one| one.within(area)) {
            for column in &one.columns {
                if let Some(count) = all.get_mut(*column) {
                    *count += 1;
                }
            }
        }
        all
    }
}
