import type { FormEvent } from "react";
import { authClient } from "../lib/auth-client";
import { fieldsOf } from "../lib/form-fields";
import { useAttempt } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Problem } from "../ui/problem";

/** Makes an organization, which becomes the active one. */
export function NewOrganization({ isFirst }: { isFirst: boolean }) {
  const { busy, problem, run } = useAttempt();

  async function create(event: FormEvent<HTMLFormElement>) {
    const form = event.currentTarget;
    const name = fieldsOf(event)("name");
    // Unique, and nobody gets to see it.
    const slug = crypto.randomUUID();
    if (await run(() => authClient.organization.create({ name, slug }))) form.reset();
  }

  return (
    <details open={isFirst}>
      <summary>New organization</summary>
      <form className="row" aria-label="New organization" onSubmit={(event) => void create(event)}>
        <Field label="Name of the organization" name="name" required />
        <button type="submit" disabled={busy}>
          {busy ? "One moment…" : "Create"}
        </button>
        <Problem text={problem} />
      </form>
    </details>
  );
}
