//! Runs futures that never wait, which is what every future over [`crate::MemoryDatabase`] is.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Polls a future once.
///
/// # Panics
/// When the future is not ready then: it waits for something that nobody here brings.
#[expect(clippy::panic, reason = "a test has to stop here, there is nothing to go on with")]
pub fn block_on<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future is not ready at the first poll"),
    }
}
