import { useCallback, useState } from "react";

/** What the link that opened the page says under this name, or null, and how to forget it. */
export function useParameter(name: string): [string | null, () => void] {
  const [value, setValue] = useState(() => new URLSearchParams(window.location.search).get(name));
  const forget = useCallback(() => {
    const url = new URL(window.location.href);
    url.searchParams.delete(name);
    window.history.replaceState(null, "", url);
    setValue(null);
  }, [name]);
  return [value, forget];
}
