import { useEffect, useState } from "react";

/** Copies a text, and says so for a moment. */
export function Copy({ text, label }: { text: string; label: string }) {
  const [said, setSaid] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSaid(""), 4_000);
    return () => clearTimeout(timer);
  }, [said]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied.");
    } catch {
      // The browser forbids it, or the page is not served over HTTPS.
      setSaid("Please copy it by hand.");
    }
  }

  return (
    <span className="copy">
      <button type="button" className="plain" onClick={() => void copy()}>
        {label}
      </button>
      <span role="status" className="faint">
        {said}
      </span>
    </span>
  );
}
