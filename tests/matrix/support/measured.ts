/** What the page on plugins says of a plugin comes from here. */
import type { Operation } from "./recorder.js";

/** What one case cost at both sizes. */
export interface Measured {
  name: string;
  path: "happy" | "failure";
  operations: (Operation & { readsLater: number | undefined })[];
  /** The same with the app's pages on another origin. */
  twoOrigins: Operation[];
}
