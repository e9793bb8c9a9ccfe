/**
 * Makes a search over sorted, evenly spread 32-bit keys: it gives a key's index, or -1.
 * An index over the top 12 bits leaves about a dozen keys to search.
 */
export function sortedKeySearch(keys: Uint32Array): (key: number) => number {
  const starts = new Uint32Array(4097);
  let bucket = 0;
  for (let i = 0; i < keys.length; i++) {
    const top = (keys[i] ?? 0) >>> 20;
    while (bucket <= top) starts[bucket++] = i;
  }
  while (bucket <= 4096) starts[bucket++] = keys.length;
  return (key) => {
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
}
