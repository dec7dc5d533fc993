import { useEffect, useId, useRef } from "react";
import type { ReactNode } from "react";

interface PanelProps {
  title: string;
  /** Where the heading of the page says it already, the title is for screen readers. */
  isTitleHidden?: boolean;
  /** A sentence below the title. */
  about?: string;
  /** What it shows, such as how many things: when that changes, and the focus is lost with it, the panel takes the focus. */
  shows?: number | string | undefined;
  children: ReactNode;
}

/** A titled part of a page. */
export function Panel({ title, isTitleHidden = false, about, shows, children }: PanelProps) {
  const id = useId();
  const section = useRef<HTMLElement>(null);
  const before = useRef(shows);
  useEffect(() => {
    const isChange = before.current !== undefined && before.current !== shows;
    before.current = shows;
    if (isChange && document.activeElement === document.body)
      section.current?.focus({ preventScroll: true });
  }, [shows]);
  return (
    <section ref={section} tabIndex={-1} className="card" aria-labelledby={id}>
      <h2 id={id} className={isTitleHidden ? "hidden" : undefined}>
        {title}
      </h2>
      {about !== undefined && <p className="faint about">{about}</p>}
      {children}
    </section>
  );
}
