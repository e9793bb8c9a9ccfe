/**
 * The hour of UTC from which it is day everywhere in the contiguous US (8 or 9 o'clock in the west). Until midnight UTC
 * it stays so, with an hour or more to go before 21:00 in the east.
 */
const DAY_FROM_HOUR = 16;

/** How long before its start the stack's clock stands while the demo is loaded. */
const SEEDING_MS = 60_000;

/** When the local clock starts, and when what happens before the start happens. */
export type ClockStart = {
  /** Now, or the next 16:00 UTC where alerts would soon wait for the end of somebody's night. */
  readonly startsAt: Date;
  /** A minute earlier, but never before the day begins. */
  readonly seedsFrom: Date;
};

/** Works out the start of the local clock from the machine's time. */
export function clockStart(now: Date): ClockStart {
  const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), DAY_FROM_HOUR));
  const startsAt = now < day ? day : now;
  return { startsAt, seedsFrom: new Date(Math.max(startsAt.getTime() - SEEDING_MS, day.getTime())) };
}
