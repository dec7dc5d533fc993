/** What a trigger throws, on its way to whoever writes: an error of which nothing but the data crosses. */
import type { Value } from "convex/values";
import { ConvexError } from "convex/values";
import type { TriggerRefusal } from "../../adapter/trigger-protocol.js";
import { refusalIn } from "../../adapter/trigger-protocol.js";

/** The code of a refusal that names none. */
const CODE = "REFUSED_BY_TRIGGER";

/** Runs a trigger. What it refuses by a ConvexError, or by an error of Better Auth, is marked as a trigger's refusal. */
export async function refusing<T>(trigger: () => T | Promise<T>): Promise<T> {
  try {
    return await trigger();
  } catch (error) {
    const refusal = refusalIn(error) ?? refusalOf(error);
    throw refusal ? marked(refusal) : error;
  }
}

/** The error for a `beforeCreate` that gave false: Better Auth's own code and words for a row that was not created. */
export function notCreated(model: string): ConvexError<Value> {
  const words = model.replaceAll(/([A-Z])/g, " $1").toLowerCase();
  return marked({
    code: `FAILED_TO_CREATE_${words.replaceAll(" ", "_").toUpperCase()}`,
    message: `Failed to create ${words}`,
    status: 400,
  });
}

function marked(refusal: TriggerRefusal): ConvexError<Value> {
  return new ConvexError({ refusedByTrigger: { ...refusal } });
}

/** A bug of the app is no refusal: then there is neither data nor a body. Nor is a fault of what it called, such as 503. */
function refusalOf(error: unknown): TriggerRefusal | undefined {
  if (!(error instanceof Error)) return undefined;
  if ("data" in error) return refusalFrom(error.data);
  if (!("body" in error) || !isRecord(error.body)) return undefined;
  const status = Reflect.get(error, "statusCode") as unknown;
  if (typeof status === "number" && status >= 500) return undefined;
  return refusalFrom({ status, ...error.body });
}

function refusalFrom(data: unknown): TriggerRefusal {
  if (typeof data === "string") return { code: CODE, message: data, status: 400 };
  const { code, message, status } = isRecord(data) ? data : {};
  return {
    code: typeof code === "string" ? code : CODE,
    message: typeof message === "string" ? message : "This was refused.",
    status: typeof status === "number" && status >= 400 && status < 500 ? status : 400,
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
