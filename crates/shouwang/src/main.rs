//! 守望 Shouwang: one program, run by one county.

mod app;
mod cli;
mod config;
mod outside;
mod past;
mod routes;
mod sample;
mod words;

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
