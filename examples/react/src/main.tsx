import { ConvexReactClient } from "convex/react";
import { ConvexBetterAuthProvider } from "convex-gate/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { api } from "../convex/_generated/api";
import { App } from "./app";
import { authClient } from "./lib/auth-client";
import "./style.css";

const convex = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL, {
  initialAuthTokenReuse: true,
});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ConvexBetterAuthProvider
      client={convex}
      authClient={authClient}
      sessionQuery={api.auth.sessionState}
    >
      <App />
    </ConvexBetterAuthProvider>
  </StrictMode>,
);
