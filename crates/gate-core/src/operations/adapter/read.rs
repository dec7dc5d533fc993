//! `findOne`, `findMany`, `count`, and joins.

use super::answers::{list, number, paged};
use super::arguments::{Count, FindMany, FindOne, Join, Relation, checked};
use crate::database::Database;
use crate::database::join::try_join_all;
use crate::database::usage::{LIST_ROWS, fits_a_list};
use crate::entries;
use crate::filter::Filter;
use crate::planner::Sort;
use crate::query::{Paging, Query, Rows};
use crate::rows::outward;
use crate::schema::{check_name, is_listed};
use crate::values::{Record, Result, Value};

/// Better Auth's own default (1.7) where a list has no limit.
const DEFAULT_LIMIT: usize = 100;
/// Rows of a page that has joins.
const JOINED_ROWS: usize = 250;

/// The first matching row with its joins, or none.
///
/// # Errors
/// Faults of the filter and of the database.
pub async fn find_one<D: Database>(db: &D, args: FindOne) -> Result<Option<Record>> {
    let filter = checked(db, &args.model, args.where_)?;
    let rows = Query::first(&args.model, &filter, 1).fetch(db).await?;
    let rows = present(db, rows, &args.join, args.select.as_deref()).await?;
    Ok(rows.into_iter().next())
}

/// The matching rows with their joins, or a page of them.
///
/// # Errors
/// Faults of the filter and of the database; `LIMIT_EXCEEDED` when they are too many for one list.
pub async fn find_many<D: Database>(db: &D, args: FindMany) -> Result<Value> {
    let filter = checked(db, &args.model, args.where_)?;
    let sort = args.sort_by.map(Sort::from);
    // Each row costs as much again as its joins.
    let most = if args.join.is_empty() { LIST_ROWS } else { JOINED_ROWS };
    let query = Query {
        table: &args.model,
        filter: &filter,
        sort: sort.as_ref(),
        offset: args.offset,
        limit: Some(args.limit.unwrap_or(DEFAULT_LIMIT)),
        counting: false,
        by_index: false,
        paging: args.page.as_ref().map(|from| Paging { from, most, moves: None, since: None }),
        until: None,
    };
    let Rows { rows, next, ordered, .. } = query.fetch_page(db).await?;
    fits_a_list(&rows)?;
    // Pages that are not in order are put in order outside, by a field that may not be selected.
    let select = args.select.as_deref().filter(|_| ordered || next.is_none());
    let select = select.filter(|_| ordered || args.page.is_none_or(|from| from.is_empty()));
    let rows = list(present(db, rows, &args.join, select).await?);
    Ok(paged(rows, next, Some(ordered)))
}

/// How many rows match, or how many of a page.
///
/// # Errors
/// Faults of the filter and of the database.
pub async fn count<D: Database>(db: &D, args: Count) -> Result<Value> {
    let filter = checked(db, &args.model, args.where_)?;
    let paging = args.page.as_ref();
    let paging = paging.map(|from| Paging { from, most: usize::MAX, moves: None, since: None });
    let query = Query { counting: true, paging, ..Query::all(&args.model, &filter) };
    let Rows { count, next, .. } = query.fetch_page(db).await?;
    Ok(paged(number(count), next, None))
}

/// Rows as they leave the core: joined first, since a join may need a field that is not selected.
async fn present<D: Database>(
    db: &D,
    rows: Vec<Record>,
    joins: &[Join],
    select: Option<&[String]>,
) -> Result<Vec<Record>> {
    if !rows.is_empty() {
        // All look-ups of a table go by what one of them would have read.
        for join in joins.iter().filter(|join| !is_listed(&join.table)) {
            entries::catalogue(db, &join.table).await?;
        }
    }
    let wanted = rows.iter().flat_map(|row| joins.iter().map(move |join| (row, join)));
    let mut joined =
        try_join_all(wanted.map(|(row, join)| joined(db, row, join))).await?.into_iter();
    let mut presented = Vec::with_capacity(rows.len());
    for row in rows {
        let mut row = outward(row);
        if let Some(select) = select {
            row.retain(|field| select.iter().any(|wanted| wanted == field));
        }
        for (join, value) in joins.iter().zip(joined.by_ref()) {
            row.insert(join.as_.clone(), value);
        }
        presented.push(row);
    }
    Ok(presented)
}

async fn joined<D: Database>(db: &D, row: &Record, join: &Join) -> Result<Value> {
    check_name(&join.table)?;
    let rows = match row.get(&join.from).filter(|value| !value.is_null()) {
        Some(value) => {
            let filter = Filter::equals(&join.to, value.clone());
            Query::first(&join.table, &filter, join.limit).fetch(db).await?
        }
        None => Vec::new(),
    };
    fits_a_list(&rows)?;
    let mut rows = rows.into_iter().map(|row| Value::Object(outward(row)));
    Ok(match join.relation {
        Relation::One => rows.next().unwrap_or(Value::Null),
        Relation::Many => Value::Array(rows.collect()),
    })
}
