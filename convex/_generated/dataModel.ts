/** The component is schemaless: every table and field is allowed, so its data model is the generic one. */
import type { AnyDataModel } from "convex/server";

export type DataModel = AnyDataModel;
