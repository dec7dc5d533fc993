import "@shared/style.css";
import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Account } from "@/components/account";
import { Navigation } from "@/components/navigation";
import { Providers } from "@/components/providers";
import { Status } from "@/components/status";
import { auth } from "@/lib/auth";

/** Of no page in particular. Each has a title of its own, which Next tells screen readers on the way to it. */
export const metadata: Metadata = { title: "To-do" };

export default async function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <Providers initialState={await auth.getState()}>
          <header>
            <div className="bar">
              <p className="brand">To-do</p>
              <Account />
            </div>
            <Navigation />
            <Status />
          </header>
          <main>{children}</main>
        </Providers>
      </body>
    </html>
  );
}
