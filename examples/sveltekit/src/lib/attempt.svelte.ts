/** What a call of the auth client gives. */
interface Outcome<Data> {
  data: Data | null;
  error: { message?: string | undefined } | null;
}

/** Calls of the auth client: whether one is under way, and what to tell the user when it failed. */
export class Attempt {
  busy = $state(false);
  problem = $state("");

  /** Gives what the server answered, or null when it refused or did not answer. One call at a time: others are ignored. */
  async run<Data>(call: () => Promise<Outcome<Data>>): Promise<Data | null> {
    if (this.busy) return null;
    this.busy = true;
    this.problem = "";
    try {
      const { data, error } = await call();
      if (error) this.problem = error.message || "The server refused that. Please try again.";
      return data;
    } catch {
      this.problem = "The server did not answer. Please try again.";
      return null;
    } finally {
      this.busy = false;
    }
  }
}
