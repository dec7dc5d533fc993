/** One of the two packages under measurement: its app on a deployment of its own, a local host or what was given. */
import { symlink, mkdir, rm, cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { startLocalDeployment } from "../e2e/local-deployment.js";
import type { HostMetrics, PushRequest } from "../host/index.js";
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
  url: string;
  siteUrl: string;
  /** What the names of this run's rows begin with: a deployment may have those of another run. */
  run: string;
  /** The pushed code, in bytes, where it is known. */
  bytes?: { component: number; app: number };
  /** Runs a function of the app over HTTP, with a JWT when one is given. */
  call(
    kind: "query" | "mutation" | "action",
    path: string,
    args: object,
    token?: string,
  ): Promise<unknown>;
  /** The filled user with many sessions. */
  userId: string;
  /** What the work cost, as the host counts it; nothing where there is no host. */
  counted<T>(work: () => Promise<T>): Promise<{ result: T; metrics: HostMetrics }>;
  setVariables(variables: Record<string, string | undefined>): Promise<void>;
  close(): Promise<void>;
}

/** Starts a side on a local host. */
export async function startSide(
  name: Side["name"],
  env: Record<string, string> = {},
): Promise<Side> {
  const request = await bundleApp(await appFolder(name));
  const host = await startLocalDeployment({ pushRequest: request, origin: ORIGIN, env });
  return fillSide({
    name,
    url: host.url,
    siteUrl: host.siteUrl,
    run: "",
    bytes: bytesOf(request),
    async counted(work) {
      host.metrics.reset();
      const result = await work();
      return { result, metrics: host.metrics.snapshot() };
    },
    setVariables: (variables) => host.setEnv(variables),
    close: () => host.close(),
  });
}

/** Gives a side its rows. */
export async function fillSide(side: Omit<Side, "call" | "userId">): Promise<Side> {
  const client = (token?: string): ConvexHttpClient => {
    const made = new ConvexHttpClient(side.url, { logger: false });
    if (token !== undefined) made.setAuth(token);
    return made;
  };
  const rows = <T>(count: number, row: (number: string) => T): T[] =>
    Array.from({ length: count }, (_, number) => row(String(number)));
  const userId = (await client().action(makeFunctionReference<"action">("calls:fill"), {
    users: rows(USERS, (number) => userRow(side.name, `${side.run}user${number}`)),
    sessions: rows(SESSIONS, (number) => sessionRow(side.name, `${side.run}session${number}`)),
  })) as string;
  return {
    ...side,
    userId,
    call(kind, path, args, token) {
      if (kind === "query") return client(token).query(makeFunctionReference<"query">(path), args);
      return kind === "mutation"
        ? client(token).mutation(makeFunctionReference<"mutation">(path), args)
        : client(token).action(makeFunctionReference<"action">(path), args);
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

/** The folder of a side's app, from which it can be pushed. */
export async function appFolder(name: Side["name"]): Promise<string> {
  return name === "peer" ? join(repository, "tests/bench/peer") : await ourFolder();
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

function bytesOf(request: PushRequest): NonNullable<Side["bytes"]> {
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
