/** A fake of `react-native`, as far as `@better-auth/expo/client` asks for it: a phone in the foreground. */
export const Platform = { OS: "ios" };
export const AppState = { addEventListener: () => ({ remove: () => undefined }) };
