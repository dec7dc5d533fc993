/** Better Auth's own adapter suites, unmodified, through the adapter, the component and the built wasm. */
import {
  authFlowTestSuite,
  caseInsensitiveTestSuite,
  joinsTestSuite,
  normalTestSuite,
  testAdapter,
  transactionsTestSuite,
  uuidTestSuite,
} from "@better-auth/test-utils/adapter";
import { createConvexGateAdapter } from "../../js/adapter/index.js";
import { createComponentHarness } from "../support/component-harness.js";

const { store } = createComponentHarness();

const { execute } = await testAdapter({
  adapter: () => createConvexGateAdapter({ store: store() }),
  // Tables and fields need no declaration, so there is nothing to migrate.
  runMigrations: () => undefined,
  tests: [
    normalTestSuite(),
    joinsTestSuite(),
    uuidTestSuite(),
    caseInsensitiveTestSuite(),
    authFlowTestSuite(),
    transactionsTestSuite(),
    // number-id is left out: Convex has no serial ids, see `refuses serial ids` in tests/adapter.
  ],
});

execute();
