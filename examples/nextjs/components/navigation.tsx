"use client";
import { useGateStatus } from "convex-gate/react";
import Link from "next/link";
import { usePathname } from "next/navigation";

const pages = { "/": "To-dos", "/account": "Account" };

export function Navigation() {
  const current = usePathname();
  const { session } = useGateStatus();
  if (session !== "signedIn") return null;
  return (
    <nav aria-label="Pages">
      {Object.entries(pages).map(([path, title]) => (
        <Link key={path} href={path} aria-current={path === current ? "page" : undefined}>
          {title}
        </Link>
      ))}
    </nav>
  );
}
