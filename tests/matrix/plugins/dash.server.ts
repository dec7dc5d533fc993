import { dash } from "@better-auth/infra";
import { organization } from "better-auth/plugins/organization";
import { asPlugin } from "../support/as-plugin.js";
import type { Environment, ServerSets } from "../support/server-set.js";

const plugin = (env: Environment) =>
  asPlugin(
    dash({ apiUrl: env("DASH_URL"), kvUrl: env("DASH_URL"), apiKey: env("BETTER_AUTH_API_KEY") }),
  );

export const sets: ServerSets = {
  dash: { plugins: (env) => [plugin(env)] },
  "dash:organization": { plugins: (env) => [plugin(env), organization()] },
};
