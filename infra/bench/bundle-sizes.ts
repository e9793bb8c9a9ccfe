import type { DeployedFunction } from "./deployed-functions.ts";
import type { Floor } from "./floor.ts";
import { type Report, verdict } from "./report.ts";

const OVER_FLOOR_BYTES_MAX = 170 * 1024;

/** How large each function's bundle is, and how much of it is more than its floor. */
export function reportBundleSizes(
  functions: readonly DeployedFunction[],
  floors: ReadonlyMap<string, Floor>,
): Report {
  return {
    name: "Bundle size",
    title: "minified index.mjs, over a bundle that only constructs the same SDK clients",
    columns: ["function", "KB", "floor KB", "over floor KB", "target"],
    rows: functions.map(({ name, bundleBytes }) => {
      const floorBytes = floors.get(name)?.bytes ?? 0;
      const over = bundleBytes - floorBytes;
      return {
        cells: [name, kilobytes(bundleBytes), kilobytes(floorBytes), kilobytes(over), "<= 170"],
        verdict: verdict(over <= OVER_FLOOR_BYTES_MAX),
      };
    }),
  };
}

function kilobytes(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
