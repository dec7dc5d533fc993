//! What one transaction knows of itself: the catalogue of index entries as it read it, and what it used up.

use std::cell::RefCell;
use std::rc::Rc;

use super::usage::Usage;
use crate::values::Record;

/// The indexes of one table.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    /// Convex's id of the row that this was read from.
    pub(crate) doc: Option<String>,
    /// By name: true when every row of the table has an entry in the index; false when those that were
    /// there before it may not have one yet.
    pub indexes: Record,
}

/// What one transaction has read of the catalogue, so that each table's row is read once.
#[derive(Debug, Default)]
pub struct Memo(RefCell<Vec<(String, Rc<Catalogue>)>>, Usage);

impl Memo {
    /// Forgets everything: when the transaction has ended.
    pub fn clear(&self) {
        self.forget();
        self.1.clear();
    }

    /// Forgets what was read: when the transaction has changed the catalogue.
    pub(crate) fn forget(&self) {
        self.0.borrow_mut().clear();
    }

    /// What the transaction has used up.
    pub fn usage(&self) -> &Usage {
        &self.1
    }

    pub(crate) fn get(&self, table: &str) -> Option<Rc<Catalogue>> {
        let known = self.0.borrow();
        known.iter().find(|(name, _)| name == table).map(|(_, found)| Rc::clone(found))
    }

    pub(crate) fn set(&self, table: &str, catalogue: Catalogue) -> Rc<Catalogue> {
        let shared = Rc::new(catalogue);
        self.0.borrow_mut().push((table.to_owned(), Rc::clone(&shared)));
        shared
    }
}
