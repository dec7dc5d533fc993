/**
 * What requests call. Convex keeps one warm context per worker and module (seen with convex-backend 94a42c3db), so that all of
 * it is one module: whichever function was called last has made the context, and compiled the wasm, for the next one.
 */
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
  replay,
  speculate,
  update,
  updateMany,
} from "../js/component/functions/rows.js";
export {
  revokeSession,
  revokeUserSessions,
  sessionByToken,
  sessionUser,
  tokenContext,
} from "../js/component/functions/sessions.js";
export { addKey, listKeys, retireKey } from "../js/component/functions/keys.js";
export { consumeRate } from "../js/component/functions/rate-limits.js";
export { getUser } from "../js/component/functions/users.js";
export { lane, noteLane } from "../js/component/functions/fast-lane.js";
export { storeToken } from "../js/component/functions/tokens.js";

// Convex may keep this module's context for the next call. Nothing of a request is kept. An error would cost it, so whoever
// asks gets refusals as values.
export const experimental_reuseContext = true;
