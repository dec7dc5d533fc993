import { useAttempt } from "../lib/use-attempt";
import type { Outcome } from "../lib/use-attempt";
import { Field } from "../ui/field";
import { Form } from "../ui/form";

interface PasswordFormProps<Data> {
  /** What is done, as the button says it. */
  action: string;
  isDangerous?: boolean;
  call: (password: string) => Promise<Outcome<Data>>;
  onDone: (data: Data) => void;
  onCancel?: () => void;
}

/** Asks for the password before a change. */
export function PasswordForm<Data>(props: PasswordFormProps<Data>) {
  const { action, isDangerous = false, call, onDone, onCancel } = props;
  const attempt = useAttempt();
  return (
    <Form
      aria-label={action}
      attempt={attempt}
      onSend={async (field) => {
        const data = await attempt.run(() => call(field("password")));
        if (data) onDone(data);
      }}
    >
      <Field
        label="Your password"
        name="password"
        type="password"
        autoComplete="current-password"
        // Where it can be cancelled, it was asked for.
        autoFocus={onCancel !== undefined}
        required
      />
      <div className="row">
        <button
          type="submit"
          className={isDangerous ? "plain danger" : undefined}
          aria-disabled={attempt.busy}
        >
          {action}
        </button>
        {onCancel && (
          <button type="button" className="quiet" onClick={onCancel}>
            Cancel
          </button>
        )}
      </div>
    </Form>
  );
}
