/**
 * The fast lane: what of Better Auth's answers needs nothing of Better Auth. It knows an app by facts that a full request has
 * left in the component, and reads them in the very call that reads the session. What it cannot answer exactly as the full
 * way would, it leaves to that.
 */
import type { ComponentApi } from "../../../convex/_generated/component.js";
import { retrying } from "../../adapter/retry.js";
import type { StoredKey } from "../../adapter/token-store.js";
import { readEnv } from "../../auth-config/env.js";
import { LANE_PATHS } from "../../plugins/convex/lane-facts.js";
import type { LaneFacts, LanePath } from "../../plugins/convex/lane-facts.js";
import { TOKEN_PARAMETER } from "../../plugins/shared/session-token.js";
import { isYes } from "../../plugins/shared/is-yes.js";
import type { TrustedProxy } from "../client-ip.js";
import { trustedProxyOf } from "../client-ip.js";
import type { Cors } from "../cors.js";
import { preflightHeaders, withCors } from "../cors.js";
import { sessionAnswer, tokenAnswer } from "./answers.js";
import type { Found, Sign } from "./answers.js";
import type { LaneCtx } from "./ctx.js";
import { heldFacts, secretKey } from "./facts.js";
import { FullWay } from "./full-way.js";
import { isPlainJar, jarOf, sessionTokenIn } from "./jar.js";
import type { Notes } from "./notes.js";
import { laneOrigin } from "./origins.js";
import { areUpToDate } from "./rows.js";

/** The routes that the lane belongs to. */
export interface LaneRoutes {
  readonly basePath: string;
  readonly cors: Cors | undefined;
  readonly trustedProxy: TrustedProxy | undefined;
  readonly component: ComponentApi;
  /** Names the push that mounted the routes. */
  readonly push: string;
}

/** What a request asks the lane for. */
export type LaneQuestion = LanePath | "preflight";

/** An answer, or the full way; with notes, where it is to leave facts behind. */
export type LaneResult = { readonly answer: Response } | { readonly notes?: Notes };

interface LaneAnswer {
  facts: { text: string; notedAt: number } | null;
  found: Found | null;
  keys: StoredKey[] | null;
}

/** Answers a request that `laneQuestion` has let in, if it can. */
export async function passLane(
  routes: LaneRoutes,
  ctx: LaneCtx,
  request: Request,
  question: LaneQuestion,
): Promise<LaneResult> {
  try {
    return await pass(routes, ctx, request, question);
  } catch {
    // Whatever it is, the full way has the better answer for it.
    return {};
  }
}

async function pass(
  { basePath, cors, trustedProxy, component, push }: LaneRoutes,
  ctx: LaneCtx,
  request: Request,
  question: LaneQuestion,
): Promise<LaneResult> {
  const secret = readEnv("BETTER_AUTH_SECRET") ?? readEnv("AUTH_SECRET");
  if (secret === undefined || readEnv("BETTER_AUTH_SECRETS") !== undefined) return {};
  trustedProxyOf(trustedProxy);
  const { searchParams: query } = new URL(request.url);
  const asksSession = isOfSession(question);
  const jar = asksSession ? jarOf(request) : null;
  if (asksSession && jar === null) return {};
  const key = await secretKey(secret);
  const sessionToken = jar && (await sessionTokenIn(jar, key));
  const asksToken =
    question !== LANE_PATHS.session || isYes(query.get(TOKEN_PARAMETER) ?? undefined);
  const args = {
    place: basePath,
    ...(sessionToken ? { session: sessionToken, tokens: asksToken } : {}),
    ...(question === LANE_PATHS.jwks ? { keys: true } : {}),
  };
  const read = (await retrying(ctx, () =>
    ctx.runQuery(component.gate.lane as never, args as never),
  )) as LaneAnswer;
  const now = Date.now();
  const noted = await heldFacts(read.facts, push, key, now);
  if (!noted) {
    const { createNotes } = await import("./notes.js");
    return { notes: createNotes(basePath, push, key) };
  }
  const { facts } = noted;
  if (!facts || !isOpenTo(question, facts)) return {};
  const origin = cors ? await laneOrigin(facts, request, cors) : null;
  if (question === "preflight") {
    if (!cors) return {};
    return { answer: new Response(null, { status: 204, headers: preflightHeaders(cors, origin) }) };
  }
  const answer = await answerTo();
  return { answer: cors ? withCors(answer, cors, origin) : answer };

  async function answerTo(): Promise<Response> {
    if (!facts || secret === undefined) throw new FullWay("no facts");
    if (question === LANE_PATHS.discovery || question === LANE_PATHS.jwks) {
      const { discoveryAnswer, keySetAnswer } = await import("./documents.js");
      return question === LANE_PATHS.discovery
        ? discoveryAnswer(facts)
        : keySetAnswer(facts, read.keys ?? [], now);
    }
    if (!jar || !isPlainJar(jar, facts)) throw new FullWay("a cookie");
    // Another cookie of that ending is none of the app's.
    const isNamed = sessionToken !== null && jar.candidate === facts.cookies.session;
    const found = isNamed ? (read.found ?? undefined) : null;
    if (found && !areUpToDate(found, facts)) throw new FullWay("older rows");
    // Most requests find their token in the cache.
    const sign: Sign = async (...token) =>
      (await import("./sign.js")).signer(component, ctx, secret)(...token);
    const given = { facts, jar, query, found, sign, now };
    return question === LANE_PATHS.session ? sessionAnswer(given) : tokenAnswer(given);
  }
}

function isOfSession(question: LaneQuestion): boolean {
  return (
    question === LANE_PATHS.session ||
    question === LANE_PATHS.token ||
    question === LANE_PATHS.oldToken
  );
}

function isOpenTo(question: LaneQuestion, { paths }: LaneFacts): boolean {
  return question === "preflight" || paths.includes(question);
}
