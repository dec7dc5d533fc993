//! Every test with vectors, in one binary: it is compiled and linked once.

mod vectors;
mod wycheproof;
