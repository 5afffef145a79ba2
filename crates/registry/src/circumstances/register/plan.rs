//! Working out what a register means: rows for new households, changes of known ones, what is doubtful.

mod absent;
mod late;
mod persons;
mod records;
mod search;
mod statuses;

use std::collections::{BTreeSet, HashMap, HashSet};

use kernel::area::AreaCode;
use kernel::error::Result;
use kernel::finding::{Finding, Severity};
use kernel::ids::{HouseholdId, PersonId};
use store::{Ctx, Value};

use super::queries::{Known, KnownHousehold, KnownPerson, Rows};
use super::{Delivery, HouseholdRow, PersonRow, Staged};
use crate::households::Kin;
pub(super) use late::Late;
use search::SearchKeys;

/// A household of the register with its people, in the order of the file.
pub(super) struct Group<'a> {
    row: &'a HouseholdRow,
    people: Vec<&'a PersonRow>,
}

pub(super) struct Plan<'a> {
    ctx: &'a Ctx,
    delivery: &'a Delivery,
    /// The batch and the instant as they stand in every row.
    batch: Value,
    now: Value,
    known: Known,
    /// How often each identity number stands in the register.
    numbers: HashMap<&'a str, u32>,
    late: Late,
    /// Under which texts the new people are found, written last and in order.
    search: SearchKeys,
    findings: Vec<(i64, Finding)>,
    rejected: Vec<i64>,
    villages: BTreeSet<AreaCode>,
    new_households: usize,
    new_persons: usize,
    changed_households: usize,
    left_out: usize,
    /// Known people whom the register names, wherever.
    named: HashSet<PersonId>,
}

/// A member with the id and the kin that the register comes to.
struct Member<'a> {
    row: &'a PersonRow,
    id: PersonId,
    kin: Kin,
    known: Option<KnownPerson>,
    /// The county knows better: this person has died, or left this very household.
    gone: bool,
}

/// The stay, the statuses and the keys of one household in the making.
struct Place {
    household: HouseholdId,
    /// The household as it stands in rows.
    id: Value,
    village: AreaCode,
}

impl Place {
    fn new(household: HouseholdId, village: AreaCode) -> Self {
        Place { household, id: household.to_string().into(), village }
    }
}

impl<'a> Plan<'a> {
    pub(super) fn new(ctx: &'a Ctx, delivery: &'a Delivery, known: Known) -> Self {
        Self {
            ctx,
            delivery,
            batch: delivery.batch.to_string().into(),
            now: ctx.now.into(),
            known,
            search: SearchKeys::default(),
            numbers: HashMap::new(),
            late: Late::default(),
            findings: Vec::new(),
            rejected: Vec::new(),
            villages: BTreeSet::new(),
            new_households: 0,
            new_persons: 0,
            changed_households: 0,
            left_out: 0,
            named: HashSet::new(),
        }
    }

    fn find(&mut self, row_no: i64, finding: Finding) {
        self.findings.push((row_no, finding));
    }

    fn reject(&mut self, row_no: i64, finding: Finding) {
        self.rejected.push(row_no);
        self.find(row_no, finding);
    }

