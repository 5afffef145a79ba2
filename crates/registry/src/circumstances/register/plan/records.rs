//! The records that a register writes: one per row, with everything the row says.

use kernel::error::{OrFault, Result};
use store::Value;

use super::{Group, Member, Place, Plan};
use crate::circumstances::register::queries::Rows;
use crate::circumstances::topics::Body;

impl Plan<'_> {
    pub(super) fn records(
        &self,
        group: &Group,
        members: &[Member],
        place: &Place,
        rows: &mut Rows,
    ) -> Result<()> {
        let row = group.row;
        let body = row.says.to_json().or_fault("register body")?;
        let subject =
            ("household", place.id.clone(), crate::circumstances::topics::Topic::RegisterHousehold);
        rows.records.push(self.record(row.row_no, subject, place, body));
        for member in members {
            let body = member.row.says.to_json().or_fault("register body")?;
            let subject = (
                "person",
                member.id.to_string().into(),
                crate::circumstances::topics::Topic::RegisterPerson,
            );
            rows.records.push(self.record(member.row.row_no, subject, place, body));
        }
        Ok(())
    }

    fn record(
        &self,
        row_no: i64,
        (subject, id, topic): (&'static str, Value, crate::circumstances::topics::Topic),
        place: &Place,
        body: String,
    ) -> Vec<Value> {
        vec![
            self.batch.clone(),
            row_no.into(),
            0_i64.into(),
            subject.into(),
            id,
            place.id.clone(),
            place.village.into(),
            topic.as_str().into(),
            Value::from(&self.delivery.source),
            self.delivery.day.into(),
            self.now.clone(),
            body.into(),
        ]
    }
}
