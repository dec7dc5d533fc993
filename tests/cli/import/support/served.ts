/** A deployment in `convex-test` behind Convex's HTTP API, as the command itself calls it. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { ImportTarget } from "../../../../js/import/protocol.js";
import type { TestDeployment } from "./deployment.js";

/** What a test may put between the two. */
export interface Between {
  /** Whether the deployment refuses the page of this number. */
  refuses?: (page: number) => boolean;
  /** What it tells of itself instead. */
  target?: (target: ImportTarget) => ImportTarget;
}

/** A served deployment: the variables that lead to it. */
export interface Served {
  readonly env: Record<string, string>;
  close(): void;
}

interface Call {
  readonly args: readonly [{ rows: string; page?: { run: string; number: number } }];
}

/** Serves it; `between` is asked at each call. */
export async function serve(deployment: TestDeployment, between: Between = {}): Promise<Served> {
  const answer = async ({ args: [{ rows, page }] }: Call): Promise<object> => {
    if (rows === "[]") {
      const target = await deployment.target();
      return { status: "success", value: between.target?.(target) ?? target };
    }
    if (page && between.refuses?.(page.number) === true)
      return { status: "error", errorMessage: "refused", errorData: { code: "REFUSED" } };
    return { status: "success", value: await deployment.page(rows, page) };
  };
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (text: Buffer) => (body += text.toString()));
    request.on("end", () => {
      void answer(JSON.parse(body) as Call).then((value) => {
        response.setHeader("content-type", "application/json");
        response.end(JSON.stringify(value));
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    env: {
      CONVEX_SELF_HOSTED_URL: `http://127.0.0.1:${String(port)}`,
      CONVEX_SELF_HOSTED_ADMIN_KEY: "key",
    },
    close: () => server.close(),
  };
}
