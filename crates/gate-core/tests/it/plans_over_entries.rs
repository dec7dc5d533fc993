//! Every adapter call of Better Auth and its packages over a renamed model, whose indexes are entries:
//! it reads as much of them as of the native ones.
#![expect(clippy::indexing_slicing, reason = "a test fails by panicking")]

use gate_core::planner::Plan;
use gate_core::schema::{index_name, indexes_of, is_unique};
use gate_core::values::{Record, Value};
use gate_testkit::vectors::PlanVector;

/// The plan for the same call on a table of another name with the same indexes as entries.
fn renamed(vector: &PlanVector, complete: bool) -> Plan {
    let indexes: Record = indexes_of(&vector.model)
        .map(|fields| {
            let unique = fields.len() == 1 && is_unique(&vector.model, fields[0]);
            let end = if unique { "!" } else { "" };
            (fields.join(",") + end, Value::Bool(complete))
        })
        .collect();
    Plan::with_entries("renamed", &vector.filter, vector.sort.as_ref(), &indexes)
}

#[test]
fn a_renamed_model_is_read_like_the_model_itself() {
    let mut compared = 0;
    for vector in PlanVector::all().unwrap().iter().filter(|vector| !vector.inherent) {
        let (native, plan) = (vector.plan(), renamed(vector, true));
        assert_eq!(plan.scans_all(), native.scans_all(), "{}", vector.name);
        assert_eq!(plan.ordered, native.ordered, "{}", vector.name);
        assert_eq!(plan.steps.len(), native.steps.len(), "{}", vector.name);
        for (step, known) in plan.steps.iter().zip(&native.steps) {
            // The first fixed field of an entry is its index.
            assert_eq!(step.range.eq.len(), known.range.eq.len() + 1, "{}", vector.name);
            assert_eq!(step.range.lower.is_some(), known.range.lower.is_some(), "{}", vector.name);
            assert_eq!(step.range.upper.is_some(), known.range.upper.is_some(), "{}", vector.name);
        }
        compared += 1;
    }
    assert!(compared > 100, "{compared}");
}

#[test]
fn an_index_that_is_still_being_filled_is_not_read() {
    for vector in PlanVector::all().unwrap() {
        let plan = renamed(&vector, false);
        assert!(plan.steps.iter().all(|step| !step.entries), "{}", vector.name);
    }
}

#[test]
fn a_native_index_goes_before_one_of_entries() {
    for vector in PlanVector::all().unwrap() {
        let indexes =
            indexes_of(&vector.model).map(|fields| (fields.join(","), Value::Bool(true))).collect();
        let sort = vector.sort.as_ref();
        let plan = Plan::with_entries(&vector.model, &vector.filter, sort, &indexes);
        assert_eq!(plan, vector.plan(), "{}", vector.name);
    }
}

#[test]
fn names_of_tables_and_indexes_cannot_be_mixed_up() {
    // Both are identifiers, so neither `:` nor `,` is in one.
    let filter = gate_core::filter::Filter::equals("b", Value::from("x"));
    let indexes = Record::from([("b,c".to_owned(), Value::Bool(true))]);
    let plan = Plan::with_entries("a", &filter, None, &indexes);
    assert_eq!(plan.to_string(), "read entries a:b,c: k0 = ?\n");
    assert_eq!(index_name(&["b", "c"]), "by_b_c");
}
