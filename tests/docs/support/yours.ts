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
// What Expo's packages declare, as far as pages use it.
declare module "expo-secure-store" {
  export function getItem(key: string, options?: object): string | null;
  export function setItem(key: string, value: string, options?: object): void;
  export function getItemAsync(key: string, options?: object): Promise<string | null>;
  export function setItemAsync(key: string, value: string, options?: object): Promise<void>;
}
// What Electron declares, as far as pages use it.
declare module "electron" {
  export const ipcMain: { handle(channel: string, answer: () => Promise<unknown>): void };
  export const ipcRenderer: { invoke(channel: string): Promise<unknown> };
  export const contextBridge: { exposeInMainWorld(name: string, api: unknown): void };
}
declare module "expo-router" {
  export function Slot(): import("react").ReactElement;
}
declare module "react-native" {
  export function Button(props: { title: string; onPress: () => void }): import("react").ReactElement;
  export function Text(props: { children: import("react").ReactNode }): import("react").ReactElement;
}
// What svelte-kit sync writes; a page with components has it run.
declare module "$env/static/public" {
  export const PUBLIC_CONVEX_SITE_URL: string;
}
`;
