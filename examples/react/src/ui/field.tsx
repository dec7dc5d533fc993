import type { InputHTMLAttributes } from "react";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
}

/** A labelled input. */
export function Field({ label, ...input }: FieldProps) {
  return (
    <label className="field">
      {label}
      <input {...input} />
    </label>
  );
}
