//! What the component's loop does in JavaScript: carries requests out until the operation ends.

use std::collections::HashMap;

use gate_core::database::{Bound, Database, IndexRange, Key, Order, Page, ScanSpec};
use gate_core::values::{Record, Value, json};
use gate_testkit::memory::Scan;
use gate_testkit::{MemoryDatabase, block_on};
use serde_json::Value as Json;

/// The last answer of an operation, and what it took to get there.
pub(crate) struct Outcome {
    pub(crate) answer: Json,
    pub(crate) rounds: usize,
    pub(crate) requests: usize,
}

/// Runs an operation to its end. A fault undoes what was written, as in a mutation.
pub(crate) fn drive(db: &MemoryDatabase, operation: &str) -> Outcome {
    db.commit();
    let mut scans = HashMap::new();
    let mut answer = parse(&gate_wasm::start(operation));
    let (mut rounds, mut requests) = (0, 0);
    while let Some(need) = answer.get("need") {
        let asked = need["requests"].as_array().unwrap();
        assert!(!asked.is_empty(), "an operation that waits for nothing would wait for ever");
        rounds += 1;
        requests += asked.len();
        let replies: Vec<Value> =
            asked.iter().map(|request| carry_out(db, &mut scans, request)).collect();
        let task = u32::try_from(need["task"].as_u64().unwrap()).unwrap();
        answer = parse(&gate_wasm::resume(task, &text(&Value::Array(replies))));
    }
    if answer.get("fault").is_some() {
        db.rollback();
    }
    Outcome { answer, rounds, requests }
}

pub(crate) fn parse(text: &str) -> Json {
    serde_json::from_str(text).unwrap()
}

pub(crate) fn text(value: &Value) -> String {
    let mut text = String::new();
    json::write(value, &mut text);
    text
}

fn carry_out(db: &MemoryDatabase, scans: &mut HashMap<u64, Scan>, request: &Json) -> Value {
    let (kind, members) = request.as_object().unwrap().iter().next().unwrap();
    let table = || members["table"].as_str().unwrap();
    let doc = || members["doc"].as_str().unwrap();
    let take = || usize::try_from(members["take"].as_u64().unwrap()).unwrap();
    match kind.as_str() {
        "scan" => {
            let (scan, page) = block_on(db.scan(spec(members), take())).unwrap();
            let replaced = scans.insert(members["scan"].as_u64().unwrap(), scan);
            assert!(replaced.is_none(), "two scans have one number");
            reply(page)
        }
        "next" => {
            let scan = &scans[&members["scan"].as_u64().unwrap()];
            reply(block_on(db.next(scan, take())).unwrap())
        }
        "insert" => {
            block_on(db.insert(table(), record(&members["record"]))).unwrap();
            Value::from("an id that the core has no use for")
        }
        "patch" => {
            block_on(db.patch(table(), doc(), record(&members["fields"]))).unwrap();
            Value::Null
        }
        "delete" => {
            block_on(db.delete(table(), doc())).unwrap();
            Value::Null
        }
        kind => panic!("unknown request {kind}"),
    }
}

fn reply(page: Page) -> Value {
    let rows = page.rows.into_iter().map(Value::Object).collect();
    Value::Object(Record::from([
        ("rows".to_owned(), Value::Array(rows)),
        ("done".to_owned(), Value::Bool(page.done)),
    ]))
}

fn spec(members: &Json) -> ScanSpec {
    let range = &members["range"];
    let eq = range["eq"].as_array().unwrap().iter();
    ScanSpec {
        table: members["table"].as_str().unwrap().to_owned(),
        index: members["index"].as_str().map(ToOwned::to_owned),
        range: IndexRange {
            eq: eq.map(|pair| (pair[0].as_str().unwrap().to_owned(), key(&pair[1]))).collect(),
            lower: bound(range.get("lower")),
            upper: bound(range.get("upper")),
        },
        order: match members["order"].as_str().unwrap() {
            "asc" => Order::Asc,
            "desc" => Order::Desc,
            order => panic!("unknown order {order}"),
        },
    }
}

fn bound(pair: Option<&Json>) -> Option<(String, Bound)> {
    let (field, bound) = (&pair?[0], &pair?[1]);
    let bound =
        Bound { value: key(&bound["value"]), inclusive: bound["inclusive"].as_bool().unwrap() };
    Some((field.as_str().unwrap().to_owned(), bound))
}

fn key(value: &Json) -> Key {
    if value.get("$undefined").is_some() { Key::Missing } else { Key::Value(decode(value)) }
}

fn record(value: &Json) -> Record {
    match decode(value) {
        Value::Object(record) => record,
        other => panic!("no record: {other:?}"),
    }
}

fn decode(value: &Json) -> Value {
    json::parse(&value.to_string()).unwrap()
}
