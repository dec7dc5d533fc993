// @vitest-environment jsdom
/** The kit in a browser: what router and QueryClient hold belongs to who is signed in. */
import { cleanup, waitFor } from "@testing-library/react";
import { keepPreviousData, QueryObserver } from "@tanstack/react-query";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { tokenOf } from "../../client/support/jwt.js";
import { createPage, secretsQuery } from "./support/page.js";

afterEach(cleanup);
// Better Auth's client lets go of the window a second after nobody listens any more (nanostores): not after the window is gone.
afterAll(() => new Promise((resolve) => setTimeout(resolve, 1_100)));

const signedIn = (session: string) => ({ session: "signedIn", token: tokenOf(session) }) as const;

describe("who signs out", () => {
  it("leaves nothing behind, and the guard leads away without a reload", async () => {
    const page = createPage("ann", signedIn("ann"));
    page.render();
    await page.see("secret of ann, loaded for ann");
    page.queryClient.setQueryData(["private"], "of ann");
    page.queryClient.getMutationCache().build(page.queryClient, { mutationKey: ["paused"] });
    await page.authClient.signOut();
    await page.see("Please sign in");
    await waitFor(() => expect(page.router.state.status).toBe("idle"));
    expect(page.held()).toEqual([]);
    expect(page.queryClient.getMutationCache().getAll()).toEqual([]);
    expect(await page.auth.rootAuth({})).toEqual({ auth: { session: "signedOut", token: null } });
    expect(page.loads).toEqual(["signedIn", "signedOut"]);
  });

  it("the next one to sign in never sees what was there before", async () => {
    const page = createPage("ann", signedIn("ann"));
    page.render();
    await page.see("secret of ann, loaded for ann");
    await page.authClient.signOut();
    await page.see("Please sign in");
    page.shown.length = 0;
    await page.change("bob");
    await page.see("secret of bob, loaded for bob");
    expect(page.shown.filter((text) => text.includes("ann"))).toEqual([]);
  });

  it("what components no longer use is not asked by nobody", async () => {
    const page = createPage("ann", signedIn("ann"));
    page.render();
    await page.see("secret of ann, loaded for ann");
    await page.router.navigate({ to: "/sign-in" });
    // Its guard leads back to the secrets: what was there stays.
    await page.see("secret of ann, loaded for ann");
    expect(page.held()).toEqual(["secret of ann"]);
  });
});

describe("what stays on the page through a sign-out", () => {
  it("starts over where it was of the user; what Convex refuses nobody is gone", async () => {
    const page = createPage("ann", signedIn("ann"));
    page.render();
    await page.see("secret of ann, loaded for ann");
    let asked = 0;
    const observers = [
      new QueryObserver(page.queryClient, {
        queryKey: ["server function"],
        queryFn: () => `${page.server.cookie ?? "nobody"} ${String((asked += 1))}`,
      }),
      new QueryObserver(page.queryClient, secretsQuery),
    ];
    const stops = observers.map((observer) => observer.subscribe(() => undefined));
    const shows = () => observers.map((observer) => observer.getCurrentResult().data);
    await waitFor(() => expect(shows()).toEqual(["ann 1", "secret of ann"]));
    await page.authClient.signOut();
    await page.see("Please sign in");
    await waitFor(() => expect(shows()).toEqual(["nobody 2", undefined]));
    expect(page.held()).toEqual([undefined, "nobody 2"]);
    for (const stop of stops) stop();
    expect(page.held()).toEqual(["nobody 2"]);
  });
});

