//! The statuses that a register states, and which of them are new.

use serde_json::json;
use store::Value;

use super::{Group, Member, Place, Plan};
use crate::circumstances::register::queries::{KnownHousehold, KnownStatus};
use crate::households::{Scheme, StatusValue};

impl Plan<'_> {
    /// The statuses that the register states.
    pub(super) fn statuses(&self, group: &Group, members: &[Member]) -> Vec<StatusValue> {
        let says = &group.row.says;
        let day = self.delivery.day;
        let row_no = group.row.row_no;
        let mut found = Vec::new();
        if let Some(kind) = &says.household_type {
            found.push(StatusValue::plain(Scheme::Type, Scheme::Type.code_of(kind), day, row_no));
        }
        if let Some(class) = &says.monitor_type {
            let mut status = StatusValue::plain(
                Scheme::Monitored,
                Scheme::Monitored.code_of(class),
                says.identified_on.unwrap_or(day),
                row_no,
            );
            status.span.to =
                if says.risk_removed == Some(true) { says.removed_on.or(Some(day)) } else { None };
            status.detail =
                Some(json!({ "risks": says.risks, "way": says.removal_way }).to_string());
            found.push(status);
        }
        if let Some(scheme) = says.relief.as_deref().and_then(Scheme::of_relief) {
            found.push(StatusValue::plain(scheme, "yes".to_owned(), day, row_no));
        }
        for member in members.iter().filter(|member| !member.gone) {
            let of_person =
                [(Scheme::Dibao, member.row.says.dibao), (Scheme::Tekun, member.row.says.tekun)];
            for (scheme, _) in of_person.into_iter().filter(|(_, said)| *said == Some(true)) {
                let status = StatusValue::plain(scheme, "yes".to_owned(), day, member.row.row_no);
                found.push(StatusValue { person: Some(member.id), ..status });
            }
        }
        found
    }

    pub(super) fn status(&self, place: &Place, seq: i64, status: &StatusValue) -> Vec<Value> {
        vec![
            place.id.clone(),
            seq.into(),
            status.person.map(|id| id.to_string()).into(),
            status.scheme.as_str().into(),
            Value::from(&status.value),
            status.span.from.into(),
            status.span.to.into(),
            Value::from(&self.delivery.source),
            status.detail.as_deref().into(),
            self.now.clone(),
            self.batch.clone(),
            status.row_no.into(),
        ]
    }

    /// Statuses that the register no longer states end on its day, new ones begin; those that departments gave stay.
    pub(super) fn changed_statuses(
        &mut self,
        group: &Group,
        members: &[Member],
        known: &KnownHousehold,
    ) {
        let wanted = self.statuses(group, members);
        let same = |old: &KnownStatus, new: &StatusValue| {
            old.scheme == new.scheme.as_str() && old.value == new.value && old.person == new.person
        };
        for old in &known.statuses {
            let still = wanted.iter().any(|new| new.span.is_open() && same(old, new));
            let ours = Scheme::parse(&old.scheme).is_some_and(Scheme::stated_by_register);
            if ours && !still && !old.decided {
                let end = wanted
                    .iter()
                    .find(|new| same(old, new))
                    .and_then(|new| new.span.to)
                    .unwrap_or(self.delivery.day);
                self.late.ended_statuses.push(vec![
                    known.id.to_string().into(),
                    old.seq.into(),
                    end.into(),
                    self.now.clone(),
                    self.batch.clone(),
                ]);
            }
        }
        let place = Place::new(known.id, group.row.village);
        let fresh = wanted
            .iter()
            .filter(|new| new.span.is_open() && !known.statuses.iter().any(|old| same(old, new)));
        for (status, seq) in fresh.zip(known.next_status..) {
            let row = self.status(&place, seq, status);
            self.late.statuses.push(row);
        }
    }
}
