//! wasm-bindgen skin of gate-core: what the component runs.
