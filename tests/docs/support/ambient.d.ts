/** What the pages leave to the reader: functions and values of the app's own, which their text names. */
declare function sendMail(to: string, ...text: string[]): Promise<void>;
declare function sendSms(to: string, text: string): Promise<void>;
declare function moveCart(): Promise<void>;
declare const siteUrl: string;
declare const discoveryUrl: string;
declare const clientId: string;
declare const clientSecret: string;
declare const translations: Record<string, Record<string, string>>;
declare const fetchClientMetadataResource: import("@better-auth/cimd").FetchClientMetadataResource;
// `svelte-kit sync` writes these; a page with components has it run.
declare module "$env/static/public" {
  export const PUBLIC_CONVEX_SITE_URL: string;
}