    /// Puts people with their households; what stands twice or nowhere is rejected.
    pub(super) fn group(
        &mut self,
        households: &'a [HouseholdRow],
        persons: &'a [PersonRow],
    ) -> Vec<Group<'a>> {
        let mut places: HashMap<&str, usize> = HashMap::with_capacity(households.len());
        let mut groups: Vec<Group<'a>> = Vec::with_capacity(households.len());
        for row in households {
            if places.contains_key(row.number.as_str()) {
                self.reject(
                    row.row_no,
                    Finding::new("households.number_twice", Severity::Error)
                        .arg("number", &row.number),
                );
                continue;
            }
            places.insert(&row.number, groups.len());
            self.villages.insert(row.village);
            self.late.covered.insert(row.village);
            groups.push(Group { row, people: Vec::new() });
        }
        let mut seen: HashSet<&str> = HashSet::with_capacity(persons.len());
        for row in persons {
            let home =
                places.get(row.household_number.as_str()).and_then(|index| groups.get_mut(*index));
            if !seen.insert(&row.number) {
                self.reject(
                    row.row_no,
                    Finding::new("people.number_twice", Severity::Error).arg("number", &row.number),
                );
            } else if let Some(group) = home {
                group.people.push(row);
                self.named.extend(self.known.persons.get(&row.number).map(|known| known.id));
                if let Some(id) = &row.id {
                    *self.numbers.entry(id.reveal()).or_default() += 1;
                }
            } else {
                let finding = Finding::new("people.household_missing", Severity::Error);
                self.reject(row.row_no, finding.arg("number", &row.household_number));
            }
        }
        groups
    }

    /// Rows for the new households of `groups`; what known ones change is kept for the publication.
    pub(super) fn rows_of(&mut self, groups: &[Group<'a>]) -> Result<Rows> {
        let mut rows = Rows::default();
        for group in groups {
            let known = self.known.households.remove(&group.row.number);
            let household = match &known {
                Some(known) => known.id,
                None => self.ctx.new_id(),
            };
            let place = Place::new(household, group.row.village);
            let members = self.members(group, household);
            self.records(group, &members, &place, &mut rows)?;
            match known {
                None => self.arrive(group, &members, &place, &mut rows)?,
                Some(known) => self.change(group, &members, known, &mut rows)?,
            }
        }
        Ok(rows)
    }

    /// The rows by which the new people are found, once all are worked out: in order, a transaction's worth at a time.
    pub(super) fn search_rows(&mut self) -> impl Iterator<Item = Rows> + use<> {
        let pieces = std::mem::take(&mut self.search).pieces();
        pieces.map(|search_keys| Rows { search_keys, ..Rows::default() })
    }

    /// Who lives there as what: exactly one head where anybody lives.
    fn members(&mut self, group: &Group<'a>, household: HouseholdId) -> Vec<Member<'a>> {
        let heads: Vec<&PersonRow> =
            group.people.iter().copied().filter(|row| row.kin == Some(Kin::Head)).collect();
        let named = group.row.says.head_name.as_deref();
        let head =
            heads.iter().find(|row| Some(row.name.as_str()) == named).or(heads.first()).copied();
        if group.people.is_empty() {
            self.find(group.row.row_no, Finding::new("households.no_members", Severity::Warning));
        } else if heads.is_empty() {
            self.find(group.row.row_no, Finding::new("households.no_head", Severity::Warning));
        }
        for second in heads.iter().filter(|row| head.is_some_and(|head| head.row_no != row.row_no))
        {
            self.find(second.row_no, Finding::new("households.two_heads", Severity::Warning));
        }
        let head = head.or(group.people.first().copied()).map(|row| row.row_no);
        let mut members = Vec::with_capacity(group.people.len());
        for row in group.people.iter().copied() {
            let kin = match row.kin {
                _ if Some(row.row_no) == head => Kin::Head,
                Some(Kin::Head) | None => Kin::Other,
                Some(kin) => kin,
            };
            let known = self.known.persons.remove(&row.number);
            let id = known.as_ref().map_or_else(|| self.ctx.new_id(), |known| known.id);
            let gone = known.as_ref().and_then(|known| known.gone);
            let gone = gone.is_some_and(|(from, died)| died || from == household);
            let merged = known.as_ref().is_some_and(|known| known.merged);
            if merged {
                let finding = Finding::new("people.recorded_twice", Severity::Note);
                self.find(row.row_no, finding.arg("name", &row.name));
            } else if gone {
                let finding = Finding::new("people.recorded_gone", Severity::Warning);
                self.find(row.row_no, finding.arg("name", &row.name));
            }
            members.push(Member { row, id, kin, known, gone: gone || merged });
        }
        members
    }

    fn arrive(
        &mut self,
        group: &Group,
        members: &[Member],
        place: &Place,
        rows: &mut Rows,
    ) -> Result<()> {
        self.new_households += 1;
        let keys = self.ctx.db.keys();
        let row = group.row;
        let head =
            members.iter().find(|member| member.kin.is_head()).map(|member| member.id.to_string());
        let sealed = row.phone.as_ref().map(|phone| keys.seal_text(phone.reveal())).transpose()?;
        rows.households.push(vec![
            place.id.clone(),
            Value::from(&row.number),
            row.says.group.as_deref().into(),
            head.into(),
            sealed.into(),
            row.phone.as_ref().map(|phone| phone.tail()).into(),
            self.now.clone(),
            self.batch.clone(),
            place.village.into(),
        ]);
        for member in members {
            self.person(member, place, rows)?;
            if member.gone {
                continue;
            }
            match member.known.as_ref().and_then(|known| known.household) {
                // known from another household: the stay begins when the batch is accepted
                Some(old) => {
                    self.leave(old, member.id);
                    self.late.opened_stays.push(self.stay(place, member));
                }
                None => rows.memberships.push(self.stay(place, member)),
            }
        }
        for (seq, status) in self.statuses(group, members).into_iter().enumerate() {
            let seq = i64::try_from(seq).unwrap_or(i64::MAX);
            rows.statuses.push(self.status(place, seq, &status));
        }
        Ok(())
    }

    fn change(
        &mut self,
        group: &Group,
        members: &[Member],
        known: KnownHousehold,
        rows: &mut Rows,
    ) -> Result<()> {
        let place = Place::new(known.id, group.row.village);
        let before = self.late.size();
        let day = self.delivery.day;
        if known.village != Some(place.village) {
            let id = known.id.to_string();
            let now = self.ctx.now;
            self.late.moved.push(vec![
                id.clone().into(),
                place.village.into(),
                day.into(),
                now.into(),
            ]);
            self.late.standing.push(vec![id.into(), place.village.into()]);
            self.villages.extend(known.village);
        }
        // a register that still has the dead as head knows nothing of who is head now
        let head = members.iter().find(|member| member.kin.is_head() && !member.gone);
        let outdated = head.is_none() && members.iter().any(|member| member.kin.is_head());
        for member in members {
            self.person(member, &place, rows)?;
            let here = known.stays.iter().any(|stay| stay.person == member.id);
            if !(member.gone || outdated && here) {
                self.stay_of(&known, member, &place);
            }
        }
        self.not_named(group, members, &known);
        let head = head.map(|member| member.id);
        if head.is_some() && head != known.head {
            self.late
                .heads
                .push(vec![known.id.to_string().into(), head.map(|id| id.to_string()).into()]);
        }
        self.changed_statuses(group, members, &known);
        if self.late.size() != before {
            self.changed_households += 1;
        }
        Ok(())
    }

    /// What the register says about the stay of a member of a known household.
    fn stay_of(&mut self, known: &KnownHousehold, member: &Member, place: &Place) {
        let before = known.stays.iter().find(|stay| stay.person == member.id);
        if before.is_some_and(|stay| stay.kin == Some(member.kin)) {
            return;
        }
        match before {
            Some(stay) => {
                let ended = self.ended(known.id, member.id, stay.from, "head");
                self.late.ended_stays.push(ended);
            }
            None => {
                if let Some(old) = member.known.as_ref().and_then(|known| known.household) {
                    self.leave(old, member.id);
                }
            }
        }
        self.late.opened_stays.push(self.stay(place, member));
    }

    /// The person leaves the household in which the county thought they lived.
    fn leave(&mut self, household: HouseholdId, person: PersonId) {
        let stay = self
            .known
            .households
            .values()
            .find(|known| known.id == household)
            .and_then(|known| known.stays.iter().find(|stay| stay.person == person));
        if let Some(from) = stay.map(|stay| stay.from) {
            let ended = self.ended(household, person, from, "register");
            self.late.ended_stays.push(ended);
        }
    }

    fn ended(
        &self,
        household: HouseholdId,
        person: PersonId,
        from: kernel::time::Day,
        how: &str,
    ) -> Vec<Value> {
        vec![
            household.to_string().into(),
            person.to_string().into(),
            from.into(),
            self.delivery.day.into(),
            how.into(),
            self.now.clone(),
            self.batch.clone(),
        ]
    }

    fn stay(&self, place: &Place, member: &Member) -> Vec<Value> {
        vec![
            place.id.clone(),
            member.id.to_string().into(),
            self.delivery.day.into(),
            member.kin.code().into(),
            "register".into(),
            1_i64.into(),
            1_i64.into(),
            1_i64.into(),
            self.now.clone(),
            self.batch.clone(),
        ]
    }

    pub(super) fn finish(mut self) -> Staged {
        self.households_not_named();
        Staged {
            new_households: self.new_households,
            new_persons: self.new_persons,
            changed_households: self.changed_households,
            left_out: self.left_out,
            rejected: self.rejected,
            findings: self.findings,
            villages: self.villages.into_iter().collect(),
            late: self.late,
            batch: self.delivery.batch,
        }
    }
}
