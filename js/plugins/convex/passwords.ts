/** Which functions hash passwords and verify them, and what becomes of a hash that another system made. */
import type { AuthContext, BetterAuthOptions } from "better-auth";
import {
  hashPassword as hashInJavaScript,
  verifyPassword as verifyInJavaScript,
} from "better-auth/crypto";
import { verifyAnyPassword } from "../../password/any.js";
import { passwordForm } from "../../password/forms.js";
import { hashPassword } from "../../password/hash.js";

interface Passwords {
  readonly context: Pick<AuthContext, "password">;
  readonly options: Pick<BetterAuthOptions, "databaseHooks">;
}

/**
 * Better Auth's own hash, in Rust, and hashes of other systems verified. What the app set as `emailAndPassword.password`
 * stays, and so does what a plugin before this one put around Better Auth's function: a check that must not be lost.
 */
export function passwords(context: AuthContext): Passwords {
  const { password } = context;
  const hash = password.hash === hashInJavaScript ? hashPassword : password.hash;
  if (password.verify !== verifyInJavaScript)
    return { context: { password: { ...password, hash } }, options: {} };
  const { verify, databaseHooks } = replacingForeignHashes(context, hash);
  return { context: { password: { ...password, hash, verify } }, options: { databaseHooks } };
}

/**
 * Verifies, and once somebody has signed in with a hash of another system, hashes the password anew: one more write, once.
 * `verify` does not know whose hash it is. The session that is made next does, in every way to sign in with a password, also
 * where a second factor is asked for afterwards.
 */
function replacingForeignHashes(
  { adapter, logger }: Pick<AuthContext, "adapter" | "logger">,
  hash: (password: string) => Promise<string>,
): {
  verify: AuthContext["password"]["verify"];
  databaseHooks: NonNullable<BetterAuthOptions["databaseHooks"]>;
} {
  // Of this instance, that is, of one request.
  const proven = new Map<string, string>();

  async function replace(userId: string, old: string, password: string): Promise<void> {
    try {
      const fresh = await hash(password);
      // An app's own `hash` may make another form: that would be hashed anew at each sign-in, or never verify again.
      if (passwordForm(fresh).kind !== "scrypt") return;
      await adapter.updateMany({
        model: "account",
        // Whoever has set another password meanwhile keeps it.
        where: [
          { field: "userId", value: userId },
          { field: "providerId", value: "credential" },
          { field: "password", value: old },
        ],
        update: { password: fresh, updatedAt: new Date() },
      });
    } catch {
      // The old hash is as good as before: nobody is kept out for it, and the next sign-in tries again.
      logger.warn("[convex-gate] a password of another system could not be hashed anew");
    }
  }

  return {
    async verify(given) {
      const form = passwordForm(given.hash);
      if (form.kind === "scrypt") return verifyAnyPassword(given);
      if (form.kind === "refused") {
        // Whoever signs in is told what a wrong password is told, as late: an error would tell that there is an account.
        logger.error(`[convex-gate] ${form.code}: ${form.why}. Its user has to reset the password`);
        await hash(given.password);
        return false;
      }
      const isRight = (await verifyAnyPassword(given)) && !isEmpty(given.password);
      if (isRight) proven.set(given.hash, given.password);
      return isRight;
    },
    databaseHooks: {
      session: {
        create: {
          async after({ userId }) {
            const known = [...proven];
            proven.clear();
            for (const [old, password] of known) await replace(userId, old, password);
          },
        },
      },
    },
  };
}

/**
 * Some systems give who has no password the hash of an empty one, which they do not take at the sign-in. For bcrypt a zero
 * may end a password.
 */
function isEmpty(password: string): boolean {
  return password === "" || password.startsWith("\0");
}
