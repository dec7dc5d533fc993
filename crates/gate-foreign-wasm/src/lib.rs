//! wasm-bindgen skin of gate-password: verifies the password hashes that users bring from another
//! system.
//!
//! Only translation lives here. An instance is for one call, as in gate-password-wasm.

use gate_password::foreign;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: gate_one_call::OneCall = gate_one_call::OneCall::new();

/// Whether `key` is what bcrypt makes of `password`; undefined when the rest is none of bcrypt's.
#[wasm_bindgen]
#[must_use]
pub fn bcrypt(password: &[u8], cost: u32, salt: &[u8], key: &[u8]) -> Option<bool> {
    foreign::verify_bcrypt(password, cost, salt, key)
}

/// Whether `key` is what argon2id makes of `password`, with `memory` in KiB; undefined when the
/// rest is none of argon2's.
#[wasm_bindgen]
#[must_use]
pub fn argon2id(
    password: &[u8],
    salt: &[u8],
    memory: u32,
    passes: u32,
    lanes: u32,
    version: u32,
    key: &[u8],
) -> Option<bool> {
    let cost = foreign::Argon2Cost { memory, passes, lanes, version };
    foreign::verify_argon2id(password, salt, cost, key)
}
