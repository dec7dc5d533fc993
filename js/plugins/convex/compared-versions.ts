/**
 * The versions of Better Auth that the fast lane was compared with, request by request (`tests/plugins/fast-lane`). Another one
 * may answer otherwise, and goes the full way: `doctor` says so.
 */
export const COMPARED_VERSIONS: readonly string[] = ["1.7.25"];
