//! Which of several records speaks: the latest trusted one, with what was put right by hand.

use kernel::ids::PersonId;
use kernel::time::Day;

use super::input::{Origin, Record};
use crate::circumstances::topics::{Body, Correction, Topic};

/// A body that is not what its topic says. Only we write bodies, so this is a fault of ours.
#[derive(Debug, thiserror::Error)]
#[error("record {topic} of batch {batch} row {row} cannot be read: {cause}")]
pub struct BadBody {
    topic: &'static str,
    batch: kernel::ids::BatchId,
    row: i64,
    cause: serde_json::Error,
}

/// A record with its body read.
#[derive(Clone, Debug)]
pub(super) struct Told<B> {
    pub body: B,
    pub origin: Origin,
    pub day: Day,
    pub order: (Day, kernel::time::Instant),
    pub person: Option<PersonId>,
}

/// The records of one household as they are known on a day.
pub(super) struct Reader<'a> {
    records: Vec<&'a Record>,
    corrections: Vec<(&'a Record, Correction)>,
    day: Day,
}

impl<'a> Reader<'a> {
    pub(super) fn of(records: &'a [Record], day: Day) -> Result<Self, BadBody> {
        let mut corrections = Vec::new();
        for record in records.iter().filter(|record| record.topic == Topic::Correction) {
            corrections.push((record, body::<Correction>(record)?));
        }
        corrections.sort_by_key(|(record, _)| record.recorded_at);
        Ok(Self { records: records.iter().collect(), corrections, day })
    }

    /// Every record of a topic that is known on the day: an event of a later day is not.
    pub(super) fn all<B: Body>(&self) -> Result<Vec<Told<B>>, BadBody> {
        self.records
            .iter()
            .filter(|record| record.topic == B::TOPIC && record.valid_from <= self.day)
            .filter(|record| record.valid_to.is_none_or(|end| end > self.day))
            .map(|record| self.told(record))
            .collect()
    }

    /// The newest record of a topic about a person (`None`: about the household itself).
    pub(super) fn newest<B: Body>(
        &self,
        person: Option<PersonId>,
    ) -> Result<Option<Told<B>>, BadBody> {
        let of_topic = |record: &&&Record| record.topic == B::TOPIC && record.person == person;
        self.records
            .iter()
            .filter(of_topic)
            .filter(|record| record.valid_from <= self.day)
            .max_by_key(|record| (record.valid_from, record.recorded_at))
            .map(|record| self.told(record))
            .transpose()
    }

    /// Like [`Reader::newest`]; the first register also stands for the time before it, because nothing older is known.
    pub(super) fn register<B: Body>(
        &self,
        person: Option<PersonId>,
    ) -> Result<Option<Told<B>>, BadBody> {
        let newest = self.newest(person)?;
        if newest.is_some() {
            return Ok(newest);
        }
        self.records
            .iter()
            .filter(|record| record.topic == B::TOPIC && record.person == person)
            .min_by_key(|record| (record.valid_from, record.recorded_at))
            .map(|record| self.told(record))
            .transpose()
    }

    /// The day.
    pub(super) const fn day(&self) -> Day {
        self.day
    }

    /// Days on which something in the records begins or ends by itself.
    pub(super) fn turning_days(&self) -> impl Iterator<Item = Day> + '_ {
        self.records.iter().flat_map(|record| [Some(record.valid_from), record.valid_to]).flatten()
    }

    fn told<B: Body>(&self, record: &Record) -> Result<Told<B>, BadBody> {
        let mut fixes = self
            .corrections
            .iter()
            .filter(|(by, fix)| {
                fix.topic == B::TOPIC.as_str()
                    && by.person == record.person
                    && by.valid_from <= self.day
            })
            .peekable();
        let body = if fixes.peek().is_none() {
            body::<B>(record)?
        } else {
            let mut value: serde_json::Value =
                serde_json::from_str(&record.body).map_err(|cause| bad(record, cause))?;
            for (by, fix) in fixes {
                put_right(&mut value, fix, by.recorded_at >= record.recorded_at);
            }
            serde_json::from_value(value).map_err(|cause| bad(record, cause))?
        };
        let order = (record.valid_from, record.recorded_at);
        Ok(Told {
            body,
            origin: record.origin,
            day: record.valid_from,
            order,
            person: record.person,
        })
    }
}

/// A correction counts against what was known when it was made, and against a later delivery that still has the old
/// value; a later delivery with another value wins.
fn put_right(value: &mut serde_json::Value, fix: &Correction, made_later: bool) {
    if let Some(fields) = value.as_object_mut() {
        let current = fields.get(&fix.field).cloned().unwrap_or_default();
        if made_later || current == fix.old {
            if fix.new.is_null() {
                fields.remove(&fix.field);
            } else {
                fields.insert(fix.field.clone(), fix.new.clone());
            }
        }
    }
}

fn body<B: Body>(record: &Record) -> Result<B, BadBody> {
    B::from_json(&record.body).map_err(|cause| bad(record, cause))
}

fn bad(record: &Record, cause: serde_json::Error) -> BadBody {
    let Origin { batch, row } = record.origin;
    BadBody { topic: record.topic.as_str(), batch, row, cause }
}
