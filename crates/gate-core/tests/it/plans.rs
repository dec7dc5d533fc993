//! How every adapter call of Better Auth and its packages is carried out: none that names a row, a
//! user or a time may read a whole table.

use std::fmt::Write as _;

use gate_testkit::MemoryDatabase;
use gate_testkit::vectors::PlanVector;

#[test]
fn plans_are_as_they_were() {
    insta::glob!("../../../../tests/vectors/plans", "*.json", |path| {
        let vectors = PlanVector::parse(&std::fs::read_to_string(path).unwrap()).unwrap();
        let mut text = String::new();
        for vector in vectors {
            let plan = vector.plan().to_string().replace('\n', "\n  ");
            let _ = writeln!(text, "{}\n  {}", vector.name, plan.trim_end());
        }
        insta::assert_snapshot!(text);
    });
}

#[test]
fn only_calls_that_ask_for_a_whole_table_read_one() {
    let wrong: Vec<String> = PlanVector::all()
        .unwrap()
        .iter()
        .filter(|vector| vector.plan().scans_all() != vector.inherent)
        .map(|vector| format!("{}: {}", vector.name, vector.plan()))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join(""));
}

#[test]
fn a_call_reads_what_its_plan_says() {
    for vector in PlanVector::all().unwrap() {
        let db = MemoryDatabase::new();
        db.ask(&vector.operation).unwrap();
        let plan = vector.plan();
        // Where no native index helps, one look tells whether the table has index entries.
        let looks = usize::from(plan.could_use_entries(&vector.filter));
        assert_eq!(db.counts().scans, plan.steps.len() + looks, "{}", vector.name);
        assert_eq!(db.counts().full_scans > 0, plan.scans_all(), "{}", vector.name);
    }
}

/// Index entries are for tables and fields that the schema does not know: on the others nobody looks
/// for them, unless the whole table would be read anyway.
#[test]
fn only_calls_that_read_a_whole_table_look_for_entries() {
    let wrong: Vec<String> = PlanVector::all()
        .unwrap()
        .into_iter()
        .filter(|vector| vector.plan().could_use_entries(&vector.filter) && !vector.inherent)
        .map(|vector| vector.name)
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

/// A sorted list with a limit must not read every row of its user or organization to sort them.
#[test]
fn sorted_lists_come_out_of_an_index() {
    let sorted_by_hand: Vec<String> = PlanVector::all()
        .unwrap()
        .into_iter()
        .filter(|vector| !vector.inherent && !vector.plan().ordered)
        .map(|vector| vector.name)
        .collect();
    assert_eq!(
        sorted_by_hand,
        [
            // Any field can be asked for here, and there are few rows of each owner.
            "members by another field",
            "api keys of an owner by name",
            // One row at most, by a unique key.
            "scim users by key",
            "scim users by external id",
            "scim groups by name",
            // Several ranges, each sorted.
            "scim members of groups",
            "scim groups of users",
        ]
    );
}

#[test]
fn no_two_calls_have_one_name() {
    let mut names: Vec<String> =
        PlanVector::all().unwrap().into_iter().map(|vector| vector.name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count);
}
