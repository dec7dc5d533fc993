//! What an operation says after each step, and its JSON.

use gate_core::database::{Bound, IndexRange, Key, Order};
use gate_core::values::json::{list, write, write_record, write_string};
use gate_core::values::{Fault, Record, Result, Value};

use crate::port::Request;

/// The state of an operation after a step.
#[derive(Debug)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename_all = "camelCase"))]
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
#[derive(Debug)]
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
    /// The answer of an operation that ended.
    pub(crate) fn ended(result: Result<Value>) -> String {
        match result {
            Ok(value) => Self::Done(value).text(),
            Err(fault) => Self::Fault((&fault).into()).text(),
        }
    }

    /// The JSON of the answer.
    pub(crate) fn text(&self) -> String {
        let mut text = String::with_capacity(256);
        match self {
            Self::Done(value) => object(&mut text, "done", |text| write(value, text)),
            Self::Fault(fault) => object(&mut text, "fault", |text| {
                text.push('{');
                member(text, "code", |text| write_string(fault.code, text));
                member(text, "message", |text| write_string(&fault.message, text));
                member(text, "meta", |text| write_record(&fault.meta, text));
                text.push('}');
            }),
            Self::Need { task, requests } => object(&mut text, "need", |text| {
                text.push('{');
                member(text, "task", |text| text.push_str(&task.to_string()));
                member(text, "requests", |text| list(text, requests, Request::write));
                text.push('}');
            }),
        }
        text
    }
}

impl Request {
    fn write(&self, text: &mut String) {
        let name = match self {
            Self::Delete { .. } => "delete",
            Self::Insert { .. } => "insert",
            Self::Later { .. } => "later",
            Self::Next { .. } => "next",
            Self::Patch { .. } => "patch",
            Self::Scan { .. } => "scan",
        };
        object(text, name, |text| {
            text.push('{');
            self.write_members(text);
            text.push('}');
        });
    }

    fn write_members(&self, text: &mut String) {
        match self {
            Self::Delete { table, doc } => {
                string(text, "table", table);
                string(text, "doc", doc);
            }
            Self::Insert { table, record } => {
                string(text, "table", table);
                member(text, "record", |text| write_record(record, text));
            }
            Self::Later { operation } => {
                member(text, "operation", |text| write_record(operation, text));
            }
            Self::Next { scan, take } => {
                member(text, "scan", |text| text.push_str(&scan.to_string()));
                member(text, "take", |text| text.push_str(&take.to_string()));
            }
            Self::Patch { table, doc, fields } => {
                string(text, "table", table);
                string(text, "doc", doc);
                member(text, "fields", |text| write_record(fields, text));
            }
            Self::Scan { scan, table, index, range, order, take } => {
                member(text, "scan", |text| text.push_str(&scan.to_string()));
                string(text, "table", table);
                member(text, "index", |text| match index {
                    Some(index) => write_string(index, text),
                    None => text.push_str("null"),
                });
                member(text, "range", |text| write_range(range, text));
                string(text, "order", if *order == Order::Asc { "asc" } else { "desc" });
                member(text, "take", |text| text.push_str(&take.to_string()));
            }
        }
    }
}

fn write_range(range: &IndexRange, text: &mut String) {
    text.push('{');
    member(text, "eq", |text| {
        list(text, &range.eq, |(field, key), text| pair(text, field, |text| write_key(key, text)))
    });
    for (name, bound) in [("lower", &range.lower), ("upper", &range.upper)] {
        let Some((field, Bound { value, inclusive })) = bound else { continue };
        member(text, name, |text| {
            pair(text, field, |text| {
                text.push('{');
                member(text, "value", |text| write_key(value, text));
                member(text, "inclusive", |text| write(&Value::Bool(*inclusive), text));
                text.push('}');
            });
        });
    }
    text.push('}');
}

fn write_key(key: &Key, text: &mut String) {
    match key {
        Key::Missing => text.push_str(r#"{"$undefined":true}"#),
        Key::Value(value) => write(value, text),
    }
}

/// An object with one member.
fn object(text: &mut String, name: &str, value: impl FnOnce(&mut String)) {
    text.push('{');
    member(text, name, value);
    text.push('}');
}

/// A list of a field's name and something about it.
fn pair(text: &mut String, field: &str, value: impl FnOnce(&mut String)) {
    text.push('[');
    write_string(field, text);
    text.push(',');
    value(text);
    text.push(']');
}

/// A member of an object that is being written.
fn member(text: &mut String, name: &str, value: impl FnOnce(&mut String)) {
    if !text.ends_with('{') {
        text.push(',');
    }
    write_string(name, text);
    text.push(':');
    value(text);
}

fn string(text: &mut String, name: &str, value: &str) {
    member(text, name, |text| write_string(value, text));
}

#[expect(clippy::cast_precision_loss, reason = "no log has 2^53 steps, and no limit is as high")]
fn meta(fault: &Fault) -> Record {
    let text = |key: &str, value: &str| (key.to_owned(), Value::from(value));
    let entries = match fault {
        Fault::Conflict { step } => vec![("step".to_owned(), Value::Float64(*step as f64))],
        Fault::Internal { .. } | Fault::InvalidArgument { .. } | Fault::UnknownTask => Vec::new(),
        Fault::InvalidName { name } => vec![text("name", name)],
        Fault::LimitExceeded { limit, most } => {
            vec![text("limit", limit), ("most".to_owned(), Value::Float64(*most as f64))]
        }
        Fault::ForeignKeyConstraint { model, field, target }
        | Fault::Restricted { model, field, target } => {
            vec![text("model", model), text("field", field), text("target", target)]
        }
        Fault::UniqueConstraint { model, fields } => {
            let fields = fields.iter().map(|field| Value::from(field.as_str())).collect();
            vec![text("model", model), ("fields".to_owned(), Value::Array(fields))]
        }
        Fault::UnknownOperator { operator } => vec![text("operator", operator)],
        Fault::UnsupportedValue { field } => vec![text("field", field)],
    };
    entries.into_iter().collect()
}
