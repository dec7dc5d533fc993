//! The skin of the core in the component: starts operations, hands out their requests as JSON and
//! takes the replies. It decides nothing and knows no table.
//!
//! An operation is a future that is polled by hand: when it has to wait, its requests are in the
//! [`port::Port`], and JavaScript comes back with the replies. No promise, closure or class crosses
//! the border, so nothing has to be freed by a finaliser, which Convex does not run.

mod answer;
mod port;
mod tasks;

pub use answer::{Answer, FaultText};
pub use port::Request;

use wasm_bindgen::prelude::wasm_bindgen;

/// A fifth of the code of Rust's own allocator for wasm, and faster.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Begins an operation (JSON of `Operation`) and runs it until it needs rows or is done.
/// Gives the JSON of an `Answer`.
#[wasm_bindgen]
#[must_use]
pub fn start(operation: &str) -> String {
    tasks::start(operation)
}

/// Goes on with the replies (JSON array, in the order of the requests). Gives the JSON of an `Answer`.
#[wasm_bindgen]
#[must_use]
pub fn resume(task: u32, replies: &str) -> String {
    tasks::resume(task, replies)
}

/// Drops an operation whose caller failed.
#[wasm_bindgen]
pub fn cancel(task: u32) {
    tasks::cancel(task);
}

/// How many operations wait for replies: none between calls.
#[wasm_bindgen]
#[must_use]
pub fn live_tasks() -> u32 {
    tasks::live()
}
