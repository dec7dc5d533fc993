/* eslint-disable */
/** What `npx convex codegen` writes for this app, kept by hand because it needs a deployment to write it. */
import type * as auth from "../auth.js";
import type * as fakeMail from "../fakeMail.js";
import type * as guests from "../guests.js";
import type * as http from "../http.js";
import type * as profiles from "../profiles.js";
import type * as sessions from "../sessions.js";
import type * as team from "../team.js";
import type * as teamTodos from "../teamTodos.js";
import type * as todos from "../todos.js";
import type * as triggers from "../triggers.js";

import type { ApiFromModules, FilterApi, FunctionReference } from "convex/server";

declare const fullApi: ApiFromModules<{
  auth: typeof auth;
  fakeMail: typeof fakeMail;
  guests: typeof guests;
  http: typeof http;
  profiles: typeof profiles;
  sessions: typeof sessions;
  team: typeof team;
  teamTodos: typeof teamTodos;
  todos: typeof todos;
  triggers: typeof triggers;
}>;

export declare const api: FilterApi<typeof fullApi, FunctionReference<any, "public">>;
export declare const internal: FilterApi<typeof fullApi, FunctionReference<any, "internal">>;
export declare const components: {
  betterAuth: import("convex-gate/_generated/component.js").ComponentApi<"betterAuth">;
};
