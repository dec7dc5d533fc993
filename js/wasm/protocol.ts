/**
 * What crosses the boundary to the core, as JSON. Written by `cargo run -p gate-testkit --features codegen --bin codegen`.
 */
// prettier-ignore
/* eslint-disable */

export type AddKey = { key: Row, 
/**
 * The id of the newest key that is not retired, as the caller saw it.
 */
expectNewest: string | null, 
/**
 * When every other key signs no more (ms), if they are to have an end.
 */
retireOthersAt?: number, };

export type Answer = { "done": Value } | { "fault": Fault } | { "need": { 
/**
 * What to resume.
 */
task: number, 
/**
 * What to carry out, side by side.
 */
requests: Array<Request>, } };

export type Bound = { 
/**
 * Where it ends.
 */
value: Key, 
/**
 * Whether the value itself is part of the range.
 */
inclusive: boolean, };

export type ById = { id: string, };

export type ByToken = { token: string, };

export type Clean = { 
/**
 * The table.
 */
table: string, 
/**
 * The field that says when. A row without a time, such as a key that never expires, stays.
 */
field: string, 
/**
 * Rows that were written and over before this go, in ms since the epoch.
 */
before: number, 
/**
 * How many of them at most.
 */
most: number, };

export type Count = { 
/**
 * The table.
 */
model: string, 
/**
 * Which rows.
 */
where?: Array<WhereClause>, 
/**
 * Which page: `{}` for the first, then what the page before gave. Without it, all at once.
 */
page?: unknown, };

export type Create = { 
/**
 * The table.
 */
model: string, 
/**
 * The row, with or without an id.
 */
data: Row, 
/**
 * The schema's rules.
 */
rules?: Rules, };

export type Delete = { 
/**
 * The table.
 */
model: string, 
/**
 * Which rows.
 */
where?: Array<WhereClause>, 
/**
 * The schema's rules.
 */
rules?: Rules, 
/**
 * Which page: `{}` for the first, then what the page before gave. Without it, all at once.
 */
page?: unknown, };

export type Fault = { code: string, message: string, meta: Row, };

export type Fill = { table: string, 
/**
 * The names of the indexes; all of the table without it.
 */
indexes?: Array<string>, 
/**
 * `_creationTime` of the last row of the page before; absent for the first page.
 */
after?: number, };

export type FindMany = { 
/**
 * The table.
 */
model: string, 
/**
 * Which rows.
 */
where?: Array<WhereClause>, 
/**
 * How many at most; 100 without it, Better Auth's default.
 */
limit?: number, 
/**
 * How many to leave out first.
 */
offset?: number, 
/**
 * In which order.
 */
sortBy?: SortBy, 
/**
 * The fields to give; all without it.
 */
select?: Array<string>, 
/**
 * Tables to join.
 */
join?: Array<Join>, 
/**
 * Which page: `{}` for the first, then what the page before gave. Without it, all at once.
 */
page?: unknown, };

export type FindOne = { 
/**
 * The table.
 */
model: string, 
/**
 * Which row.
 */
where?: Array<WhereClause>, 
/**
 * The fields to give; all without it.
 */
select?: Array<string>, 
/**
 * Tables to join.
 */
join?: Array<Join>, };

export type Increment = { 
/**
 * The table.
 */
model: string, 
/**
 * Which row, and the guard.
 */
where?: Array<WhereClause>, 
/**
 * Fields to add to; may be empty.
 */
increment?: Row, 
/**
 * Fields to set in the same step.
 */
set?: Row, 
/**
 * The schema's rules.
 */
rules?: Rules, };

export type IndexRange = { 
/**
 * Fields in index order with the value they must have.
 */
eq: Array<[string, Key]>, 
/**
 * The lower bound of the next field.
 */
lower?: [string, Bound], 
/**
 * The upper bound of the same field.
 */
upper?: [string, Bound], };

export type Join = { 
/**
 * The key of the result.
 */
as: string, 
/**
 * The joined table.
 */
table: string, 
/**
 * The field of the base row.
 */
from: string, 
/**
 * The field of the joined row that equals it.
 */
to: string, 
/**
 * How many joined rows at most.
 */
limit: number, 
/**
 * One or many.
 */
relation: Relation, };

