/**
 * The type of `components.betterAuth`, as the generated code of an app imports it. Written from the validators of the
 * component's functions: `UPDATE_GENERATED=1 npx vitest run tests/component/component-api.test.ts`.
 */
import type { FunctionReference } from "convex/server";

/** The functions of the component; `Name` is the name it is installed under. */
export interface ComponentApi<Name extends string | undefined = string | undefined> {
  adapter: {
    commit: FunctionReference<
      "mutation",
      "internal",
      { log: Array<{ operation: any; expect?: any }> },
      Array<any>,
      Name
    >;
    consumeOne: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
      },
      any | null,
      Name
    >;
    count: FunctionReference<
      "query",
      "internal",
      {
        model: string;
        where?: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        page?: string;
      },
      number | { part: number; next: string; ordered?: boolean },
      Name
    >;
    create: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        data: any;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
      },
      any,
      Name
    >;
    deleteMany: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
        page?: string;
      },
      number | { part: number; next: string; ordered?: boolean },
      Name
    >;
    deleteOne: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
        page?: string;
      },
      null | { part: null; next: string; ordered?: boolean },
      Name
    >;
    findMany: FunctionReference<
      "query",
      "internal",
      {
        model: string;
        where?: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        limit?: number;
        offset?: number;
        sortBy?: { field: string; direction: "asc" | "desc" };
        select?: Array<string>;
        join?: Array<{
          as: string;
          table: string;
          from: string;
          to: string;
          limit: number;
          relation: "one-to-one" | "one-to-many";
        }>;
        page?: string;
      },
      Array<any> | { part: Array<any>; next: string; ordered?: boolean },
      Name
    >;
    findOne: FunctionReference<
      "query",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        select?: Array<string>;
        join?: Array<{
          as: string;
          table: string;
          from: string;
          to: string;
          limit: number;
          relation: "one-to-one" | "one-to-many";
        }>;
      },
      any | null,
      Name
    >;
    incrementOne: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        increment: Record<string, number>;
        set?: any;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
      },
      any | null,
      Name
    >;
    speculate: FunctionReference<
      "mutation",
      "internal",
      { log: Array<{ operation: any; expect?: any }> },
      Array<any>,
      Name
    >;
    update: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        update: any;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
      },
      any | null,
      Name
    >;
    updateMany: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        update: any;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
        page?: string;
      },
      number | { part: number; next: string; ordered?: boolean },
      Name
    >;
    updateOne: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        update: any;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
      },
      any | null,
      Name
    >;
  };
  entries: {
    rebuild: FunctionReference<"mutation", "internal", { table: string }, null, Name>;
  };
  gate: {
    addKey: FunctionReference<
      "mutation",
      "internal",
      {
        key: {
          id: string;
          alg: "RS256" | "ES256";
          publicKey: string;
          privateKey: string;
          createdAt: number;
          expiresAt?: number | null;
          retiredAt?: number | null;
        };
        expectNewest: string | null;
        retireOthersAt?: number;
        expires?: { field: string; keep: number };
      },
      Array<{
        id: string;
        alg: "RS256" | "ES256";
        publicKey: string;
        privateKey: string;
        createdAt: number;
        expiresAt?: number | null;
        retiredAt?: number | null;
      }>,
      Name
    >;
    commit: FunctionReference<
      "mutation",
      "internal",
      { log: Array<{ operation: any; expect?: any }> },
      Array<any>,
      Name
    >;
    consumeOne: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
      },
      any | null,
      Name
    >;
    consumeRate: FunctionReference<
      "mutation",
      "internal",
      { key: string; window: number; max: number; keep: number },
      { allowed: boolean; retryAfter: number | null },
      Name
    >;
    count: FunctionReference<
      "query",
      "internal",
      {
        model: string;
        where?: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        page?: string;
      },
      number | { part: number; next: string; ordered?: boolean },
      Name
    >;
    create: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        data: any;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
      },
      any,
      Name
    >;
    deleteMany: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
        page?: string;
      },
      number | { part: number; next: string; ordered?: boolean },
      Name
    >;
    deleteOne: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
        page?: string;
      },
      null | { part: null; next: string; ordered?: boolean },
      Name
    >;
    findMany: FunctionReference<
      "query",
      "internal",
      {
        model: string;
        where?: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        limit?: number;
        offset?: number;
        sortBy?: { field: string; direction: "asc" | "desc" };
        select?: Array<string>;
        join?: Array<{
          as: string;
          table: string;
          from: string;
          to: string;
          limit: number;
          relation: "one-to-one" | "one-to-many";
        }>;
        page?: string;
      },
      Array<any> | { part: Array<any>; next: string; ordered?: boolean },
      Name
    >;
    findOne: FunctionReference<
      "query",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        select?: Array<string>;
        join?: Array<{
          as: string;
          table: string;
          from: string;
          to: string;
          limit: number;
          relation: "one-to-one" | "one-to-many";
        }>;
      },
      any | null,
      Name
    >;
    getUser: FunctionReference<"query", "internal", { id: string }, any | null, Name>;
    incrementOne: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        increment: Record<string, number>;
        set?: any;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
      },
      any | null,
      Name
    >;
    lane: FunctionReference<
      "query",
      "internal",
      { place: string; session?: string; tokens?: boolean; keys?: boolean },
      {
        facts: { text: string; notedAt: number } | null;
        found: null | {
          session: any;
          user: any;
          cached?: null | { token: string; keyId: string; issuedAt: number; expiresAt: number };
          keys?: Array<{
            id: string;
            alg: "RS256" | "ES256";
            publicKey: string;
            privateKey: string;
            createdAt: number;
            expiresAt?: number | null;
            retiredAt?: number | null;
          }>;
        };
        keys: Array<{
          id: string;
          alg: "RS256" | "ES256";
          publicKey: string;
          privateKey: string;
          createdAt: number;
          expiresAt?: number | null;
          retiredAt?: number | null;
        }> | null;
      },
      Name
    >;
    listKeys: FunctionReference<
      "query",
      "internal",
      {},
      Array<{
        id: string;
        alg: "RS256" | "ES256";
        publicKey: string;
        privateKey: string;
        createdAt: number;
        expiresAt?: number | null;
        retiredAt?: number | null;
      }>,
      Name
    >;
    noteLane: FunctionReference<
      "mutation",
      "internal",
      { place: string; text: string; notedAt: number },
      null,
      Name
    >;
    retireKey: FunctionReference<
      "mutation",
      "internal",
      { id: string; retiredAt: number },
      Array<{
        id: string;
        alg: "RS256" | "ES256";
        publicKey: string;
        privateKey: string;
        createdAt: number;
        expiresAt?: number | null;
        retiredAt?: number | null;
      }>,
      Name
    >;
    revokeSession: FunctionReference<"mutation", "internal", { sessionId: string }, boolean, Name>;
    revokeUserSessions: FunctionReference<
      "mutation",
      "internal",
      { userId: string; page?: string },
      number | { part: number; next: string; ordered?: boolean },
      Name
    >;
    sessionByToken: FunctionReference<
      "query",
      "internal",
      { token: string },
      null | { session: any; user: any },
      Name
    >;
    sessionUser: FunctionReference<
      "query",
      "internal",
      { sessionId: string; userId: string },
      null | { session: any; user: any },
      Name
    >;
    speculate: FunctionReference<
      "mutation",
      "internal",
      { log: Array<{ operation: any; expect?: any }> },
      Array<any>,
      Name
    >;
    storeToken: FunctionReference<
      "mutation",
      "internal",
      {
        sessionId: string;
        userId: string;
        token: string;
        keyId: string;
        issuedAt: number;
        expiresAt: number;
      },
      boolean,
      Name
    >;
    tokenContext: FunctionReference<
      "query",
      "internal",
      { token: string },
      null | {
        session: any;
        user: any;
        cached: null | { token: string; keyId: string; issuedAt: number; expiresAt: number };
        keys: Array<{
          id: string;
          alg: "RS256" | "ES256";
          publicKey: string;
          privateKey: string;
          createdAt: number;
          expiresAt?: number | null;
          retiredAt?: number | null;
        }>;
      },
      Name
    >;
    update: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        update: any;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
      },
      any | null,
      Name
    >;
    updateMany: FunctionReference<
      "mutation",
      "internal",
      {
        model: string;
        where: Array<{
          field: string;
          value?: any;
          operator?: string;
          connector?: string;
          mode?: string;
        }>;
        update: any;
        rules?: {
          unique?: Array<Array<string>>;
          references?: Array<{
            model: string;
            field: string;
            target: string;
            to: string;
            onDelete: string;
          }>;
          indexes?: Array<Array<string>>;
          endsTokens?: Array<Array<string>>;
          expires?: { field: string; keep: number };
        };
        page?: string;
      },
      number | { part: number; next: string; ordered?: boolean },
      Name
    >;
  };
  imports: {
    page: FunctionReference<
      "mutation",
      "internal",
      {
        rows: Array<{ model: string; data: any; added?: Array<string> }>;
        rules: Record<
          string,
          {
            unique?: Array<Array<string>>;
            references?: Array<{
              model: string;
              field: string;
              target: string;
              to: string;
              onDelete: string;
            }>;
            indexes?: Array<Array<string>>;
            endsTokens?: Array<Array<string>>;
            expires?: { field: string; keep: number };
          }
        >;
        page?: { run: string; number: number };
      },
      Array<any>,
      Name
    >;
  };
  keys: {
    add: FunctionReference<
      "mutation",
      "internal",
      {
        key: {
          id: string;
          alg: "RS256" | "ES256";
          publicKey: string;
          privateKey: string;
          createdAt: number;
          expiresAt?: number | null;
          retiredAt?: number | null;
        };
        expectNewest: string | null;
        retireOthersAt?: number;
        expires?: { field: string; keep: number };
      },
      Array<{
        id: string;
        alg: "RS256" | "ES256";
        publicKey: string;
        privateKey: string;
        createdAt: number;
        expiresAt?: number | null;
        retiredAt?: number | null;
      }>,
      Name
    >;
    list: FunctionReference<
      "query",
      "internal",
      {},
      Array<{
        id: string;
        alg: "RS256" | "ES256";
        publicKey: string;
        privateKey: string;
        createdAt: number;
        expiresAt?: number | null;
        retiredAt?: number | null;
      }>,
      Name
    >;
    retire: FunctionReference<
      "mutation",
      "internal",
      { id: string; retiredAt: number },
      Array<{
        id: string;
        alg: "RS256" | "ES256";
        publicKey: string;
        privateKey: string;
        createdAt: number;
        expiresAt?: number | null;
        retiredAt?: number | null;
      }>,
      Name
    >;
  };
  maintenance: {
    cleanUp: FunctionReference<
      "mutation",
      "internal",
      { tables: Array<{ field: string; keep: number; table: string }> },
      number,
      Name
    >;
  };
  rateLimits: {
    consume: FunctionReference<
      "mutation",
      "internal",
      { key: string; window: number; max: number; keep: number },
      { allowed: boolean; retryAfter: number | null },
      Name
    >;
  };
  sessions: {
    revoke: FunctionReference<"mutation", "internal", { sessionId: string }, boolean, Name>;
    revokeAll: FunctionReference<"mutation", "internal", { userId: string }, number, Name>;
    revokePage: FunctionReference<
      "mutation",
      "internal",
      { userId: string; page?: string },
      number | { part: number; next: string; ordered?: boolean },
      Name
    >;
    sessionByToken: FunctionReference<
      "query",
      "internal",
      { token: string },
      null | { session: any; user: any },
      Name
    >;
    sessionUser: FunctionReference<
      "query",
      "internal",
      { sessionId: string; userId: string },
      null | { session: any; user: any },
      Name
    >;
    tokenContext: FunctionReference<
      "query",
      "internal",
      { token: string },
      null | {
        session: any;
        user: any;
        cached: null | { token: string; keyId: string; issuedAt: number; expiresAt: number };
        keys: Array<{
          id: string;
          alg: "RS256" | "ES256";
          publicKey: string;
          privateKey: string;
          createdAt: number;
          expiresAt?: number | null;
          retiredAt?: number | null;
        }>;
      },
      Name
    >;
  };
  shapes: {
    declare: FunctionReference<
      "mutation",
      "internal",
      { table: "user" | "session"; columns: Array<string>; shape: Array<string>; seen: string },
      null,
      Name
    >;
  };
  tokens: {
    store: FunctionReference<
      "mutation",
      "internal",
      {
        sessionId: string;
        userId: string;
        token: string;
        keyId: string;
        issuedAt: number;
        expiresAt: number;
      },
      boolean,
      Name
    >;
  };
  transactions: {
    commit: FunctionReference<
      "mutation",
      "internal",
      { log: Array<{ operation: any; expect?: any }> },
      Array<any>,
      Name
    >;
  };
  users: {
    get: FunctionReference<"query", "internal", { id: string }, any | null, Name>;
  };
}
