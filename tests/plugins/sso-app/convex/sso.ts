"use node";
import { sso } from "@better-auth/sso";
import type { BetterAuthPlugin } from "better-auth";
import { internalActionGeneric } from "convex/server";
import { v } from "convex/values";
import { createAuth } from "./auth.js";

/** Answers one request of single sign-on. */
export const handle = internalActionGeneric({
  args: {
    url: v.string(),
    method: v.string(),
    headers: v.array(v.array(v.string())),
    body: v.union(v.string(), v.null()),
  },
  handler: async (ctx, { url, method, headers, body }) => {
    const request = new Request(url, { method, headers: headers as [string, string][], body });
    const answer = await createAuth(ctx, [sso() as BetterAuthPlugin]).handler(request);
    const text = await answer.text();
    return { status: answer.status, headers: [...answer.headers], body: text || null };
  },
});
