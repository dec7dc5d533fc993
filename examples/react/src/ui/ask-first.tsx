import { useId, useRef } from "react";
import type { ButtonHTMLAttributes } from "react";

interface AskFirstProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "onClick"> {
  question: string;
  /** What happens if so. */
  about: string;
  yes: string;
  no: string;
  onYes: () => void;
}

/** A button for what cannot be undone: it asks first. */
export function AskFirst({ question, about, yes, no, onYes, ...button }: AskFirstProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  return (
    <>
      <button type="button" {...button} onClick={() => dialog.current?.showModal()} />
      <dialog ref={dialog} className="card" aria-labelledby={id}>
        <h2 id={id}>{question}</h2>
        <p>{about}</p>
        <form method="dialog" className="row">
          <button>{no}</button>
          <button className="plain danger" onClick={onYes}>
            {yes}
          </button>
        </form>
      </dialog>
    </>
  );
}
