//! `shouwang serve`: the web interface.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use casework::declarations::outside::Settings;
use casework::screening;
use kernel::error::Refusal;
use kernel::time::Day;
use registry::circumstances::ledger;
use registry::intake;
use store::Ctx;
use tokio::net::TcpListener;

use super::Desk;
use super::patience::Patience;
use crate::app::App;
use crate::words::{say, wrong_option};
use crate::{outside, routes};

/// Options of `serve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Address and port to listen on; the port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT", env = "SHOUWANG_LISTEN")]
    listen: Option<String>,
    /// Address and port for the public side, where people declare without login
    #[arg(long, value_name = "ADDRESS:PORT", env = "SHOUWANG_PUBLIC_LISTEN")]
    public_listen: Option<String>,
}

/// Serves until interrupted.
pub fn run(desk: &Desk, args: &Args) -> Result<ExitCode> {
    let (mut app, _) = desk.open()?;
    app.make_ready()?;
    app.config.public.listen = args.public_listen.clone().or(app.config.public.listen);
    let listen = args.listen.clone().unwrap_or_else(|| app.config.listen.clone());
    serve(&app, &listen)?;
    Ok(ExitCode::SUCCESS)
}

/// Serves an open data folder; sample accounts never leave this machine.
pub fn serve(app: &App, listen: &str) -> Result<()> {
    let address: SocketAddr =
        listen.parse().map_err(|_| wrong_option("cli.option_listen", listen))?;
    let public = match &app.config.public.listen {
        Some(text) => {
            Some(text.parse::<SocketAddr>().map_err(|_| wrong_option("cli.option_listen", text))?)
        }
        None => None,
    };
    let all = [Some(address), public];
    if app.is_demo() && all.into_iter().flatten().any(|one| !one.ip().is_loopback()) {
        let refusal = Refusal::forbidden("cli.demo_loopback");
        return Err(kernel::Error::from(refusal.arg("dir", app.config.dir.display())).into());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(listen_on(app.clone(), address))
}

async fn listen_on(app: App, address: SocketAddr) -> Result<()> {
    let listener = TcpListener::bind(address).await.map_err(|why| {
        let refusal = Refusal::unavailable("cli.cannot_listen").arg("address", address);
        kernel::Error::from(refusal.arg("detail", why))
    })?;
    say(format!("http://{}", listener.local_addr()?));
    let notes = tokio::spawn(write_access_notes(app.clone()));
    let days = tokio::spawn(turn_days(app.clone(), app.intake()?));
    let leads = tokio::spawn(follow_deliveries(app.clone()));
    let mut public = Vec::new();
    if let Some(folder) = app.config.public_folder() {
        let (job, at) = (app.clone(), folder.clone());
        web::blocking(move || {
            outside::prepare(&job, &at);
            Ok(())
        })
        .await?;
        if let Some(listen) = &app.config.public.listen {
            let (clock, proxied) = (app.config.clock, app.config.public.proxied);
            let settings = Settings { folder: folder.clone(), clock, proxied };
            public.push(outside::listen(settings, listen).await?);
        }
        public.push(tokio::spawn(outside::follow(app.clone(), folder)));
    }
    let router = routes::router(&app)?;
    axum::serve(listener, router).with_graceful_shutdown(interrupted()).await?;
    notes.abort();
    days.abort();
    leads.abort();
    public.iter().for_each(tokio::task::JoinHandle::abort);
    app.db.flush_access()?;
    Ok(())
}

/// The access log is buffered so that no request waits for it.
async fn write_access_notes(app: App) {
    let mut every = tokio::time::interval(Duration::from_secs(1));
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut patience = Patience::default();
    loop {
        every.tick().await;
        let db = app.db.clone();
        match web::blocking(move || db.flush_access()).await {
            Ok(_) => {
                patience.worked();
            }
            Err(why) => {
                let (pause, say) = patience.failed();
                if say {
                    tracing::error!(%why, "the access log could not be written");
                }
                tokio::time::sleep(pause).await;
            }
        }
    }
}

/// What changes by itself with the day (ages, windows) is refreshed at the start, so that days on which the program was
/// off are caught up, and soon after every midnight. What a program beside this one left half-written, or this one when
/// its database went away, is cleared every minute; as often, alarms over areas follow what is known.
async fn turn_days(app: App, desk: intake::Desk) {
    let mut turned: Option<Day> = None;
    let mut every = tokio::time::interval(Duration::from_secs(60));
    loop {
        every.tick().await;
        let today = app.config.clock.today();
        let (job, desk, turn) = (app.clone(), desk.clone(), turned != Some(today));
        let done = web::blocking(move || {
            let ctx = Ctx::system(&job.db, job.config.clock);
            intake::sweep(&ctx)?;
            let turned = if turn {
                intake::sweep_originals(&ctx, &desk, intake::UNANSWERED)?;
                ledger::sweep(&ctx)?;
                let due = ledger::turn_day(&ctx)?;
                let taken = casework::cases::take_over_earlier(&ctx, &mut |_, _| {})?;
                if taken > 0 {
                    tracing::info!(taken, "households of earlier registers have their cases");
                }
                let clocks = casework::cases::run_clocks(&ctx, false, &mut |_, _| {})?;
                if clocks.went {
                    let (found, new) = (clocks.counted, clocks.reminded);
                    tracing::info!(found.overdue, new, "the clocks of the cases have gone");
                }
                Some(due)
            } else {
                None
            };
            casework::alarms::follow(&ctx)?;
            Ok(turned)
        });
        match done.await {
            Ok(None) => {}
            Ok(Some(due)) => {
                turned = Some(today);
                tracing::info!(due, "the facts have turned with the day");
            }
            Err(why) => tracing::error!(%why, "the facts could not be turned with the day"),
        }
    }
}

/// A delivery that was accepted changes facts in many villages at once, a publication the rules; their leads follow. Where
/// nothing was written since the last look, looking costs next to nothing. A person waits for a publication: it is looked for
/// more often, which is one row, and followed at once.
async fn follow_deliveries(app: App) {
    const LOOKS: u32 = 8;
    let mut every = tokio::time::interval(Duration::from_millis(25));
    every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let (mut published, mut looks) = (String::new(), 0);
    let mut patience = Patience::default();
    loop {
        every.tick().await;
        looks = (looks + 1) % LOOKS;
        match follow_once(&app, &mut published, looks == 0).await {
            Ok(()) => {
                if patience.worked() {
                    tracing::warn!("the leads follow again what is delivered");
                }
            }
            Err(why) => {
                let (pause, say) = patience.failed();
                if say {
                    tracing::error!(%why, "the leads could not follow what was delivered");
                }
                tokio::time::sleep(pause).await;
            }
        }
    }
}

async fn follow_once(app: &App, published: &mut String, due: bool) -> Result<()> {
    let job = app.clone();
    let now = web::blocking(move || screening::last_publication(&job.db)).await?;
    let (job, new) = (app.clone(), now != *published);
    let follow = move || screening::screen_stale(&Ctx::system(&job.db, job.config.clock));
    match (new, due) {
        (true, _) => drop(web::hurried(follow).await?),
        (false, true) => drop(web::blocking(follow).await?),
        (false, false) => {}
    }
    *published = now;
    Ok(())
}

pub(super) async fn interrupted() {
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminate => {}
    }
}
