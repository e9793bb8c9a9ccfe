/** How far a verification has come. */
export type OnProgress = (done: number, total: number, part: "reading" | "chains") => void;

const ERASE_LINE = "\r\u001b[K";
const BAR_CELLS = 30;

const PARTS = { reading: "reading", chains: "judging chains" } as const;

/** Shows on a terminal how far a verification has come, each whole percent once; without `write` nothing at all. */
export function createProgressLine(write: ((text: string) => void) | undefined): {
  readonly show: OnProgress;
  /** Takes the line away, so that something else can be written. */
  readonly clear: () => void;
} {
  let drawn = "";
  return {
    show(done, total, part) {
      if (write === undefined) return;
      const share = total === 0 ? 1 : Math.min(1, done / total);
      const filled = Math.round(share * BAR_CELLS);
      const bar = `${"#".repeat(filled)}${".".repeat(BAR_CELLS - filled)}`;
      const line = `[${bar}] ${String(Math.floor(share * 100))} %  ${PARTS[part]}`;
      if (line === drawn) return;
      drawn = line;
      write(`${ERASE_LINE}${line}`);
    },
    clear() {
      if (drawn !== "") write?.(ERASE_LINE);
      drawn = "";
    },
  };
}
