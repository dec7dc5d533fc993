/** Which functions hash passwords and verify them. */
import type { AuthContext } from "better-auth";
import {
  hashPassword as hashInJavaScript,
  verifyPassword as verifyInJavaScript,
} from "better-auth/crypto";
import { hashPassword, verifyPassword } from "../../password/hash.js";

/**
 * Better Auth's own hash, in Rust. What the app set as `emailAndPassword.password` stays, and so does what a plugin before
 * this one put around Better Auth's function: a check that must not be lost.
 */
export function passwords({ password }: AuthContext): Pick<AuthContext, "password"> {
  const { hash, verify } = password;
  return {
    password: {
      ...password,
      hash: hash === hashInJavaScript ? hashPassword : hash,
      verify: verify === verifyInJavaScript ? verifyPassword : verify,
    },
  };
}
