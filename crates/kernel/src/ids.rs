//! Ids: one type for each kind of thing, so that a household is never looked up by a person's id.
//!
//! Every id is a UUIDv7 written as 32 lower-case hex digits. Its first half is the time of making,
//! so ids made together lie together in the tables. They are made by [`IdSource`], which `Ctx`
//! carries, and by the offline app.

use std::fmt;
use std::sync::Mutex;

use crate::text::BadText;
use crate::time::{Clock, Instant};

/// What all ids have in common; implemented by [`id_type!`](crate::id_type).
pub trait Id: Copy + Eq + Ord + fmt::Display + std::str::FromStr<Err = BadText> {
    /// The id of these sixteen bytes.
    fn from_bytes(bytes: [u8; 16]) -> Self;
    /// The sixteen bytes.
    fn bytes(self) -> [u8; 16];
}

/// Reads 32 hex digits (also upper case and with the dashes of a UUID).
///
/// # Errors
/// `kernel.not_an_id`.
pub fn parse_hex(text: &str) -> Result<[u8; 16], BadText> {
    let bad = BadText { code: "kernel.not_an_id" };
    match text.len() {
        32 | 36 => uuid::Uuid::try_parse(text).map(uuid::Uuid::into_bytes).map_err(|_| bad),
        _ => Err(bad),
    }
}

/// Writes sixteen bytes as 32 lower-case hex digits.
///
/// # Errors
/// Those of the formatter.
pub fn write_hex(bytes: &[u8; 16], out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let id = uuid::Uuid::from_bytes(*bytes).simple();
    out.pad(id.encode_lower(&mut uuid::Uuid::encode_buffer()))
}

/// Makes an id type: `id_type!(/// One visit. VisitId);`
///
/// The type is `Copy`, ordered by time of making, shown and parsed as 32 hex digits, and the same
/// text in JSON.
#[macro_export]
macro_rules! id_type {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $crate::ids::Id for $name {
            fn from_bytes(bytes: [u8; 16]) -> Self {
                $name(bytes)
            }
            fn bytes(self) -> [u8; 16] {
                self.0
            }
        }

        impl $name {
            /// Reads 32 hex digits.
            ///
            /// # Errors
            /// `kernel.not_an_id`.
            pub fn parse(text: &str) -> Result<Self, $crate::BadText> {
                $crate::ids::parse_hex(text).map($name)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::ids::write_hex(&self.0, out)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::ids::write_hex(&self.0, out)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::BadText;
            fn from_str(text: &str) -> Result<Self, $crate::BadText> {
                $name::parse(text)
            }
        }

        impl $crate::ids::serde::Serialize for $name {
            fn serialize<S: $crate::ids::serde::Serializer>(
                &self,
                out: S,
            ) -> Result<S::Ok, S::Error> {
                out.collect_str(self)
            }
        }

        impl<'de> $crate::ids::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::ids::serde::Deserializer<'de>>(
                input: D,
            ) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str> as $crate::ids::serde::Deserialize>
                    ::deserialize(input)?;
                $name::parse(&text).map_err($crate::ids::serde::de::Error::custom)
            }
        }
    )+};
}

#[doc(hidden)]
pub use serde;

id_type! {
    /// One household (户).
    HouseholdId;
    /// One person (人), also after leaving the household or the county.
    PersonId;
    /// One document behind policy.
    DocumentId;
    /// One draft of a change of policy.
    DraftId;
    /// One milestone of a plan.
    MilestoneId;
    /// One account that signs in.
    AccountId;
    /// One scope of an account.
    ScopeId;
    /// One view that a person keeps of a list.
    ViewId;
    /// One sign-in.
    SessionId;
    /// One request, for the log and the reference number of a fault.
    RequestId;
    /// One delivered batch: a file, a corrected file, or a change by hand.
    BatchId;
    /// One row of a batch.
    RowId;
    /// One dated record.
    RecordId;
    /// One finding kept with its batch.
    FindingId;
    /// One entry of the match queue.
    MatchId;
    /// One decision about a match.
    DecisionId;
    /// One proposed change that waits for the township.
    ProposalId;
    /// One merge of two records of the same person or household.
    MergeId;
    /// One remembered mapping of columns.
    MappingId;
    /// One lead (线索).
    LeadId;
    /// Something that somebody declared or reported about a household.
    DeclarationId;
    /// One answer to a lead.
    AnswerId;
    /// One question to a department.
    QuestionId;
    /// One run of the screening rules.
    RunId;
    /// One alarm over an area.
    AlarmId;
    /// One monitored case (监测对象 file).
    CaseId;
    /// One review sitting of a village (民主评议会).
    SittingId;
    /// One measure of help (帮扶措施).
    MeasureId;
    /// One helper of a household (帮扶责任人), from a day to a day.
    HelperId;
    /// One entry of the journal.
    EntryId;
    /// One attached file.
    AttachmentId;
}

