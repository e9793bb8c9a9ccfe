import type { ProgressBar } from "../template-audit/progress-bar.ts";

/** Tells a pipe or a file every so often, in a line of its own, how far a long run has come. */
export function createProgressLines(output: NodeJS.WritableStream, everyMs: number): ProgressBar {
  let toldMs = performance.now();
  return {
    update(done, counted) {
      const nowMs = performance.now();
      if (nowMs - toldMs < everyMs) return;
      toldMs = nowMs;
      output.write(`${counted} rows, ${Math.floor(done * 100)} %\n`);
    },
    clear: () => undefined,
  };
}
