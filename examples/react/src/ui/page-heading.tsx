import { useEffect, useRef } from "react";

const APP = "To-do";
/** What the page showed last, null until it has shown something. */
let last: string | null = null;

interface PageHeadingProps {
  text: string;
  id?: string;
  /** Whose page it is: another person's page of the same name is another page. */
  of?: string;
}

/**
 * The one heading of the first level. It gives the document its title, and takes the focus when another page is shown,
 * since what had it is gone; the first page leaves the focus alone, and so does a page that put it into a field.
 */
export function PageHeading({ text, id, of = "" }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = `${of} ${text}`;
  useEffect(() => {
    document.title = `${text} · ${APP}`;
    const isFirst = last === null;
    if (shown === last) return;
    last = shown;
    if (!isFirst && !(document.activeElement instanceof HTMLInputElement)) heading.current?.focus();
  }, [shown, text]);
  return (
    <h1 ref={heading} id={id} tabIndex={-1}>
      {text}
    </h1>
  );
}
