/**
 * Work that may be too large for one transaction. With `page` an operation does as much as fits and says where the next
 * page begins; what fits on the first page answers as it does without. A cursor travels as text: Convex refuses the `$`
 * of the values in it.
 */
import type { Validator } from "convex/values";
import { v } from "convex/values";
import { decode, encode } from "../wasm/json.js";

/** The argument: empty for the first page, then `next` of the page before; absent for one transaction, all or nothing. */
export const page = v.optional(v.string());

/** A result, or a part of it with the cursor of the next page. */
export interface Part<T> {
  part: T;
  next: string;
  /** True when the rows of later pages come after these. */
  ordered?: boolean;
}

/** The validator of a result that may come in parts. */
export function parts<T>(
  result: Validator<T, "required", string>,
): Validator<T | Part<T>, "required", string> {
  return v.union(
    result,
    v.object({ part: result, next: v.string(), ordered: v.optional(v.boolean()) }),
  );
}

/** Arguments with the cursor as the core reads it. */
export type WithCursor<A> = Omit<A, "page"> & { page?: unknown };

/** A part as the core gives it. */
export interface CorePart<T> {
  part: T;
  next: unknown;
  ordered?: boolean;
}

/** The arguments of an operation, the cursor as the core reads it. */
export function withCursor<A extends { page?: string | undefined }>(args: A): WithCursor<A> {
  const { page: cursor, ...rest } = args;
  if (cursor === undefined) return rest;
  return { ...rest, page: cursor === "" ? {} : decode(cursor) };
}

/** The answer of an operation, its cursor as text. */
export function withCursorText<T>(answer: T | CorePart<T>): T | Part<T> {
  if (!isPart(answer)) return answer as T;
  return { ...answer, next: encode(answer.next) };
}

/** True for an answer that comes in parts. */
export function isPart<T>(answer: T | CorePart<T>): answer is CorePart<T> {
  return (
    typeof answer === "object" && answer !== null && !Array.isArray(answer) && "next" in answer
  );
}
