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
        .route("/policies/lists/new", get(own_put::form::<OwnList>).post(own_put::make::<OwnList>))
        .route("/policies/lists/{id}", get(own_put::show::<OwnList>).post(own_put::put::<OwnList>))
        .route("/policies/lists/{id}/example.xlsx", get(own::example))
        .route(
            "/policies/codes/new",
            get(own_put::form::<OwnCodes>).post(own_put::make::<OwnCodes>),
        )
        .route(
            "/policies/codes/{id}",
            get(own_put::show::<OwnCodes>).post(own_put::put::<OwnCodes>),
        )
        .layer(Extension(Jobs::default()))
}
