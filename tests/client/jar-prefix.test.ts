// @vitest-environment jsdom
/** A session cookie of another name before the one that counts, as after a deployment that changed `cookiePrefix`. */
import { beforeEach, describe, expect, it } from "vitest";
import { keepCookies, onOtherTab } from "../../js/client/plugins/kept-cookies.js";
import { tokenOf } from "./support/jwt.js";

const KEYS = { key: "key", oldKey: "old" };
const OLD = "better-auth.session_token=old";
const set = (value: string): string => `__Secure-app.session_token=${value}`;

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

describe.each(["; Max-Age=604800", ""])("cookies with %j", (end) => {
  /** A jar from before the deployment, and a sign-in after it. */
  async function deployed() {
    const kept = keepCookies(KEYS);
    await kept.receive(OLD + end, "");
    expect(await kept.receive(set("a") + end, OLD)).toBe(true);
    return kept;
  }

  it("another session is noticed", async () => {
    const kept = await deployed();
    expect(await kept.receive(set("b") + end, `${OLD}; ${set("a")}`)).toBe(true);
    expect(await kept.receive(set("") + "; Max-Age=0", `${OLD}; ${set("b")}`)).toBe(true);
  });

  it("one user's token is not handed out for another", async () => {
    const kept = await deployed();
    const token = tokenOf("a");
    await kept.keepToken(token, `${OLD}; ${set("a")}`);
    expect(await kept.token()).toBe(token);
    await kept.receive(set("b") + end, `${OLD}; ${set("a")}`);
    expect(await kept.token()).toBeNull();
  });

  it("a deployment that goes back to the first name is followed", async () => {
    const kept = await deployed();
    const back = OLD.replace("=old", "=again");
    expect(await kept.receive(back + end, `${OLD}; ${set("a")}`)).toBe(true);
    // A renewal of the one that counts.
    expect(await kept.receive(back + end, `${back}; ${set("a")}`)).toBe(false);
    const token = tokenOf("again");
    await kept.keepToken(token, `${set("a")}; ${back}`);
    await keepCookies(KEYS).receive(OLD.replace("=old", "=other") + end, await kept.header());
    expect(await kept.token()).toBeNull();
  });
});

it("a tab's own cookie from before hides no user of another tab", async () => {
  const kept = keepCookies(KEYS);
  await kept.receive(OLD, "");
  const lasting = (value: string): string =>
    JSON.stringify({ "__Secure-app.session_token": { value, expires: Date.now() + 60_000 } });
  localStorage.setItem("key", lasting("a"));
  const token = tokenOf("a");
  await kept.keepToken(token, await kept.header());
  expect(await kept.token()).toBe(token);
  localStorage.setItem("key", lasting("b"));
  expect(await kept.token()).toBeNull();
});

it("another tab's session is noticed", () => {
  let heard = 0;
  onOtherTab(
    (key) => key === "key",
    () => (heard += 1),
  );
  const jar = (value: string): string =>
    JSON.stringify({
      "better-auth.session_token": { value: "old", expires: null },
      "__Secure-app.session_token": { value, expires: null },
    });
  const tell = (oldValue: string, newValue: string): boolean =>
    window.dispatchEvent(new StorageEvent("storage", { key: "key", oldValue, newValue }));
  tell(jar("a"), jar("a"));
  expect(heard).toBe(0);
  tell(jar("a"), jar("b"));
  expect(heard).toBe(1);
});
