//! What an operation says after each step.

use gate_core::fault::{Fault, Result};
use gate_core::value::{Record, Value};
use serde::Serialize;

use crate::port::Request;

/// The state of an operation after a step.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// It ended with this result.
    Done(Value),
    /// It ended with a fault.
    Fault(FaultText),
    /// It needs these requests carried out.
    Need {
        /// What to resume.
        task: u32,
        /// What to carry out, side by side.
        requests: Vec<Request>,
    },
}

/// A fault as it crosses.
#[derive(Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename = "Fault"))]
pub struct FaultText {
    code: &'static str,
    message: String,
    meta: Record,
}

impl From<&Fault> for FaultText {
    fn from(fault: &Fault) -> Self {
        Self { code: fault.code(), message: fault.to_string(), meta: meta(fault) }
    }
}

impl Answer {
    /// The JSON of the answer.
    pub(crate) fn text(&self) -> String {
        // Every key is text and every value a plain one, so this cannot fail; if it ever does, the
        // caller gets a fault and not a trap.
        serde_json::to_string(self).unwrap_or_else(|_| {
            r#"{"fault":{"code":"INTERNAL_FAULT","message":"an answer could not be written","meta":{}}}"#.to_owned()
        })
    }

    /// The answer of an operation that ended.
    pub(crate) fn ended(result: Result<Value>) -> String {
        match result {
            Ok(value) => Self::Done(value).text(),
            Err(fault) => Self::Fault((&fault).into()).text(),
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "no log has 2^53 steps")]
fn meta(fault: &Fault) -> Record {
    let text = |key: &str, value: &str| (key.to_owned(), Value::from(value));
    let entries = match fault {
        Fault::Conflict { step } => vec![("step".to_owned(), Value::Float64(*step as f64))],
        Fault::Internal { .. } | Fault::InvalidArgument { .. } | Fault::UnknownTask => Vec::new(),
        Fault::InvalidName { name } => vec![text("name", name)],
        Fault::Restricted { model, field, target } => {
            vec![text("model", model), text("field", field), text("target", target)]
        }
        Fault::UniqueConstraint { model, fields } => vec![
            text("model", model),
            (
                "fields".to_owned(),
                Value::Array(fields.iter().map(|field| Value::from(field.as_str())).collect()),
            ),
        ],
        Fault::UnknownOperator { operator } => vec![text("operator", operator)],
        Fault::UnsupportedValue { field } => vec![text("field", field)],
    };
    entries.into_iter().collect()
}
