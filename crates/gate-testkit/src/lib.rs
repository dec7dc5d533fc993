//! Development only: a MemoryDatabase with the rules of Convex, counting, property strategies and code generation.
#![forbid(unsafe_code)]
