import type { WriteStream } from "node:tty";

const REDRAW_MS = 100;
const BAR_CELLS = 30;
const ERASE_LINE = "\r\u001b[K";

/** Shows on a terminal how far a long run has come. */
export interface ProgressBar {
  /** Draws, at most every tenth of a second. */
  update(bytes: number, templates: number): void;
  /** Takes the bar away, so that something else can be written. */
  clear(): void;
}

/** A bar on a terminal; nothing at all on anything else. `totalBytes` is undefined for a stream. */
export function createProgressBar(
  output: NodeJS.WritableStream & Partial<Pick<WriteStream, "isTTY">>,
  totalBytes: number | undefined,
): ProgressBar {
  if (output.isTTY !== true) return { update: () => undefined, clear: () => undefined };
  let drawnMs = performance.now();
  let isDrawn = false;
  return {
    update(bytes, templates) {
      const nowMs = performance.now();
      if (nowMs - drawnMs < REDRAW_MS) return;
      drawnMs = nowMs;
      isDrawn = true;
      output.write(`${ERASE_LINE}${barText(bytes, totalBytes)}${templates} templates`);
    },
    clear() {
      if (isDrawn) output.write(ERASE_LINE);
      isDrawn = false;
    },
  };
}

function barText(bytes: number, totalBytes: number | undefined): string {
  if (totalBytes === undefined || totalBytes === 0) return "";
  const share = Math.min(1, bytes / totalBytes);
  const filled = Math.round(share * BAR_CELLS);
  return `[${"#".repeat(filled)}${".".repeat(BAR_CELLS - filled)}] ${Math.floor(share * 100)} %  `;
}
