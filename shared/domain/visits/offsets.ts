/** How many reminders of its own a visit may have. */
export const OFFSETS_MAX = 4;
/** Two weeks. */
export const OFFSET_HOURS_MAX = 336;

const DURATION = /^P(?:(\d{1,2})W|(?:(\d{1,2})D)?(?:T(\d{1,3})H)?)$/;

/** Whole hours of an ISO 8601 duration such as `PT24H`, `P3D`, `P1DT12H` or `P1W`; undefined for any other. */
export function durationHours(duration: string): number | undefined {
  const found = DURATION.exec(duration);
  if (found === null) return undefined;
  const [weeks, days, hours] = found.slice(1).map((digits) => Number(digits ?? 0));
  const total = ((weeks ?? 0) * 7 + (days ?? 0)) * 24 + (hours ?? 0);
  return total === 0 ? undefined : total;
}

/** Offsets as they are kept: each once, the largest first. */
export function sortedOffsets(hours: readonly number[]): readonly number[] {
  return [...new Set(hours)].toSorted((one, other) => other - one);
}
