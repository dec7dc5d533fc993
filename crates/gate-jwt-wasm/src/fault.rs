//! Refusals as JavaScript sees them: plain objects `{code, message, meta}`.

use gate_jwt::{Error, JsonMap, JsonValue};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

#[derive(Serialize)]
struct Fault<'a> {
    code: &'a str,
    message: &'a str,
    meta: JsonMap<String, JsonValue>,
}

/// The object to throw for `error`.
pub(crate) fn thrown(error: &Error) -> JsValue {
    object(&Fault { code: error.code(), message: &error.to_string(), meta: error.meta() })
}

/// The object to throw when an answer could not be built.
pub(crate) fn internal() -> JsValue {
    let message = "the answer could not be handed over";
    object(&Fault { code: "INTERNAL_FAULT", message, meta: JsonMap::new() })
}

fn object(fault: &Fault<'_>) -> JsValue {
    fault.serialize(&Serializer::json_compatible()).unwrap_or(JsValue::UNDEFINED)
}
