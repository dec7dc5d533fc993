//! Which of several tasks goes on at each point where one of them waits.
//!
//! A task is a future that calls [`pause`] wherever another task may come in between. Everything it
//! does for others to see comes after its first pause. [`every`] runs a case once for each order in
//! which its tasks can go on; [`sampled`] takes a number of orders at random. A case starts from
//! nothing each time, so an order is all that there is to a run, and a [`Counterexample`] can be run
//! again with [`Schedule::following`].

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use crate::random::Random;

/// A task among others.
pub type Task<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Lets other tasks go on first.
pub async fn pause() {
    let mut paused = false;
    poll_fn(move |_| {
        if paused {
            return Poll::Ready(());
        }
        paused = true;
        Poll::Pending
    })
    .await;
}

/// The order in which tasks go on.
#[derive(Default)]
pub struct Schedule {
    planned: Vec<usize>,
    random: Option<Random>,
    choices: Vec<Choice>,
}

/// One of the tasks that could go on.
#[derive(Clone, Copy)]
struct Choice {
    taken: usize,
    of: usize,
}

/// An order in which a case fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterexample {
    /// The choices that lead there, for [`Schedule::following`].
    pub choices: Vec<usize>,
    /// What is wrong then.
    pub complaint: String,
    /// How many orders were run, this one included.
    pub run: usize,
}

impl std::fmt::Display for Counterexample {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { choices, complaint, run } = self;
        write!(formatter, "{complaint}\nin interleaving {run}, by the choices {choices:?}")
    }
}

/// Runs a case in every order and gives their number.
///
/// # Errors
/// The first order in which the case complains.
pub fn every(
    mut case: impl FnMut(&mut Schedule) -> Result<(), String>,
) -> Result<usize, Counterexample> {
    let mut schedule = Schedule::default();
    let mut run = 1;
    loop {
        case(&mut schedule).map_err(|complaint| schedule.counterexample(complaint, run))?;
        match schedule.successor() {
            Some(next) => schedule = Schedule::following(next),
            None => return Ok(run),
        }
        run += 1;
    }
}

/// Runs a case in `count` orders, each chosen by a seed of its own, from `seed` on.
///
/// # Errors
/// The first order in which the case complains.
pub fn sampled(
    seed: u64,
    count: usize,
    mut case: impl FnMut(&mut Schedule) -> Result<(), String>,
) -> Result<usize, Counterexample> {
    for (run, seed) in (1..=count).zip(seed..) {
        let mut schedule = Schedule::random(seed);
        case(&mut schedule).map_err(|complaint| schedule.counterexample(complaint, run))?;
    }
    Ok(count)
}

impl Schedule {
    /// The order by these choices, and by the first task that can go on when they are used up.
    #[must_use]
    pub fn following(choices: Vec<usize>) -> Self {
        Self { planned: choices, ..Self::default() }
    }

    /// An order by chance, the same for the same seed.
    #[must_use]
    pub fn random(seed: u64) -> Self {
        Self { random: Some(Random::seeded(seed)), ..Self::default() }
    }

    /// Runs tasks to their ends and gives their results in their order.
    pub fn interleave<'a, T>(&mut self, tasks: Vec<Task<'a, T>>) -> Vec<T> {
        let mut running: Vec<(Task<'a, T>, Option<T>)> =
            tasks.into_iter().map(|task| (task, None)).collect();
        // Up to its first pause a task shows nothing: in which order is no choice.
        for task in &mut running {
            advance(task);
        }
        loop {
            let mut ready: Vec<_> =
                running.iter_mut().filter(|(_, result)| result.is_none()).collect();
            let chosen = match ready.len() {
                0 => break,
                1 => 0,
                of => self.choose(of),
            };
            if let Some(task) = ready.get_mut(chosen) {
                advance(task);
            }
        }
        running.into_iter().filter_map(|(_, result)| result).collect()
    }

    fn choose(&mut self, of: usize) -> usize {
        let planned = self.planned.get(self.choices.len()).copied();
        let by_chance = self.random.as_mut().map(|random| random.below(of));
        let taken = planned.or(by_chance).unwrap_or(0).min(of - 1);
        self.choices.push(Choice { taken, of });
        taken
    }

    /// The choices of the next order: the last one that can be another becomes the next.
    fn successor(&self) -> Option<Vec<usize>> {
        let last = self.choices.iter().rposition(|choice| choice.taken + 1 < choice.of)?;
        let mut choices: Vec<usize> =
            self.choices.iter().take(last + 1).map(|choice| choice.taken).collect();
        if let Some(last) = choices.last_mut() {
            *last += 1;
        }
        Some(choices)
    }

    fn counterexample(&self, complaint: String, run: usize) -> Counterexample {
        let choices = self.choices.iter().map(|choice| choice.taken).collect();
        Counterexample { choices, complaint, run }
    }
}

fn advance<T>((task, result): &mut (Task<'_, T>, Option<T>)) {
    if let Poll::Ready(output) = task.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        *result = Some(output);
    }
}
