//! Better Auth's ten adapter operations, each complete within one transaction of the database.
//!
//! Names are physical here: the app's side has translated models and fields, and says with each
//! write which fields are unique and what references what.

mod answers;
mod arguments;
mod cascade;
mod constraints;
mod create;
mod delete;
mod read;
mod tokens;
mod update;

pub use arguments::{
    Count, Create, Delete, FindMany, FindOne, Increment, Join, Relation, SortBy, Update,
};
pub use create::create;
pub use delete::{consume_one, delete_many};
pub use read::{count, find_many, find_one};
pub use update::{increment_one, update, update_many};

pub(crate) use answers::{list, number, paged};
pub(crate) use cascade::{after_the_check, delete_page, delete_rows};
pub(crate) use delete::delete_matching;
