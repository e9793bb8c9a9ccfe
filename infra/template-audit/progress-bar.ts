import type { WriteStream } from "node:tty";

const REDRAW_MS = 100;
const BAR_CELLS = 30;
const ERASE_LINE = "\r\u001b[K";

/** Shows on a terminal how far a long run has come. */
export interface ProgressBar {
  /** Draws, at most every tenth of a second. */
  update(done: number, counted: number): void;
  /** Takes the bar away, so that something else can be written. */
  clear(): void;
}

/** What a bar counts, and after how many milliseconds it shows at first. */
export interface ProgressBarOptions {
  readonly unit?: string;
  readonly afterMs?: number;
}

/** A bar on a terminal; nothing at all on anything else. `total` is undefined where nobody knows it, as of a stream. */
export function createProgressBar(
  output: NodeJS.WritableStream & Partial<Pick<WriteStream, "isTTY">>,
  total: number | undefined,
  { unit = "templates", afterMs = 0 }: ProgressBarOptions = {},
): ProgressBar {
  if (output.isTTY !== true) return { update: () => undefined, clear: () => undefined };
  let drawnMs = performance.now() + Math.max(0, afterMs - REDRAW_MS);
  let isDrawn = false;
  return {
    update(done, counted) {
      const nowMs = performance.now();
      if (nowMs - drawnMs < REDRAW_MS) return;
      drawnMs = nowMs;
      isDrawn = true;
      output.write(`${ERASE_LINE}${barText(done, total)}${counted} ${unit}`);
    },
    clear() {
      if (isDrawn) output.write(ERASE_LINE);
      isDrawn = false;
    },
  };
}

function barText(done: number, total: number | undefined): string {
  if (total === undefined || total === 0) return "";
  const share = Math.min(1, done / total);
  const filled = Math.round(share * BAR_CELLS);
  return `[${"#".repeat(filled)}${".".repeat(BAR_CELLS - filled)}] ${Math.floor(share * 100)} %  `;
}
