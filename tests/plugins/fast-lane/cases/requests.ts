/** Requests that are not what clients send. */
import { crossDomain } from "../../../../js/plugins/index.js";
import { SITE } from "../../support/app.js";
import type { Code } from "../support.js";
import { get, ORIGIN } from "../support.js";
import type { LaneCase, World } from "../case.js";
import { ALL, everything, FEW, few, ofSession, PUBLIC, SESSION } from "../case.js";

const twoOrigins = (): Code => ({
  plugins: [crossDomain({ siteUrl: ORIGIN })],
  routes: { cors: true },
});

/** The session cookie by name and value, as it was sent. */
function sessionCookie({ ada }: World): { name: string; value: string } {
  const name = [...ada.cookies.keys()].find((each) => each.endsWith("session_token")) ?? "";
  return { name, value: ada.cookies.get(name) ?? "" };
}

/** All requests, with each of these cookie headers, from a browser and from a tab's jar. */
const cookies =
  (make: (cookie: { name: string; value: string }, world: World) => string[]) =>
  (world: World): Request[] =>
    make(sessionCookie(world), world).flatMap((cookie) => [
      ...ofSession({ cookie }),
      ...ofSession({ "better-auth-cookie": cookie, origin: ORIGIN }),
    ]);

const REQUESTS = {
  paths: [
    "/get-session/",
    "//get-session",
    "/get-session/x",
    "/Get-Session",
    "/get%2Dsession",
    "/get-session?",
    "/get-session?convexToken",
    "/get-session?convexToken=",
    "/get-session?convexToken=0",
    "/get-session?convexToken=false",
    "/get-session?convexToken=true&convexToken=false",
    "/get-session?convexToken=true&other=1",
    "/get-session?disableCookieCache=true",
    "/get-session?disableRefresh",
    "/get-session?disableRefresh=false",
    "/get-session?disableRefresh=no",
    "/get-session?disableRefresh=1&convexToken=1",
    "/get-session#fragment",
    "/convex/token/",
    "/convex/token?fresh=false",
    "/convex/token?fresh=yes&disableRefresh=0",
    "/convex/token?fresh[]=1",
    "/convex/token?disableRefresh=maybe",
    "/convex/jwks/",
    "/convex/jwks?x=1",
    "/convex/.well-known/openid-configuration/",
    "/convex/.well-known/openid-configuration?x",
  ],
  methods: ["HEAD", "POST", "PUT", "PATCH", "DELETE"],
  headers: [
    { authorization: "Bearer nobody" },
    { authorization: "" },
    { Authorization: "Basic YTpi" },
    { accept: "text/html" },
    { accept: "application/json" },
    { "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" },
    { "content-type": "application/x-www-form-urlencoded" },
    { "x-forwarded-for": "203.0.113.7, 198.51.100.1" },
    { "x-forwarded-host": "evil.example", "x-forwarded-proto": "http" },
    { host: "evil.example" },
    { "if-none-match": "*" },
    { range: "bytes=0-1" },
    { "user-agent": "x".repeat(5000) },
    { "x-convex-gate": "1" },
  ] as Record<string, string>[],
  origins: [
    "null",
    "",
    SITE,
    `${SITE}/`,
    SITE.toUpperCase(),
    SITE.replace("https:", "http:"),
    `${ORIGIN}:443`,
    `${ORIGIN}.evil.example`,
    ORIGIN.replace("https:", "HTTPS:"),
    "https://user@app.example.com",
    "file://",
    "myapp://",
    "chrome-extension://abc",
    "not an origin",
    `${ORIGIN}, https://evil.example`,
    "https://ёж.example",
  ],
};

