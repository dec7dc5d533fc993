/** What the compiler says of the fields of a type, in words that a value can be compared with. */
import { fileURLToPath } from "node:url";
import ts from "typescript";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The kinds of values that a field may have: "string", "number[]", "object", "null", "absent" … */
export type Kinds = ReadonlyMap<string, ReadonlySet<string>>;

/** The members of exported types of a module, each with the kinds of its own members: `kinds["Given"]["user"]`. */
export function kindsOf(
  module: string,
  names: readonly string[],
): Record<string, Record<string, Kinds>> {
  const { options, errors } = ts.convertCompilerOptionsFromJson(
    ts.readConfigFile(`${root}/tsconfig.base.json`, (path) => ts.sys.readFile(path)).config
      .compilerOptions,
    root,
  );
  if (errors.length > 0) throw new Error("tsconfig.base.json does not parse");
  const program = ts.createProgram([module], { ...options, noEmit: true, types: ["node"] });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(module);
  const symbol = source && checker.getSymbolAtLocation(source);
  if (!symbol) throw new Error(`${module} is no module`);

  const kindsOfType = (type: ts.Type): string[] => {
    if (type.isUnion()) return type.types.flatMap(kindsOfType);
    if (type.flags & ts.TypeFlags.StringLike || type.isIntersection()) return ["string"];
    if (type.flags & ts.TypeFlags.NumberLike) return ["number"];
    if (type.flags & ts.TypeFlags.BooleanLike) return ["boolean"];
    if (type.flags & ts.TypeFlags.Null) return ["null"];
    if (type.flags & ts.TypeFlags.Undefined) return [];
    const [item] = checker.isArrayType(type)
      ? checker.getTypeArguments(type as ts.TypeReference)
      : [];
    // Lists of anything are JSON, which tells no kinds.
    return !item || item.isUnion() ? ["object"] : kindsOfType(item).map((kind) => `${kind}[]`);
  };
  const members = (type: ts.Type): [string, ts.Symbol][] =>
    checker.getPropertiesOfType(type).map((member) => [member.name, member]);
  const kindsOfMembers = (member: ts.Symbol): Kinds =>
    new Map(
      members(checker.getTypeOfSymbol(member)).map(([name, field]) => [
        name,
        new Set([
          ...kindsOfType(checker.getTypeOfSymbol(field)),
          ...(field.flags & ts.SymbolFlags.Optional ? ["absent"] : []),
        ]),
      ]),
    );
  return Object.fromEntries(
    names.map((name) => {
      const found = checker.getExportsOfModule(symbol).find((each) => each.name === name);
      if (!found) throw new Error(`${module} exports no ${name}`);
      const type = checker.getDeclaredTypeOfSymbol(found);
      return [
        name,
        Object.fromEntries(members(type).map(([key, member]) => [key, kindsOfMembers(member)])),
      ];
    }),
  );
}

/** The kind of a value, in the same words. */
export function kindOf(value: unknown): string {
  if (value === undefined) return "absent";
  if (value === null) return "null";
  if (Array.isArray(value)) return `${typeof value[0]}[]`;
  return typeof value;
}
