"use client";
import { AuthBoundary } from "convex-gate/react";
import type { ReactNode } from "react";
import { SignIn } from "./sign-in";

/** For signed-in users. Whoever is signed out while the page is open, here or elsewhere, sees the form in its place. */
export function Protected({ children }: { children: ReactNode }) {
  return (
    <AuthBoundary fallback={<SignIn />} loading={<p className="card faint">One moment…</p>}>
      {children}
    </AuthBoundary>
  );
}
