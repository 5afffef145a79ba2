//! 守望 Shouwang: one program, run by one county.

mod app;
mod cli;
mod config;
mod routes;
mod sample;
mod words;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run()
}
