import convex from "@convex-dev/eslint-plugin";
import tseslint from "typescript-eslint";

export default tseslint.config(
  {
    ignores: [
      "**/node_modules/",
      "**/_generated/",
      "dist/",
      "target/",
      "js/wasm/generated/",
      "js/wasm/protocol.ts",
      "tests/output/",
      "**/dist/",
      // What frameworks write.
      "examples/sveltekit/build/",
      "**/{.next,.svelte-kit,.output,.tanstack,.nitro}/",
      "**/{next-env.d,routeTree.gen}.ts",
      // The published usage, kept as it is written there.
      "tests/packaging/fixture/documented/",
    ],
  },
  ...tseslint.configs.strict,
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      // A `{}` stands for "no members" in the types of Convex and Better Auth.
      "@typescript-eslint/no-empty-object-type": "off",
      // Overlong unions read better as interfaces with a call signature, where Convex needs them.
      "@typescript-eslint/unified-signatures": "off",
      // A leading underscore marks what is left out on purpose, as in a rest pattern.
      "@typescript-eslint/no-unused-vars": [
        "error",
        { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrors: "all" },
      ],
      "@typescript-eslint/no-dynamic-delete": "off",
      "no-console": "off",
    },
  },
  {
    // What is shipped says nothing but warnings and errors; the command line and verbose logs are the exception.
    files: ["js/**/*.{ts,tsx}", "convex/**/*.ts"],
    ignores: ["js/cli/**", "js/server/logged-store.ts"],
    rules: { "no-console": ["error", { allow: ["warn", "error"] }] },
  },
  {
    files: ["convex/**/*.ts", "examples/*/convex/**/*.ts"],
    plugins: { "@convex-dev": convex },
    rules: {
      ...Object.assign({}, ...convex.configs.recommended.map(({ rules }) => rules)),
      // Better Auth and its documented set-up read the environment at run time, declared or not.
      "@convex-dev/no-process-env": "off",
    },
  },
  {
    files: ["tests/**", "examples/**"],
    rules: {
      // Test data is known to be there, and the documented set-up reads its environment so.
      "@typescript-eslint/no-non-null-assertion": "off",
      // Tests of types name values that never run.
      "@typescript-eslint/no-unused-expressions": "off",
      // The compiler finds unused names too, and knows that `typeof` is a use.
      "@typescript-eslint/no-unused-vars": "off",
    },
  },
);
