//! wasm-bindgen skin of gate-password: verifies the password hashes that users bring from another
//! system.
