//! The public side of the county: its listener, and the job that takes in what it holds and publishes where things stand.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;
use casework::declarations::outside::{Door, INBOX, Limits, Settings, routes};
use casework::declarations::{Outside, StatusAfter, after_case, publish, take_in};
use kernel::error::Refusal;
use kernel::time::Day;
use store::Ctx;
use tokio::net::TcpListener;

use crate::app::App;
use crate::words::{say, wrong_option};

/// What later steps say of a lead to those who declared.
pub const AFTER: &[StatusAfter] = &[after_case];

/// What the pages of declarations know of the public side.
pub fn outside_of(app: &App) -> Outside {
    Outside {
        folder: app.config.public_folder(),
        address: app.config.public_address(),
        after: AFTER,
    }
}

/// Listens for the public side; it knows its folder and nothing else.
pub async fn listen(settings: Settings, listen: &str) -> Result<tokio::task::JoinHandle<()>> {
    let address: SocketAddr =
        listen.parse().map_err(|_| wrong_option("cli.option_listen", listen))?;
    let listener = TcpListener::bind(address).await.map_err(|why| {
        let refusal = Refusal::unavailable("cli.cannot_listen").arg("address", address);
        kernel::Error::from(refusal.arg("detail", why))
    })?;
    let door = Door::open(settings, Limits::default())?;
    say(format!("http://{}/declare", listener.local_addr()?));
    let service = routes(door).into_make_service_with_connect_info::<SocketAddr>();
    Ok(tokio::spawn(async move {
        if let Err(why) = axum::serve(listener, service).await {
            tracing::error!(%why, "the public side stopped");
        }
    }))
}

/// How the inbox stood when it was last looked at: its length and when it was written.
type Seen = Option<(u64, SystemTime)>;

fn seen(folder: &Path) -> Seen {
    let file = std::fs::metadata(folder.join(INBOX)).ok()?;
    Some((file.len(), file.modified().ok()?))
}

/// What was published last: up to which entry of the journal, on which day.
type Said = Option<(i64, Day)>;

/// Takes in what is new and publishes what has changed; what it did is remembered for the next time.
fn once(ctx: &Ctx, folder: &Path, (before, said): (Seen, Said)) -> kernel::Result<(Seen, Said)> {
    let now = seen(folder);
    if now.is_some() && now != before {
        let taken = take_in(ctx, folder)?;
        if taken.fresh + taken.unreadable > 0 {
            tracing::info!(
                fresh = taken.fresh,
                unreadable = taken.unreadable,
                "taken in from the public side"
            );
        }
    }
    let stands = Some((ctx.read()?.journal_number()?, ctx.today));
    if stands != said {
        publish(ctx, folder, AFTER)?;
    }
    Ok((now, stands))
}

/// Publishes once, before the listener opens: a county without areas has nothing to publish yet.
pub fn prepare(app: &App, folder: &Path) {
    let ctx = Ctx::system(&app.db, app.config.clock);
    if let Err(why) = publish(&ctx, folder, AFTER) {
        tracing::warn!(%why, "nothing is published for the public side yet");
    }
}

/// Keeps the county and the public side together, every two seconds while something changes.
pub async fn follow(app: App, folder: PathBuf) {
    let mut every = tokio::time::interval(Duration::from_secs(2));
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut state: (Seen, Said) = (None, None);
    let mut failed = String::new();
    loop {
        every.tick().await;
        let (job, folder) = (app.clone(), folder.clone());
        let done =
            web::blocking(move || once(&Ctx::system(&job.db, job.config.clock), &folder, state));
        match done.await {
            Ok(now) => (state, failed) = (now, String::new()),
            Err(why) => {
                let why = why.to_string();
                if why != failed {
                    tracing::error!(%why, "the public side could not be followed");
                }
                failed = why;
            }
        }
    }
}
