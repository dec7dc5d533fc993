/** What Convex refuses as a variable (`common/src/types/environment_variables.rs`). */

const MAX_NAME = 256;
const MAX_VALUE_BYTES = 8 * 1_024;
const BUILT_IN = new Set(["CONVEX_CLOUD_URL", "CONVEX_SITE_URL"]);

/** Refuses names and values that cannot be set. Undefined takes a variable away. */
export function checkVariables(variables: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) continue;
    if (!/^[A-Za-z]\w*$/.test(name)) {
      throw new Error(
        `The environment variable name ${name} is invalid. Environment variable names must begin with a letter and may only include characters a-z, A-Z, 0-9, and underscores.`,
      );
    }
    if (name.length > MAX_NAME) {
      throw new Error(
        `The environment variable name ${name} is too long. Environment variable names must be less than ${String(MAX_NAME)}.`,
      );
    }
    if (BUILT_IN.has(name))
      throw new Error(
        `Environment variable with name "${name}" is built-in and cannot be overridden`,
      );
    const bytes = Buffer.byteLength(value);
    if (bytes > MAX_VALUE_BYTES) {
      throw new Error(
        `The environment variable value is ${String(bytes)} bytes, which is too large. (max size: ${String(MAX_VALUE_BYTES)}`,
      );
    }
  }
}
