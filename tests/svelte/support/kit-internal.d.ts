/** SvelteKit ships no types for what runs a handle (2.70). */
declare module "@sveltejs/kit/internal/server" {
  export function with_request_store<T>(store: never, run: () => T): T;
}
