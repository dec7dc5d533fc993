//! Every test of the test kit, in one binary: it is compiled and linked once.

mod memory;
mod occ;
mod occ_calls;
mod schedule;
