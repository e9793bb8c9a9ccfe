import type { RangeOptions } from "./dynalite-modules.ts";

/** Keys in the order of their UTF-16 units, which stay in order while keys come and go. */
export type SortedKeys = {
  /** Adds a key that is not there yet. */
  add(key: string): void;
  delete(key: string): void;
  all(): readonly string[];
  /** The keys inside a range, at most `limit`, from its end where it is reversed. */
  inRange(range: RangeOptions): readonly string[];
};

/** So many new keys are put in their places one by one; more are sorted and merged. */
const PLACED_ONE_BY_ONE = 32;

/** No keys. New ones are put in order when somebody looks. */
export function createSortedKeys(): SortedKeys {
  let sorted: string[] = [];
  let added = new Set<string>();

  /** The first place whose key is not before `key`, or past it too where `after` says so. */
  const placeOf = (key: string, after = false): number => {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const at = sorted[middle] ?? "";
      if (at < key || (after && at === key)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const settle = (): readonly string[] => {
    if (added.size > PLACED_ONE_BY_ONE) sorted = merged(sorted, [...added].sort());
    else for (const key of added) sorted.splice(placeOf(key), 0, key);
    if (added.size > 0) added = new Set();
    return sorted;
  };

  return {
    add: (key) => {
      added.add(key);
    },
    delete: (key) => {
      if (added.delete(key)) return;
      const place = placeOf(key);
      if (sorted[place] === key) sorted.splice(place, 1);
    },
    all: settle,
    inRange: ({ gt, gte, lt, lte, reverse, limit }) => {
      settle();
      const from = Math.max(gt === undefined ? 0 : placeOf(gt, true), gte === undefined ? 0 : placeOf(gte));
      const to = Math.min(
        lt === undefined ? sorted.length : placeOf(lt),
        lte === undefined ? sorted.length : placeOf(lte, true),
      );
      const count = limit === undefined || limit < 0 ? to - from : Math.min(limit, to - from);
      if (count <= 0) return [];
      return reverse === true ? sorted.slice(to - count, to).reverse() : sorted.slice(from, from + count);
    },
  };
}

function merged(one: readonly string[], other: readonly string[]): string[] {
  const both: string[] = [];
  let place = 0;
  for (const key of other) {
    while (place < one.length && (one[place] ?? "") < key) {
      both.push(one[place] ?? "");
      place += 1;
    }
    both.push(key);
  }
  for (; place < one.length; place += 1) both.push(one[place] ?? "");
  return both;
}
