//! The migrations are part of the program: a new file in their folder makes it new.

#![allow(clippy::print_stdout, reason = "cargo is told on standard output")]

fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
