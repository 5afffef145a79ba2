//! For tests of the whole program: starts the real binary in a folder of its own, speaks to it as a browser and as a
//! command line do, and reads its answers. It links no wing: what it knows of the program is what a person can see.
//!
//! A [`Server`] that ends looks through its own log: an identity number or a phone number in it fails the test.

// A test stops where something is not as it must be; that is what this crate is for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod page;
mod people;
mod program;
mod server;
mod visitor;

pub use page::Page;
pub use people::Person;
pub use program::{Program, Ran, free_port, wait_for};
pub use server::{County, Server, TODAY, personal};
pub use visitor::Visitor;
