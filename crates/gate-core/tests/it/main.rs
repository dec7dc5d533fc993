//! Every test of the crate's public face, in one binary: each one more would have all that is below it
//! linked and compiled into it again.

mod adapter;
mod concurrency;
mod entries;
mod planned;
mod planner;
mod plans;
mod plans_over_entries;
mod plans_read;
mod sequences;
mod session_identity;
mod values;
