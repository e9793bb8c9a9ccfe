import type { Clock } from "../aws/clock.ts";
import { settle, type WorkSources } from "./settling.ts";

/** What a move of the clock looks at on its way. */
export type ClockMoverPorts = {
  readonly clock: Clock;
  readonly work: WorkSources;
  /** When the next thing happens of itself (a carrier's report, a message that becomes visible), in milliseconds. */
  readonly nextDueMs: () => number | undefined;
  /** The first time at or after `fromMs` when a schedule is to fire, in milliseconds. */
  readonly nextScheduledMs: (fromMs: number) => number | undefined;
};

/** So many stops are made for schedules: a jump of a month is not 43,200 runs of what runs every minute. */
const SCHEDULE_STOPS_MAX = 48;
/** So many stops are made at the very time when something is due; after them, so many more at even distances. */
const EXACT_STOPS_MAX = 200;
const EVEN_STOPS = 100;
/** What is due within this time is worked off at one stop. */
const SAME_STOP_MS = 1000;
/** Real time that the stops of one move may take; then it goes to its end at once. */
const STOPS_MS_MAX = 30_000;
const LAST_STOP_MS_MAX = 30_000;

/**
 * Moves the clock in stops, each at the time when something comes due, and lets everything come to rest at each: what is
 * due earlier is done before what is due later begins. Resolves when the last stop has come to rest. Moves wait for
 * one another.
 */
export function createClockMover(ports: ClockMoverPorts): (toMs: number) => Promise<void> {
  let moving: Promise<void> = Promise.resolve();
  return (toMs) => {
    const move = moving.then(() => moveTo(toMs, ports));
    moving = move.catch(() => undefined);
    return move;
  };
}

async function moveTo(toMs: number, { clock, work, nextDueMs, nextScheduledMs }: ClockMoverPorts) {
  const endMs = performance.now() + STOPS_MS_MAX;
  const distanceMs = Math.max(0, toMs - clock.now());
  let scheduleFromMs = clock.now();
  let exactStops = 0;

  const stopAt = async (stopMs: number, timeoutMs: number) => {
    clock.catchUpTo(stopMs);
    work.poke();
    await settle(work, timeoutMs);
  };
  /** Where something is due before the next schedule: its time, or an even distance on after too many of them. */
  const stopForDue = (dueMs: number): number => {
    exactStops += 1;
    if (exactStops <= EXACT_STOPS_MAX) return dueMs + SAME_STOP_MS;
    return Math.max(dueMs, clock.now() + distanceMs / EVEN_STOPS);
  };

  while (performance.now() < endMs) {
    const scheduledMs = nextScheduledMs(scheduleFromMs) ?? toMs;
    const dueMs = nextDueMs();
    const stopMs = Math.min(scheduledMs, dueMs === undefined ? toMs : stopForDue(dueMs));
    if (stopMs >= toMs) break;
    if (stopMs === scheduledMs) scheduleFromMs = stopMs + distanceMs / SCHEDULE_STOPS_MAX;
    await stopAt(stopMs, endMs - performance.now());
  }
  await stopAt(toMs, LAST_STOP_MS_MAX);
}
