import { views } from "./lib/use-view";
import type { View } from "./lib/use-view";

export function Navigation({ current }: { current: View }) {
  return (
    <nav aria-label="Pages">
      {Object.entries(views).map(([view, title]) => (
        <a key={view} href={`#${view}`} aria-current={view === current ? "page" : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}
