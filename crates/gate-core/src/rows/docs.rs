//! Rows told apart.

/// A set of Convex's ids, kept as a sorted list: a tree would be another copy of its code in the wasm.
#[derive(Default)]
pub(crate) struct Docs(Vec<String>);

impl Docs {
    /// Adds an id; false when it was there already.
    pub(crate) fn insert(&mut self, doc: &str) -> bool {
        match self.find(doc) {
            Ok(_) => false,
            Err(position) => {
                self.0.insert(position, doc.to_owned());
                true
            }
        }
    }

    /// True for an id that was added.
    pub(crate) fn contains(&self, doc: &str) -> bool {
        self.find(doc).is_ok()
    }

    /// Where an id is, or would be.
    fn find(&self, doc: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|known| known.as_str().cmp(doc))
    }
}
