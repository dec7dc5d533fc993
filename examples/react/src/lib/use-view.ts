import { useSyncExternalStore } from "react";

/** The parts of the app, by the hash of the address: links, the back button and reloads work. */
export const views = {
  todos: "To-dos",
  team: "Team",
  security: "Security",
  sessions: "Sessions",
};
export type View = keyof typeof views;

export function useView(): View {
  return useSyncExternalStore(subscribe, currentView);
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener("hashchange", onChange);
  return () => window.removeEventListener("hashchange", onChange);
}

function currentView(): View {
  const hash = window.location.hash.slice(1);
  return isView(hash) ? hash : "todos";
}

function isView(name: string): name is View {
  return Object.hasOwn(views, name);
}
