//! Packs are embedded: a changed or new pack file means a new build.

#![allow(clippy::print_stdout)]

fn main() {
    println!("cargo:rerun-if-changed=../../packs");
}
