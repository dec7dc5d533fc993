/** The app of the tests of React Native: bundled, and run in a context that has a device's globals and no others. */
import { ConvexReactClient, useQuery } from "convex/react";
import { makeFunctionReference } from "convex/server";
import type { ReactElement } from "react";
import { StrictMode, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { createExpoAuthClient } from "../../../../js/expo/native.js";
import type { DeviceStorage } from "../../../../js/expo/native.js";
import {
  AuthBoundary,
  ConvexBetterAuthProvider,
  useGateStatus,
} from "../../../../js/react/index.js";
import type { GateStatus } from "../../../../js/react/index.js";
import { setNetwork } from "../expo/expo-network.js";
import { setBrowser } from "../expo/expo-web-browser.js";
import { setAppState } from "../expo/react-native.js";

export { setAppState, setBrowser, setNetwork };

const secretQuery = makeFunctionReference<"query", {}, string>("notes:secret");
const sessionQuery = makeFunctionReference<
  "query",
  {},
  { sessionId: string; live: boolean } | null
>("auth:sessionState");

/** What the device gives the app. */
export interface AppSettings {
  readonly baseURL: string;
  readonly storage: DeviceStorage;
  readonly webSocketConstructor: typeof WebSocket;
  /** Where React draws: a device has no document, and nothing but React sees this one. */
  readonly container: Element;
}

/** Starts the app. */
export function start({ baseURL, storage, webSocketConstructor, container }: AppSettings) {
  const shown: string[] = [];
  let status: GateStatus = { session: "unknown", degraded: false, reason: null };
  const authClient = createExpoAuthClient({ baseURL, scheme: "myapp", storage });
  const convex = new ConvexReactClient("https://happy-animal-1.convex.cloud", {
    unsavedChangesWarning: false,
    initialAuthTokenReuse: true,
    webSocketConstructor,
    logger: false,
  });
  const Show = ({ text }: { text: string }): null => {
    useEffect(() => {
      if (shown.at(-1) !== text) shown.push(text);
    }, [text]);
    return null;
  };
  const Secret = (): ReactElement => <Show text={useQuery(secretQuery, {}) ?? "querying"} />;
  const Status = (): null => {
    status = useGateStatus();
    return null;
  };
  const User = (): ReactElement => (
    <Show text={`user ${authClient.useSession().data?.user.email ?? "none"}`} />
  );
  const root = createRoot(container);
  root.render(
    <StrictMode>
      <ConvexBetterAuthProvider client={convex} authClient={authClient} sessionQuery={sessionQuery}>
        <Status />
        <User />
        <AuthBoundary fallback={<Show text="out" />} loading={<Show text="loading" />}>
          <Secret />
        </AuthBoundary>
      </ConvexBetterAuthProvider>
    </StrictMode>,
  );
  return {
    authClient,
    shown,
    status: () => status,
    stop: () => {
      root.unmount();
      // The provider leaves a moment after its component.
      setTimeout(() => void convex.close(), 0);
    },
  };
}
