//! After any sequence of writes, refused ones and fillings included, the entries are those of the rows.

use gate_core::operations::Operation;
use gate_core::values::{Record, Value};
use gate_testkit::oracle::Listing;
use gate_testkit::strategies::{TestTable, listing};
use gate_testkit::{MemoryDatabase, entries, value};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::FileFailurePersistence;
use serde_json::json;

const TABLE: TestTable = TestTable {
    name: "ownMember",
    fields: &["organizationId", "userId", "role", "createdAt", "active"],
};
const INDEXES: &[&str] = &["id", "organizationId,userId!", "role!", "userId", "createdAt"];

#[derive(Debug, Clone)]
enum Step {
    /// An operation, alone.
    One(Write),
    /// A transaction of several, some with a result that does not come out.
    Log(Vec<(Write, bool)>),
    /// A page is filled in.
    Later,
    /// Everything is looked through again.
    Again,
}

#[derive(Debug, Clone)]
enum Write {
    Create(Record),
    Delete(Listing),
    Increment(Listing, Record),
    Organization(String),
    Update(Listing, Record),
}

/// Few values in few fields, so that they collide.
fn changes() -> impl Strategy<Value = Record> {
    let field = select(&["organizationId", "userId", "role", "createdAt", "id", "active"][..]);
    let value = prop_oneof![
        6 => select(&["a", "b", "c", "d"][..]).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => Just(Value::Float64(1.0)),
    ];
    vec((field.prop_map(ToOwned::to_owned), value), 0..4).prop_map(|fields| {
        let mut record: Record = fields.into_iter().collect();
        if !matches!(record.get("id"), Some(Value::String(_))) {
            record.remove("id");
        }
        record
    })
}

fn write() -> impl Strategy<Value = Write> {
    prop_oneof![
        5 => changes().prop_map(Write::Create),
        1 => listing(TABLE).prop_map(Write::Delete),
        2 => (listing(TABLE), changes()).prop_map(|(rows, set)| Write::Increment(rows, set)),
        1 => select(&["a", "b"][..]).prop_map(|id| Write::Organization(id.to_owned())),
        3 => (listing(TABLE), changes()).prop_map(|(rows, set)| Write::Update(rows, set)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => write().prop_map(Step::One),
        2 => vec((write(), proptest::bool::weighted(0.1)), 1..4).prop_map(Step::Log),
        1 => Just(Step::Later),
        1 => Just(Step::Again),
    ]
}

impl Write {
    fn operation(&self) -> Value {
        let with = |listing: &Listing, fields: &[(&str, &Record)]| {
            let mut members = listing.to_record(TABLE.name);
            for (name, record) in fields {
                members.insert((*name).to_owned(), Value::Object((*record).clone()));
            }
            members
        };
        let count = Record::from([("seats".to_owned(), Value::Float64(1.0))]);
        let (name, mut members) = match self {
            Self::Create(data) => {
                let model = ("model".to_owned(), Value::from(TABLE.name));
                let data = ("data".to_owned(), Value::Object(data.clone()));
                ("create", Record::from([model, data]))
            }
            Self::Delete(listing) => ("deleteMany", with(listing, &[])),
            Self::Increment(listing, set) => {
                ("incrementOne", with(listing, &[("set", set), ("increment", &count)]))
            }
            // A reference whose target goes: some rows follow, others lose the value.
            Self::Organization(id) => {
                let args =
                    json!({ "model": "organization", "where": [{ "field": "id", "value": id }] });
                let Value::Object(members) = value(&args) else { panic!("no object") };
                ("deleteMany", members)
            }
            Self::Update(listing, update) => ("updateMany", with(listing, &[("update", update)])),
        };
        let rules = json!({
            "unique": [["role"], ["organizationId", "userId"]],
            "indexes": [["id"], ["organizationId", "userId"], ["role"], ["userId"], ["createdAt"]],
            "references": [
                { "model": TABLE.name, "field": "organizationId", "target": "organization", "to": "id", "onDelete": "cascade" },
                { "model": TABLE.name, "field": "userId", "target": "organization", "to": "id", "onDelete": "set null" },
            ],
        });
        members.insert("rules".to_owned(), value(&rules));
        Value::Object(Record::from([(name.to_owned(), Value::Object(members))]))
    }
}

fn take(db: &MemoryDatabase, step: &Step) {
    let run = |operation: Value| drop(db.run(Operation::parse(operation).unwrap()));
    match step {
        Step::One(write) => run(write.operation()),
        Step::Again => run(value(&json!({ "fill": { "table": TABLE.name } }))),
        Step::Later => drop(db.run_later().unwrap()),
        Step::Log(writes) => {
            let steps = writes.iter().map(|(write, fails)| {
                let mut step = Record::from([("operation".to_owned(), write.operation())]);
                if *fails {
                    step.insert("expect".to_owned(), Value::from("another result"));
                }
                Value::Object(step)
            });
            let log = Record::from([("log".to_owned(), Value::Array(steps.collect()))]);
            run(Value::Object(Record::from([("replay".to_owned(), Value::Object(log))])));
        }
    }
}

/// Complaints about the entries of the rows as they are.
fn complaint(db: &MemoryDatabase, complete: bool) -> Option<String> {
    let rows = db.rows(TABLE.name);
    let stored = entries::stored(db, TABLE.name);
    let expected = entries::recomputed(TABLE.name, INDEXES, &rows);
    if complete {
        return (stored != expected).then(|| format!("{stored:?} instead of {expected:?}"));
    }
    // While it is being filled entries may lack, but none is wrong or leads nowhere.
    let wrong = stored.iter().find(|entry| !expected.contains(entry))?;
    Some(format!("{wrong:?} is no entry of a row"))
}

fn check(old: Vec<Record>, steps: &[Step]) -> Result<(), TestCaseError> {
    let db = MemoryDatabase::new();
    let organizations = value(&json!([{ "id": "a" }, { "id": "b" }]));
    let Value::Array(organizations) = organizations else { panic!("no list") };
    let organizations = organizations.into_iter().map(|row| match row {
        Value::Object(row) => row,
        _ => panic!("no row"),
    });
    db.seed("organization", organizations).unwrap();
    // Rows from before there was any index, in number around a page.
    let many = old.len() % 2 == 1;
    let filler = (0..if many { 110 } else { 0 })
        .map(|n| Record::from([("id".to_owned(), Value::String(format!("old{n}")))]));
    db.seed(TABLE.name, old.into_iter().chain(filler)).unwrap();
    for step in steps {
        take(&db, step);
        if let Some(complaint) = complaint(&db, false) {
            return Err(TestCaseError::fail(format!("{step:?}: {complaint}")));
        }
    }
    // The first index is there from the first create on.
    take(&db, &Step::One(Write::Create(Record::new())));
    while db.run_later().unwrap() {}
    match complaint(&db, true) {
        Some(complaint) => Err(TestCaseError::fail(complaint)),
        None => Ok(()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: gate_testkit::cases(1_000),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn entries_are_those_of_the_rows(old in vec(changes(), 0..4), steps in vec(step(), 1..16)) {
        let old = old.into_iter().enumerate().map(|(n, mut row)| {
            row.insert("id".to_owned(), Value::String(format!("before{n}")));
            row.remove("role");
            row.remove("organizationId");
            row
        });
        check(old.collect(), &steps)?;
    }
}
