import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type BuildOptions, build, type Metafile, type Plugin } from "esbuild";

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
  plugins: [WITHOUT_JSON_SCHEMA],
  logLevel: "warning",
};

/** What esbuild found and how large each bundle is; outputs are named `<function>/index.mjs`. */
export type BundleReport = Metafile;

/** Names of the functions: the folders of functions/ that have an entry. */
export function functionNames(): readonly string[] {
  return readdirSync(join(ROOT, "functions"))
    .filter((name) => existsSync(join(ROOT, "functions", name, "index.ts")))
    .sort();
}

/**
 * Bundles every function with one call of esbuild into `folder`/<name>/index.mjs, with its assets, and the
 * data files beside the modules that it contains. Replaces `folder` when all is built.
 */
export async function bundleFunctions(folder: string = BUNDLES_FOLDER): Promise<BundleReport> {
  const names = functionNames();
  const next = `${folder}.${process.pid}`;
  const { metafile } = await build({
    ...BUNDLE_OPTIONS,
    entryPoints: names.map((name) => ({ in: `functions/${name}/index.ts`, out: `${name}/index` })),
    outdir: next,
    metafile: true,
  });
  for (const name of names) copyFiles(metafile, name, next);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  renameSync(next, folder);
  writeFileSync(join(dirname(folder), "metafile.json"), JSON.stringify(metafile));
  return metafile;
}

function copyFiles(metafile: Metafile, name: string, folder: string): void {
  const assets = join(ROOT, "functions", name, "assets");
  if (existsSync(assets)) cpSync(assets, join(folder, name, "assets"), { recursive: true });
  const output = Object.entries(metafile.outputs).find(([path]) => path.endsWith(`/${name}/index.mjs`));
  const modules = Object.keys(output?.[1].inputs ?? {}).filter((path) => !path.includes("node_modules"));
  for (const source of new Set(modules.map(dirname))) {
    const data = join(ROOT, source, "data");
    if (existsSync(data)) cpSync(data, join(folder, name, "data"), { recursive: true });
  }
}

if (import.meta.main) await bundleFunctions();
