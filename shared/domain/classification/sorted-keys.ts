/** A set of 32-bit keys, each with an index. */
export type KeySearch = {
  /** The key's index, or -1. */
  readonly find: (key: number) => number;
  /** Whether the key is there; for the many candidates of which few are. */
  readonly has: (key: number) => boolean;
};

const FILTER_BITS = 20;
const FILTER_MASK = (1 << FILTER_BITS) - 1;

/**
 * Makes a search over sorted, evenly spread 32-bit keys. An index over the top 12 bits leaves about a dozen keys to
 * search; a bit for each value of the low bits tells most absent keys without a search.
 */
export function sortedKeySearch(keys: Uint32Array): KeySearch {
  const starts = new Uint32Array(4097);
  const filter = new Uint32Array((1 << FILTER_BITS) / 32);
  let bucket = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? 0;
    const top = key >>> 20;
    while (bucket <= top) starts[bucket++] = i;
    const low = key & FILTER_MASK;
    filter[low >>> 5] = (filter[low >>> 5] ?? 0) | (1 << (low & 31));
  }
  while (bucket <= 4096) starts[bucket++] = keys.length;
  const find = (key: number): number => {
    const top = key >>> 20;
    let low = starts[top] ?? 0;
    let high = starts[top + 1] ?? keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const found = keys[middle] ?? 0;
      if (found === key) return middle;
      if (found < key) low = middle + 1;
      else high = middle;
    }
    return -1;
  };
  return {
    find,
    has: (key) => {
      const low = key & FILTER_MASK;
      return ((filter[low >>> 5] ?? 0) & (1 << (low & 31))) !== 0 && find(key) >= 0;
    },
  };
}
