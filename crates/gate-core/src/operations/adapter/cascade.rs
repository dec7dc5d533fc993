//! Deleting rows, and what follows from it in the tables that refer to them.

use super::tokens::{ends_tokens, forget_tokens};
use crate::database::Database;
use crate::database::join::try_join_all;
use crate::database::usage::PAGE_CHANGES;
use crate::entries;
use crate::filter::Filter;
use crate::query::{Query, Rows};
use crate::rows::{Docs, Reference, Rules, doc_of};
use crate::schema::SESSIONS;
use crate::values::{Fault, Record, Result, Value};
use crate::writes::{Write, carry_out};

/// Deletes rows. References to them cascade, become null or forbid it, as the rules say; cascades go
/// on from table to table. A cached token always goes with its session.
pub(crate) async fn delete_rows<D: Database>(
    db: &D,
    model: &str,
    rows: Vec<Record>,
    rules: &Rules,
) -> Result<()> {
    let found = Rows { rows, ..Rows::default() };
    delete_page(db, model, found, rules, None).await.map(|_| ())
}

/// True for a page that only looks for references that forbid the deletion, before anything goes.
pub(super) fn checks_first(rules: &Rules, from: Option<&Record>) -> bool {
    from.is_some_and(|from| !from.contains_key("checked"))
        && rules.references.iter().any(Reference::forbids)
}

/// Where the deletion begins once no reference forbids it.
pub(crate) fn after_the_check() -> Record {
    Record::from([("checked".to_owned(), Value::Bool(true))])
}

/// Deletes rows, or as many of a page's rows as one transaction can with all that refers to them, and gives how
/// many and where the next page begins. What refers to a single row can be too much: then some of that
/// goes, and the row is met again.
pub(crate) async fn delete_page<D: Database>(
    db: &D,
    model: &str,
    found: Rows,
    rules: &Rules,
    from: Option<&Record>,
) -> Result<(usize, Option<Record>)> {
    let checks = checks_first(rules, from);
    let whole = checks || from.is_none();
    let most = if whole { usize::MAX } else { PAGE_CHANGES };
    let (mut table, mut rows, mut next) = (model.to_owned(), found.rows, found.next);
    let mut nested = false;
    loop {
        let mut doomed = Doomed::default();
        let mut done = 0;
        let mut too_many = None;
        // What the rows themselves have cost does not count: or a page full of them would delete one.
        let usage = db.memo().usage();
        let begun = usage.clone();
        for row in &rows {
            let room = most.saturating_sub(doomed.changes);
            if done > 0 && !whole && (room == 0 || usage.is_page_full(Some(&begun))) {
                break;
            }
            let mark = doomed.mark();
            too_many = doomed.follow(db, &table, row.clone(), rules, room).await?;
            if too_many.is_some() {
                // Those before it can go. If there are none, a part of what refers to it does.
                doomed.cut(mark, done > 0);
                break;
            }
            done += 1;
        }
        if done == 0
            && let Some((model, children)) = too_many
        {
            nested = true;
            (table, rows) = (model, children);
            if !rows.is_empty() {
                continue;
            }
        }
        doomed.check(whole)?;
        if checks && (next.is_some() || from.is_some_and(|from| !from.is_empty())) {
            // The last page of the check begins the deletion.
            return Ok((0, Some(next.unwrap_or_else(after_the_check))));
        }
        if nested || done < rows.len() {
            next = from.cloned();
        }
        doomed.apply(db).await?;
        return Ok((if nested { 0 } else { done }, next));
    }
}

/// Our own id of a stored row.
fn id_of(row: &Record) -> Option<Value> {
    row.get("id").cloned()
}

/// The rows that refer to a row, by reference, not many more than `most` and with about as many bytes
/// as a page writes; all look-ups in one batch. True for those that may not be all.
async fn referring<'a, D: Database>(
    db: &D,
    references: impl Iterator<Item = &'a Reference>,
    row: &Record,
    most: usize,
) -> Result<Vec<(&'a Reference, Vec<Record>, bool)>> {
    let usage = db.memo().usage();
    let begun = &usage.clone();
    try_join_all(references.map(|reference| async move {
        let value = row.get(&reference.to).filter(|value| !value.is_null());
        let children = match value {
            Some(value) => {
                let filter = Filter::equals(&reference.field, value.clone());
                let limit = (most < usize::MAX).then_some(most);
                let until = limit.map(|_| begun);
                Query { limit, until, ..Query::all(&reference.model, &filter) }.fetch(db).await?
            }
            None => Vec::new(),
        };
        let full = most < usize::MAX && usage.is_page_full(Some(begun));
        let many = !children.is_empty() && (full || children.len() >= most);
        Ok((reference, children, many))
    }))
    .await
}

/// The change of a row that loses a reference.
fn nothing_in(reference: &Reference) -> Record {
    Record::from([(reference.field.clone(), Value::Null)])
}

