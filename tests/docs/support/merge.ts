/** A file with a block of a page put into it. */
import ts from "typescript";

/** What a block of options is compiled in. */
const FRAME = `import { betterAuth } from "better-auth/minimal";
import { convex } from "convex-gate/plugins";
import authConfig from "./auth.config";
`;

/** The file with the block's statements in the place of those that declare the same names, or at its end. */
export function merged(file: string, block: string): string {
  const [before, change] = [parse(file), parse(block)];
  const names = new Set(change.statements.flatMap(namesOf));
  const kept = before.statements.filter((each) => !ts.isImportDeclaration(each));
  const first = kept.findIndex((each) => namesOf(each).some((name) => names.has(name)));
  const rest = kept.filter((each) => !namesOf(each).some((name) => names.has(name)));
  const place = first < 0 ? rest.length : first;
  const added = change.statements.filter((each) => !ts.isImportDeclaration(each));
  return [
    ...importsOf([before, change]),
    ...rest.slice(0, place).map((each) => each.getFullText(before)),
    ...added.map((each) => each.getFullText(change)),
    ...rest.slice(place).map((each) => each.getFullText(before)),
  ].join("\n");
}

/** A module that gives the block's properties to `betterAuth`. What stands before the first property is its own. */
export function asOptions(block: string): string {
  const from = block.search(/^\w+: /m);
  if (from < 0) throw new Error(`no option in:\n${block}`);
  // Formatters take a property for a labelled statement, and end it so.
  const properties = block.slice(from).replaceAll(/;$/gm, ",").trimEnd();
  return merged(
    FRAME,
    `${block.slice(0, from)}\nexport const auth = betterAuth({\n${properties}\n});\n`,
  );
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("block.tsx", text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
}

/** The names that a statement gives to the module. */
function namesOf(statement: ts.Statement): string[] {
  if (ts.isExportAssignment(statement)) return ["default"];
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.flatMap(({ name }) => bound(name));
  const { name } = statement as { name?: ts.Node };
  return name && ts.isIdentifier(name) ? [name.text] : [];
}

function bound(name: ts.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((each) => (ts.isBindingElement(each) ? bound(each.name) : []));
}

/** One import a name; a later file's replaces an earlier one's. */
function importsOf(files: readonly ts.SourceFile[]): string[] {
  const found = new Map<string, string>();
  for (const file of files) {
    for (const statement of file.statements) {
      if (!ts.isImportDeclaration(statement)) continue;
      const from = statement.moduleSpecifier.getText(file);
      const clause = statement.importClause;
      if (!clause) found.set(from, `import ${from};`);
      const type = clause?.isTypeOnly ? "type " : "";
      if (clause?.name)
        found.set(clause.name.text, `import ${type}${clause.name.text} from ${from};`);
      const named = clause?.namedBindings;
      if (named && ts.isNamespaceImport(named))
        found.set(named.name.text, `import ${type}${named.getText(file)} from ${from};`);
      if (named && ts.isNamedImports(named))
        for (const each of named.elements)
          found.set(each.name.text, `import ${type}{ ${each.getText(file)} } from ${from};`);
    }
  }
  return [...found.values()];
}
