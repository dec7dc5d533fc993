/** A fake of `expo-network`: the network is there. */
export function addNetworkStateListener(): { remove: () => void } {
  return { remove: () => undefined };
}
