//! Pages of intake: batches and coverage, a file from upload to acceptance, its rows, the match queue.

mod batch;
mod change;
mod columns;
mod list;
mod matching;
mod own;
mod own_codes;
mod own_list;
mod own_put;
mod reading;
mod row;
mod rows;
mod said;
mod upload;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};

use self::own_codes::OwnCodes;
use self::own_list::OwnList;
use super::jobs::Jobs;
use crate::policies::{form_known, form_new, put_known, put_new};

/// The routes of this room. [`super::Desk`] stands in the extensions of every request.
pub fn routes() -> Router {
    Router::new()
        .route("/intake", get(list::list))
        .route("/intake/new", get(upload::form).post(upload::take))
        .layer(DefaultBodyLimit::disable())
        .route("/intake/readings/{id}", get(reading::show))
        .route("/intake/readings/{id}/mapping", post(reading::map))
        .route("/intake/batches/{id}", get(batch::show))
        .route("/intake/batches/{id}/mapping", get(columns::show).post(columns::map))
        .route("/intake/batches/{id}/accept", post(change::accept))
        .route("/intake/batches/{id}/discard", post(change::discard))
        .route("/intake/batches/{id}/revert", post(change::revert))
        .route("/intake/batches/{id}/findings.xlsx", get(change::workbook))
        .route("/intake/batches/{id}/rows", get(rows::list))
        .route("/intake/batches/{id}/rows/{key}", get(row::show))
        .route("/intake/match", get(matching::show).post(matching::decide))
        .route("/intake/match/undo", post(matching::undo))
        .route("/policies/lists", get(own::list))
        .route("/policies/lists/new", get(form_new::<OwnList>).post(put_new::<OwnList>))
        .route("/policies/lists/{id}", get(form_known::<OwnList>).post(put_known::<OwnList>))
        .route("/policies/lists/{id}/example.xlsx", get(own::example))
        .route("/policies/codes/new", get(form_new::<OwnCodes>).post(put_new::<OwnCodes>))
        .route("/policies/codes/{id}", get(form_known::<OwnCodes>).post(put_known::<OwnCodes>))
        .layer(Extension(Jobs::default()))
}
