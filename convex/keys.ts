/** The signing keys under their first path, for code that names it. The library calls `gate`. */
export { addKey as add, listKeys as list, retireKey as retire } from "./gate.js";

export const experimental_reuseContext = true;