describe("another session on the same page", () => {
  it("shows its own data, and nothing of the former's once it is known", async () => {
    const page = createPage("ann", signedIn("ann"));
    page.render();
    await page.see("secret of ann, loaded for ann");
    page.queryClient.setQueryData(["private"], "of ann");
    await page.change("bob");
    await page.see("secret of bob, loaded for bob");
    expect(page.held()).toEqual(["secret of bob"]);
    expect(page.convex.log).toEqual(["auth live", "query live", "auth live"]);
    expect(await page.auth.rootAuth({})).toMatchObject({ auth: { session: "signedIn" } });
  });

  it("hides what is the former's from the moment that it is known, whatever Convex takes to answer", async () => {
    const page = createPage("ann", signedIn("ann"));
    page.render();
    await page.see("secret of ann, loaded for ann");
    const observers = [
      new QueryObserver<string>(page.queryClient, {
        ...secretsQuery,
        placeholderData: keepPreviousData,
      }),
      new QueryObserver<string>(page.queryClient, {
        queryKey: ["server function"],
        queryFn: () => `${page.server.cookie ?? "nobody"} by a function`,
        placeholderData: keepPreviousData,
      }),
    ];
    const stops = observers.map((observer) => observer.subscribe(() => undefined));
    const shows = () => observers.map((observer) => observer.getCurrentResult().data);
    await waitFor(() => expect(shows()).toEqual(["secret of ann", "ann by a function"]));
    page.shown.length = 0;
    page.server.holdsTokens = true;
    await page.change("bob");
    await waitFor(() => expect(page.requests.at(-1)).toBe("/convex/token"));
    // It is known that the session is another one; its token is not there yet.
    await waitFor(() => expect(shows()).toEqual([undefined, undefined]));
    expect(document.body.textContent).not.toContain("secret of ann");
    page.server.holdsTokens = false;
    await page.see("secret of bob, loaded for bob");
    await waitFor(() => expect(shows()).toEqual(["secret of bob", "bob by a function"]));
    expect(page.shown.filter((text) => text.includes("secret of ann"))).toEqual([]);
    expect(page.held()).not.toContain("secret of ann");
    for (const stop of stops) stop();
  });
});

describe("another session of the same user", () => {
  it("hides nothing, as where somebody has changed his password", async () => {
    const page = createPage("ann", signedIn("ann"));
    page.render();
    await page.see("secret of ann, loaded for ann");
    await waitFor(() => expect(page.authClient.$store.atoms["session"]?.get().data).toBeTruthy());
    page.shown.length = 0;
    await page.change("ann~2");
    await page.see("secret of ann~2, loaded for ann~2");
    expect(page.shown.filter((text) => text.includes("querying"))).toEqual([]);
  });
});

describe("who signs in", () => {
  it("is led on by the guard; what nobody used is forgotten", async () => {
    const page = createPage(null, { session: "signedOut", token: null });
    page.queryClient.setQueryData(["public"], "as nobody");
    page.render();
    await page.see("Please sign in");
    expect(page.convex.log).toEqual([]);
    await page.change("ann");
    await page.see("secret of ann, loaded for ann");
    expect(page.held()).toEqual(["secret of ann"]);
    expect(page.convex.log).toEqual(["auth live", "query live"]);
  });
});

describe("a rendered page", () => {
  it("sends no query before its token, however late React is", async () => {
    const page = createPage("ann", signedIn("ann"));
    // As the router's hydration does, before the page's code is there.
    page.queryClient.setQueryData(secretsQuery.queryKey, "rendered");
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(page.convex.log).toEqual([]);
    page.render();
    await page.see("secret of ann, loaded for ann");
    expect(page.convex.log).toEqual(["auth live", "query live"]);
    expect(page.shown[0]).toBe("rendered, loaded for ann");
    expect(page.shown).not.toContain("querying, loaded for ann");
  });

  it("asks as nobody where nobody is signed in", async () => {
    const page = createPage(null, { session: "signedOut", token: null });
    page.render();
    await page.see("Please sign in");
    void page.queryClient.prefetchQuery(secretsQuery);
    await waitFor(() => expect(page.convex.log).toEqual(["query none"]));
  });

  it("navigations ask nothing, and loaders know who it is", async () => {
    const page = createPage("ann", signedIn("ann"));
    page.render();
    await page.see("secret of ann, loaded for ann");
    await waitFor(() => expect(page.requests).toEqual(["/get-session"]));
    for (let turn = 0; turn < 5; turn += 1) {
      await page.router.navigate({ to: "/sign-in" });
      await page.router.invalidate();
    }
    expect(page.requests).toEqual(["/get-session"]);
    expect(new Set(page.loads)).toEqual(new Set(["signedIn"]));
  });

  it("stays as it is while the deployment does not answer", async () => {
    const page = createPage("ann", signedIn("ann"));
    page.server.isDown = true;
    page.render();
    await page.see("secret of ann, loaded for ann");
    await page.router.invalidate();
    expect(page.held()).toEqual(["secret of ann"]);
    expect(await page.auth.rootAuth({})).toMatchObject({ auth: { session: "signedIn" } });
    expect(page.shown).toEqual(["querying, loaded for ann", "secret of ann, loaded for ann"]);
  });
});
