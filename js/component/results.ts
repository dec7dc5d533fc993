/** What each operation of the core gives; the validators of the component's functions check it again at run time. */
import type { Infer } from "convex/values";
import type { Operation } from "../wasm/protocol.js";
import type { storedKey } from "./validators.js";

// Tables are schemaless: what a row holds is known to the app and not to the component.
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- see above
type Row = any;
type Keys = Infer<typeof storedKey>[];
type SessionAndUser = { session: Row; user: Row };

type Paged<T> = T | { part: T; next: unknown; ordered?: boolean };

interface Results {
  create: Row;
  findOne: Row;
  findMany: Paged<Row[]>;
  count: Paged<number>;
  update: Row;
  updateMany: Paged<number>;
  delete: Paged<null>;
  deleteMany: Paged<number>;
  consumeOne: Row;
  incrementOne: Row;
  replay: { results: unknown[] };
  sessionUser: SessionAndUser | null;
  sessionByToken: SessionAndUser | null;
  tokenContext:
    | (SessionAndUser & {
        cached: { token: string; keyId: string; issuedAt: number; expiresAt: number } | null;
        keys: Keys;
      })
    | null;
  storeToken: boolean;
  revokeSession: boolean;
  revokeUserSessions: Paged<number>;
  getUser: Row;
  clean: Paged<number>;
  fill: null;
  listKeys: Keys;
  addKey: Keys;
  retireKey: Keys;
}

/** The result of an operation. */
export type ResultOf<O extends Operation> = Results[Extract<KeysOfUnion<O>, keyof Results>];

type KeysOfUnion<T> = T extends unknown ? keyof T : never;
