/** A fake of `react-native`, as far as `@better-auth/expo/client` asks for it: a phone in the foreground. */
export const Platform = { OS: "ios" };

type Listener = (state: string) => void;
const listeners = new Set<Listener>();

export const AppState = {
  addEventListener(_type: "change", listener: Listener) {
    listeners.add(listener);
    return { remove: () => void listeners.delete(listener) };
  },
};

/** What the system does with the app: `active`, `inactive`, `background`. */
export function setAppState(state: string): void {
  for (const listener of [...listeners]) listener(state);
}