export type Key = unknown;

export type NoArguments = {};

export type Operation = { "addKey": AddKey } | { "clean": Clean } | { "consumeOne": Delete } | { "count": Count } | { "create": Create } | { "delete": Delete } | { "deleteMany": Delete } | { "fill": Fill } | { "findMany": FindMany } | { "findOne": FindOne } | { "getUser": ById } | { "incrementOne": Increment } | { "listKeys": NoArguments } | { "replay": Replay } | { "retireKey": RetireKey } | { "revokeSession": ById } | { "revokeUserSessions": UserSessions } | { "sessionByToken": ByToken } | { "sessionUser": SessionUser } | { "storeToken": StoreToken } | { "tokenContext": ByToken } | { "update": Update } | { "updateMany": Update };

export type Order = "asc" | "desc";

export type Reference = { 
/**
 * The referring table.
 */
model: string, 
/**
 * Its field.
 */
field: string, 
/**
 * The table referred to.
 */
target: string, 
/**
 * Its field.
 */
to: string, 
/**
 * `cascade`, `set null`, `restrict`, or anything else for no action: as `restrict`, unless the referring row goes too.
 */
onDelete: string, };

export type Relation = "one-to-many" | "one-to-one";

export type Replay = { 
/**
 * Its steps in order.
 */
log: Array<Step>, };

export type Request = { "delete": { 
/**
 * Its table.
 */
table: string, 
/**
 * Convex's id.
 */
doc: string, } } | { "insert": { 
/**
 * The table.
 */
table: string, 
/**
 * The row.
 */
record: Row, } } | { "later": { 
/**
 * The operation.
 */
operation: Row, } } | { "next": { 
/**
 * The scan.
 */
scan: number, 
/**
 * How many at most.
 */
take: number, } } | { "patch": { 
/**
 * Its table.
 */
table: string, 
/**
 * Convex's id.
 */
doc: string, 
/**
 * The fields with their new values.
 */
fields: Row, } } | { "scan": { 
/**
 * The number that later requests call it by.
 */
scan: number, 
/**
 * The table.
 */
table: string, 
/**
 * The index; null for the table in order of creation.
 */
index: string | null, 
/**
 * The part of the index.
 */
range: IndexRange, 
/**
 * The direction.
 */
order: Order, 
/**
 * How many rows at most.
 */
take: number, } };

export type RetireKey = { id: string, 
/**
 * ms
 */
retiredAt: number, };

export type Row = { [field: string]: Value };

export type Rules = { 
/**
 * Groups of fields that must be unique together. A group with an absent or null field is free.
 */
unique?: Array<Array<string>>, 
/**
 * For a deletion every reference of the schema, so that cascades can go from table to table; for
 * other writes those of the written table, which must lead to a row.
 */
references?: Array<Reference>, 
/**
 * The fields of each index that the table needs and the schema lacks: rows get index entries.
 */
indexes?: Array<Array<string>>, 
/**
 * Pairs of fields: once the first changes, the cached tokens of the user that the second names end.
 */
endsTokens?: Array<Array<string>>, };

export type SessionUser = { sessionId: string, userId: string, };

export type SortBy = { 
/**
 * The field.
 */
field: string, 
/**
 * The direction.
 */
direction: Order, };

export type Step = { operation: Operation, 
/**
 * The result that was observed; absent where none was. Null is a result too.
 */
expect?: unknown, };

export type StoreToken = { sessionId: string, userId: string, token: string, keyId: string, issuedAt: number, expiresAt: number, };

export type Update = { 
/**
 * The table.
 */
model: string, 
/**
 * Which rows.
 */
where?: Array<WhereClause>, 
/**
 * The fields to set.
 */
update: Row, 
/**
 * The schema's rules.
 */
rules?: Rules, 
/**
 * Which page: `{}` for the first, then what the page before gave. Without it, all at once.
 */
page?: unknown, };

export type UserSessions = { userId: string, 
/**
 * Which page: `{}` for the first, then what the page before gave. Without it, all at once.
 */
page?: unknown, };

export type Value = unknown;

export type WhereClause = { field: string, value?: Value, operator?: string, connector?: string, mode?: string, };