export const requestCases: readonly LaneCase[] = [
  {
    name: "paths and parameters",
    requests: ({ ada }) => REQUESTS.paths.map((path) => get(path, { cookie: ada.cookieHeader() })),
    lane: SESSION,
  },
  {
    name: "methods",
    requests: ({ ada }) =>
      everything({ cookie: ada.cookieHeader(), origin: SITE }).flatMap((each) =>
        REQUESTS.methods.map((method) => new Request(each, { method })),
      ),
    lane: [],
  },
  {
    name: "headers",
    requests: ({ ada }) =>
      REQUESTS.headers.flatMap((headers) => few({ ...headers, cookie: ada.cookieHeader() })),
    lane: FEW,
  },
  {
    name: "origins",
    code: twoOrigins,
    requests: ({ ada }) =>
      REQUESTS.origins
        .filter((origin) => /^[\x20-\x7e]*$/.test(origin))
        .flatMap((origin) => [
          ...few({ origin, "better-auth-cookie": ada.cookieHeader() }),
          new Request(`${SITE}/api/auth/get-session`, { method: "OPTIONS", headers: { origin } }),
          new Request(`${SITE}/api/auth/sign-in/email?x=1`, {
            method: "OPTIONS",
            headers: { origin, "access-control-request-method": "POST" },
          }),
        ]),
    lane: [...FEW, "preflight"],
  },
  {
    name: "a preflight without an origin",
    code: twoOrigins,
    requests: () => [new Request(`${SITE}/api/auth/get-session`, { method: "OPTIONS" })],
    lane: ["preflight"],
  },
  {
    name: "forged cookies",
    code: twoOrigins,
    requests: cookies(({ name, value }) => {
      const decoded = decodeURIComponent(value);
      const [token = "", signature = ""] = decoded.split(".");
      const flipped = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
      return [
        `${token}x.${signature}`,
        `${token}.${flipped}`,
        `${token}.${signature.slice(0, -1)}`,
        `${token}.${signature}=`,
        `${token}.`,
        `.${signature}`,
        token,
        "",
        "%",
        "%E0%A4%A",
        `${token}.${"A".repeat(43)}=`,
        `${decoded}.${signature}`,
        decoded.replaceAll("+", "-").replaceAll("/", "_"),
        decoded.toLowerCase(),
      ].map((each) => `${name}=${each.startsWith("%") ? each : encodeURIComponent(each)}`);
    }),
    lane: SESSION,
  },
  {
    name: "cookies written otherwise",
    code: twoOrigins,
    requests: cookies(({ name, value }) => {
      const decoded = decodeURIComponent(value);
      return [
        `${name}=${decoded}`,
        `${name}="${value}"`,
        `${name}="${decoded}"`,
        `${name} = ${value}`,
        ` ${name}=${value} `,
        `${name}=${value};`,
        `a=1;${name}=${value};b=2`,
        `a;b=;=c;${name}=${value}`,
        `${name}=${encodeURIComponent(value)}`,
        `${name}=${value.toLowerCase()}`,
        `${name.toUpperCase()}=${value}`,
        `${name}=${value}, other=1`,
        `__proto__=1; constructor=2; ${name}=${value}`,
      ];
    }),
    lane: SESSION,
  },
  {
    name: "two session cookies, and other names",
    code: twoOrigins,
    requests: async (world) => {
      const bob = world.browser();
      await bob.signUp("bob@example.com");
      const other = sessionCookie({ ...world, ada: bob });
      return cookies(({ name, value }) => {
        const bare = name.replace(/^__Secure-/, "");
        return [
          `${name}=${value}; ${name}=${other.value}`,
          `${name}=${other.value}; ${name}=${value}`,
          `${name}=; ${name}=${value}`,
          `${name}=${value}; ${name}=`,
          `${bare}=${value}`,
          `${bare}=${value}; ${name}=${other.value}`,
          `${name}=${value}; ${bare}=${other.value}`,
          `__Host-${bare}=${value}`,
          `shop.session_token=${value}`,
          `shop.session_token=${other.value}; ${name}=${value}`,
          `x${name}=${value}`,
          `${name}x=${value}`,
          `${name}=${value}; __Secure-better-auth.dont_remember=1`,
          `${name}=${value}; __Secure-better-auth.session_data=e30`,
          `${name}=${value}; __Secure-better-auth.session_data.0=e30`,
          `${name}=${value}; better-auth.session_data=e30`,
          `${name}=${value}; __Secure-better-auth.convex_jwt=x`,
          `${name}=${value}; __Secure-better-auth.convex_jwt=`,
          `${name}=${value}; better-auth.convex_jwt=x`,
          `__Secure-better-auth.convex_jwt=x`,
        ];
      })(world);
    },
    lane: SESSION,
  },
  {
    name: "a jar and cookies",
    code: twoOrigins,
    requests: async (world) => {
      const bob = world.browser();
      await bob.signUp("bob@example.com");
      const [mine, theirs] = [world.ada.cookieHeader(), bob.cookieHeader()];
      return [
        { "better-auth-cookie": mine, cookie: theirs },
        { "better-auth-cookie": "", cookie: mine },
        { "better-auth-cookie": "x", cookie: mine },
        { "better-auth-cookie": mine },
        { "better-auth-cookie": mine, authorization: "Bearer x" },
      ].flatMap((headers) => few({ ...headers, origin: ORIGIN }));
    },
    lane: FEW,
  },
  {
    name: "a jar where tabs keep none",
    requests: ({ ada }) => everything({ "better-auth-cookie": ada.cookieHeader() }),
    lane: PUBLIC,
  },
  {
    name: "CORS where there is none",
    requests: ({ ada }) => everything({ cookie: ada.cookieHeader(), origin: ORIGIN }),
    lane: ALL,
  },
];
