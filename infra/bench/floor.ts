import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { BUNDLE_OPTIONS } from "../bundle.ts";

const FUNCTIONS = join(import.meta.dirname, "../../functions");

/** What a function cannot be smaller or quicker than: a bundle that constructs its SDK clients and does nothing else. */
export type Floor = { readonly url: string; readonly bytes: number; readonly clients: readonly string[] };

/** Bundles the floor of a function into `folder`, made as the function's own bundle is. */
export async function bundleFloor(name: string, folder: string): Promise<Floor> {
  const clients = clientsOf(readFileSync(join(FUNCTIONS, name, "index.ts"), "utf8"));
  const outfile = join(folder, name, "index.mjs");
  await build({
    ...BUNDLE_OPTIONS,
    stdin: { contents: floorSource(clients), resolveDir: FUNCTIONS, sourcefile: `${name}-floor.js` },
    outfile,
  });
  return { url: pathToFileURL(outfile).href, bytes: statSync(outfile).size, clients: [...clients.keys()] };
}

/** The SDK clients that an index.ts constructs, with the package of each. Throws where it imports one and does not. */
function clientsOf(source: string): ReadonlyMap<string, string> {
  const imported = [...source.matchAll(/^import \{([^}]+)\} from "(@aws-sdk\/client-[\w-]+)";$/gmu)].flatMap(
    ([, names = "", from = ""]) =>
      names
        .split(",")
        .map((each) => each.trim())
        .filter((each) => each.endsWith("Client"))
        .map((each) => [each, from] as const),
  );
  const idle = imported.find(([client]) => !source.includes(`new ${client}(`));
  if (idle !== undefined) throw new Error(`an index.ts imports ${idle[0]} and does not construct it`);
  return new Map(imported);
}

function floorSource(clients: ReadonlyMap<string, string>): string {
  const imports = [...clients].map(([client, from]) => `import { ${client} } from "${from}";`);
  const constructed = [...clients.keys()].map((client) => `new ${client}()`);
  return [...imports, `export const handler = [${constructed.join(", ")}];`, ""].join("\n");
}
