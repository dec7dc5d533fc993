import { createContext, useContext, useEffect, useId, useRef } from "react";
import type { ComponentProps } from "react";
import type { Attempt } from "../lib/use-attempt";
import { Problem } from "./problem";

interface FormProps extends Omit<ComponentProps<"form">, "onSubmit"> {
  attempt: Attempt;
  /** Gets the texts of the fields by their names. */
  onSend: (field: (name: string) => string, form: HTMLFormElement) => Promise<unknown>;
  /** The field that a refusal is about when its code names none. */
  about?: string;
}

const FormContext = createContext({ problemId: "", code: "", about: "" });

/** A form that stays on the page. A refusal is told below it and at the fields it is about, the first of which takes the focus. */
export function Form({ attempt, onSend, about = "", children, ...form }: FormProps) {
  const element = useRef<HTMLFormElement>(null);
  const problemId = useId();
  const { problem, code } = attempt;
  useEffect(() => {
    if (problem !== "") element.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [problem]);
  return (
    <form
      // Sent before the page has come to life, nothing of it is in an address.
      method="post"
      {...form}
      ref={element}
      onSubmit={(event) => {
        event.preventDefault();
        const texts = new FormData(event.currentTarget);
        void onSend((name) => String(texts.get(name) ?? ""), event.currentTarget);
      }}
    >
      <FormContext value={{ problemId, code, about }}>{children}</FormContext>
      <Problem id={problemId} text={problem} />
    </form>
  );
}

/** The attributes of a field when the form was refused for it: Better Auth's codes name the fields they are about. */
export function useRefusal(name: string) {
  const { problemId, code, about } = useContext(FormContext);
  const isRefused = code !== "" && (name === about || code.includes(name.toUpperCase()));
  return isRefused ? { "aria-invalid": true, "aria-describedby": problemId } : {};
}
