/** Set-up of the project `react18`: packages that `require` React get the other version, too. */
import Module from "node:module";

type Resolve = (request: string, ...rest: unknown[]) => string;
// Not in Node's types; the only way to redirect what packages in node_modules require.
const loader = Module as unknown as { _resolveFilename: Resolve };
const resolve = loader._resolveFilename;
loader._resolveFilename = (request, ...rest) =>
  resolve.call(loader, request.replace(/^(react|react-dom)(?=\/|$)/, "$1-18"), ...rest);
