import { GateError } from "../errors/index.js";

/** Where Better Auth lives unless the app says otherwise (1.7). */
export const DEFAULT_BASE_PATH = "/api/auth";

/**
 * A base path as Better Auth (1.7, `withPath`) understands it, in one spelling: a slash in front and none at the end.
 * "/" and nothing else is the root, which is the empty string here, as it is in front of the paths of endpoints; the empty
 * string itself is the default, as in Better Auth. Throws `INVALID_OPTION` for what is no path.
 */
export function normalizeBasePath(basePath: string | undefined): string {
  const path = basePath === undefined || basePath === "" ? DEFAULT_BASE_PATH : basePath;
  const normal = `/${path.replace(/^\/+|\/+$/g, "")}`;
  if (/[\s?#*:]/.test(normal))
    throw new GateError(
      "INVALID_OPTION",
      `\`basePath\` must be a path such as "${DEFAULT_BASE_PATH}", or "/"`,
      { meta: { option: "basePath" } },
    );
  return normal === "/" ? "" : normal;
}

/** The spelling of a normalized base path in options and advice. */
export function basePathOption(normalized: string): string {
  return normalized === "" ? "/" : normalized;
}
