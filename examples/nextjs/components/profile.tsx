"use client";
import type { api } from "@convex/_generated/api";
import { Panel } from "@shared/ui/panel";
import { usePreloadedAuthQuery } from "convex-gate/nextjs/client";
import type { PreloadedAuthQuery } from "convex-gate/nextjs/client";

interface ProfileProps {
  preloaded: PreloadedAuthQuery<typeof api.auth.getCurrentUser>;
}

/** Who is signed in, as the database has it. */
export function Profile({ preloaded }: ProfileProps) {
  const user = usePreloadedAuthQuery(preloaded);
  return (
    <Panel title="You">
      {user ? (
        <p>
          {user.name} <span className="faint detail">{user.email}</span>
        </p>
      ) : (
        <p className="faint line">Loading…</p>
      )}
    </Panel>
  );
}
