/** `convex-gate/password`: password hashes outside of Better Auth's endpoints, in scripts, imports and tests. */
export { hashPassword, verifyPassword } from "./hash.js";
export { verifyAnyPassword } from "./any.js";
export { passwordForm } from "./forms.js";
export type { PasswordForm } from "./forms.js";
