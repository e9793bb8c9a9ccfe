/** A 32-bit hash (FNV-1a) of the UTF-16 units of `text` from `start` up to `end`. */
export function hashOf(text: string, start = 0, end: number = text.length): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}

/** One hash of up to three, in that order; `role` keeps features of different make apart. */
export function mixed(role: number, one: number, two = 0, three = 0): number {
  let hash = Math.imul(one ^ Math.imul(role, 0x9e3779b1), 0x85ebca6b);
  hash = Math.imul((hash ^ (hash >>> 13)) + two, 0xc2b2ae35);
  hash = Math.imul((hash ^ (hash >>> 16)) + three, 0x27d4eb2f);
  return hash ^ (hash >>> 15);
}
