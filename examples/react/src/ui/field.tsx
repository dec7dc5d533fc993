import type { InputHTMLAttributes } from "react";
import { useRefusal } from "./form";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  name: string;
}

/** A labelled input. */
export function Field({ label, ...input }: FieldProps) {
  return (
    <label className="field">
      {label}
      <input {...input} {...useRefusal(input.name)} />
    </label>
  );
}
