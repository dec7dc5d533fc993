import { createFileRoute, redirect } from "@tanstack/react-router";
import { safeRedirectTo } from "convex-gate/utils";
import { SignIn } from "../components/sign-in";

export const Route = createFileRoute("/sign-in")({
  validateSearch: ({ redirectTo }: { redirectTo?: unknown }): { redirectTo?: string } =>
    typeof redirectTo === "string" ? { redirectTo } : {},
  beforeLoad: ({ context, search }) => {
    // Also once somebody has signed in here: the router runs this again then.
    if (context.auth.session === "signedIn")
      throw redirect({ href: safeRedirectTo(search.redirectTo) });
  },
  component: SignIn,
});
