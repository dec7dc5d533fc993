import { convexQuery } from "@convex-dev/react-query";
import { api } from "@convex/_generated/api";
import { PageHeading } from "@shared/ui/page-heading";
import { Panel } from "@shared/ui/panel";
import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";

const user = convexQuery(api.auth.getCurrentUser, {});

export const Route = createFileRoute("/_app/account")({
  loader: async ({ context: { auth, queryClient } }) => {
    if (auth.session === "signedIn") await queryClient.prefetchQuery(user);
  },
  component: AccountPage,
});

/** Who is signed in, as the database has it. */
function AccountPage() {
  const { data } = useQuery(user);
  return (
    <>
      <PageHeading text="Account" />
      <Panel title="You">
        {data ? (
          <p>
            {data.name} <span className="faint detail">{data.email}</span>
          </p>
        ) : (
          <p className="faint line">Loading…</p>
        )}
      </Panel>
    </>
  );
}
