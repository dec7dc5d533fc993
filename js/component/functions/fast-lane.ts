/**
 * The fast lane's facts, beside what its answers are made of. They are one small row for each place where Better Auth is
 * mounted, in the catalogue, which has no rows of the app.
 */
import { v } from "convex/values";
import { mutation, query } from "../../../convex/_generated/server.js";
import { catalogued } from "../catalogue.js";
import { run } from "../run.js";
import { cachedToken, row, storedKey } from "../validators.js";

/** Younger facts that say the same are not written again, in ms: the requests after a push come at once. */
const YOUNG_MS = 60_000;

const facts = v.object({ text: v.string(), notedAt: v.number() });

/**
 * The facts of a place and, in the same call, the session of a session token with its user. With `tokens` also its cached JWT
 * and the keys; with `keys` those alone.
 */
export const lane = query({
  args: {
    place: v.string(),
    session: v.optional(v.string()),
    tokens: v.optional(v.boolean()),
    keys: v.optional(v.boolean()),
  },
  returns: v.object({
    facts: v.union(facts, v.null()),
    found: v.union(
      v.null(),
      v.object({
        session: row,
        user: row,
        cached: v.optional(cachedToken),
        keys: v.optional(v.array(storedKey)),
      }),
    ),
    keys: v.union(v.array(storedKey), v.null()),
  }),
  handler: async (ctx, { place, session: token, tokens = false, keys = false }) => {
    const noted = await catalogued(ctx, idOf(place));
    return {
      facts: noted ? { text: String(noted["text"]), notedAt: Number(noted["notedAt"]) } : null,
      found:
        token === undefined
          ? null
          : await (tokens
              ? run(ctx, { tokenContext: { token } })
              : run(ctx, { sessionByToken: { token } })),
      keys: keys ? await run(ctx, { listKeys: {} }) : null,
    };
  },
});

/** Notes the facts of a place, in place of older ones. */
export const noteLane = mutation({
  args: { place: v.string(), text: v.string(), notedAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { place, text, notedAt }): Promise<null> => {
    const id = idOf(place);
    const noted = await catalogued(ctx, id);
    if (noted === null) await ctx.db.insert("gateCatalogue", { id, text, notedAt });
    else if (noted["text"] !== text || notedAt - Number(noted["notedAt"]) > YOUNG_MS)
      await ctx.db.patch(noted._id, { text, notedAt });
    return null;
  },
});

/** No table has such a name, as for the shapes of tables. */
function idOf(place: string): string {
  return `fast lane of ${place}`;
}
