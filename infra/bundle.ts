import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin, transformSync } from "esbuild";

const ROOT = join(import.meta.dirname, "..");

/** Where the stack takes its code from: one folder per function. */
export const BUNDLES_FOLDER = join(ROOT, "build/functions");

// Some dependencies are CommonJS inside; Lambda gives ES modules no `require`.
const BANNER =
  'import{createRequire as bundleRequire}from"node:module";const require=bundleRequire(import.meta.url);';

/**
 * Leaves zod's JSON Schema out of the bundles (17 KB each): every schema refers to it and no function calls it. What
 * does call it fails.
 */
const WITHOUT_JSON_SCHEMA: Plugin = {
  name: "without-json-schema",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]core[\\/]json-schema-processors\.js$/ }, () => ({
      contents: "module.exports = {};",
    }));
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]core[\\/]to-json-schema\.js$/ }, () => ({
      // Called for every schema; what they give would make the JSON Schema when asked.
      contents:
        "const none = () => undefined;" +
        "module.exports = { createToJSONSchemaMethod: none, createStandardJSONSchemaMethod: none };",
    }));
  },
};

/** Leaves zod's English out of the bundles (3 KB each): answers and logs name paths and codes, never its messages. */
const WITHOUT_ZOD_MESSAGES: Plugin = {
  name: "without-zod-messages",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]en\.js$/ }, () => ({
      contents: "export default () => ({ localeError: () => undefined });",
    }));
  },
};

/** Leaves names and descriptions of the contract's schemas out of the bundles (1 KB each): the OpenAPI alone tells them. */
const WITHOUT_DESCRIPTIONS: Plugin = {
  name: "without-descriptions",
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]shared[\\/]contracts[\\/][\w-]+\.ts$/ }, ({ path }) => ({
      contents: withoutCalls(readFileSync(path, "utf8"), ".meta("),
      loader: "ts",
    }));
  },
};

/** A quoted string, or a single character. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[\s\S]/g;

/** The code without calls that begin so, line breaks kept. */
function withoutCalls(code: string, begin: string): string {
  const at = code.indexOf(begin);
  if (at < 0) return code;
  let end = at + begin.length;
  let depth = 1;
  for (const [token] of code.slice(end).matchAll(TOKEN)) {
    end += token.length;
    if (token === "(") depth += 1;
    else if (token === ")") depth -= 1;
    if (depth === 0) break;
  }
  const lines = code.slice(at, end).replace(/[^\n]/g, "");
  return code.slice(0, at) + lines + withoutCalls(code.slice(end), begin);
}

/**
 * Leaves what our own code imports only when it needs it out of a bundle: it becomes a file beside it, which no start
 * loads, and stands in `found` under the address that it is then imported by. What packages import late stays inside.
 */
function lateFiles(found: Map<string, string>): Plugin {
  return {
    name: "late-files",
    setup({ onResolve, resolve }) {
      onResolve({ filter: /\.ts$/ }, async ({ path, kind, importer, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        const { path: source, errors } = await resolve(path, {
          kind: "import-statement",
          importer,
          resolveDir,
        });
        if (errors.length > 0) return { errors };
        const address = `./${basename(source, ".ts")}.mjs`;
        if (address === "./index.mjs" || (found.get(address) ?? source) !== source) {
          return { errors: [{ text: `two files of a bundle would be ${address}` }] };
        }
        found.set(address, source);
        return { path: address, external: true };
      });
    },
  };
}

const LEAVING_OUT: readonly Plugin[] = [WITHOUT_JSON_SCHEMA, WITHOUT_ZOD_MESSAGES, WITHOUT_DESCRIPTIONS];

/** How every bundle is made, whatever it starts from. */
export const BUNDLE_OPTIONS: BuildOptions = {
  absWorkingDir: ROOT,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  platform: "node",
  target: "node24",
  format: "esm",
  mainFields: ["module", "main"],
  minify: true,
  keepNames: false,
  sourcemap: true,
  sourcesContent: false,
  banner: { js: BANNER },
  plugins: [...LEAVING_OUT],
  logLevel: "warning",
};

/** What esbuild found and how large each bundle is; outputs are named `<function>/index.mjs`. */
export type BundleReport = Metafile;

type Entry = { readonly in: string; readonly out: string };

/** Names of the functions: the folders of functions/ that have an entry. */
export function functionNames(): readonly string[] {
  return readdirSync(join(ROOT, "functions"))
    .filter((name) => existsSync(join(ROOT, "functions", name, "index.ts")))
    .sort();
}

/**
 * Bundles every function into `folder`/<name>/index.mjs, with its assets, the data files beside the modules that it
 * contains, and a file for each module that it imports late. Replaces `folder` when all is built.
 */
export async function bundleFunctions(folder: string = BUNDLES_FOLDER): Promise<BundleReport> {
  const names = functionNames();
  const next = `${folder}.${process.pid}`;
  const late = new Map<string, string>();
  const metafile: Metafile = { inputs: {}, outputs: {} };
  let entries: Entry[] = names.map((name) => ({ in: `functions/${name}/index.ts`, out: `${name}/index` }));
  while (entries.length > 0) {
    const made = await build({
      ...BUNDLE_OPTIONS,
      plugins: [...LEAVING_OUT, lateFiles(late)],
      entryPoints: entries,
      outdir: next,
      metafile: true,
    });
    Object.assign(metafile.inputs, made.metafile.inputs);
    Object.assign(metafile.outputs, made.metafile.outputs);
    entries = lateEntries(metafile, late);
  }
  for (const name of names) copyFiles(metafile, name, next);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(next, folder);
  writeFileSync(join(dirname(folder), "metafile.json"), JSON.stringify(metafile));
  return metafile;
}

/** What the modules of a function were made from, those that it imports late among them. */
function sourcesOf({ outputs }: Metafile, name: string): readonly string[] {
  return Object.entries(outputs)
    .filter(([path]) => path.endsWith(".mjs") && basename(dirname(path)) === name)
    .flatMap(([, { inputs }]) => Object.keys(inputs));
}

/** What files of `metafile` import late and is not made yet. */
function lateEntries({ outputs }: Metafile, late: ReadonlyMap<string, string>): Entry[] {
  const entries = Object.entries(outputs).flatMap(([path, { imports }]) =>
    imports.flatMap((imported): Entry[] => {
      const source = late.get(imported.path);
      if (source === undefined || join(dirname(path), imported.path) in outputs) return [];
      return [{ in: source, out: join(basename(dirname(path)), basename(imported.path, ".mjs")) }];
    }),
  );
  return [...new Map(entries.map((entry) => [entry.out, entry])).values()];
}

/** A script for browsers travels without its comments and spaces; their age: five years (ES2020). */
function shorten(script: string): void {
  const { code } = transformSync(readFileSync(script, "utf8"), { minify: true, target: "es2020" });
  writeFileSync(script, code.trim());
}

function copyFiles(metafile: Metafile, name: string, folder: string): void {
  const assets = join(ROOT, "functions", name, "assets");
  const copied = join(folder, name, "assets");
  if (existsSync(assets)) {
    cpSync(assets, copied, { recursive: true });
    for (const file of readdirSync(copied).filter((each) => each.endsWith(".js")))
      shorten(join(copied, file));
  }
  const modules = sourcesOf(metafile, name).filter((path) => !path.includes("node_modules"));
  for (const source of new Set(modules.map(dirname))) {
    const data = join(ROOT, source, "data");
    if (existsSync(data)) cpSync(data, join(folder, name, "data"), { recursive: true });
  }
}

if (import.meta.main) await bundleFunctions();
