/** State of the hash before the first character. */
export const HASH_START = 0x811c9dc5 | 0;

/** The state after one more UTF-16 unit (32-bit FNV-1a). */
export function hashStep(state: number, unit: number): number {
  return Math.imul(state ^ unit, 0x01000193);
}

/** The finished hash of a state: an unsigned 32-bit number whose bits are all usable as a table index. */
export function hashEnd(state: number): number {
  return mix(state);
}

/** 32-bit FNV-1a over UTF-16 units with a final mix: the key of a word or phrase in the data files. */
export function hashText(text: string): number {
  let hash = HASH_START;
  for (let i = 0; i < text.length; i++) hash = hashStep(hash, text.charCodeAt(i));
  return hashEnd(hash);
}

/** A second, independent hash of eight bits: with the key it makes a chance match about a thousand times rarer than one in a million. */
export function checkByte(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash, 31) + text.charCodeAt(i);
  return mix(hash) & 255;
}

/** Spreads the bits of a hash, so that any of its bits are usable as a table index. */
export function mix(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
