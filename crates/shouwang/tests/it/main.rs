//! The whole program and the whole tree, in one test binary: it links no wing and knows the program only from outside.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod contracts;
mod journeys;
mod routes;
mod supply;
mod tidy;
mod tree;
mod words;