/// Rows that will be deleted, each once however many ways lead to it.
#[derive(Default)]
struct Doomed<'a> {
    docs: Docs,
    rows: Vec<(String, Record)>,
    /// How many changes all this is, look-ups included.
    changes: usize,
    /// The ids of the sessions whose cached tokens go.
    tokens: Vec<Value>,
    /// Rows that stay, and lose the reference in a field.
    nulls: Vec<(&'a Reference, Vec<Record>)>,
    /// Rows that forbid it all unless they go too.
    held: Vec<(&'a Reference, Vec<Record>)>,
}

impl<'a> Doomed<'a> {
    /// Adds a row and all that goes with it. When that is `most` changes or more it gives up and gives
    /// the rows that made it too many; none if they only lose a reference.
    async fn follow<D: Database>(
        &mut self,
        db: &D,
        model: &str,
        row: Record,
        rules: &'a Rules,
        most: usize,
    ) -> Result<Option<(String, Vec<Record>)>> {
        let before = self.changes;
        // Where there are no pages nobody asks how many changes it is.
        let counted = (most < usize::MAX).then_some(rules);
        let mut pending = self.add(db, model, vec![row], counted).await?;
        while let Some((table, row)) = pending.pop() {
            let references = rules.references.iter().filter(|reference| reference.target == table);
            for (reference, children, many) in referring(db, references, &row, most).await? {
                match reference.on_delete.as_str() {
                    "cascade" => {
                        let added =
                            self.add(db, &reference.model, children.clone(), counted).await?;
                        if many || self.changes - before > most {
                            return Ok(Some((reference.model.clone(), children)));
                        }
                        pending.extend(added);
                    }
                    "set null" => {
                        if ends_tokens(&reference.model, &reference.field, rules).is_some() {
                            self.tokens.extend(children.iter().filter_map(id_of));
                        }
                        let nothing = nothing_in(reference);
                        for row in children.iter().filter(|_| counted.is_some()) {
                            let fields = Some(&nothing);
                            self.changes +=
                                entries::changes_of(db, &reference.model, row, fields).await?;
                        }
                        self.nulls.push((reference, children));
                        if many || self.changes - before > most {
                            return Ok(Some((reference.model.clone(), Vec::new())));
                        }
                    }
                    _ => self.held.push((reference, children)),
                }
            }
        }
        Ok(None)
    }

    /// Refuses where a row would stay that refers to one that goes, as SQL does at the end of the statement, and for
    /// `restrict` where it goes too. Where this is not the `whole` deletion, what is not there may go with another page:
    /// all pages were looked through before the first of them deleted.
    fn check(&self, whole: bool) -> Result<()> {
        for (Reference { model, field, target, on_delete, .. }, children) in &self.held {
            for child in children {
                let goes = !whole || self.docs.contains(doc_of(child)?);
                if on_delete == "restrict" || !goes {
                    let (model, field, target) = (model.clone(), field.clone(), target.clone());
                    return Err(Fault::Restricted { model, field, target });
                }
            }
        }
        Ok(())
    }

    fn mark(&self) -> [usize; 3] {
        [self.rows.len(), self.tokens.len(), self.nulls.len()]
    }

    /// Leaves out what was added since; what loses a reference only on request.
    fn cut(&mut self, [rows, tokens, nulls]: [usize; 3], all: bool) {
        self.rows.truncate(rows);
        if all {
            self.tokens.truncate(tokens);
            self.nulls.truncate(nulls);
        }
    }

    /// Adds rows of a table and gives those that were not there yet.
    async fn add<D: Database>(
        &mut self,
        db: &D,
        table: &str,
        rows: Vec<Record>,
        counted: Option<&Rules>,
    ) -> Result<Vec<(String, Record)>> {
        let references = counted.iter().flat_map(|rules| &rules.references);
        let look_ups = references.filter(|reference| reference.target == table).count();
        let mut added = Vec::new();
        for row in rows {
            if self.docs.insert(doc_of(&row)?) {
                if counted.is_some() {
                    self.changes += look_ups + entries::changes_of(db, table, &row, None).await?;
                }
                if table == SESSIONS {
                    self.changes += 2;
                    self.tokens.extend(id_of(&row));
                }
                self.rows.push((table.to_owned(), row.clone()));
                added.push((table.to_owned(), row));
            }
        }
        Ok(added)
    }

    async fn apply<D: Database>(self, db: &D) -> Result<()> {
        let mut writes = Vec::with_capacity(self.rows.len());
        for (reference, children) in &self.nulls {
            let nothing = nothing_in(reference);
            entries::patched(db, &reference.model, children, &nothing, &mut writes).await?;
        }
        forget_tokens(db, "sessionId", self.tokens, &mut writes).await?;
        for (table, row) in &self.rows {
            entries::dropped(db, row, &mut writes).await?;
            writes.push(Write::delete(table, row)?);
        }
        carry_out(db, writes).await
    }
}
