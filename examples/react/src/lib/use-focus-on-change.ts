import { useEffect, useRef } from "react";
import type { RefObject } from "react";

/**
 * Moves the focus into an element when what it shows is replaced, since the focused field or button went with it. The
 * first content of the page, before which `shown` is null, leaves the focus alone.
 */
export function useFocusOnChange(shown: string | null): RefObject<HTMLElement | null> {
  const element = useRef<HTMLElement>(null);
  const before = useRef(shown);
  useEffect(() => {
    if (shown === null || shown === before.current) return;
    if (before.current !== null) element.current?.focus();
    before.current = shown;
  }, [shown]);
  return element;
}
