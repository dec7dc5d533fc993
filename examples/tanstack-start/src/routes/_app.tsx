import { createFileRoute, Outlet, redirect } from "@tanstack/react-router";
import { AuthBoundary } from "convex-gate/react";
import { Loading } from "../components/loading";
import { SignIn } from "../components/sign-in";

/** For signed-in users. Where the server does not know whether somebody is, the page is rendered, and says so. */
export const Route = createFileRoute("/_app")({
  beforeLoad: ({ context, location }) => {
    if (context.auth.session === "signedOut")
      throw redirect({ to: "/sign-in", search: { redirectTo: location.href } });
  },
  component: () => (
    <AuthBoundary fallback={<SignIn />} loading={<Loading />}>
      <Outlet />
    </AuthBoundary>
  ),
});
