/** Which fields of a tab's request are addresses, whatever a stranger calls his own and however many he sends. */
import { describe, expect, it } from "vitest";
import { resolveAddresses, resolvedUrl } from "../../../js/plugins/cross-domain/addresses.js";
import { API, FRONTEND, tabOf, twoOriginApp } from "./support.js";

const PAGE = new URL(`${FRONTEND}/there`);
const KINDS = ["callback", "redirect", "return", "success", "cancel", "error"];

describe("an address", () => {
  it.each([
    ...["callbackURL", "errorCallbackURL", "newUserCallbackURL", "redirectTo", "returnto"],
    ...["redirect_uri", "cancelUrl", "successUrl", "RETURNURL", "return-to-url", "errorto"],
    // Of several parts any will do.
    ...["urlcallbackurl", "touriredirecturl", "redirectUrlTo", "callbackto"],
  ])("is what is called %s", (name) => {
    const resolved = { [name]: `${FRONTEND}/x` };
    expect(resolveAddresses({ [name]: "/x" }, PAGE)).toEqual(resolved);
    expect(resolvedUrl(`${API}/ok?${name}=/x`, PAGE)).toBe(
      `${API}/ok?${new URLSearchParams(resolved).toString()}`,
    );
  });

  it.each([
    ...["image", "websiteUrl", "url", "to", "uri", "URLcallback", "redirect", "redirectToo"],
    ...["callbackURL2", "", "urlcallback", "errors", "torrent"],
  ])("is not what is called %s", (name) => {
    const fields = { [name]: "/x" };
    expect(resolveAddresses(fields, PAGE)).toBe(fields);
    expect(resolvedUrl(`${API}/ok?${name}=/x`, PAGE)).toBe(`${API}/ok?${name}=/x`);
  });

  it.each<[unknown]>([[1], [null], [["/x"]], ["x"], [" /x"], ["//x.example"], ["/\\x.example"]])(
    "is not a value such as %j",
    (value) => {
      const fields = { callbackURL: value };
      expect(resolveAddresses(fields, PAGE)).toBe(fields);
    },
  );

  it("that is there twice stays there twice, as on one origin", () => {
    const url = `${API}/ok?a=1&callbackURL=/x&callbackURL=/y`;
    expect(new URL(resolvedUrl(url, PAGE)).searchParams.getAll("callbackURL")).toEqual([
      `${FRONTEND}/x`,
      `${FRONTEND}/y`,
    ]);
  });
});

// Each of these took minutes when the time grew with the square of the length.
describe("what a stranger sends costs what its length costs", () => {
  it.each(KINDS)("a name of a megabyte that is all %s", (kind) => {
    const name = kind.repeat(1_000_000 / kind.length);
    const fields = { [name]: "/x" };
    expect(resolveAddresses(fields, PAGE)).toBe(fields);
    expect(resolveAddresses({ [`${name}To`]: "/x" }, PAGE)).toEqual({
      [`${name}To`]: `${FRONTEND}/x`,
    });
  });

  const names = Array.from({ length: 40_000 }, (_, index) => `error${String(index)}to`);

  it("many addresses in a query", () => {
    const query = names.map((name) => `${name}=/x`).join("&");
    const resolved = new URL(resolvedUrl(`${API}/ok?${query}`, PAGE)).searchParams;
    expect([...resolved]).toEqual(names.map((name) => [name, `${FRONTEND}/x`]));
  });

  it("many fields on the way to the error page", async () => {
    const url = `${API}/error?error=e&${names.map((name) => `${name}=1`).join("&")}`;
    const home = await tabOf(twoOriginApp()).navigate(new URL(url));
    const { searchParams } = new URL(home.headers.get("location") ?? "");
    expect([...searchParams]).toEqual([["error", "e"], ...names.map((name) => [name, "1"])]);
  });
});
