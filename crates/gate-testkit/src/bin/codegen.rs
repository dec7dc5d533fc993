//! Writes the files that have their source in Rust: `convex/schema.ts` and
//! `js/adapter/native-indexes.ts` from the table catalogue, `js/wasm/protocol.ts` from the types that
//! cross the wasm boundary. With `--check` it writes
//! nothing and fails when a file is not what it would write.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use gate_core::operations::Operation;
use gate_core::schema::{TABLES, index_name};
use gate_wasm::Answer;
use ts_rs::{Config, TS, TypeVisitor};

const COMMAND: &str = "cargo run -p gate-testkit --features codegen --bin codegen";

fn main() -> ExitCode {
    // Where it runs, or where cargo says that it does: the folder of a clone is not compiled in, what was
    // compiled serves others too.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let root = package.map_or_else(PathBuf::new, |package| package.join("../.."));
    let check = std::env::args().any(|argument| argument == "--check");
    let mut code = ExitCode::SUCCESS;
    for (path, text) in [
        ("convex/schema.ts", schema()),
        ("js/adapter/native-indexes.ts", native_indexes()),
        ("js/wasm/protocol.ts", protocol()),
    ] {
        let file = root.join(path);
        if std::fs::read_to_string(&file).is_ok_and(|current| current == text) {
            println!("{path} is up to date");
        } else if check {
            println!("{path} is stale: run `{COMMAND}`");
            code = ExitCode::FAILURE;
        } else if let Err(error) = std::fs::write(&file, text) {
            println!("{path} could not be written: {error}");
            code = ExitCode::FAILURE;
        } else {
            println!("{path} written");
        }
    }
    code
}

fn schema() -> String {
    let mut text = format!(
        "/**
 * The tables of Better Auth's core and official plugins with the indexes that its queries use. Nothing else has to be
 * declared: Convex accepts other tables and fields too. Written by `{COMMAND}`
 * from the catalogue that the planner reads.
 */
import type {{ GenericSchema, SchemaDefinition }} from \"convex/server\";
import {{ defineSchema, defineTable }} from \"convex/server\";
import {{ v }} from \"convex/values\";

const schema: SchemaDefinition<GenericSchema, false> = defineSchema(
  {{
"
    );
    for table in TABLES {
        let _ = write!(text, "    {}: defineTable(v.any())", table.name);
        for fields in table.all_indexes() {
            let list = fields.iter().map(|field| format!("\"{field}\"")).collect::<Vec<_>>();
            let _ =
                write!(text, "\n      .index(\"{}\", [{}])", index_name(fields), list.join(", "));
        }
        text.push_str(",\n");
    }
    text.push_str("  },\n  { schemaValidation: false },\n);\n\nexport default schema;\n");
    text
}

/// What the app's side has to know of the schema: which indexes it need not ask for.
fn native_indexes() -> String {
    let mut text = format!(
        "/**
 * The native indexes of the component's tables: for each table the fields of every index but that on `id`, with commas
 * between them and spaces between indexes. Written by `{COMMAND}`.
 */
// prettier-ignore
export const nativeIndexes: Readonly<Record<string, string>> = {{
"
    );
    for table in TABLES {
        let indexes: Vec<String> = table.indexes.iter().map(|fields| fields.join(",")).collect();
        if !table.name.starts_with("gate") {
            let _ = writeln!(text, "  {}: \"{}\",", table.name, indexes.join(" "));
        }
    }
    text.push_str("};\n");
    text
}

/// Every type that the two outermost ones are made of, each declared once, in order of name.
fn protocol() -> String {
    let config = Config::default();
    let mut declarations = Declarations { config: &config, found: Vec::new() };
    declarations.visit::<Answer>();
    declarations.visit::<Operation>();
    declarations.found.sort();
    let mut text = format!(
        "/**
 * What crosses the boundary to the core, as JSON. Written by `{COMMAND}`.
 */
// prettier-ignore
/* eslint-disable */
"
    );
    for (_, declaration) in declarations.found {
        let _ = writeln!(text, "\nexport {declaration}");
    }
    text
}

struct Declarations<'a> {
    config: &'a Config,
    found: Vec<(String, String)>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Lists and maps have no name of their own; the types within them are what counts.
        if T::output_path().is_some() {
            let name = T::ident(self.config);
            if self.found.iter().any(|(known, _)| *known == name) {
                return;
            }
            self.found.push((name, T::decl(self.config)));
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}
