//! The operations that wait for replies. Each is freed when it ends or is cancelled, so memory stays
//! bounded when Convex keeps the context for other calls.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use gate_core::operations::{Operation, run};
use gate_core::values::{Fault, Result, Value, json};

use crate::answer::Answer;
use crate::port::Port;

struct Task {
    port: Port,
    work: Pin<Box<dyn Future<Output = Result<Value>>>>,
}

#[derive(Default)]
struct Tasks {
    waiting: Vec<(u32, Task)>,
    last: u32,
}

thread_local! {
    static TASKS: RefCell<Tasks> = RefCell::default();
}

pub(crate) fn start(operation: &str) -> String {
    let parsed = json::parse(operation).ok_or_else(malformed).and_then(Operation::parse);
    let operation = match parsed {
        Ok(operation) => operation,
        Err(fault) => return Answer::ended(Err(fault)),
    };
    let port = Port::default();
    let database = port.clone();
    let work = Box::pin(async move { run(&database, operation).await });
    step(Task { port, work })
}

pub(crate) fn resume(task: u32, replies: &str) -> String {
    let Some(task) = take(task) else {
        return Answer::ended(Err(Fault::UnknownTask));
    };
    let handed = match json::parse(replies) {
        Some(Value::Array(replies)) => task.port.reply(replies),
        _ => Err(Fault::Internal { what: "replies that are no JSON list" }),
    };
    match handed {
        Ok(()) => step(task),
        Err(fault) => Answer::ended(Err(fault)),
    }
}

pub(crate) fn cancel(task: u32) {
    // Dropped outside the borrow: a future may own anything.
    drop(take(task));
}

fn take(task: u32) -> Option<Task> {
    TASKS.with_borrow_mut(|tasks| {
        let position = tasks.waiting.iter().position(|(known, _)| *known == task)?;
        Some(tasks.waiting.swap_remove(position).1)
    })
}

pub(crate) fn live() -> u32 {
    TASKS.with_borrow(|tasks| u32::try_from(tasks.waiting.len()).unwrap_or(u32::MAX))
}

fn step(mut task: Task) -> String {
    match task.work.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => Answer::ended(result),
        Poll::Pending => {
            let requests = task.port.take_requests();
            let task = TASKS.with_borrow_mut(|tasks| {
                tasks.last = tasks.last.wrapping_add(1);
                tasks.waiting.push((tasks.last, task));
                tasks.last
            });
            Answer::Need { task, requests }.text()
        }
    }
}

fn malformed() -> Fault {
    Fault::InvalidArgument { what: "an operation must be JSON".to_owned() }
}
