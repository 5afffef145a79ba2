//! The SQL of documents.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::DocumentId;
use store::{Row, Session, Tx, params};

use crate::policies::model::Document;

fn document(row: &Row) -> Result<Document> {
    Ok(Document {
        id: row.parse(0)?,
        number: row.text(1)?,
        issuer: row.text(2)?,
        title: row.text(3)?,
        kind: row.parse(4)?,
        state: row.parse(5)?,
        issued_on: row.opt_parse(6)?,
        valid_from: row.parse(7)?,
        valid_to: row.opt_parse(8)?,
        area: row.opt_parse(9)?,
        supersedes: row.opt_parse(10)?,
        note: row.text(11)?,
        parent: row.opt_parse(12)?,
        run_out_months: row.opt_int(13)?.and_then(|n| u32::try_from(n).ok()),
    })
}

/// Every document, the newest first.
pub fn list_documents(session: &mut Session) -> Result<Vec<Document>> {
    session
        .rows(
            "select id, number, issuer, title, kind, state, issued_on, valid_from, valid_to, area_code, supersedes, note, parent, run_out_months \
             from policy_documents order by valid_from desc, number, id",
            &[],
        )?
        .iter()
        .map(document)
        .collect()
}

/// One document; one that is not there is not found.
pub fn load_document(session: &mut Session, id: DocumentId) -> Result<Document> {
    let row = session.find(
        "select id, number, issuer, title, kind, state, issued_on, valid_from, valid_to, area_code, supersedes, note, parent, run_out_months \
         from policy_documents where id = $1",
        params![id],
    )?;
    document(&row.ok_or_else(|| Error::from(Refusal::not_found("policies.no_document")))?)
}

/// Writes a document, new or changed.
pub fn save_document(tx: &mut Tx, document: &Document, by: &str) -> Result<()> {
    let now = tx.now();
    tx.exec(
        "insert into policy_documents (id, number, issuer, title, kind, state, issued_on, valid_from, valid_to, area_code, \
         supersedes, note, entered_at, entered_by, parent, run_out_months) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
         on conflict (id) do update set number = excluded.number, issuer = excluded.issuer, title = excluded.title, \
         kind = excluded.kind, state = excluded.state, issued_on = excluded.issued_on, valid_from = excluded.valid_from, \
         valid_to = excluded.valid_to, area_code = excluded.area_code, supersedes = excluded.supersedes, \
         note = excluded.note, parent = excluded.parent, run_out_months = excluded.run_out_months",
        &[
            document.id.into(),
            document.number.as_str().into(),
            document.issuer.as_str().into(),
            document.title.as_str().into(),
            document.kind.code().into(),
            document.state.code().into(),
            document.issued_on.into(),
            document.valid_from.into(),
            document.valid_to.into(),
            document.area.into(),
            document.supersedes.into(),
            document.note.as_str().into(),
            now.into(),
            by.into(),
            document.parent.into(),
            document.run_out_months.into(),
        ],
    )?;
    Ok(())
}
