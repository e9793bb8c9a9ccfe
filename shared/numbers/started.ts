import type { NumberRecord } from "./records.ts";

/** What changes of a number that takes texts again from `at` on, whoever said so. */
export function startedAt(at: Date): Pick<NumberRecord, "stoppedAt" | "stoppedBy" | "startedAt"> {
  return { stoppedAt: null, stoppedBy: null, startedAt: at.toISOString() };
}
