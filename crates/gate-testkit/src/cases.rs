//! How many cases a property is tried with.

/// The usual number, or what `PROPTEST_CASES` says. Tells whoever watches with `--nocapture`.
#[must_use]
pub fn cases(usual: u32) -> u32 {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    let cases = asked.unwrap_or(usual);
    generated(cases.into());
    cases
}

/// Says how many cases there are, for the sum that `npm run fuzz` gives.
pub fn generated(count: u64) {
    println!("generated: {count}");
}
