import type { Condition } from "./items.ts";

/**
 * Condition: a list of ids that only ever gets new ones at its end, and loses some, is as it was read. Lists as such are
 * not compared: same length and same last id are the same list.
 */
export function unchangedList(name: string, seen: readonly string[]): Condition {
  const length = `size(${name}) = :${name}Count`;
  const last = seen.at(-1);
  if (last === undefined) return { expression: length, values: { [`:${name}Count`]: 0 } };
  return {
    expression: `${length} AND ${name}[${seen.length - 1}] = :${name}Last`,
    values: { [`:${name}Count`]: seen.length, [`:${name}Last`]: last },
  };
}
