/** The cache of signed JWTs under its first path, for code that names it. The library calls `gate`. */
export { storeToken as store } from "./gate.js";

export const experimental_reuseContext = true;
