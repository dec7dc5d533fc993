/** Writes `convex/_generated/component.ts` from the validators that the component's functions export. */

/** A Convex function as its module exports it, as far as its types go. */
interface RegisteredFunction {
  isQuery?: boolean;
  isMutation?: boolean;
  isAction?: boolean;
  isPublic?: boolean;
  exportArgs(): string;
  exportReturns(): string;
}

type ValidatorJson =
  | { type: "any" | "null" | "number" | "bigint" | "boolean" | "string" | "bytes" }
  | { type: "literal"; value: unknown }
  | { type: "id"; tableName: string }
  | { type: "array"; value: ValidatorJson }
  | { type: "union"; value: ValidatorJson[] }
  | { type: "record"; keys: ValidatorJson; values: { fieldType: ValidatorJson } }
  | { type: "object"; value: Record<string, { fieldType: ValidatorJson; optional: boolean }> };

const header = `/**
 * The type of \`components.betterAuth\`, as the generated code of an app imports it. Written from the validators of the
 * component's functions: \`UPDATE_GENERATED=1 npx vitest run tests/component/component-api.test.ts\`.
 */
import type { FunctionReference } from "convex/server";

`;

/** The text of \`component.ts\` for the given modules (name to exports). */
export function componentTypes(modules: Record<string, Record<string, unknown>>): string {
  const lines = [
    "/** The functions of the component; `Name` is the name it is installed under. */",
    "export interface ComponentApi<Name extends string | undefined = string | undefined> {",
  ];
  for (const name of Object.keys(modules).sort()) {
    lines.push(`  ${name}: {`);
    const exported = modules[name] ?? {};
    for (const key of Object.keys(exported).sort()) {
      const registered = exported[key];
      if (!isRegistered(registered) || registered.isPublic !== true) continue;
      const args = typeText(JSON.parse(registered.exportArgs()) as ValidatorJson);
      const returns = typeText(JSON.parse(registered.exportReturns()) as ValidatorJson);
      lines.push(
        `    ${key}: FunctionReference<"${kindOf(registered)}", "internal", ${args}, ${returns}, Name>;`,
      );
    }
    lines.push("  };");
  }
  lines.push("}", "");
  return header + lines.join("\n");
}

/** Tells whether a module's export is a Convex function. */
export function isRegistered(value: unknown): value is RegisteredFunction {
  return typeof value === "function" && "exportArgs" in value;
}

function kindOf(registered: RegisteredFunction): string {
  if (registered.isQuery === true) return "query";
  return registered.isMutation === true ? "mutation" : "action";
}

/**
 * Refusals as values come to the store alone, which asks for them by `faults`, and what was written comes to triggers, by
 * `changes`. An app's own calls throw, and get the result.
 */
function isForApps(member: ValidatorJson): boolean {
  return !(member.type === "object" && ("fault" in member.value || "changes" in member.value));
}

const NOT_FOR_APPS: readonly string[] = ["faults", "changes"];

function typeText(validator: ValidatorJson): string {
  switch (validator.type) {
    case "any":
    case "null":
    case "number":
    case "bigint":
    case "boolean":
    case "string":
      return validator.type;
    case "bytes":
      return "ArrayBuffer";
    case "id":
      return "string";
    case "literal":
      return JSON.stringify(validator.value);
    case "array":
      return `Array<${typeText(validator.value)}>`;
    case "union":
      return validator.value.filter(isForApps).map(typeText).join(" | ");
    case "record":
      return `Record<${typeText(validator.keys)}, ${typeText(validator.values.fieldType)}>`;
    case "object": {
      const entries = Object.entries(validator.value).filter(
        ([key]) => !NOT_FOR_APPS.includes(key),
      );
      const members = entries.map(
        ([key, { fieldType, optional }]) => `${key}${optional ? "?" : ""}: ${typeText(fieldType)}`,
      );
      return members.length === 0 ? "{}" : `{ ${members.join("; ")} }`;
    }
  }
}
