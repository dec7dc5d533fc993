/** The flows: requests of people, and what others do meanwhile. */
import { codes, core, sessions } from "./account-flows.js";
import { administration, organizations } from "./organization-flows.js";
import type { Flow, Scene } from "./scene.js";
import type { Ask } from "./world.js";

/** Every flow. */
export const flows: readonly Flow[] = [
  ...core,
  ...codes,
  ...sessions,
  ...administration,
  ...organizations,
];

/** What others may do while a request is answered: the same, end what it is about, and what the flow says. */
export function rivalsOf(flow: Flow, ask: Ask, scene: Scene): readonly Ask[] {
  const { ids, organizationId } = scene;
  const userId = ids[ask.as === "nobody" ? "bob" : ask.as];
  const end: Ask = ask.path.startsWith("/organization/")
    ? { as: "eve", path: "/organization/delete", body: { organizationId } }
    : { as: "eve", path: "/admin/remove-user", body: { userId } };
  return [ask, end, ...(flow.rivals?.(scene) ?? [])];
}
