//! wasm-bindgen skin of gate-jwt: what the app side and SSR run.
