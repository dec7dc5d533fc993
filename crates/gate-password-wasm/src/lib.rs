//! wasm-bindgen skin of gate-password: Better Auth's own password hash, scrypt.
//!
//! Only translation lives here. An instance is for one call: whoever made it wipes the memory
//! afterwards, which it gave, and makes the next instance with the same memory.

use gate_password::scrypt;
use wasm_bindgen::prelude::wasm_bindgen;

#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: gate_one_call::OneCall = gate_one_call::OneCall::new();

/// The key of a password, which is in NFKC, and a salt: 128 digits of hex.
#[wasm_bindgen]
#[must_use]
pub fn hash(password: &str, salt: &str) -> Option<String> {
    scrypt::hash(password.as_bytes(), salt.as_bytes())
}

/// Whether `key` is the one that `hash` gives, in constant time.
#[wasm_bindgen]
#[must_use]
pub fn verify(password: &str, salt: &str, key: &str) -> Option<bool> {
    scrypt::verify(password.as_bytes(), salt.as_bytes(), key.as_bytes())
}
