import type { Patch } from "./edit.js";

/** Adds a line to a file of variables that does not have that name. */
export function addVariable(name: string, value: string): Patch {
  return (text) => {
    if (new RegExp(`^\\s*(export\\s+)?${name}\\s*=`, "m").test(text)) return "is-there";
    const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
    return { text: `${before}${name}=${value}\n` };
  };
}
