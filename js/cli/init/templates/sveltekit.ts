/** SvelteKit, on one origin. */
import { setupInLayout } from "../patches/svelte-layout.js";
import type { Project } from "../project.js";
import { answering, inSvelteKit } from "../routes.js";
import { specifier } from "../wanted-file.js";
import type { WantedFile } from "../wanted-file.js";
import { addressVariable, module, ownFile, route, sessionState } from "./shared.js";

export function svelteKitFiles(project: Project, appUrl: string): WantedFile[] {
  const { functions } = project;
  const client = "src/lib/auth-client.ts";
  const hooks = "src/hooks.server.ts";
  const data = "src/routes/+layout.server.ts";
  const layout = "src/routes/+layout.svelte";
  const page = "src/routes/sign-in/+page.svelte";
  const api = (from: string): string => specifier(from, `${functions}/_generated/api`);
  return [
    ...configFiles(project),
    module(client, CLIENT, /convex-gate\/client\/plugins/),
    ownFile(hooks, HOOKS, /convex-gate\/sveltekit/, HOOK_LINES),
    {
      ...ownFile(data, LAYOUT_DATA, /locals\.auth/, LAYOUT_DATA_LINES),
      needs: [{ path: hooks, name: "handle" }],
    },
    route(
      ownFile(page, signInPage(api(page)), /authClient/),
      answering(project, "src/routes/", inSvelteKit, /^sign-in$/),
    ),
    {
      path: layout,
      text: layoutFile(api(layout)),
      patch: setupInLayout({ api: api(layout) }),
      lines: layoutFile(api(layout)),
      needs: [
        sessionState(project),
        { path: client, name: "authClient" },
        { path: data, name: "load" },
      ],
    },
    addressVariable("SITE_URL", appUrl),
  ];
}

/** SvelteKit serves nothing but `src` in development, so that is where Convex's functions have to be. */
export const svelteKitFunctions = "src/convex";

function configFiles({ functions }: Project): WantedFile[] {
  const text = `${JSON.stringify({ functions: `${functions}/` }, undefined, 2)}\n`;
  return functions === svelteKitFunctions ? [ownFile("convex.json", text, /"functions"/)] : [];
}

const CLIENT = `import { createAuthClient } from "better-auth/svelte";
import { convexClient } from "convex-gate/client/plugins";

export const authClient = createAuthClient({ plugins: [convexClient()] });
`;

const HOOKS = `import { env } from "$env/dynamic/private";
import { env as publicEnv } from "$env/dynamic/public";
import { createAuthHandle } from "convex-gate/sveltekit";

export const handle = createAuthHandle({
  convexUrl: publicEnv.PUBLIC_CONVEX_URL,
  convexSiteUrl: publicEnv.PUBLIC_CONVEX_SITE_URL,
  siteUrl: env.SITE_URL,
  proxy: { secret: env.PROXY_SECRET },
});
`;

const HOOK_LINES = `${HOOKS}
// Beside a handle of yours: export const handle = sequence(createAuthHandle({ ... }), yours);
// with \`sequence\` of "@sveltejs/kit/hooks".
`;

const LAYOUT_DATA = `/** What the server knows of the visitor: the first paint shows it. */
export const load = async ({ locals }) => ({ auth: await locals.auth.getState() });
`;

const LAYOUT_DATA_LINES = `// Among what \`load\` gives:
auth: await locals.auth.getState(),
`;

function layoutFile(api: string): string {
  return `<script lang="ts">
  import { env } from "$env/dynamic/public";
  import { setupConvex } from "convex-svelte";
  import { authClient } from "$lib/auth-client";
  import { setupAuth } from "convex-gate/svelte";
  import { api } from "${api}";

  let { data, children } = $props();
  setupConvex(env.PUBLIC_CONVEX_URL, { initialAuthTokenReuse: true });
  setupAuth(authClient, { initialState: data.auth, sessionQuery: api.auth.sessionState });
</script>

{@render children()}
`;
}

function signInPage(api: string): string {
  return `<script lang="ts">
  import { useAuth, useAuthQuery } from "convex-gate/svelte";
  import { authClient } from "$lib/auth-client";
  import { api } from "${api}";

  const auth = useAuth();
  const user = useAuthQuery(api.auth.getAuthUser);
  let isNew = $state(false);
  let problem = $state("");

  async function send(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const user = Object.fromEntries(form) as Record<"name" | "email" | "password", string>;
    try {
      const { error } = await (isNew ? authClient.signUp.email(user) : authClient.signIn.email(user));
      problem = error?.message ?? error?.statusText ?? "";
    } catch {
      problem = "The server did not answer. Please try again.";
    }
  }
</script>

{#if auth.session === "signedIn"}
  <p>
    {#if user.data}Signed in as {user.data.email}.{/if}
    <button onclick={() => authClient.signOut()}>Sign out</button>
  </p>
{:else if auth.session === "signedOut"}
  <form method="post" onsubmit={send}>
    {#if isNew}<input name="name" placeholder="Name" required />{/if}
    <input name="email" type="email" placeholder="E-mail" required />
    <input name="password" type="password" placeholder="Password" required />
    <button>{isNew ? "Sign up" : "Sign in"}</button>
    <button type="button" onclick={() => (isNew = !isNew)}>
      {isNew ? "I have an account" : "I am new here"}
    </button>
    {#if problem}<p role="alert">{problem}</p>{/if}
  </form>
{:else}
  <p>One moment.</p>
{/if}
`;
}
