//! Awaiting several futures at once, so that the skin sees all their requests in one batch.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use crate::values::Result;

/// A future of any type. One type for all keeps one copy of the code below for each kind of result.
type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Polls every future until all are ready: their results in their order, or the first fault in it.
///
/// # Errors
/// The first fault.
pub(crate) async fn try_join_all<'a, T, F>(futures: impl IntoIterator<Item = F>) -> Result<Vec<T>>
where
    F: Future<Output = Result<T>> + 'a,
{
    let mut pending = Vec::new();
    for future in futures {
        pending.push((Box::pin(future) as Boxed<'a, Result<T>>, None));
    }
    all_ready(&mut pending).await;
    let mut results = Vec::with_capacity(pending.len());
    for (_, result) in pending {
        if let Some(result) = result {
            results.push(result?);
        }
    }
    Ok(results)
}

/// Polls every future that has no result yet, until all have one.
async fn all_ready<T>(pending: &mut [(Boxed<'_, T>, Option<T>)]) {
    poll_fn(|context| {
        let mut ready = true;
        for (future, result) in pending.iter_mut() {
            if result.is_none() {
                match future.as_mut().poll(context) {
                    Poll::Ready(output) => *result = Some(output),
                    Poll::Pending => ready = false,
                }
            }
        }
        if ready { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// Polls two futures until both are ready.
pub(crate) async fn join<A: Future, B: Future>(first: A, second: B) -> (A::Output, B::Output) {
    let mut first = pin!(first);
    let mut second = pin!(second);
    let (mut left, mut right) = (None, None);
    poll_fn(move |context| {
        if left.is_none()
            && let Poll::Ready(output) = first.as_mut().poll(context)
        {
            left = Some(output);
        }
        if right.is_none()
            && let Poll::Ready(output) = second.as_mut().poll(context)
        {
            right = Some(output);
        }
        match (left.take(), right.take()) {
            (Some(a), Some(b)) => Poll::Ready((a, b)),
            (a, b) => {
                (left, right) = (a, b);
                Poll::Pending
            }
        }
    })
    .await
}
