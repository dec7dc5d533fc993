/** What to tell the user after a call of the auth client, or "" when it worked. */
export async function problemOf(
  call: () => Promise<{ error: { message?: string | undefined } | null }>,
): Promise<string> {
  try {
    const { error } = await call();
    return error ? (error.message ?? "The server refused that. Please try again.") : "";
  } catch {
    return "The server did not answer. Please try again.";
  }
}
