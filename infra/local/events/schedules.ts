import { randomUUID } from "node:crypto";
import type { FunctionOutcome } from "../functions/function-outcome.ts";
import type { ScheduleSource } from "./event-sources.ts";

/** The schedules of the template, on the local clock. */
export type Schedules = {
  /** Calls every function whose time has come, once however many periods have passed; resolves when they have answered. */
  fireDue(): Promise<void>;
  /** The first full period of any schedule at or after a time that has not been fired, in milliseconds. */
  nextMs(fromMs: number): number | undefined;
  isIdle(): boolean;
  stop(): void;
};

const LOOK_EVERY_MS = 500;

/** Starts the schedules; each fires for the first time at the next full period. */
export function startSchedules(
  sources: readonly ScheduleSource[],
  place: { readonly accountId: string; readonly region: string },
  invoke: (functionLogicalId: string, event: unknown) => Promise<FunctionOutcome>,
): Schedules {
  const nextAfter = (periodMs: number) => (Math.floor(Date.now() / periodMs) + 1) * periodMs;
  const entries = sources.map((source) => ({ source, nextMs: nextAfter(source.periodMs) }));
  let running = 0;

  const fireDue = async () => {
    const due = entries.filter(({ nextMs }) => Date.now() >= nextMs);
    running += due.length;
    await Promise.all(
      due.map(async (entry) => {
        const dueMs = Math.floor(Date.now() / entry.source.periodMs) * entry.source.periodMs;
        entry.nextMs = nextAfter(entry.source.periodMs);
        await invoke(entry.source.functionLogicalId, scheduledEvent(entry.source, dueMs, place));
        running -= 1;
      }),
    );
  };

  const timer = setInterval(() => void fireDue(), LOOK_EVERY_MS);
  timer.unref();
  return {
    fireDue,
    nextMs: (fromMs) =>
      entries
        .map(({ source: { periodMs }, nextMs }) => Math.max(nextMs, Math.ceil(fromMs / periodMs) * periodMs))
        .toSorted((one, other) => one - other)[0],
    isIdle: () => running === 0,
    stop() {
      clearInterval(timer);
    },
  };
}

function scheduledEvent(
  source: ScheduleSource,
  dueMs: number,
  place: { readonly accountId: string; readonly region: string },
): unknown {
  if (source.input !== undefined) return JSON.parse(source.input);
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: place.accountId,
    time: new Date(dueMs).toISOString().replace(/\.\d{3}Z$/u, "Z"),
    region: place.region,
    resources: [source.ruleArn],
    detail: {},
  };
}
