import { Component } from "react";
import type { ReactNode } from "react";

/**
 * A protected query fails at once when its session is revoked, a moment before the app hears of it. React would remove
 * the whole page then; this shows a line instead until the boundary above has noticed.
 */
export class SessionEnded extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <p role="status">Signing out…</p> : this.props.children;
  }
}
