/** What its documentation calls a local install: the component's functions over a schema with all plugins' tables. */
import { createApi } from "@convex-dev/better-auth";
import { authOptions } from "../options";
import schema from "./schema";

export const { create, findOne, findMany, updateOne, updateMany, deleteOne, deleteMany } =
  createApi(schema, () => authOptions());
