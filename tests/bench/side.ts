/** One of the two packages under measurement: its app, bundled by the real CLI, on a host of its own. */
import { symlink, mkdir, rm, cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { startLocalDeployment } from "../e2e/local-deployment.js";
import type { Host, HostMetrics, PushRequest } from "../host/index.js";
import { bundleApp } from "../host/index.js";

// Bundled into tests/output, two levels below the repository's root.
const repository = fileURLToPath(new URL("../..", import.meta.url));

/** The origin that both apps trust. */
export const ORIGIN = "http://localhost:5173";
const USERS = 100;
const SESSIONS = 20;

/** One side, started and filled. */
export interface Side {
  name: "ours" | "peer";
  host: Host;
  /** The pushed code, in bytes. */
  bytes: { component: number; app: number };
  /** Runs a function of the app over HTTP, with a JWT when one is given. */
  call(
    kind: "query" | "mutation" | "action",
    path: string,
    args: object,
    token?: string,
  ): Promise<unknown>;
  /** The filled user with many sessions. */
  userId: string;
  /** What the work cost, as the host counts it. */
  counted<T>(work: () => Promise<T>): Promise<{ result: T; metrics: HostMetrics }>;
}

/** Starts a side. With real passwords both hash as they would without the benchmark's stand-in. */
export async function startSide(
  name: Side["name"],
  {
    realPasswords = false,
    env = {},
  }: { realPasswords?: boolean; env?: Record<string, string> } = {},
): Promise<Side> {
  const request = await bundleApp(name === "peer" ? peerFolder() : await ourFolder());
  const host = await startLocalDeployment({
    pushRequest: request,
    origin: ORIGIN,
    env: { ...env, ...(realPasswords ? { REAL_PASSWORDS: "1" } : {}) },
  });
  const client = (token?: string): ConvexHttpClient => {
    const made = new ConvexHttpClient(host.url, { logger: false });
    if (token !== undefined) made.setAuth(token);
    return made;
  };
  const userId = (await client().action(makeFunctionReference<"action">("calls:fill"), {
    users: Array.from({ length: USERS }, (_, row) => userRow(name, `user${String(row)}`)),
    sessions: Array.from({ length: SESSIONS }, (_, row) =>
      sessionRow(name, `session${String(row)}`),
    ),
  })) as string;
  return {
    name,
    host,
    bytes: bytesOf(request),
    userId,
    call(kind, path, args, token) {
      if (kind === "query") return client(token).query(makeFunctionReference<"query">(path), args);
      return kind === "mutation"
        ? client(token).mutation(makeFunctionReference<"mutation">(path), args)
        : client(token).action(makeFunctionReference<"action">(path), args);
    },
    async counted(work) {
      host.metrics.reset();
      const result = await work();
      return { result, metrics: host.metrics.snapshot() };
    },
  };
}

/** A user as each component stores one; only ours is told the id. */
export function userRow(side: Side["name"], name: string): Record<string, unknown> {
  const row = {
    name,
    email: `${name}@example.com`,
    emailVerified: true,
    createdAt: 1_790_000_000_000,
    updatedAt: 1_790_000_000_000,
  };
  return side === "ours" ? { ...row, id: `id-of-${name}` } : row;
}

function sessionRow(side: Side["name"], token: string): Record<string, unknown> {
  const row = {
    token,
    expiresAt: 1_990_000_000_000,
    createdAt: 1_790_000_000_000,
    updatedAt: 1_790_000_000_000,
  };
  return side === "ours" ? { ...row, id: `id-of-${token}` } : row;
}

function peerFolder(): string {
  return join(repository, "tests/bench/peer");
}

/** Our app in a folder where it finds the built package as an app does. */
async function ourFolder(): Promise<string> {
  const folder = join(repository, "tests/output/bench-ours");
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  await cp(join(repository, "tests/bench/ours"), folder, { recursive: true });
  await symlink(repository, join(folder, "node_modules/convex-gate"), "dir");
  const manifest = { name: "bench", type: "module", dependencies: { convex: "*" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  return folder;
}

function bytesOf(request: PushRequest): Side["bytes"] {
  const sum = (modules: readonly { source: string }[]): number =>
    modules.reduce((total, { source }) => total + Buffer.byteLength(source), 0);
  return {
    // Without the empty component, which is there to be measured against.
    component: sum(
      request.componentDefinitions
        .filter(({ definitionPath }) => !definitionPath.endsWith("empty"))
        .flatMap(({ functions }) => functions),
    ),
    app: sum(request.appDefinition.changedModules),
  };
}
