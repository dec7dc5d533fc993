//! The pure core of convex-gate: records, filters, schema, planner, adapter operations and session resolution.
#![forbid(unsafe_code)]
