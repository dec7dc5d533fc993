#!/usr/bin/env node
// Runs a TypeScript entry that starts a host: `node tests/host/run.mjs ENTRY.ts [arguments]`, ENTRY from the root.
import { runTypeScript } from "../../scripts/lib/run-typescript.mjs";

const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) throw new Error("usage: node tests/host/run.mjs ENTRY.ts [arguments]");
process.exitCode = await runTypeScript(entry, rest);
