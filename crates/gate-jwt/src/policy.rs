//! What a caller expects of a token, and the time it is judged at.

use crate::algorithm::Algorithm;
use crate::error::Error;

/// A moment or a span in seconds, as `exp`, `nbf` and `iat` count (RFC 7519 section 2). Finite and
/// not negative.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Seconds(f64);

impl Seconds {
    /// `None` unless `value` is finite and not negative.
    pub fn new(value: f64) -> Option<Self> {
        (value.is_finite() && value >= 0.0).then_some(Self(value))
    }

    /// The number of seconds.
    pub fn as_f64(self) -> f64 {
        self.0
    }
}

/// What a token must satisfy. There is no way to leave issuer or audience out.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    algorithms: Vec<Algorithm>,
    audiences: Vec<String>,
    issuers: Vec<String>,
    now: Seconds,
    tolerance: Seconds,
}

impl Policy {
    /// A policy: one of `issuers`, at least one of `audiences`, one of `algorithms`, at the time
    /// `now` with `tolerance` for clocks that differ.
    ///
    /// # Errors
    /// [`Error::PolicyInvalid`] for an empty list or an empty text in one.
    pub fn new(
        issuers: Vec<String>,
        audiences: Vec<String>,
        mut algorithms: Vec<Algorithm>,
        now: Seconds,
        tolerance: Seconds,
    ) -> Result<Self, Error> {
        for (option, list) in [("issuer", &issuers), ("audience", &audiences)] {
            if list.is_empty() || list.iter().any(String::is_empty) {
                return Err(Error::PolicyInvalid { option, problem: "is empty" });
            }
        }
        if algorithms.is_empty() {
            return Err(Error::PolicyInvalid { option: "algorithms", problem: "is empty" });
        }
        algorithms.sort();
        algorithms.dedup();
        Ok(Self { algorithms, audiences, issuers, now, tolerance })
    }

    /// The algorithms that are allowed.
    pub fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    /// The audiences of which the token must name one.
    pub(crate) fn audiences(&self) -> &[String] {
        &self.audiences
    }

    /// The issuers of which the token must name one.
    pub(crate) fn issuers(&self) -> &[String] {
        &self.issuers
    }

    /// The time of judgement.
    pub(crate) fn now(&self) -> f64 {
        self.now.as_f64()
    }

    /// How far clocks may differ.
    pub(crate) fn tolerance(&self) -> f64 {
        self.tolerance.as_f64()
    }
}
