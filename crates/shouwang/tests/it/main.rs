//! The whole program and the whole tree, in one test binary: it knows the program from outside, by its
//! command line, its pages and what it leaves in its database.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod away;
mod bad_input;
mod commands;
mod contracts;
mod county;
mod declarations;
mod demo;
mod faults;
mod journeys;
mod links;
mod matching;
mod own_lists;
mod pages;
mod policies;
mod policy;
mod privacy;
mod routes;
mod scope;
mod screening;
mod supply;
mod tidy;
mod together;
mod town;
mod tree;
mod words;
