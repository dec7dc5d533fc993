//! The scheduler goes every way that there is, each once, and the same way again.

use std::cell::RefCell;
use std::collections::BTreeSet;

use gate_testkit::schedule::{Schedule, Task, every, pause, sampled};

/// Runs tasks that each write their letter after every pause, and gives what was written.
fn written(schedule: &mut Schedule, steps: &[usize]) -> String {
    let text = RefCell::new(String::new());
    let tasks = steps.iter().zip('a'..).map(|(steps, letter)| {
        let text = &text;
        Box::pin(async move {
            for _ in 0..*steps {
                pause().await;
                text.borrow_mut().push(letter);
            }
        }) as Task<'_, ()>
    });
    schedule.interleave(tasks.collect());
    text.into_inner()
}

#[test]
fn every_order_comes_once() {
    for (steps, ways) in
        [(&[1_usize][..], 1), (&[1, 1], 2), (&[2, 2], 6), (&[3, 2], 10), (&[2, 2, 2], 90)]
    {
        let mut seen = BTreeSet::new();
        let run = every(|schedule| {
            let text = written(schedule, steps);
            if seen.insert(text.clone()) { Ok(()) } else { Err(format!("{text} again")) }
        });
        assert_eq!(run.map_err(|found| found.to_string()), Ok(ways), "{steps:?}");
        assert_eq!(seen.len(), ways);
    }
}

#[test]
fn a_counterexample_leads_back() {
    let wanted = "abbaab";
    let search = |schedule: &mut Schedule| match written(schedule, &[3, 3]) {
        text if text == wanted => Err(text),
        _ => Ok(()),
    };
    let found = every(search).unwrap_err();
    assert_eq!(found.complaint, wanted);
    assert!(found.run > 1);
    assert_eq!(written(&mut Schedule::following(found.choices.clone()), &[3, 3]), wanted);
    assert!(found.to_string().contains("abbaab\nin interleaving"), "{found}");
}

#[test]
fn orders_by_chance_are_many_and_the_same_for_a_seed() {
    let orders = |seed| {
        let mut texts = Vec::new();
        let run = sampled(seed, 50, |schedule| {
            texts.push(written(schedule, &[4, 4, 4]));
            Ok(())
        });
        assert_eq!(run, Ok(50));
        texts
    };
    let first = orders(1);
    assert_eq!(first, orders(1));
    // The second seed is the second order of the first run.
    assert_eq!(first[1..], orders(2)[..49]);
    assert!(first.iter().collect::<BTreeSet<_>>().len() > 45);
}

#[test]
fn chance_finds_what_is_rare_and_says_which_order_it_was() {
    // One of 70 orders.
    let found = sampled(1, 5_000, |schedule| match written(schedule, &[4, 4]).as_str() {
        "bbbbaaaa" => Err("b first".to_owned()),
        _ => Ok(()),
    })
    .unwrap_err();
    assert_eq!(written(&mut Schedule::following(found.choices), &[4, 4]), "bbbbaaaa");
}

#[test]
fn results_are_in_the_order_of_the_tasks() {
    let tasks = (0..3_usize).map(|task| {
        Box::pin(async move {
            pause().await;
            task
        }) as Task<'_, usize>
    });
    assert_eq!(Schedule::following(vec![2, 1]).interleave(tasks.collect()), [0, 1, 2]);
}
