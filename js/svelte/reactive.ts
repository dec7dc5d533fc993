import { createSubscriber } from "svelte/reactivity";

/**
 * Makes a function that reads a value and is reactive where Svelte tracks. What reads it runs again when the value is another
 * one, and not whenever `subscribe` calls back: an effect that runs anew would subscribe its query anew.
 */
export function reactive<T>(
  read: () => T,
  subscribe: (listener: () => void) => () => void,
): () => T {
  const track = createSubscriber((update) => {
    let last = read();
    return subscribe(() => {
      const now = read();
      if (now === last) return;
      last = now;
      update();
    });
  });
  return () => {
    track();
    return read();
  };
}
