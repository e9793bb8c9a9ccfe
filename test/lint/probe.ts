import { spawnSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A file to be judged as if it lay at `path` in the project. */
export interface ProbeFile {
  readonly path: string;
  readonly text: string;
}

interface BiomeReport {
  readonly diagnostics: readonly {
    readonly category: string;
    readonly location: { readonly path: string };
  }[];
}

const CONFIGURATION = ["biome.json", ".oxlintrc.json", ".gitignore", "package.json", "tsconfig.json"];

/** The names of the Biome rules that each file breaks under the project's own configuration, by path. */
export function brokenRules(files: readonly ProbeFile[]): ReadonlyMap<string, readonly string[]> {
  const output = judge(files, "@biomejs/biome/bin/biome", [
    "lint",
    "--reporter=json",
    "--max-diagnostics=none",
    ".",
  ]);
  const { diagnostics } = JSON.parse(output) as BiomeReport;
  const rules = new Map<string, string[]>(files.map(({ path }) => [path, []]));
  for (const { category, location } of diagnostics) rules.get(location.path)?.push(category);
  return rules;
}

/** What oxlint, knowing the types, says of the files under the project's own configuration. */
export function typedFindings(files: readonly ProbeFile[]): string {
  return judge(files, "oxlint/bin/oxlint", [
    "--type-aware",
    "--format=unix",
    ...files.map(({ path }) => path),
  ]);
}

/** Lays the files into a temporary folder with the project's configuration and returns what the tool prints. */
function judge(files: readonly ProbeFile[], tool: string, toolArguments: readonly string[]): string {
  const root = mkdtempSync(join(tmpdir(), "foundphone-lint-"));
  try {
    for (const path of [...CONFIGURATION, ...globSync("test/lint/*.grit")]) cpSync(path, join(root, path));
    symlinkSync(join(process.cwd(), "node_modules"), join(root, "node_modules"));
    for (const { path, text } of files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(process.cwd(), "node_modules", tool), ...toolArguments],
      { cwd: root, encoding: "utf8" },
    );
    if (status === null || status > 1) throw new Error(`the tool could not run: ${stderr}`);
    return stdout;
  } finally {
    rmSync(root, { recursive: true });
  }
}
