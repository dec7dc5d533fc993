import { useEffect, useId, useRef } from "react";
import type { ReactNode } from "react";

interface PanelProps {
  title: string;
  /** A sentence below the title. */
  about?: string;
  /** How many things it lists: when one goes, and the focus with it, the panel takes the focus. */
  count?: number | undefined;
  children: ReactNode;
}

/** A titled part of a page. */
export function Panel({ title, about, count = 0, children }: PanelProps) {
  const id = useId();
  const section = useRef<HTMLElement>(null);
  const before = useRef(count);
  useEffect(() => {
    if (count < before.current && document.activeElement === document.body)
      section.current?.focus();
    before.current = count;
  }, [count]);
  return (
    <section ref={section} tabIndex={-1} className="card" aria-labelledby={id}>
      <div>
        <h2 id={id}>{title}</h2>
        {about !== undefined && <p className="about">{about}</p>}
      </div>
      {children}
    </section>
  );
}
