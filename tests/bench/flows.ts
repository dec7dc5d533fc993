/** What a user's requests cost from end to end. */
import { openAuthSession } from "../e2e/auth-session.js";
import type { AuthSession } from "../e2e/auth-session.js";
import type { Side } from "./side.js";
import { ORIGIN } from "./side.js";

/** One request, and what has to be there before it. */
export interface Flow {
  name: string;
  prepare?(side: Side, session: AuthSession): Promise<void>;
  run(side: Side, session: AuthSession): Promise<unknown>;
}

/** What one run of a flow cost. */
export interface FlowCost {
  ms: number;
  /** Processor time of all threads, the client's included. */
  cpuMs: number;
  componentCalls: number;
  documentsRead: number;
  /** Of module sources, over every context that the request needed. */
  evaluatedBytes: number;
}

const password = "correct horse battery";
let people = 0;
const emails = new WeakMap<AuthSession, string>();
const tokens = new WeakMap<AuthSession, string>();

async function signUp(side: Side, session: AuthSession): Promise<void> {
  const email = `${side.run}flow${String((people += 1))}@example.com`;
  emails.set(session, email);
  await expectOk(session.post("/sign-up/email", { email, password, name: "Flow" }));
}

async function withToken(side: Side, session: AuthSession): Promise<void> {
  await signUp(side, session);
  tokens.set(session, (await session.token(false)) ?? "");
  // The deployment fetches the key set once, whoever asks first.
  await side.call("query", "auth:me", {}, tokens.get(session));
}

/** Every flow, in the order of a session's life. */
export const flows: readonly Flow[] = [
  { name: "sign-up", run: signUp },
  {
    name: "sign-in",
    prepare: signUp,
    run: (_side, session) =>
      expectOk(session.post("/sign-in/email", { email: emails.get(session), password })),
  },
  {
    name: "get-session",
    prepare: signUp,
    run: (_, session) => expectOk(session.get("/get-session")),
  },
  {
    name: "token, first",
    prepare: signUp,
    run: (_, session) => expectOk(session.get("/convex/token")),
  },
  {
    name: "token, again",
    prepare: withToken,
    run: (_, session) => expectOk(session.get("/convex/token")),
  },
  {
    name: "getAuthUser",
    prepare: withToken,
    run: (side, session) => side.call("query", "auth:me", {}, tokens.get(session)),
  },
  {
    name: "sign-out",
    prepare: signUp,
    run: (_, session) => expectOk(session.post("/sign-out", {})),
  },
];

/** Those that hash a password, told once more with real hashes. */
export const hashingFlows: readonly Flow[] = flows
  .filter(({ name }) => name === "sign-up" || name === "sign-in")
  .map((flow) => ({ ...flow, name: `${flow.name}, real hash` }));

/** Runs a flow once for a new person. */
export async function runFlow(side: Side, flow: Flow): Promise<FlowCost> {
  const session = openAuthSession(side.siteUrl, ORIGIN);
  await flow.prepare?.(side, session);
  const cpuAtStart = process.cpuUsage();
  const startedAt = performance.now();
  const { metrics } = await side.counted(() => flow.run(side, session));
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpuAtStart);
  return {
    ms,
    cpuMs: (user + system) / 1000,
    componentCalls: metrics.componentCalls.length,
    documentsRead: metrics.componentCalls.reduce((sum, call) => sum + call.documentsRead, 0),
    evaluatedBytes: metrics.calls.reduce((sum, call) => sum + call.evaluatedBytes, 0),
  };
}

async function expectOk(answer: Promise<{ status: number; body: unknown }>): Promise<void> {
  const { status, body } = await answer;
  if (status !== 200) throw new Error(`answered ${String(status)}: ${JSON.stringify(body)}`);
}
