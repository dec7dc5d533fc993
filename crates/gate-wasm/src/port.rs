//! The database as an operation sees it here: every call becomes a request in a queue, and is ready
//! when JavaScript has brought the reply.

use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use gate_core::database::{Database, IndexRange, Memo, Order, Page, ScanSpec};
use gate_core::values::{Fault, Record, Result, Value};

/// One request to the database.
#[derive(Debug)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(rename_all = "camelCase"))]
pub enum Request {
    /// Delete the row with this `_id`.
    Delete {
        /// Its table.
        table: String,
        /// Convex's id.
        doc: String,
    },
    /// Insert a row.
    Insert {
        /// The table.
        table: String,
        /// The row.
        record: Record,
    },
    /// Run an operation soon, in a transaction of its own.
    Later {
        /// The operation.
        operation: Record,
    },
    /// Pull more rows of an open scan.
    Next {
        /// The scan.
        scan: u32,
        /// How many at most.
        take: usize,
    },
    /// Set fields of the row with this `_id`.
    Patch {
        /// Its table.
        table: String,
        /// Convex's id.
        doc: String,
        /// The fields with their new values.
        fields: Record,
    },
    /// Open a scan and pull its first rows.
    Scan {
        /// The number that later requests call it by.
        scan: u32,
        /// The table.
        table: String,
        /// The index; null for the table in order of creation.
        index: Option<String>,
        /// The part of the index.
        range: IndexRange,
        /// The direction.
        order: Order,
        /// How many rows at most.
        take: usize,
    },
}

/// The queue of one operation. Cloning gives another handle on the same queue.
#[derive(Clone, Default)]
pub(crate) struct Port(Rc<RefCell<Queue>>, Rc<Memo>);

#[derive(Default)]
struct Queue {
    /// Requests that JavaScript has not seen yet, by ticket.
    fresh: Vec<(u32, Request)>,
    /// Tickets of the requests that JavaScript is carrying out, in their order.
    waiting: Vec<u32>,
    /// By ticket, until the future that waits takes it.
    replies: Vec<(u32, Value)>,
    tickets: u32,
    scans: u32,
}

impl Port {
    /// Takes the requests that have come up since the last time.
    pub(crate) fn take_requests(&self) -> Vec<Request> {
        let mut queue = self.0.borrow_mut();
        let (tickets, requests) = std::mem::take(&mut queue.fresh).into_iter().unzip();
        queue.waiting = tickets;
        requests
    }

    /// Hands in the replies to those requests, in their order.
    pub(crate) fn reply(&self, replies: Vec<Value>) -> Result<()> {
        let mut queue = self.0.borrow_mut();
        let waiting = std::mem::take(&mut queue.waiting);
        if waiting.len() != replies.len() {
            return Err(Fault::Internal { what: "as many replies as requests were expected" });
        }
        queue.replies.extend(waiting.into_iter().zip(replies));
        Ok(())
    }

    /// Queues a request. One type of future for all of them keeps its code in the wasm once.
    fn ask(&self, request: Request) -> Reply<'_> {
        let mut queue = self.0.borrow_mut();
        queue.tickets += 1;
        let ticket = queue.tickets;
        queue.fresh.push((ticket, request));
        Reply { queue: &self.0, ticket }
    }
}

/// The reply to a request, once it has come.
struct Reply<'a> {
    queue: &'a RefCell<Queue>,
    ticket: u32,
}

impl Future for Reply<'_> {
    type Output = Value;

    /// Nothing wakes this: the whole operation is polled again when replies have come.
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Value> {
        let replies = &mut self.queue.borrow_mut().replies;
        match replies.iter().position(|(known, _)| *known == self.ticket) {
            Some(position) => Poll::Ready(replies.swap_remove(position).1),
            None => Poll::Pending,
        }
    }
}

impl Database for Port {
    type Scan = u32;

    async fn scan(&self, spec: ScanSpec, take: usize) -> Result<(u32, Page)> {
        let scan = {
            let mut queue = self.0.borrow_mut();
            queue.scans += 1;
            queue.scans
        };
        let ScanSpec { table, index, range, order } = spec;
        let reply = self.ask(Request::Scan { scan, table, index, range, order, take }).await;
        Ok((scan, page(reply)?))
    }

    async fn next(&self, scan: &u32, take: usize) -> Result<Page> {
        page(self.ask(Request::Next { scan: *scan, take }).await)
    }

    async fn insert(&self, table: &str, record: Record) -> Result<String> {
        match self.ask(Request::Insert { table: table.to_owned(), record }).await {
            Value::String(doc) => Ok(doc),
            _ => Err(Fault::Internal { what: "a reply that is no id" }),
        }
    }

    async fn patch(&self, table: &str, doc: &str, fields: Record) -> Result<()> {
        self.ask(Request::Patch { table: table.to_owned(), doc: doc.to_owned(), fields }).await;
        Ok(())
    }

    async fn delete(&self, table: &str, doc: &str) -> Result<()> {
        self.ask(Request::Delete { table: table.to_owned(), doc: doc.to_owned() }).await;
        Ok(())
    }

    async fn later(&self, operation: Record) -> Result<()> {
        self.ask(Request::Later { operation }).await;
        Ok(())
    }

    fn memo(&self) -> &Memo {
        &self.1
    }

    #[cfg(target_arch = "wasm32")]
    fn lowercase(&self, text: &str) -> String {
        // `toLowerCase`, as Better Auth's memory adapter has it, instead of Unicode's tables in the wasm.
        js_sys::JsString::from(text).to_lower_case().into()
    }

    fn fill_random(&self, bytes: &mut [u8]) -> Result<()> {
        getrandom::fill(bytes).map_err(|_| Fault::Internal { what: "no random bytes" })
    }
}

fn page(reply: Value) -> Result<Page> {
    const MALFORMED: Fault = Fault::Internal { what: "a reply that is no page of rows" };
    let Value::Object(mut reply) = reply else { return Err(MALFORMED) };
    let (Some(Value::Array(rows)), Some(Value::Bool(done))) =
        (reply.remove("rows"), reply.remove("done"))
    else {
        return Err(MALFORMED);
    };
    let rows = rows.into_iter().map(|row| match row {
        Value::Object(row) => Ok(row),
        _ => Err(MALFORMED),
    });
    Ok(Page { rows: rows.collect::<Result<_>>()?, done })
}
