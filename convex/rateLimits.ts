/** The counters of rate limits under their first path, for code that names it. The library calls `gate`. */
export { consumeRate as consume } from "./gate.js";

export const experimental_reuseContext = true;
