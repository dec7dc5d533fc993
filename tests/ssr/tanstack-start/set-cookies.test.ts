/** Set-Cookie behind Vite's development server, with Node's own response and what srvx does with it (1.0). */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { keepCookiesApart } from "../../../js/tanstack-start/set-cookies.js";

/** The cookies that arrive, with or without a header that is there before Start answers. */
async function cookiesThrough(hasHeader: boolean): Promise<string[]> {
  const server = createServer((_, node) => {
    if (hasHeader) node.setHeader("Vary", "Origin");
    const request = Object.assign(new Request("http://localhost/"), {
      runtime: { node: { res: node } },
    });
    const answer = new Response("{}");
    for (const cookie of ["session=1", "token=2"]) answer.headers.append("set-cookie", cookie);
    const { headers } = keepCookiesApart(request, answer);
    node.writeHead(200, "OK", [...headers].flat());
    node.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  const { headers } = await fetch(`http://localhost:${String(port)}/`);
  await new Promise((resolve) => server.close(resolve));
  return headers.getSetCookie();
}

it.each([true, false])(
  "arrive each, where another header is there before: %s",
  async (hasHeader) => {
    expect(await cookiesThrough(hasHeader)).toEqual(["session=1", "token=2"]);
  },
);
