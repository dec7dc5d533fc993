/** `Sec-Fetch-Mode` that Node's `fetch` wrote, told from one that a browser sent. */
import { expect, it } from "vitest";
import { withoutLoneFetchMode } from "../../js/server/fetch-metadata.js";

const mode = { "sec-fetch-mode": "cors" };

it.each<[string, Record<string, string>, boolean]>([
  ["alone it is Node's, and goes", mode, false],
  ["with a site it is a browser's", { ...mode, "sec-fetch-site": "cross-site" }, true],
  ["with a destination it is a browser's", { ...mode, "sec-fetch-dest": "empty" }, true],
  ["with an origin it changes nothing", { ...mode, origin: "https://evil.example" }, true],
  ["with a referrer it changes nothing", { ...mode, referer: "https://evil.example/" }, true],
])("%s", (_, headers, stays) => {
  const request = new Request("https://x.convex.site/api/auth/sign-in/email", { headers });
  expect(withoutLoneFetchMode(request).headers.has("sec-fetch-mode")).toBe(stays);
});

it("a request whose headers cannot be changed is copied, body and all", async () => {
  const request = new Request("https://x.convex.site/", {
    method: "POST",
    body: "x",
    headers: mode,
  });
  const frozen = new Proxy(request.headers, {
    get: (headers, name) =>
      name === "delete"
        ? () => {
            throw new TypeError("immutable");
          }
        : (Reflect.get(headers, name) as () => unknown).bind(headers),
  });
  Object.defineProperty(request, "headers", { value: frozen });
  const copy = withoutLoneFetchMode(request);
  expect(copy.headers.has("sec-fetch-mode")).toBe(false);
  expect([copy.method, await copy.text()]).toEqual(["POST", "x"]);
});
