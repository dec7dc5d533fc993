import { serverKitTests } from "./suite.js";
import { sveltekit } from "./support/sveltekit.js";

serverKitTests(sveltekit);
