import { useRef } from "react";
import { authClient } from "../lib/auth-client";
import { useAttempt } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Form } from "../ui/form";

/** Makes an organization, which becomes the active one. */
export function NewOrganization({ isFirst }: { isFirst: boolean }) {
  const attempt = useAttempt();
  const details = useRef<HTMLDetailsElement>(null);
  const summary = useRef<HTMLElement>(null);
  return (
    <details ref={details} open={isFirst}>
      <summary ref={summary}>New organization</summary>
      <Form
        className="row"
        aria-label="New organization"
        attempt={attempt}
        onSend={async (field, form) => {
          // The slug is unique, and nobody gets to see it.
          const made = { name: field("name"), slug: crypto.randomUUID() };
          if (!(await attempt.run(() => authClient.organization.create(made)))) return;
          form.reset();
          details.current!.open = false;
          summary.current!.focus();
        }}
      >
        <Field
          label="Name of the organization"
          name="name"
          autoComplete="off"
          maxLength={100}
          required
        />
        <button type="submit" aria-disabled={attempt.busy}>
          Create
        </button>
      </Form>
    </details>
  );
}
