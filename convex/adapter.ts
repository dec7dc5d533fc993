/** Better Auth's adapter methods under their first path, for code that names it. The library calls `gate`. */
export {
  commit,
  consumeOne,
  count,
  create,
  deleteMany,
  deleteOne,
  findMany,
  findOne,
  incrementOne,
  speculate,
  update,
  updateMany,
  /** `update` under the name that goes with `findOne` and `deleteOne`. */
  update as updateOne,
} from "./gate.js";

export const experimental_reuseContext = true;
