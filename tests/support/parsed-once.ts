/** The compiler's way to the files of programs that one process makes one after the other. */
import ts from "typescript";

/** Files that are the same in every program are read and parsed once: the libraries, and most packages. */
const parsedFiles = new Map<string, ts.SourceFile | undefined>();

/** A host for programs whose options parse alike: those of language, modules and strictness are the same in a process. */
export function hostFor(chosen: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(chosen, true);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (path, languageOrOptions, ...rest) => {
    if (!path.includes("/node_modules/")) return read(path, languageOrOptions, ...rest);
    const known = parsedFiles.get(path) ?? read(path, languageOrOptions, ...rest);
    parsedFiles.set(path, known);
    return known;
  };
  return host;
}