/// Makes ids. One for the process; share it by reference.
#[derive(Debug)]
pub struct IdSource {
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    last_ms: u64,
    counter: u16,
    pool: [u8; 512],
    used: usize,
    /// `Some` for a source that repeats itself.
    seed: Option<u64>,
}

/// Highest value of the twelve bits that count the ids of one millisecond.
const COUNTER_MAX: u16 = 0x0fff;

impl IdSource {
    /// A source with the random bytes of the machine.
    pub fn new(clock: Clock) -> Self {
        Self::made(clock, None)
    }

    /// A source that makes the same ids again for the same seed and a fixed clock: for tests and
    /// for the sample county, never for a real one.
    pub fn repeatable(clock: Clock, seed: u64) -> Self {
        Self::made(clock, Some(seed))
    }

    fn made(clock: Clock, seed: Option<u64>) -> Self {
        let pool = [0; 512];
        let used = pool.len();
        IdSource { clock, state: Mutex::new(State { last_ms: 0, counter: 0, pool, used, seed }) }
    }

    /// A new id. Ids of one source are strictly ascending.
    pub fn make<T: Id>(&self) -> T {
        self.make_at(self.clock.now())
    }

    /// A new id of a moment; ascending with all made before, even if the moment is earlier.
    pub fn make_at<T: Id>(&self, now: Instant) -> T {
        let now_ms = u64::try_from(now.millis()).unwrap_or(0);
        // A thread that panicked while holding the lock left plain numbers behind: still usable.
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if now_ms > state.last_ms {
            state.last_ms = now_ms;
            state.counter = 0;
        } else if state.counter < COUNTER_MAX {
            state.counter += 1;
        } else {
            state.last_ms += 1;
            state.counter = 0;
        }
        let random = state.next_random();
        let [t0, t1, t2, t3, t4, t5] = time_bytes(state.last_ms);
        let [c0, c1] = state.counter.to_be_bytes();
        let [r0, r1, r2, r3, r4, r5, r6, r7] = random;
        let variant = (r0 & 0x3f) | 0x80;
        T::from_bytes([t0, t1, t2, t3, t4, t5, c0 | 0x70, c1, variant, r1, r2, r3, r4, r5, r6, r7])
    }
}

fn time_bytes(millis: u64) -> [u8; 6] {
    let [_, _, t0, t1, t2, t3, t4, t5] = millis.to_be_bytes();
    [t0, t1, t2, t3, t4, t5]
}

impl State {
    fn next_random(&mut self) -> [u8; 8] {
        if let Some(seed) = self.seed.as_mut() {
            return step(seed).to_be_bytes();
        }
        if self.used + 8 > self.pool.len() {
            self.refill();
            self.used = 0;
        }
        let mut bytes = [0; 8];
        for (to, from) in bytes.iter_mut().zip(self.pool.iter().skip(self.used)) {
            *to = *from;
        }
        self.used += 8;
        bytes
    }

    /// Without random bytes of the machine ids are still unique within the process, by the counter
    /// and this sequence; that case is a broken kernel, not a reason to stop a county.
    fn refill(&mut self) {
        if getrandom::fill(&mut self.pool).is_err() {
            let mut seed = self.last_ms ^ u64::from(std::process::id()).rotate_left(32);
            for (index, byte) in self.pool.iter_mut().enumerate() {
                let shift = u32::try_from(index % 8).unwrap_or(0) * 8;
                *byte = u8::try_from((step(&mut seed) >> shift) & 0xff).unwrap_or(0);
            }
        }
    }
}

/// One step of a splitmix sequence.
fn step(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::time::Day;

    #[test]
    fn ids_are_ascending_version_seven_and_their_text_is_read_back() {
        let source = IdSource::new(Clock::System);
        let ids: Vec<HouseholdId> = (0..20_000).map(|_| source.make()).collect();
        assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
        let texts: BTreeSet<String> = ids.iter().map(ToString::to_string).collect();
        assert_eq!(texts.len(), ids.len());
        for id in ids.iter().take(50) {
            let text = id.to_string();
            assert_eq!(text.len(), 32);
            assert_eq!(HouseholdId::parse(&text), Ok(*id));
            assert_eq!(uuid::Uuid::from_bytes(id.bytes()).get_version_num(), 7);
            assert_eq!(serde_json::to_string(id).unwrap(), format!("\"{text}\""));
        }
    }

    #[test]
    fn a_repeatable_source_repeats_itself() {
        let clock = Clock::fixed_on(Day::parse("2026-10-31").unwrap());
        let run = |seed| -> Vec<PersonId> {
            let source = IdSource::repeatable(clock, seed);
            (0..10_000).map(|_| source.make()).collect()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        assert!(run(7).windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn bad_text_is_no_id() {
        for bad in ["", "123", "zz00", &"g".repeat(32), &"０".repeat(32), &"a".repeat(33)] {
            assert!(LeadId::parse(bad).is_err(), "{bad}");
        }
        let dashed = "0192f0c1-2345-7abc-8def-0123456789ab";
        assert_eq!(LeadId::parse(dashed).unwrap().to_string(), dashed.replace('-', ""));
    }
}
