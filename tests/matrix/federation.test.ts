import { cimd } from "./plugins/cimd.js";
import { mcp } from "./plugins/mcp.js";
import { oauthProvider } from "./plugins/oauth-provider.js";
import { runMatrix } from "./support/run.js";

runMatrix("federation", [cimd, mcp, oauthProvider]);
