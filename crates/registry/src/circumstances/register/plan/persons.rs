//! One person of the register: identity, phone, search keys.

use kernel::error::Result;
use kernel::finding::{Finding, Severity};
use store::Value;

use super::{Member, Place, Plan};
use crate::circumstances::register::PersonRow;
use crate::circumstances::register::queries::Rows;
use crate::people::{IdState, key_texts, search_keys};

impl Plan<'_> {
    /// A new person is written at once; what changes about a known one waits for the publication.
    pub(super) fn person(&mut self, member: &Member, place: &Place, rows: &mut Rows) -> Result<()> {
        let keys = self.ctx.db.keys().clone();
        let row = member.row;
        let number = row.id.as_ref().map(|id| id.reveal());
        let digest = number.map(|number| keys.digest(number));
        let phone_digest = row.phone.as_ref().map(|phone| keys.digest(phone.reveal()));
        let state = self.id_state(row, digest.as_deref());
        if let Some(known) = &member.known {
            let same = known.name == row.name
                && known.id_digest == digest
                && (row.phone.is_none() || known.phone_digest == phone_digest);
            if same {
                return Ok(());
            }
        } else {
            self.new_persons += 1;
        }
        let sealed = number.map(|number| keys.seal_text(number)).transpose()?;
        let phone = row.phone.as_ref().map(|phone| keys.seal_text(phone.reveal())).transpose()?;
        let found = search_keys(&row.name);
        let id: Value = member.id.to_string().into();
        let identity = [
            digest.into(),
            row.id.as_ref().map(|id| keys.digest(id.first_fifteen())).into(),
            row.id.as_ref().map(|id| keys.digest(id.last_six())).into(),
            sealed.into(),
        ];
        let phones = [
            phone.into(),
            phone_digest.into(),
            row.phone.as_ref().map(|phone| phone.tail()).into(),
        ];
        if let Some(known) = &member.known {
            self.late.renamed.push(vec![id.clone(), key_texts(&known.name).into()]);
            self.late.search_keys.extend(found.keys.into_iter().map(|(key, kind)| {
                let kind = kind.text().into();
                vec![key.into(), kind, place.id.clone(), id.clone(), place.village.into()]
            }));
            let head = [id, Value::from(&row.name), found.name_key.into(), state.as_str().into()];
            self.late.persons.push(head.into_iter().chain(identity).chain(phones).collect());
            return Ok(());
        }
        self.search.add((member.id, place.household, place.village), found.keys);
        let head = [
            id,
            Value::from(&row.number),
            Value::from(&row.name),
            found.name_key.into(),
            row.sex.map(|sex| sex.text()).into(),
            row.birth_day.into(),
            row.certificate.as_str().into(),
            state.as_str().into(),
        ];
        let tail = [row.certificate_tail.as_deref().into()];
        let batch = [self.batch.clone()];
        rows.persons.push(
            head.into_iter().chain(identity).chain(tail).chain(phones).chain(batch).collect(),
        );
        Ok(())
    }

    /// What the identity number is worth; a wrong or shared one is a finding, and the person is taken in all the same.
    pub(super) fn id_state(&mut self, row: &PersonRow, digest: Option<&str>) -> IdState {
        let Some(id) = &row.id else {
            self.find(row.row_no, Finding::new("people.id_missing", Severity::Warning));
            return IdState::Missing;
        };
        let here = self.numbers.get(id.reveal()).copied().unwrap_or_default();
        let other = digest
            .and_then(|digest| self.known.digests.get(digest))
            .filter(|number| **number != row.number);
        if here > 1 || other.is_some() {
            self.find(row.row_no, Finding::new("people.id_twice", Severity::Warning));
            return IdState::Twice;
        }
        match id.state() {
            kernel::idnumber::IdState::Ok => IdState::Ok,
            kernel::idnumber::IdState::WrongCheck => {
                self.find(row.row_no, Finding::new("people.id_wrong_check", Severity::Warning));
                IdState::WrongCheck
            }
            kernel::idnumber::IdState::ImpossibleBirth => {
                self.find(
                    row.row_no,
                    Finding::new("people.id_impossible_birth", Severity::Warning),
                );
                IdState::Unverified
            }
        }
    }
}
