import { useId } from "react";
import type { ReactNode } from "react";

interface PanelProps {
  title: string;
  /** A sentence below the title. */
  about?: string;
  children: ReactNode;
}

/** A titled part of a page. */
export function Panel({ title, about, children }: PanelProps) {
  const id = useId();
  return (
    <section className="card" aria-labelledby={id}>
      <div>
        <h2 id={id}>{title}</h2>
        {about !== undefined && <p className="faint">{about}</p>}
      </div>
      {children}
    </section>
  );
}
