//! The SQL of drafts.

use kernel::error::{Error, Refusal, Result};
use kernel::ids::DraftId;
use store::{Row, Session, Tx, Value, params};

use crate::policies::model::{Draft, DraftState};

fn draft(row: &Row) -> Result<Draft> {
    let number = |n: Option<i64>| n.and_then(|n| u32::try_from(n).ok());
    Ok(Draft {
        id: row.parse(0)?,
        title: row.text(1)?,
        stance: row.parse(2)?,
        document: row.opt_parse(3)?,
        valid_from: row.parse(4)?,
        changes: serde_json::from_str(&row.text(5)?)
            .map_err(|why| Error::fault(format!("a draft of a policy: {why}")))?,
        undoes: number(row.opt_int(6)?),
        state: row.parse(7)?,
        revision: row.int(8)?,
        made_by: row.text(9)?,
        submitted_by: row.opt_text(10)?,
        said: row.text(11)?,
        version: number(row.opt_int(12)?),
    })
}

/// Every draft, the newest first.
pub fn list_drafts(session: &mut Session) -> Result<Vec<Draft>> {
    session
        .rows(
            "select id, title, stance, document_id, valid_from, changes, undoes, state, revision, made_by, submitted_by, \
             said, version from policy_drafts order by made_at desc, id desc",
            &[],
        )?
        .iter()
        .map(draft)
        .collect()
}

/// One draft; one that is not there is not found.
pub fn load_draft(session: &mut Session, id: DraftId) -> Result<Draft> {
    let row = session.find(
        "select id, title, stance, document_id, valid_from, changes, undoes, state, revision, made_by, submitted_by, \
         said, version from policy_drafts where id = $1",
        params![id],
    )?;
    draft(&row.ok_or_else(|| Error::from(Refusal::not_found("policies.no_draft")))?)
}

/// Writes a new draft.
pub fn insert_draft(tx: &mut Tx, draft: &Draft) -> Result<()> {
    let changes = changes_of(draft)?;
    let now = tx.now();
    tx.exec(
        "insert into policy_drafts (id, title, stance, document_id, valid_from, changes, undoes, state, revision, made_at, \
         made_by, submitted_by, said, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &[
            draft.id.into(),
            draft.title.as_str().into(),
            draft.stance.code().into(),
            draft.document.into(),
            draft.valid_from.into(),
            changes,
            draft.undoes.into(),
            draft.state.code().into(),
            draft.revision.into(),
            now.into(),
            draft.made_by.as_str().into(),
            draft.submitted_by.as_deref().into(),
            draft.said.as_str().into(),
            draft.version.into(),
        ],
    )?;
    Ok(())
}

fn changes_of(draft: &Draft) -> Result<Value> {
    let text =
        serde_json::to_string(&draft.changes).map_err(|why| Error::fault(why.to_string()))?;
    Ok(Value::from(text))
}

/// Writes a draft that was read at `revision` and stood in `state`; gives `false` if somebody was faster.
pub fn save_draft(
    tx: &mut Tx,
    draft: &Draft,
    (revision, state): (i64, DraftState),
) -> Result<bool> {
    let changes = changes_of(draft)?;
    let touched = tx.exec(
        "update policy_drafts set title = $3, stance = $4, document_id = $5, valid_from = $6, changes = $7, state = $8, \
         revision = revision + 1, submitted_by = $9, said = $10, version = $11 \
         where id = $1 and revision = $2 and state = $12",
        &[
            draft.id.into(),
            revision.into(),
            draft.title.as_str().into(),
            draft.stance.code().into(),
            draft.document.into(),
            draft.valid_from.into(),
            changes,
            draft.state.code().into(),
            draft.submitted_by.as_deref().into(),
            draft.said.as_str().into(),
            draft.version.into(),
            state.code().into(),
        ],
    )?;
    Ok(touched == 1)
}

/// Lets one publication after the other happen: the second waits until the first has its number.
pub fn one_publication_at_a_time(tx: &mut Tx) -> Result<()> {
    tx.exec("update policy_drafts set revision = revision where state = 'submitted'", &[])?;
    Ok(())
}
