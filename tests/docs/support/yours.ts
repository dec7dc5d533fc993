/**
 * Declarations of what pages leave to the reader: functions and values of the app's own, which their text names. A text, so
 * that no other program of this repository knows these names.
 */
export const YOURS = `declare function sendMail(to: string, ...text: string[]): Promise<void>;
declare function sendSms(to: string, text: string): Promise<void>;
declare function moveCart(): Promise<void>;
declare const siteUrl: string;
declare const discoveryUrl: string;
declare const clientId: string;
declare const clientSecret: string;
declare const translations: Record<string, Record<string, string>>;
declare const fetchClientMetadataResource: Parameters<
  typeof import("@better-auth/cimd").cimd
>[0]["fetchClientMetadataResource"];
// What svelte-kit sync writes; a page with components has it run.
declare module "$env/static/public" {
  export const PUBLIC_CONVEX_SITE_URL: string;
}
`;
