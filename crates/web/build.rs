//! A release embeds `assets/` and `locales/`; a file that is new there must rebuild the crate.

// Cargo reads what a build script prints.
#![allow(clippy::print_stdout)]

fn main() {
    let embeds = std::env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none();
    let watched: &[&str] = if embeds { &["../../assets", "../../locales"] } else { &["build.rs"] };
    for path in watched {
        println!("cargo::rerun-if-changed={path}");
    }
}
