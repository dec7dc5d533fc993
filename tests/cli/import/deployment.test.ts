// @vitest-environment node
/** How the command reaches a deployment. The deployment is a fake: an HTTP server that answers as Convex does (1.48). */
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { credentialsFor } from "../../../js/cli/import/credentials.js";
import { deploymentAt, isTooMuch } from "../../../js/cli/import/deployment.js";

type Answer = { status: number; body: unknown; location?: string } | "cut";

const servers: { close: () => void }[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that gives these answers in turn, and what it was asked. */
async function answering(...answers: Answer[]) {
  const asked: { path: string | undefined; key: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (text: Buffer) => (body += text.toString()));
    request.on("end", () => {
      asked.push({ path: request.url, key: request.headers.authorization, body });
      const answer = answers[asked.length - 1] ?? "cut";
      if (answer === "cut") return request.socket.destroy();
      response.writeHead(answer.status, {
        "content-type": "application/json",
        ...(answer.location !== undefined && { location: answer.location }),
      });
      response.end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  servers.push(server);
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const pauses: number[] = [];
  const deployment = deploymentAt({ url, key: "the-key" }, "auth:importPage", async (ms) => {
    pauses.push(ms);
  });
  return { deployment, asked, pauses };
}

const fine = { status: 200, body: { status: "success", value: { rows: [] }, logLines: [] } };
const failed = (error: object): Answer => ({
  status: 560,
  body: { status: "error", logLines: [], ...error },
});

it("sends a page with the key of an administrator, and again until it is answered", async () => {
  const busy = { status: 503, body: { code: "Overloaded" } };
  const { deployment, asked, pauses } = await answering("cut", busy, fine);
  const page = { run: "r", number: 3 };
  await expect(deployment.page("[1]", page)).resolves.toEqual({ rows: [] });
  expect(asked.map(({ path, key }) => [path, key])).toEqual(
    Array.from({ length: 3 }, () => ["/api/function", "Convex the-key"]),
  );
  expect(asked.map(({ body }) => JSON.parse(body) as unknown)).toEqual(
    Array.from({ length: 3 }, () => ({
      path: "auth:importPage",
      format: "convex_encoded_json",
      args: [{ rows: "[1]", page }],
    })),
  );
  expect(pauses).toEqual([500, 1000]);
});

it("gives up after six times, and at once where the key is refused", async () => {
  const silent = await answering();
  const error: unknown = await silent.deployment.target().catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: "IMPORT_STOPPED" });
  expect(String(error)).not.toContain("the-key");
  expect(silent.asked).toHaveLength(6);
  const refusing = await answering({ status: 401, body: { code: "Unauthenticated" } });
  await expect(refusing.deployment.target()).rejects.toMatchObject({ code: "IMPORT_STOPPED" });
  expect(refusing.asked).toHaveLength(1);
});

it("sends rows to no other address that it is told of", async () => {
  const other = await answering(fine);
  const location = other.deployment.url;
  const { deployment } = await answering({ status: 308, body: {}, location });
  await expect(deployment.page("[]")).rejects.toMatchObject({
    code: "IMPORT_STOPPED",
    message: expect.stringContaining("308") as string,
  });
  expect(other.asked).toEqual([]);
});

it("tells a missing function, a refused page and one that is too much apart", async () => {
  const { deployment } = await answering(
    failed({ errorMessage: "Could not find function for 'auth:importPage'." }),
    failed({ errorMessage: "refused", errorData: { code: "INVALID_NAME", message: "refused" } }),
    failed({ errorMessage: "Function execution timed out (maximum duration: 1s)" }),
    failed({ errorMessage: "too much", errorData: { code: "LIMIT_EXCEEDED", message: "…" } }),
  );
  await expect(deployment.page("[]")).rejects.toMatchObject({
    code: "IMPORT_FUNCTION",
    message: expect.stringContaining(
      "export const { importPage } = authComponent.importApi(createAuth);",
    ) as string,
  });
  const errors = [];
  for (const _each of [1, 2, 3])
    errors.push(await deployment.page("[]").catch((error: unknown) => error));
  expect(errors.map(isTooMuch)).toEqual([false, true, true]);
});

it("finds the key where the Convex CLI has it, and takes none that is for another deployment", async () => {
  const selfHosted = {
    CONVEX_SELF_HOSTED_URL: "http://127.0.0.1:3210/",
    CONVEX_SELF_HOSTED_ADMIN_KEY: "k",
  };
  expect(await credentialsFor(selfHosted, false)).toEqual({
    url: "http://127.0.0.1:3210",
    key: "k",
  });
  for (const [key, prod] of [
    ["prod:happy-animal-1|secret", false],
    ["dev:happy-animal-1|secret", true],
    ["preview:team:project|secret", true],
  ] as const) {
    const refused: unknown = await credentialsFor({ CONVEX_DEPLOY_KEY: key }, prod).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({ code: "IMPORT_REFUSED" });
    expect(String(refused)).not.toContain("secret");
  }
  const folder = mkdtempSync(join(tmpdir(), "import-"));
  const local = { CONVEX_DEPLOYMENT: "anonymous:anonymous-app" };
  await expect(credentialsFor(local, false, folder)).rejects.toMatchObject({
    code: "IMPORT_STOPPED",
  });
  mkdirSync(join(folder, ".convex/local/default"), { recursive: true });
  writeFileSync(
    join(folder, ".convex/local/default/config.json"),
    JSON.stringify({ adminKey: "local-key", ports: { cloud: 3210, site: 3211 } }),
  );
  expect(await credentialsFor(local, false, folder)).toEqual({
    url: "http://127.0.0.1:3210",
    key: "local-key",
  });
});
