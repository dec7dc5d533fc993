/**
 * An app on two origins in a browser that sends no cookies of third parties: all that leaves the page and comes back by a
 * link. The tests of a file here share one app.
 */
import { describe } from "vitest";
import { failures } from "./two-origins/failures.js";
import { frontends } from "./two-origins/frontends.js";
import { guests } from "./two-origins/guests.js";
import { keptCookies } from "./two-origins/kept-cookies.js";
import { mailedLinks } from "./two-origins/mailed-links.js";
import { popups } from "./two-origins/popups.js";
import { provider } from "./two-origins/provider.js";
import { useTwoOrigins } from "./two-origins/support/world.js";

const world = useTwoOrigins("browser-two-origins");

describe("a provider", () => provider(world));
describe("a flow that fails", () => failures(world));
describe("a magic link", () => mailedLinks(world));
describe("a guest", () => guests(world));
describe("a popup", () => popups(world));
describe("a second frontend", () => frontends(world));
describe("the tab's cookies", () => keptCookies(world));
