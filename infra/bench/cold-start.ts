import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { DeployedFunction } from "./deployed-functions.ts";
import type { Floor } from "./floor.ts";
import { median, type Report, verdict } from "./report.ts";

const RATIO_MAX = 1.6;
const ROUNDS = 15;
const TIMER = fileURLToPath(new URL("./import-timer.mjs", import.meta.url));

/** What the Lambda runtime sets besides the function's own variables. */
const RUNTIME_ENVIRONMENT = {
  AWS_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "bench",
  AWS_SECRET_ACCESS_KEY: "bench",
};

/**
 * Times the import of each function's bundle and of its floor, in turn, each in a fresh process: from `import()` to the
 * handler being there. The start of the process is not counted.
 */
export async function reportColdStarts(
  functions: readonly DeployedFunction[],
  floors: ReadonlyMap<string, Floor>,
  announce: (what: string) => void,
  signal: AbortSignal,
): Promise<Report> {
  const rows: Report["rows"][number][] = [];
  for (const { name, bundleUrl, environment } of functions) {
    const floor = floors.get(name);
    if (floor === undefined) continue;
    announce(`timing the cold start of ${name}`);
    const functionMs: number[] = [];
    const floorMs: number[] = [];
    // The first of each brings the files into memory.
    for (let round = 0; round <= ROUNDS; round += 1) {
      const pair = [
        await importMs(bundleUrl, environment, signal),
        await importMs(floor.url, environment, signal),
      ] as const;
      if (round === 0) continue;
      functionMs.push(pair[0]);
      floorMs.push(pair[1]);
    }
    const ratio = median(functionMs) / median(floorMs);
    const hasTarget = floor.clients.length > 0;
    rows.push({
      cells: [
        name,
        median(functionMs).toFixed(1),
        median(floorMs).toFixed(1),
        ratio.toFixed(2),
        hasTarget ? `<= ${RATIO_MAX.toFixed(1)}` : "none",
      ],
      verdict: hasTarget ? verdict(ratio <= RATIO_MAX) : undefined,
    });
  }
  return {
    name: "Cold start",
    title: `from import to ready, beside the same floor; medians of ${String(ROUNDS)} fresh processes each`,
    columns: ["function", "ms", "floor ms", "ratio", "target"],
    rows,
    notes: [
      "A function without SDK clients has an empty module for its floor: its ratio compares it with nothing, and has no target.",
    ],
  };
}

async function importMs(
  url: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<number> {
  // Reading source maps slows both alike and would flatter the ratio.
  const { NODE_OPTIONS: _sourceMaps, ...variables } = environment;
  const { stdout } = await promisify(execFile)(process.execPath, [TIMER, url], {
    env: { ...variables, ...RUNTIME_ENVIRONMENT },
    signal,
  });
  const ms = Number(stdout);
  if (!(ms > 0)) throw new Error("a bundle was imported and no time came back");
  return ms;
}
