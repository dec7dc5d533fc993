import { Link } from "@tanstack/react-router";
import { useGateStatus } from "convex-gate/react";

export function Navigation() {
  const { session } = useGateStatus();
  if (session !== "signedIn") return null;
  return (
    <nav aria-label="Pages">
      <Link to="/">To-dos</Link>
      <Link to="/account">Account</Link>
    </nav>
  );
}
