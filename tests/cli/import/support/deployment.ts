/** An app with `importPage` in `convex-test`, reached as the command reaches a deployment. */
import { betterAuth } from "better-auth/minimal";
import type { BetterAuthOptions } from "better-auth";
import { convexTest } from "convex-test";
import type { TestConvex } from "convex-test";
import { componentsGeneric, defineSchema, makeFunctionReference } from "convex/server";
import type { ComponentApi } from "../../../../convex/_generated/component.js";
import type { ImportDeployment } from "../../../../js/cli/import/deployment.js";
import { createClient } from "../../../../js/server/index.js";
import type { AuthInstance, GenericCtx } from "../../../../js/server/index.js";
import type { ImportTarget, PageAnswer } from "../../../../js/import/protocol.js";
import { register } from "../../../../js/test/index.js";

const importPage = makeFunctionReference<"mutation">("auth:importPage");

/** A deployment of the app. */
export interface TestDeployment extends ImportDeployment {
  /** The app's function itself. */
  readonly importPage: object;
  readonly t: TestConvex<ReturnType<typeof defineSchema>>;
  /** Rows of each page that came, and whether it was one of a dry run. */
  readonly pages: { rows: number; dry: boolean }[];
  /** Every row of a table. */
  rows(table: string): Promise<Record<string, unknown>[]>;
}

/** Starts one; `options` are those of the app's Better Auth. */
export function createTestDeployment(options: BetterAuthOptions = {}): TestDeployment {
  const component = componentsGeneric()["betterAuth"] as unknown as ComponentApi;
  const authComponent = createClient(component);
  const createAuth = (ctx: GenericCtx): AuthInstance =>
    betterAuth({
      secret: "a secret of thirty-two letters or more",
      baseURL: "http://localhost:3000",
      emailAndPassword: { enabled: true },
      ...options,
      database: authComponent.adapter(ctx),
    }) as unknown as AuthInstance;
  const functions = authComponent.importApi(createAuth);
  const modules = {
    "./_generated/api.ts": () => Promise.resolve({}),
    "./auth.ts": () => Promise.resolve(functions),
  };
  const t = convexTest({ schema: defineSchema({}), modules, transactionLimits: true });
  register(t);
  const pages: { rows: number; dry: boolean }[] = [];
  return {
    ...functions,
    t,
    pages,
    url: "https://test.convex.cloud",
    target: async () => (await t.mutation(importPage, { rows: "[]" })) as ImportTarget,
    async page(rows, page) {
      pages.push({ rows: (JSON.parse(rows) as unknown[]).length, dry: page === undefined });
      return (await t.mutation(importPage, { rows, ...(page && { page }) })) as PageAnswer;
    },
    rows: (table) =>
      t.action(async (ctx) => {
        const found = await ctx.runQuery(component.adapter.findMany, {
          model: table,
          limit: 8_000,
        });
        return found as Record<string, unknown>[];
      }),
  };
}
