import { describe, expect, test } from "vitest";
import { callRows } from "./call-rows.js";
import { chartOf } from "./chart.js";
import { deploymentsOf, parseDeployment } from "./deployments.js";
import type { Report, Row } from "./report.js";
import { exact, groupRatio, onlyTimes, summaryOf, tableOf } from "./report.js";
import { ratio, summarise } from "./statistics.js";

describe("a series", () => {
  test("has a median and quartiles, whatever its order", () => {
    expect(summarise([4, 1, 3, 2])).toEqual({
      median: 2.5,
      lowerQuartile: 1.75,
      upperQuartile: 3.25,
      count: 4,
    });
    expect(summarise([7]).median).toBe(7);
  });

  test("that is empty says so", () => {
    expect(() => summarise([])).toThrow(/nothing was measured/);
  });

  test("has no ratio to nothing", () => {
    expect(ratio(1, 4)).toBe(0.25);
    expect(ratio(1, 0)).toBeUndefined();
  });
});

describe("a report", () => {
  const timed = (group: "flow" | "component call", name: string, ours: number, peer: number) => ({
    group,
    name,
    unit: "ms" as const,
    ours: exact(ours),
    peer: exact(peer),
  });
  const report: Report = {
    date: "2026-11-27",
    on: "local hosts",
    versions: { "convex-gate": "0.1.0" },
    rows: [
      timed("component call", "find <one>", 1, 10),
      timed("component call", "count", 3, 10),
      timed("component call", "create", 2, 10),
      timed("flow", "sign-up", 5, 10),
    ],
  };

  test("gives the median of a group's ratios", () => {
    expect(groupRatio(report, "component call", "ms")).toBeCloseTo(0.2);
    expect(groupRatio(report, "verification", "ms")).toBeUndefined();
    expect(summaryOf(report)).toContain(
      "one component call 0.20 (with the host -, less an empty component function -, processor time -); a flow 0.50 of the time, - of the processor time",
    );
  });

  test("has a line a row in its table", () => {
    const [head = "", ...lines] = tableOf(report).split("\n");
    expect(head).toContain("ours/peer");
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/find <one>.*0\.100$/);
  });

  test("is drawn with its text escaped and its shares in scale", () => {
    const chart = chartOf(report);
    expect(chart).toContain("find &lt;one&gt;");
    const widths = [...chart.matchAll(/class="ours" [^>]*width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    );
    expect(widths).toEqual([40, 120, 80, 200]);
  });
});

test("a call is told with the host's cost and without it, taken off within its round", () => {
  const round = (nothing: number, call: number) => ({
    nothing: { ms: nothing, cpuMs: nothing / 2 },
    empty: { ms: nothing + 1, cpuMs: (nothing + 1) / 2 },
    calls: [{ ms: call, cpuMs: call / 2 }],
  });
  const rows = callRows(["count"], {
    // A load that comes and goes: every round's difference is 2, and the quartiles say so.
    ours: [round(1, 3), round(10, 12), round(4, 6)],
    peer: [round(1, 9), round(2, 10), round(3, 11)],
  });
  const net = rows.find(({ group }) => group === "component call")?.ours;
  expect(net).toMatchObject({ lowerQuartile: 2, upperQuartile: 2 });
  const told = rows.map(({ group, unit, ours, peer }) => [group, unit, ours.median, peer.median]);
  expect(told).toEqual([
    ["the host itself", "ms", 4, 2],
    ["the host itself", "ms", 1, 1],
    ["the host itself", "cpu ms", 2, 1],
    ["the host itself", "cpu ms", 0.5, 0.5],
    ["call with host", "ms", 6, 10],
    ["component call", "ms", 2, 8],
    ["component call", "cpu ms", 1, 4],
    ["component's own part", "ms", 1, 7],
    ["component's own part", "cpu ms", 0.5, 3.5],
  ]);
});

describe("deployments in place of the local hosts", () => {
  const ours = "http://127.0.0.1:3210,http://127.0.0.1:3211,name|key,with a comma";

  test("are given as two texts", () => {
    const parsed = {
      url: "http://127.0.0.1:3210",
      siteUrl: "http://127.0.0.1:3211",
      key: "name|key,with a comma",
    };
    const peer = "https://a.convex.cloud/,https://a.convex.site,dev:a|b";
    const theirs = {
      url: "https://a.convex.cloud",
      siteUrl: "https://a.convex.site",
      key: "dev:a|b",
    };
    expect(deploymentsOf([ours], peer)).toEqual({ ours: parsed, peer: theirs });
    expect(deploymentsOf([ours, peer], undefined)).toEqual({ ours: parsed, peer: theirs });
    expect(deploymentsOf([], undefined)).toBeUndefined();
  });

  test("are refused where one or a part of one is missing, without a word of the key", () => {
    expect(() => deploymentsOf([ours], undefined)).toThrow(
      /two deployments are compared: --backend/,
    );
    for (const text of ["", "http://a,http://b", "a,b,secret", "http://a,http://b/path,secret"])
      expect(() => parseDeployment(text)).toThrow(/^a deployment is URL,SITE,KEY, (?!.*secret)/);
  });

  test("are told of by times, and by what this process does itself", () => {
    const row = (group: Row["group"], name: string, unit: Row["unit"]): Row => ({
      group,
      name,
      unit,
      ours: exact(1),
      peer: exact(1),
    });
    const rows = [
      row("flow", "sign-up", "ms"),
      row("flow", "sign-up", "cpu ms"),
      row("flow", "sign-up", "calls"),
      row("password", "hash, warm, against JavaScript", "cpu ms"),
      row("password", "hash, in a fresh context", "cpu ms"),
    ];
    expect(onlyTimes(rows)).toEqual([rows[0], rows[3]]);
  });
});
