/** Whether an error is what `getAuthUser` throws, or the documented `throw new ConvexError("Unauthenticated")`. */
export function isRefusal(error: unknown): boolean {
  const data = error instanceof Error && "data" in error ? error.data : undefined;
  const code = typeof data === "object" && data !== null && "code" in data ? data.code : data;
  return typeof code === "string" && code.toUpperCase() === "UNAUTHENTICATED";
}
