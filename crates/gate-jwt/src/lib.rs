//! Tokens and keys: parse, verify, key sets, policy.
#![forbid(unsafe_code)]
