/** A fake of `expo-secure-store` that is as strict as some devices are, and takes its time. */
import type { DeviceStorage } from "../../../../js/expo/native.js";

const SLOW_MS = 10;
/** Values above this were refused by some systems (expo-secure-store, "Platform value storage"). */
const MOST_BYTES = 2048;

export function secureStore(items: Map<string, string>, later: typeof setTimeout): DeviceStorage {
  const pause = (): Promise<void> => new Promise((resolve) => void later(resolve, SLOW_MS));
  function key(name: string): string {
    if (/^[\w.-]+$/.test(name)) return name;
    throw new Error(`Invalid key provided to SecureStore: ${name}`);
  }
  function set(name: string, value: string): void {
    if (Buffer.byteLength(value) > MOST_BYTES) throw new Error(`Value too large: ${name}`);
    items.set(key(name), value);
  }
  return {
    getItem: (name) => items.get(key(name)) ?? null,
    setItem: set,
    async getItemAsync(name) {
      await pause();
      return items.get(key(name)) ?? null;
    },
    async setItemAsync(name, value) {
      await pause();
      set(name, value);
    },
  };
}
