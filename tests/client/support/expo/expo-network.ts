/** A fake of `expo-network`: the network is there until the test says otherwise. */
export interface NetworkState {
  readonly isConnected?: boolean;
  readonly isInternetReachable?: boolean;
}
type Listener = (state: NetworkState) => void;

const listeners = new Set<Listener>();

export function addNetworkStateListener(listener: Listener): { remove: () => void } {
  listeners.add(listener);
  return { remove: () => void listeners.delete(listener) };
}

/** Tells of another network. */
export function setNetwork(state: NetworkState): void {
  for (const listener of [...listeners]) listener(state);
}
