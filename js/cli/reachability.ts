/**
 * What `doctor` can tell by asking the deployment: whether issuer and key set are where verifiers
 * look for them.
 */
import type { Finding } from "./findings.js";

const TIMEOUT_MS = 10_000;

/** Fetches the discovery document and the key set. One finding each; none depends on secrets. */
export async function reachabilityFindings(siteUrl: string, basePath: string): Promise<Finding[]> {
  const base = `${siteUrl.replace(/\/+$/, "")}${basePath.replace(/\/+$/, "")}`;
  const [discovery, keys] = await Promise.all([
    fetchJson(`${base}/convex/.well-known/openid-configuration`),
    fetchJson(`${base}/convex/jwks`),
  ]);
  return [issuerFinding(discovery, siteUrl), keySetFinding(keys)];
}

type Answer = { readonly json: Record<string, unknown> } | { readonly problem: string };

async function fetchJson(url: string): Promise<Answer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return { problem: `${url} answers ${response.status}` };
    const type = response.headers.get("content-type") ?? "";
    if (!/^application\/(jwk-set\+)?json/.test(type))
      return { problem: `${url} answers with content type "${type}"` };
    const json: unknown = await response.json();
    if (typeof json !== "object" || json === null)
      return { problem: `${url} answers with no object` };
    return { json: json as Record<string, unknown> };
  } catch (error) {
    const reason =
      error instanceof Error && error.name === "TimeoutError"
        ? "does not answer"
        : "cannot be reached";
    return { problem: `${url} ${reason}` };
  }
}

function issuerFinding(answer: Answer, siteUrl: string): Finding {
  const code = "ISSUER";
  const remedy =
    "check registerRoutes(http, createAuth) in convex/http.ts, the convex() plugin and --base-path";
  if ("problem" in answer) return { level: "error", code, message: answer.problem, remedy };
  const issuer = String(answer.json["issuer"]).replace(/\/+$/, "");
  if (issuer === siteUrl.replace(/\/+$/, "")) return { level: "ok", code, message: `is ${issuer}` };
  return {
    level: "error",
    code,
    message: `is ${issuer}, not ${siteUrl}`,
    remedy:
      "give doctor the deployment's own .convex.site address; auth.config.ts uses CONVEX_SITE_URL",
  };
}

function keySetFinding(answer: Answer): Finding {
  const code = "JWKS";
  const remedy = "check the convex() plugin; `npx convex logs` shows why keys are missing";
  if ("problem" in answer) return { level: "error", code, message: answer.problem, remedy };
  const keys = Array.isArray(answer.json["keys"]) ? answer.json["keys"] : [];
  if (keys.length === 0) return { level: "error", code, message: "holds no key", remedy };
  const isPrivate = keys.some(
    (key: unknown) => typeof key === "object" && key !== null && "d" in key,
  );
  if (isPrivate)
    return {
      level: "error",
      code,
      message: "shows PRIVATE members",
      remedy: "replace the keys at once: npx convex-gate keys generate",
    };
  return { level: "ok", code, message: `holds ${keys.length} key(s)` };
}
