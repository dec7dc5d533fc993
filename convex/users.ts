/** Look-ups of users under their first path, for code that names it. The library calls `gate`. */
export { getUser as get } from "./gate.js";

export const experimental_reuseContext = true;
