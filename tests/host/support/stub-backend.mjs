#!/usr/bin/env node
// Stands in for a `convex-local-backend`: it writes down how it is started and what it is asked, and answers as little as
// that needs. Beside itself it starts a child, as Convex does for Node actions.
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";

const record = (entry) => appendFileSync(process.env.STUB_RECORD, `${JSON.stringify(entry)}\n`);
const args = process.argv.slice(2);
const after = (flag) => args[args.indexOf(flag) + 1];

if (args[0] === "keygen") {
  console.log(`${after("--instance-name")}|a-key`);
} else {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
  record({ args, cwd: process.cwd(), tmp: process.env.TMPDIR, child: child.pid });
  const answers = {
    "/instance_name": () => after("--instance-name"),
    "/api/deploy2/start_push": () => JSON.stringify({ schemaChange: { schemaIds: {} } }),
    "/api/deploy2/wait_for_schema": () => JSON.stringify({ type: "complete" }),
    "/api/deploy2/finish_push": () => "{}",
    "/api/update_environment_variables": () => "",
    "/api/stream_function_logs": () =>
      JSON.stringify({
        entries: [{ identifier: "a:b", logLines: ["[LOG] 'said'"] }],
        newCursor: 1,
      }),
  };
  const serve = async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { pathname, searchParams } = new URL(request.url, "http://stub");
    if (request.method === "POST")
      record({ path: pathname, key: request.headers.authorization, body: JSON.parse(body) });
    // Nothing more is logged after the first answer.
    if (searchParams.get("cursor") === "1") return;
    const answer = answers[pathname];
    response.statusCode = answer ? 200 : 404;
    response.end(answer?.());
  };
  createServer((...request) => void serve(...request)).listen(
    Number(after("--port")),
    after("--interface"),
  );
  process.on("SIGTERM", () => {
    record({ ended: "SIGTERM" });
    process.exit(0);
  });
}
