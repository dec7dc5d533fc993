/** The messages of the sync protocol: what clients send, and the parts of what they are told. */
import type { FunctionResult } from "./function-result.js";
import { Refusal } from "./refusal.js";

/** What a client knows of: its queries, who it is, and when. */
export interface StateVersion {
  querySet: number;
  identity: number;
  ts: string;
}

/** What a client sends. */
export type ClientMessage =
  | { type: "Connect"; sessionId: string; clientTs?: number }
  | { type: "Event" }
  | {
      type: "Authenticate";
      tokenType: "User" | "Admin" | "None";
      value?: string;
      baseVersion: number;
    }
  | {
      type: "ModifyQuerySet";
      baseVersion: number;
      newVersion: number;
      modifications: QueryChange[];
    }
  | { type: "Mutation" | "Action"; requestId: number; udfPath: string; args: unknown[] };

type QueryChange =
  | { type: "Add"; queryId: number; udfPath: string; args: unknown[] }
  | { type: "Remove"; queryId: number };

const UUID = /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/i;

/** What a transition tells of one query. */
export type Modification = { type: string; queryId: number } & Record<string, unknown>;

/** Refuses what was sent for another version than the current one. */
export function checkBase(base: number, current: number): void {
  if (base === current) return;
  throw new Refusal(
    "BaseVersionMismatch",
    `Base version ${String(base)} passed up doesn't match the current version ${String(current)}`,
  );
}

/** A message of the client; what is none is refused as the backend does. */
export function parsed(data: Buffer): ClientMessage {
  const unreadable = (why: string): Refusal =>
    new Refusal("WSMessageInvalidJson", `Received Invalid JSON on websocket: ${why}`);
  let message: ClientMessage;
  try {
    message = JSON.parse(data.toString("utf8")) as ClientMessage;
  } catch (error) {
    throw unreadable((error as Error).message);
  }
  if (message.type === "Connect" && !UUID.test(message.sessionId))
    throw unreadable("invalid sessionId");
  return message;
}

/** A result, or the text of its error under `key` with the error's data. */
export function body(
  result: FunctionResult,
  key: "result" | "errorMessage",
  shown: string,
): object {
  if (result.ok) return { [key]: result.value };
  return {
    [key]: shown,
    ...(result.data === undefined ? {} : { errorData: result.data }),
  };
}

/** Timestamps are little-endian 64-bit numbers in base64. */
export function encodeTs(ts: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(ts);
  return bytes.toString("base64");
}
