/** The component's tables as code sees them that is for any of them: rows of any fields, found by any index. */
import type {
  GenericDatabaseReader,
  GenericDatabaseWriter,
  IndexRange,
  IndexRangeBuilder,
  SystemIndexes,
} from "convex/server";

/* eslint-disable @typescript-eslint/no-explicit-any -- as in Convex's own `AnyDataModel` */

/** As in `AnyDataModel` of Convex (1.48), of whose indexes none can be named. */
interface AnyTable {
  document: any;
  fieldPaths: string;
  indexes: Record<string, string[]> & SystemIndexes;
  searchIndexes: {};
  vectorIndexes: {};
}

/** A range of an index, to be narrowed by its next field: Convex's types go on where they can count the fields. */
export const further = (range: IndexRange): IndexRangeBuilder<any, string[]> =>
  range as IndexRangeBuilder<any, string[]>;

/* eslint-enable @typescript-eslint/no-explicit-any */

/** A data model of which nothing is known. */
export type AnyTables = Record<string, AnyTable>;

/** A database that is read. */
export type Reader = GenericDatabaseReader<AnyTables>;

/** A database that is written to as well. */
export type Writer = GenericDatabaseWriter<AnyTables>;
